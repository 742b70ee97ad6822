"""Pictures of a roofline: what a device allows, and where a kernel stands."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Sequence
from xml.sax.saxutils import escape

__all__ = ["Point", "Roofline"]

Point = tuple[str, float, float]
"""A name, operations for each byte, and 10^12 operations a second."""

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 40, 55
_COLORS = ("#c0392b", "#2471a3", "#1e8449", "#af601a", "#6c3483")


class Roofline:
    """A roofline with points in it, both axes logarithmic.

    Args:
        title: What stands above it.
        bandwidth_gb_per_s: The limit of the memory, in 10^9 bytes a second.
        peak_tflop_per_s: The limit of the operations, in 10^12 a second.
        points: What was measured.

    Raises ValueError for limits or points that are not above zero.
    """

    def __init__(
        self,
        title: str,
        bandwidth_gb_per_s: float,
        peak_tflop_per_s: float,
        points: Sequence[Point],
    ) -> None:
        numbers = [bandwidth_gb_per_s, peak_tflop_per_s]
        numbers += [n for point in points for n in point[1:]]
        if min(numbers) <= 0:
            raise ValueError(
                f"expected limits and points above zero, got {bandwidth_gb_per_s} GB/s,"
                f" {peak_tflop_per_s} TFLOP/s and {list(points)}"
            )
        self.title = title
        self.slope = bandwidth_gb_per_s / 1e3  # TFLOP/s for each FLOP/byte
        self.peak = peak_tflop_per_s
        self.points = list(points)
        #: The operations for each byte at which both limits meet.
        self.ridge = self.peak / self.slope

    def limit(self, intensity: float) -> float:
        """What the device allows, in 10^12 operations a second."""
        return min(self.peak, self.slope * intensity)

    def _ranges(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Powers of ten that hold everything, of both axes."""
        x = [p[1] for p in self.points] + [self.ridge]
        low = math.floor(math.log10(min(x) / 2))
        high = math.ceil(math.log10(max(x) * 4))
        y = [p[2] for p in self.points] + [self.peak, self.limit(10.0**low)]
        return (low, high), (
            math.floor(math.log10(min(y) / 1.5)),
            math.ceil(math.log10(max(y) * 1.2)),
        )

    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        (x0, x1), (y0, y1) = self._ranges()

        def place(x: float, y: float) -> tuple[float, float]:
            across = (math.log10(x) - x0) / (x1 - x0)
            up = (math.log10(y) - y0) / (y1 - y0)
            return (
                _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
                _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
            )

        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" '
            f'height="{_HEIGHT}" font-family="sans-serif" font-size="12">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            _text(_WIDTH / 2, 22, self.title, "middle", 15),
            _text(_WIDTH / 2, _HEIGHT - 12, "operations per byte (FLOP/B)", "middle"),
            f'<g transform="rotate(-90 16 {_HEIGHT / 2})">'
            + _text(16, _HEIGHT / 2, "rate (TFLOP/s)", "middle")
            + "</g>",
        ]
        for power in range(x0, x1 + 1):
            x, bottom = place(10.0**power, 10.0**y0)
            parts.append(_line([(x, bottom), (x, _TOP)], "#ddd"))
            parts.append(_text(x, bottom + 18, f"{10.0**power:g}", "middle"))
        for power in range(y0, y1 + 1):
            left, y = place(10.0**x0, 10.0**power)
            parts.append(_line([(left, y), (_WIDTH - _RIGHT, y)], "#ddd"))
            parts.append(_text(left - 6, y + 4, f"{10.0**power:g}", "end"))
        ends = (10.0**x0, self.ridge, 10.0**x1)
        roof = [place(x, self.limit(x)) for x in ends]
        parts.append(_line(roof, "#333", 2))
        label = f"{self.slope * 1e3:.4g} GB/s, {self.peak:.4g} TFLOP/s"
        parts.append(_text(roof[2][0], roof[2][1] - 8, label, "end"))
        for number, (name, intensity, rate) in enumerate(self.points):
            color = _COLORS[number % len(_COLORS)]
            x, y = place(intensity, rate)
            parts.append(
                _line([(x, y), place(intensity, self.limit(intensity))], color)
            )
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{color}"/>')
            side = "end" if x > _WIDTH / 2 else "start"
            shift = -9 if side == "end" else 9
            text = f"{name}: {rate:.4g} TFLOP/s"
            parts.append(_text(x + shift, y + 4, text, side))
        return "\n".join([*parts, "</svg>", ""])

    def save(self, path: str | Path) -> None:
        """Writes the picture: SVG, or by matplotlib what else its endings name.

        Raises RuntimeError for another ending than .svg without matplotlib.
        """
        file = Path(path)
        if file.suffix == ".svg":
            file.write_text(self.svg())
            return
        try:
            from matplotlib.figure import Figure
        except ImportError:
            raise RuntimeError(
                f"writing {file.name} needs matplotlib, which is not installed; "
                "a name that ends in .svg needs nothing"
            ) from None
        figure = Figure(figsize=(7, 4.5))
        self._draw(figure.subplots())
        figure.savefig(file)

    def _draw(self, axes: Any) -> None:
        (low, high), _ = self._ranges()
        ends = [10.0**low, self.ridge, 10.0**high]
        axes.loglog(ends, [self.limit(x) for x in ends], color="#333")
        for name, intensity, rate in self.points:
            axes.loglog([intensity], [rate], "o", label=f"{name}: {rate:.4g} TFLOP/s")
        axes.set(
            title=self.title,
            xlabel="operations per byte (FLOP/B)",
            ylabel="rate (TFLOP/s)",
        )
        axes.legend()


def _text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
        f"{escape(text)}</text>"
    )


def _line(points: Sequence[tuple[float, float]], color: str, width: int = 1) -> str:
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{text}" fill="none" stroke="{color}" '
        f'stroke-width="{width}"/>'
    )
