"""Bars of times, as SVG or by matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence
from xml.sax.saxutils import escape

__all__ = ["draw_bars", "save_bars"]

Bar = tuple[str, float, bool]
"""A label, a length, and whether it is a full result and not an estimate."""

_ROW, _LABELS, _WIDTH = 20, 300, 760
_FULL, _ESTIMATE = "#2471a3", "#aab7b8"


def draw_bars(title: str, bars: Sequence[Bar]) -> str:
    """A picture of bars, one below the other, as the text of an SVG file."""
    height = 50 + _ROW * max(len(bars), 1)
    longest = max((length for _, length, _ in bars), default=1.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="10" y="22" font-size="15">{escape(title)}</text>',
    ]
    for row, (label, length, is_full) in enumerate(bars):
        y = 40 + row * _ROW
        width = (_WIDTH - _LABELS - 80) * length / longest
        color = _FULL if is_full else _ESTIMATE
        mark = "" if is_full else " (stopped early)"
        parts += [
            f'<text x="{_LABELS - 8}" y="{y + 12}" text-anchor="end">'
            f"{escape(label)}</text>",
            f'<rect x="{_LABELS}" y="{y}" width="{width:.1f}" height="{_ROW - 5}" '
            f'fill="{color}"/>',
            f'<text x="{_LABELS + width + 5:.1f}" y="{y + 12}">{length:.4g}{mark}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def save_bars(title: str, bars: Sequence[Bar], file: Path) -> None:
    """Writes bars to a file: SVG, or by matplotlib what else the name ends in.

    Raises RuntimeError for another ending than .svg without matplotlib.
    """
    if file.suffix == ".svg":
        file.write_text(draw_bars(title, bars))
        return
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise RuntimeError(
            f"writing {file.name} needs matplotlib, which is not installed; "
            "a name that ends in .svg needs nothing"
        ) from None
    figure = Figure(figsize=(8, 1 + 0.3 * len(bars)), layout="constrained")
    axes: Any = figure.subplots()
    axes.barh(
        range(len(bars)),
        [length for _, length, _ in bars],
        color=[_FULL if is_full else _ESTIMATE for _, _, is_full in bars],
    )
    axes.set_yticks(range(len(bars)), [label for label, _, _ in bars])
    axes.invert_yaxis()
    axes.set_title(title)
    figure.savefig(file)
