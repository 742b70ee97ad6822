"""Warnings at the line of the user's program."""

from __future__ import annotations

import sys
import warnings

from tile.errors import TileWarning
from tile.frontend.builder import current_or_none, traced_code


def warn(message: str) -> None:
    """Warns with a TileWarning at the line of the kernel that runs now."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code not in traced_code:
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        warnings.warn(message, TileWarning, stacklevel=3)
        return
    builder = current_or_none()
    if builder is not None:
        # For those who get the kernel without a trace of their own.
        place = (message, frame.f_code.co_filename, frame.f_lineno)
        builder.data.setdefault("warnings", []).append(place)
    warnings.warn_explicit(
        message,
        TileWarning,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=frame.f_globals.get("__name__"),
        registry=frame.f_globals.setdefault("__warningregistry__", {}),
    )
