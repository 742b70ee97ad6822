"""What the configurations run on: inputs, and what should come out."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Sequence

from tile.frontend.function import Argument
from tile.jit.prim_func import PrimFunc
from tile.profiler.compare import outputs_of
from tile.profiler.inputs import TensorSupplyType, input_positions, make_inputs
from tile.tune.trial import Case

__all__ = ["CaseMaker", "Shape", "fixed_inputs", "set_autotune_inputs"]

_inputs: ContextVar[tuple[Any, ...] | None] = ContextVar("inputs", default=None)


@contextmanager
def set_autotune_inputs(*inputs: Any) -> Iterator[None]:
    """Within a ``with`` of this, kernels are tuned on these arguments.

    Args:
        *inputs: The arguments of the kernel without its results, or one list of them.
    """
    if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)):
        inputs = tuple(inputs[0])
    token = _inputs.set(inputs)
    try:
        yield
    finally:
        _inputs.reset(token)


def fixed_inputs() -> tuple[Any, ...] | None:
    """What `set_autotune_inputs` gave; None outside of it."""
    return _inputs.get()


@dataclass(frozen=True)
class Shape:
    """What of a kernel says which arguments it takes."""

    prim_func: PrimFunc
    out_idx: Sequence[int]

    @property
    def params(self) -> list[Argument]:
        """Its parameters."""
        return self.prim_func.arguments

    def key(self) -> Any:
        """Kernels with the same one take the same arguments."""
        taken = [self.params[i] for i in input_positions(self)]
        return tuple((a.name, a.dtype.name, str(a.shape)) for a in taken)


@dataclass
class CaseMaker:
    """Makes cases, one for all configurations that take the same arguments.

    Attributes:
        given: The arguments; None to make them.
        supply_prog: Makes them from the parameters; None for tensors filled as
            `supply_type` says.
        ref_prog: Says what should come out.
        is_checked: Whether what comes out is compared at all.
        is_shared: Whether configurations may use the same tensors.
        device: Where tensors are made.
    """

    given: Sequence[Any] | None
    supply_prog: Callable[..., Sequence[Any]] | None
    supply_type: TensorSupplyType
    ref_prog: Callable[..., Any] | None
    is_checked: bool
    is_shared: bool
    device: str

    def __post_init__(self) -> None:
        self.cases: dict[int, Case] = {}
        self._numbers: dict[Any, int] = {}

    def add(self, shape: Shape, given: Sequence[Any] | None = None) -> int:
        """The number of the case for a kernel.

        Args:
            given: The arguments of this very kernel, as a call passes them.

        Raises:
            ValueError: A dynamic size that nothing says, another number of arguments.
            TypeError: A `supply_prog` that gives no list.
            What `supply_prog` and `ref_prog` raise.
        """
        key = shape.key() if self.is_shared else len(self.cases)
        if key not in self._numbers:
            self._numbers[key] = len(self.cases)
            self.cases[len(self.cases)] = self._make(shape, given)
        return self._numbers[key]

    def _make(self, shape: Shape, given: Sequence[Any] | None) -> Case:
        inputs = self._get_inputs(shape, given)
        expected_count = len(input_positions(shape))
        if len(inputs) != expected_count:
            raise ValueError(
                f"expected {expected_count} inputs to tune {shape.prim_func.name}, got "
                f"{len(inputs)}"
            )
        if not self.is_checked:
            return Case(inputs)
        if self.ref_prog is None:
            return Case(inputs, ([], []))
        return Case(inputs, outputs_of(shape, self.ref_prog, inputs))

    def _get_inputs(self, shape: Shape, given: Sequence[Any] | None) -> list[Any]:
        if self.given is not None:
            return list(self.given)
        if self.supply_prog is not None:
            taken = [shape.params[i] for i in input_positions(shape)]
            supplied = self.supply_prog(taken)
            if not isinstance(supplied, (list, tuple)):
                raise TypeError(
                    f"expected a list of arguments from supply_prog, got {supplied!r}"
                )
            return list(supplied)
        if given is not None:
            return list(given)
        try:
            return make_inputs(shape, self.supply_type, None, self.device)
        except ValueError as error:
            raise ValueError(
                f"{error}; give the arguments by tile.tune.set_autotune_inputs or "
                "supply_prog"
            ) from None
