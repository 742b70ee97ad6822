"""What a native call needs to know: see `_core.Launcher`."""

from __future__ import annotations

import functools
from collections import deque
from dataclasses import dataclass
from enum import Enum
from functools import partial
from types import FunctionType, MappingProxyType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Callable, Sequence

from tile import _core
from tile.cache.names import attribute_names, global_names, may_fill
from tile.frontend.function import Argument
from tile.jit.captured import has_state, is_library, members
from tile.jit.target import Target
from tile.jit.tensors import TensorInfo, is_torch
from tile.language.dtypes import dtype
from tile.language.macro import Macro
from tile.language.symbols import Formula, Size, Symbol

if TYPE_CHECKING:
    from tile.jit.launch import Launch

__all__ = ["CallPlan", "find_guards"]

# Captured values ----------------------------------------------------------

#: Objects that hold others, which may change without them.
_MUTABLE = (bytearray, MappingProxyType, partial, functools._lru_cache_wrapper)


class _Guards:
    """Collects what has to stay for the captured values of a function to be those
    that `captured` saw."""

    def __init__(self) -> None:
        self.found: list[tuple[Any, ...]] = []
        self._seen: set[int] = set()

    def add(self, function: FunctionType) -> bool:
        """Adds those of a function. False where that cannot be said."""
        if id(function) in self._seen:
            return True
        self._seen.add(id(function))
        code = function.__code__
        self.found.append((function, None, code))
        used = attribute_names(code)
        fills = may_fill(used)
        return (
            is_library(function) or self._names(function, used, fills)
        ) and self._cells(function, used, fills)

    def _names(self, function: FunctionType, used: frozenset[str], fills: bool) -> bool:
        """Adds those of its globals, its defaults and its attributes."""
        names = function.__globals__
        for name in global_names(function.__code__):
            if name not in names:
                self.found.append((names, name))
            elif not self._item(names, name, used, fills):
                return False
        for what in ("__defaults__", "__kwdefaults__"):
            value = getattr(function, what)
            absent = value is None
            self.found.append((function, what) if absent else (function, what, value))
        if not self._value(function.__defaults__, used, False):
            return False
        inner = (function.__kwdefaults__ or {}, vars(function))
        return all(self._item(d, name, used, False) for d in inner for name in d)

    def _cells(self, function: FunctionType, used: frozenset[str], fills: bool) -> bool:
        for cell in function.__closure__ or ():
            try:
                value = cell.cell_contents
            except ValueError:
                self.found.append((cell, None))
                continue
            if not self._value(value, used, fills):
                return False
            self.found.append((cell, None, value))
        return True

    def _item(
        self, names: dict[str, Any], name: str, used: frozenset[str], fills: bool
    ) -> bool:
        self.found.append((names, name, names[name]))
        return self._value(names[name], used, fills)

    def _value(self, value: Any, used: frozenset[str], fills: bool) -> bool:
        """Whether the same object is the same value, with guards that are added."""
        if isinstance(value, (tuple, frozenset)):
            return all(self._value(item, used, fills) for item in value)
        if isinstance(value, (list, dict, set, deque)):
            return fills
        if isinstance(value, Macro):
            value = value.function
        if isinstance(value, FunctionType):
            return self.add(value)
        if isinstance(value, (ModuleType, type)):
            return self._names_inside(value, used, fills)
        if isinstance(value, MethodType):
            parts = (value.__func__, value.__self__)
            return all(self._value(part, used, fills) for part in parts)
        return not _may_change(value)

    def _names_inside(
        self, value: ModuleType | type, used: frozenset[str], fills: bool
    ) -> bool:
        """Adds those of what is used of a module, or of the members of a class."""
        if is_library(value) or id(value) in self._seen:
            return True
        self._seen.add(id(value))
        if isinstance(value, ModuleType):
            names = vars(value)
            return all(
                self._item(names, name, used, fills) for name in used if name in names
            )
        if issubclass(value, Enum):
            return True
        if type(value) is not type or value.__bases__ != (object,):
            return False  # a member may come to hide another one
        for name, parts in members(value):
            self.found.append((value, name, vars(value)[name]))
            if not all(self._value(part, used, fills) for part in parts):
                return False
        return True


def _may_change(value: Any) -> bool:
    """Whether an object may change in place, as far as `captured` sees it."""
    if isinstance(value, _MUTABLE) or has_state(value):
        return True
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray"


