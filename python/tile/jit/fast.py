"""What a native call needs to know: see `_core.Launcher`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Callable, Sequence

from tile import _core
from tile.cache.names import global_names
from tile.frontend.function import Argument
from tile.jit.captured import may_fill
from tile.jit.target import Target
from tile.jit.tensors import TensorInfo, is_torch
from tile.language.dtypes import dtype
from tile.language.macro import Macro
from tile.language.symbols import Formula, Size, Symbol

if TYPE_CHECKING:
    from tile.jit.launch import Launch

__all__ = ["CallPlan", "find_guards"]

# Captured values ----------------------------------------------------------


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
        self.found.append((function, None, function.__code__))
        fills = may_fill(function)
        names = function.__globals__
        for name in global_names(function.__code__):
            if name not in names:
                self.found.append((names, name))
            elif self._value(names[name], fills):
                self.found.append((names, name, names[name]))
            else:
                return False
        for cell in function.__closure__ or ():
            try:
                value = cell.cell_contents
            except ValueError:
                self.found.append((cell, None))
                continue
            if not self._value(value, fills):
                return False
            self.found.append((cell, None, value))
        return True

    def _value(self, value: Any, fills: bool) -> bool:
        """Whether the same object is the same value."""
        if isinstance(value, tuple):
            return all(self._value(item, fills) for item in value)
        if isinstance(value, (list, dict)):
            return fills
        if isinstance(value, Macro):
            value = value.function
        if isinstance(value, FunctionType):
            return self.add(value)
        return True


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


@dataclass(frozen=True)
class CallPlan:
    """What has calls like one that was made run natively.

    ``launcher`` is what is called, ``signature`` what binds the call, ``optional``
    the parameters that may be None, and whether they are.
    """

    launcher: _core.Launcher
    signature: _core.Signature
    optional: tuple[tuple[int, bool], ...] = ()

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
        self.launcher.remember(
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
