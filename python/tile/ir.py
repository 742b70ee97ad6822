"""The IR objects of the thread that traces: its context, types and attributes.

An MLIR context serves one thread at a time, so each thread has its own.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Callable

from tile import _core


class _ThreadState(threading.local):
    """The context of a thread, with what was parsed in it."""

    def __init__(self) -> None:
        self.context = _core.Context()
        self.type: Callable[[str], _core.Type] = lru_cache(maxsize=None)(
            self.context.type
        )
        self.attribute: Callable[[str], _core.Attribute] = lru_cache(maxsize=4096)(
            self.context.attribute
        )


_state = _ThreadState()


def context() -> _core.Context:
    """The context of this thread."""
    return _state.context


def type_(text: str) -> _core.Type:
    """The MLIR type that `text` names, for example ``memref<?x64xf16>``."""
    return _state.type(text)


def attribute(text: str) -> _core.Attribute:
    """The MLIR attribute that `text` names, for example ``#tile.tensor<[M], f32>``."""
    return _state.attribute(text)


def string(text: str) -> _core.Attribute:
    """A string attribute."""
    return _state.context.string(text)


def type_attribute(text: str) -> _core.Attribute:
    """The attribute that holds a type."""
    return _state.context.type_attribute(type_(text))


def integer(value: int, type_text: str = "i64") -> _core.Attribute:
    """An integer attribute of the given type."""
    return _state.context.integer(type_(type_text), value)


def float_(value: float, type_text: str) -> _core.Attribute:
    """A float attribute of the given type, rounded to it."""
    return _state.context.float(type_(type_text), value)


def unit() -> _core.Attribute:
    """The attribute that says something by being there."""
    return attribute("unit")


def int_array(values: list[int], element: str = "i64") -> _core.Attribute:
    """A dense array attribute."""
    if not values:
        return attribute(f"array<{element}>")
    return attribute(f"array<{element}: {', '.join(map(str, values))}>")
