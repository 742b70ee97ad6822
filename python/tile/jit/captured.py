"""What a function reads besides its arguments: globals and names around it.

A kernel is traced with their values, so other values make another kernel.
"""

from __future__ import annotations

from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, Callable

from tile.language.macro import Macro

__all__ = ["captured", "may_fill"]

#: A function that calls one of these may fill a list or a dict of its own.
_MUTATORS = frozenset(
    "add append clear extend insert pop popitem remove setdefault update".split()
)
_PLAIN = (int, float, complex, str, bytes, bool, type(None))


class _Same:
    """Any other object: the same one gives the same key, and it is kept alive."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=4096)
def _global_names(code: CodeType) -> tuple[str, ...]:
    """The names that a function and those inside it may look up as globals."""
    names = dict.fromkeys(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names.update(dict.fromkeys(_global_names(constant)))
    return tuple(names)


def _key(value: Any, seen: set[int], fills: bool = False) -> Any:
    if isinstance(value, _PLAIN):
        return type(value), value
    if isinstance(value, tuple) or (isinstance(value, list) and not fills):
        return type(value), tuple(_key(item, seen, fills) for item in value)
    if isinstance(value, dict) and not fills:
        items = value.items()
        return dict, tuple((_key(k, seen), _key(v, seen)) for k, v in items)
    if isinstance(value, Macro):
        value = value.function
    if isinstance(value, FunctionType):
        return _Same(value.__code__), _captured(value, seen)
    return _Same(value)


def may_fill(function: FunctionType) -> bool:
    """Whether a function seems to fill lists or dicts, such as a log of its calls."""
    return not _MUTATORS.isdisjoint(_global_names(function.__code__))


def _captured(function: FunctionType, seen: set[int]) -> Any:
    if id(function) in seen:
        return None
    seen.add(id(function))
    values = function.__globals__
    names = _global_names(function.__code__)
    fills = may_fill(function)
    parts: list[Any] = []
    for name in names:
        if name in values and not isinstance(values[name], (ModuleType, type)):
            parts.append((name, _key(values[name], seen, fills)))
    for cell in function.__closure__ or ():
        try:
            parts.append(_key(cell.cell_contents, seen, fills))
        except ValueError:
            parts.append(None)  # not bound yet
    return tuple(parts)


def captured(function: Callable[..., Any]) -> Any:
    """A hashable key of the values that a function captures.

    Numbers, strings, tuples, lists and dicts count by value, functions and macros
    by what they capture in turn, other objects by identity. So do lists and dicts
    of a function that seems to fill them, such as a log of its calls.
    """
    return _captured(function, set()) if isinstance(function, FunctionType) else None
