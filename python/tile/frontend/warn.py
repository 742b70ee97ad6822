"""Warnings at the line of the user's program."""

from __future__ import annotations

import sys
import warnings

from tile.errors import TileWarning
from tile.frontend.builder import traced_code


def warn(message: str) -> None:
    """Warns with a TileWarning at the line of the kernel that runs now."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code not in traced_code:
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        warnings.warn(message, TileWarning, stacklevel=3)
        return
    warnings.warn_explicit(
        message,
        TileWarning,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=frame.f_globals.get("__name__"),
        registry=frame.f_globals.setdefault("__warningregistry__", {}),
    )