def find_guards(function: Callable[..., Any]) -> list[tuple[Any, ...]] | None:
    """What has to stay for the captured values of a function to stay, in the form of
    `Launcher.set_guards`; None for values that may change in place."""
    if not isinstance(function, FunctionType):
        return []
    guards = _Guards()
    return guards.found if guards.add(function) else None


# Results ------------------------------------------------------------------

_Step = tuple[Any, ...]


def _find_sites(
    launch: Launch, inputs: Sequence[int], parameters: Sequence[int]
) -> dict[str, _Step]:
    """Where each symbol that stands alone is read off."""
    sites: dict[str, _Step] = {}
    for index, parameter in zip(inputs, parameters):
        argument = launch.arguments[index]
        if argument.symbol is not None and argument.dtype.is_integer:
            sites[argument.symbol] = ("scalar", parameter)
        if index not in launch.tensors or argument.is_pointer:
            continue
        for what, given in (("size", argument.shape), ("stride", argument.strides)):
            for dim, size in enumerate(given or ()):
                if isinstance(size, Symbol):
                    sites.setdefault(size.name, (what, parameter, dim))
    return sites


def _steps(size: Size, sites: dict[str, _Step]) -> list[_Step] | None:
    """The computation of a size on a stack."""
    if isinstance(size, Symbol):
        return [sites[size.name]] if size.name in sites else None
    if not isinstance(size, Formula):
        return [("number", size)]
    lhs, rhs = _steps(size.lhs, sites), _steps(size.rhs, sites)
    if lhs is None or rhs is None:
        return None
    return [*lhs, *rhs, (size.op,)]


def _maker(first: TensorInfo, element: dtype) -> Callable[..., Any] | None:
    """A function from sizes to a new tensor beside the first one."""
    if is_torch(first.owner):
        import torch

        return partial(torch.empty, dtype=element.as_torch(), device=first.owner.device)
    import numpy

    if first.on_cuda or type(first.owner) is not numpy.ndarray:
        return None
    found = element.as_numpy()
    if str(found) != element.name:
        return None  # which of the types that stand for it, the caller's array says
    return partial(numpy.empty, dtype=found)


def _find_made(
    launch: Launch, inputs: Sequence[int], parameters: Sequence[int]
) -> list[tuple[Any, ...]] | None:
    assert launch.first is not None
    sites = _find_sites(launch, inputs, parameters)
    made: list[tuple[Any, ...]] = []
    for index in (*launch.results, *launch.scratch):
        argument: Argument = launch.arguments[index]
        shape = [_steps(size, sites) for size in argument.shape or ()]
        maker = _maker(launch.first, argument.dtype)
        if maker is None or any(steps is None for steps in shape):
            return None
        made.append((shape, maker, index in launch.results))
    return made


# Plans --------------------------------------------------------------------


def _store_now(remember: Callable[[], None]) -> None:
    remember()


@dataclass(frozen=True)
class CallPlan:
    """What has calls like one that was made run natively.

    ``launcher`` is what is called, ``signature`` what binds the call, ``optional``
    the parameters that may be None, and whether they are. ``store`` is given what
    remembers the call, and calls it unless what the call captured is out of date.
    """

    launcher: _core.Launcher
    signature: _core.Signature
    optional: tuple[tuple[int, bool], ...] = ()
    store: Callable[[Callable[[], None]], None] = _store_now

    def remember(
        self,
        key: bytes,
        launch: Launch,
        target: Target,
        executable: _core.Executable,
        written: Sequence[bool],
        inputs: Sequence[int],
        parameters: Sequence[int],
    ) -> None:
        """Remembers a call, if calls like it can run natively.

        Args:
            key: The call's key.
            launch: The call.
            target: What the code was compiled for.
            executable: The code.
            written: Which arguments it may write.
            inputs: The positions of the arguments that the caller passes.
            parameters: Where they stand in the signature.
        """
        first = launch.first
        if first is None or first.on_cuda != (target.kind == "cuda"):
            return
        made = _find_made(launch, inputs, parameters)
        if made is None:
            return
        places = dict(zip(inputs, parameters))
        order = [*launch.results, *launch.scratch]
        slots = [
            places[i] if i in places else -1 - order.index(i)
            for i in range(len(launch.arguments))
        ]
        may_write = [False] * (max(parameters, default=-1) + 1)
        for index, parameter in places.items():
            may_write[parameter] = bool(written[index])
        remember = partial(
            self.launcher.remember,
            self.signature,
            key,
            executable,
            first.device,
            type(first.owner),
            slots,
            made,
            may_write,
            list(self.optional),
        )
        self.store(remember)
