"""The names around a definition, which annotations written as text may use."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

__all__ = ["caller_names"]

#: How many functions around one another are looked at.
_MAX_DEPTH = 4


def caller_names(depth: int) -> dict[str, Any]:
    """The names of the function that calls, and of those around it.

    Args:
        depth: How many frames lie between; 1 is the caller of the caller.
    """
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(depth + 1)
    while frame is not None and frame.f_code.co_name != "<module>":
        frames.append(frame)
        frame = frame.f_back
        if len(frames) == _MAX_DEPTH:
            break
    names: dict[str, Any] = {}
    for found in reversed(frames):
        names.update(found.f_locals)
    return names
