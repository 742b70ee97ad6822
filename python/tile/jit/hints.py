"""The annotations of a function, evaluated also where they are text."""

from __future__ import annotations

import inspect
import sys
from types import FrameType
from typing import Any, Callable

__all__ = ["caller_names", "evaluate_annotations"]


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
        if len(frames) == 4:
            break
    names: dict[str, Any] = {}
    for found in reversed(frames):
        names.update(found.f_locals)
    return names


def evaluate_annotations(
    function: Callable[..., Any], around: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The annotations of the parameters, without that of the result.

    Text (PEP 563) is evaluated with the names of the module, of the closure and of
    `around`.

    Raises NameError, naming the parameter, when that fails.
    """
    function = inspect.unwrap(function)
    annotations = dict(function.__annotations__)
    annotations.pop("return", None)
    if not any(isinstance(a, str) for a in annotations.values()):
        return annotations
    code = function.__code__
    names = dict(around or {})
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        try:
            names[name] = cell.cell_contents
        except ValueError:
            pass  # not bound yet
    result = {}
    for parameter, annotation in annotations.items():
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, function.__globals__, names)
            except NameError as error:
                raise NameError(
                    f"{function.__name__}: the annotation {annotation!r} of parameter "
                    f"`{parameter}` cannot be evaluated: {error}"
                ) from None
        result[parameter] = annotation
    return result
