"""How an error of a kernel function shows where it happened.

The traceback ends in the user's line; frames of this package below it are left
out, unless the environment variable TILE_FULL_TRACEBACK is set or the error is
hardly meant for the user. A note lists the inlined calls that led there.
"""

from __future__ import annotations

import linecache
import os
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Iterator

from tile.frontend.builder import traced_code

__all__ = ["user_errors"]

#: How many calls a note lists.
_MAX_CALLS = 12

_LIBRARY = str(Path(os.__file__).resolve().parent) + os.sep
_PACKAGE = str(Path(__file__).resolve().parent.parent) + os.sep

#: What an error of our own code would look like; its frames are worth seeing.
_INTERNAL = (AttributeError, KeyError, UnboundLocalError)


def _is_own(traceback: TracebackType) -> bool:
    """Whether a frame belongs to this package or to what it uses of Python."""
    code = traceback.tb_frame.f_code
    file = code.co_filename
    if code in traced_code:
        return False
    is_library = file.startswith(_LIBRARY) and "site-packages" not in file
    return is_library or file.startswith(_PACKAGE)


def _frames(traceback: TracebackType | None) -> list[TracebackType]:
    result = []
    while traceback is not None:
        result.append(traceback)
        traceback = traceback.tb_next
    return result


def _trim(frames: list[TracebackType]) -> None:
    """Leaves out own frames behind the first one of a kernel."""
    first = next(
        (i for i, f in enumerate(frames) if f.tb_frame.f_code in traced_code), None
    )
    if first is None:
        return
    kept = frames[: first + 1] + [f for f in frames[first + 1 :] if not _is_own(f)]
    for frame, following in zip(kept, [*kept[1:], None]):
        frame.tb_next = following


def _describe(frames: list[TracebackType]) -> str | None:
    """The lines of the kernel that were being traced, innermost last."""
    lines = []
    for frame in frames:
        code = frame.tb_frame.f_code
        if code not in traced_code or code.co_name.startswith("<"):
            continue
        file, number = code.co_filename, frame.tb_lineno
        source = linecache.getline(file, number).strip()
        lines.append(f"{file}:{number}, in {code.co_name}\n    {source}")
    if not lines:
        return None
    inner = f"while tracing {lines[-1]}"
    outer = [f"  called from {line}" for line in reversed(lines[:-1])]
    if len(outer) > _MAX_CALLS:
        half = _MAX_CALLS // 2
        left_out = f"  ... {len(outer) - 2 * half} calls ..."
        outer = [*outer[:half], left_out, *outer[-half:]]
    return "\n".join([inner, *outer])


@contextmanager
def user_errors() -> Iterator[None]:
    """Makes errors that leave the with statement point at the user's lines."""
    try:
        yield
    except Exception as error:
        frames = _frames(error.__traceback__)
        note = _describe(frames)
        if note is not None and note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        last = frames[-1] if frames else None
        is_bug = isinstance(error, _INTERNAL) and last is not None and _is_own(last)
        if not is_bug and not os.environ.get("TILE_FULL_TRACEBACK"):
            _trim(frames)
        raise
