"""Reducers: tiles that rounds of T.Parallel add to, in any order."""

from __future__ import annotations

from typing import Any, NoReturn

from tile import _core
from tile.frontend.builder import block_level, in_kernel
from tile.language.alloc import Allocation, _alloc
from tile.language.atomic import _TYPES, _update
from tile.language.buffer import Element, Region
from tile.language.copy import copy, fill
from tile.language.dtypes import AnyDType
from tile.language.expr import Expr, ExprLike
from tile.language.numeric import infinity, max_value, min_value

__all__ = ["alloc_reducer", "finalize_reducer", "reducer_init", "reducer_update"]

_KINDS = {"sum": "add", "max": "max", "min": "min"}


class Reducer(Allocation):
    """A tile that takes updates between `reducer_init` and `finalize_reducer`.

    It lies in shared memory. ``state`` is 'new', 'open' or 'done', in the order of
    the text of the kernel.
    """

    operation: _core.Operation
    op: str
    state: str = "new"
    is_at_work: bool = False

    def _select(self, key: Any) -> Element | Region:
        place = super()._select(key)
        if self.state == "done":
            return place
        if not isinstance(place, Element):
            self.refuse()
        return ReducerPlace(self, place.indices)

    def use(self) -> _core.Value:
        if self.state != "done" and not self.is_at_work:
            self.refuse()
        return super().use()

    def refuse(self) -> NoReturn:
        """Says that only the functions of this module may use the reducer."""
        raise ValueError(
            f"reducer `{self.name}` can only be used by T.reducer_init, "
            "T.reducer_update and T.finalize_reducer until it is finalized"
        )

    def expect(self, state: str, what: str) -> None:
        """Raises ValueError unless the reducer is in a state."""
        if self.state != state:
            need = {"open": "T.reducer_init before it", "new": "a new reducer"}[state]
            raise ValueError(
                f"{what} of reducer `{self.name}` expects {need}; the reducer is "
                f"{_STATES[self.state]}"
            )


_STATES = {"new": "not initialised", "open": "initialised", "done": "finalized"}


class ReducerPlace(Element):
    """An element of a reducer that takes updates; it cannot be read or written."""

    __slots__ = ()

    def load(self) -> Expr:
        assert isinstance(self.buffer, Reducer)
        self.buffer.refuse()

    def store(self, value: ExprLike) -> None:
        assert isinstance(self.buffer, Reducer)
        self.buffer.refuse()


def alloc_reducer(
    shape: Any, dtype: AnyDType = "float32", op: str = "sum", replication: Any = None
) -> Reducer:
    """A tile to which rounds of T.Parallel add, in any order.

    ``reducer_init``, any number of ``reducer_update`` and ``finalize_reducer`` use
    it, in this order; then it can be read.

    Args:
        shape: The sizes, known while the kernel is traced.
        dtype: float64, float32, float16, bfloat16, int64 or int32.
        op: 'sum', 'max' or 'min'.
        replication: A hint for another compiler; no effect.

    Raises:
        ValueError: Another `op`.
        TypeError: Another type.
    """
    if op not in _KINDS:
        raise ValueError(
            f"T.alloc_reducer expects op 'sum', 'max' or 'min', got {op!r}"
        )
    base = _alloc(shape, dtype, "shared.dyn", "T.alloc_reducer")
    if base.dtype.name not in _TYPES:
        raise TypeError(
            f"T.alloc_reducer expects a type of {', '.join(_TYPES)}, got {base.dtype}"
        )
    assert isinstance(base, Allocation)
    result = Reducer(base.value, base.shape, base.dtype, base.scope(), "")
    result.operation = base.operation
    result.op = op
    return result


def _get_reducer(value: Any, what: str) -> Reducer:
    if not isinstance(value, Reducer):
        raise TypeError(f"{what} expects a reducer, got {type(value).__name__}")
    return value


def _get_identity(reducer: Reducer) -> float | int:
    if reducer.op == "sum":
        return 0
    type_ = reducer.dtype
    if type_.is_float:
        return infinity(type_) * (-1 if reducer.op == "max" else 1)
    return min_value(type_) if reducer.op == "max" else max_value(type_)


def reducer_init(reducer: Any, value: ExprLike | None = None) -> None:
    """Sets a reducer to a value, or to that which changes nothing.

    Raises TypeError for anything but a reducer.
    """
    block_level("T.reducer_init")
    r = _get_reducer(reducer, "T.reducer_init")
    r.is_at_work = True
    fill(r, _get_identity(r) if value is None else value)
    r.is_at_work = False
    r.state = "open"


def reducer_update(place: Any, value: ExprLike) -> None:
    """Combines a value with an element of a reducer: ``reducer_update(r[i], x)``.

    Inside T.Parallel every round does it; elsewhere the block does it once. Raises
    TypeError for anything but an element of a reducer, ValueError before
    `reducer_init` or after `finalize_reducer`.
    """
    in_kernel("T.reducer_update")
    buffer = getattr(place, "buffer", None)
    if not isinstance(place, Element) or not isinstance(buffer, Reducer):
        raise TypeError(
            "T.reducer_update expects an element of a reducer, got "
            f"{type(place).__name__}"
        )
    buffer.expect("open", "T.reducer_update")
    buffer.is_at_work = True
    _update(_KINDS[buffer.op], place, value, "relaxed")
    buffer.is_at_work = False


def finalize_reducer(reducer: Any, dst: Any = None) -> None:
    """Ends the updates of a reducer, and copies the result to `dst`, if given.

    Raises TypeError for anything but a reducer, ValueError before `reducer_init`.
    """
    block_level("T.finalize_reducer")
    r = _get_reducer(reducer, "T.finalize_reducer")
    r.expect("open", "T.finalize_reducer")
    r.state = "done"
    if dst is not None:
        copy(r, dst)
