"""What a function reads besides its arguments: globals and names around it.

A kernel is traced with their values, so other values make another kernel.
"""

from __future__ import annotations

import argparse
import enum
import functools
import hashlib
import sys
from collections import deque
from types import FunctionType, MappingProxyType, MethodType, ModuleType
from types import SimpleNamespace
from typing import Any, Callable, Iterator

from tile.cache.names import attribute_names, global_names, library_version, may_fill
from tile.cache.state import state_of
from tile.language.macro import Macro

__all__ = ["captured", "has_state", "is_library", "members"]

_PLAIN = (int, str, bytes, bool, type(None))
_MAX_ARRAY_BYTES = 1 << 20


class _Same:
    """Any other object: the same one gives the same key, and it is kept alive."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def is_library(value: Any) -> bool:
    """Whether a module or class is of an installed library, or a function of one
    that has no kernels: others may read globals that a program sets."""
    name = value.__name__ if isinstance(value, ModuleType) else value.__module__
    if isinstance(value, FunctionType):
        top = (name or "").partition(".")[0]
        return top in ("tile", "numpy", "torch") or top in sys.stdlib_module_names
    return library_version(name or "") is not None


def has_state(value: Any) -> bool:
    """Whether the attributes of an object, which may change, say what it is."""
    if isinstance(value, enum.Enum):
        return False
    kind = type(value)
    return kind in (SimpleNamespace, argparse.Namespace) or not is_library(kind)


def members(class_: type) -> Iterator[tuple[str, list[Any]]]:
    """What a class of the user's defines, by name: functions and other values."""
    for name, item in vars(class_).items():
        if isinstance(item, (staticmethod, classmethod)):
            yield name, [item.__func__]
        elif isinstance(item, property):
            yield name, [item.fget, item.fset, item.fdel]
        elif isinstance(item, FunctionType) or not name.startswith("__"):
            yield name, [item]


def _array_key(value: Any) -> Any:
    """The contents of an array of NumPy, or of one of its numbers."""
    if value.dtype.hasobject or value.nbytes > _MAX_ARRAY_BYTES:
        return _Same(value)
    contents = hashlib.sha256(value.tobytes()).digest()
    return type(value), value.dtype.str, value.shape, contents


class _Key:
    """Makes keys of values, in which each object counts once."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def value(self, value: Any, fills: bool, names: frozenset[str]) -> Any:
        if isinstance(value, _PLAIN):
            return type(value), value
        if isinstance(value, (float, complex)):
            return type(value), repr(value)  # which tells -0.0 from 0.0
        if isinstance(value, Macro):
            value = value.function
        simple = not isinstance(value, (list, dict, set, deque)) or not fills
        if simple and type(value) is not tuple:
            if id(value) in self._seen:
                return "seen", self._seen[id(value)]
            self._seen[id(value)] = len(self._seen)
        found = self._contents(value, fills, names) if simple else None
        return _Same(value) if found is None else found

    def _contents(self, value: Any, fills: bool, names: frozenset[str]) -> Any:
        """What says what an object is; None if it stands for itself."""

        def key(part: Any) -> Any:
            return self.value(part, fills, names)

        kind = type(value)
        if isinstance(value, (tuple, list, deque)):
            return kind, tuple(map(key, value))
        if isinstance(value, (dict, MappingProxyType)):
            return kind, tuple((key(k), key(v)) for k, v in value.items())
        if isinstance(value, (set, frozenset)):
            return kind, tuple(map(key, value))
        if isinstance(value, bytearray):
            return kind, bytes(value)
        if isinstance(value, FunctionType):
            return self.function(value)
        if isinstance(value, MethodType):
            return kind, key(value.__func__), key(value.__self__)
        if isinstance(value, functools.partial):
            return kind, key(value.func), key(value.args), key(value.keywords)
        if isinstance(value, functools._lru_cache_wrapper):
            return _Same(value), key(value.__wrapped__)
        if isinstance(value, ModuleType):
            return self._module(value, fills, names)
        if isinstance(value, type):
            return self._class(value, fills, names)
        if kind.__module__ == "numpy" and hasattr(value, "tobytes"):
            return _array_key(value)
        if not has_state(value):
            return None
        state = tuple((name, key(item)) for name, item in state_of(value))
        return kind, key(kind), state

    def _module(self, module: ModuleType, fills: bool, names: frozenset[str]) -> Any:
        if is_library(module):
            return None
        found = vars(module)
        used = [name for name in sorted(names) if name in found]
        parts = [(name, self.value(found[name], fills, names)) for name in used]
        return _Same(module), tuple(parts)

    def _class(self, class_: type, fills: bool, names: frozenset[str]) -> Any:
        if is_library(class_) or issubclass(class_, enum.Enum):
            return None
        parts: list[Any] = [
            (name, [self.value(part, fills, names) for part in item])
            for name, item in members(class_)
        ]
        parts = [(name, tuple(item)) for name, item in parts]
        around = (type(class_), *class_.__bases__)
        parts += [self.value(base, fills, names) for base in around]
        return _Same(class_), tuple(parts)

    def function(self, function: FunctionType) -> Any:
        code = function.__code__
        names = attribute_names(code)
        fills = may_fill(names)
        parts: list[Any] = []
        if not is_library(function):
            values = function.__globals__
            for name in global_names(code):
                if name in values:
                    parts.append((name, self.value(values[name], fills, names)))
            defaults = (function.__defaults__, function.__kwdefaults__)
            for value in (*defaults, vars(function)):
                parts.append(self.value(value, False, names) if value else None)
        for cell in function.__closure__ or ():
            try:
                parts.append(self.value(cell.cell_contents, fills, names))
            except ValueError:
                parts.append(None)  # not bound yet
        return _Same(code), tuple(parts)


def captured(function: Callable[..., Any]) -> Any:
    """A hashable key of the values that a function captures.

    Numbers, strings, containers and small arrays count by value, functions and
    macros by what they capture in turn and by their defaults, modules by what is
    used of them, classes by their members too, instances of the user's classes by
    their attributes, other objects by identity. So do lists, dicts and sets of a
    function that seems to fill them, such as a log of its calls.
    """
    if not isinstance(function, FunctionType):
        return None
    key = _Key()
    return key.value(function, False, frozenset())[1]
