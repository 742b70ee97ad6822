"""Loops of the kernel language."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from tile import _core, ir
from tile.frontend import control
from tile.frontend.builder import Builder, current, in_kernel
from tile.language import dtypes
from tile.language.arithmetic import compare, select
from tile.language.buffer import Var
from tile.language.debug import emit_assert
from tile.language.expr import Expr, ExprLike, as_expr, as_index, as_number

__all__ = [
    "Parallel",
    "Pipelined",
    "Serial",
    "Unroll",
    "Vectorized",
    "grid",
    "serial",
    "unroll",
    "vectorized",
]


class LoopSpec:
    """A loop that a ``for`` of a kernel opens."""

    def __init__(
        self, start: Callable[[Builder, Sequence[str]], control.Loop], what: str
    ) -> None:
        self._tile_loop = start
        self._what = what

    def __iter__(self) -> Any:
        raise RuntimeError(
            f"{self._what} can only be iterated over by a for statement of a kernel"
        )


def _bounds(args: Sequence[Any], what: str) -> tuple[ExprLike, ExprLike, ExprLike]:
    """Start, stop and step, given as range() takes them."""
    if not 1 <= len(args) <= 3:
        raise TypeError(f"{what} expects 1 to 3 arguments, got {len(args)}")
    if len(args) == 1:
        return 0, args[0], 1
    return args[0], args[1], args[2] if len(args) == 3 else 1


def serial(*args: ExprLike, annotations: Any = None) -> LoopSpec:
    """A loop that runs in order: ``T.serial(stop)``, ``(start, stop)``, ``(start,
    stop, step)``.

    The step may be negative. Raises ValueError for a step of 0; one that is known
    only when the kernel runs is asserted not to be 0.
    """
    start, stop, step = _bounds(args, "T.serial")
    number = as_number(step)
    if number == 0:
        raise ValueError("Invalid stepped serial: step must be non-zero")
    return LoopSpec(lambda b, jumps: _serial(b, jumps, start, stop, step), "T.serial")


def _serial(
    builder: Builder, jumps: Sequence[str], start: Any, stop: Any, step: Any
) -> control.Loop:
    if jumps:
        _enter_threads(builder)  # which of them leaves is its own affair
    first, by = as_index(start), as_index(step)
    number = as_number(step)
    is_counted = number < 0 if number is not None else not by.is_nonnegative
    lower, upper, stride = first, as_index(stop), by
    if is_counted:
        # Counts up, and turns the count into the variable.
        count = _count(first, upper, step if number is None else int(number))
        lower, upper, stride = as_index(0), as_index(count), as_index(1)

    def open_() -> tuple[_core.Block, Callable[[], Any]]:
        loop = builder.create(
            "scf.for", [lower.use(), upper.use(), stride.use()], (), {}, regions=1
        )
        block = loop.block()
        argument = block.add_argument(ir.type_("index"), builder.location())

        def variables() -> Any:
            i = Expr(argument, dtypes.index, lower.is_nonnegative)
            if is_counted:
                return first + i * (by if number is None else int(number))
            return i

        return block, variables

    return control.IRLoop(builder, jumps, open_, lambda: _yield(builder, "scf.yield"))


def _count(start: Expr, stop: Expr, step: Any) -> Any:
    """How many rounds range() makes."""
    if isinstance(step, int):
        return (start - stop + (-step - 1)) // -step
    step = as_index(step)
    emit_assert(compare("!=", step, 0), "Invalid stepped serial: step must be non-zero")
    divisor = select(compare("==", step, 0), 1, step)
    sign = select(compare(">", step, 0), 1, -1)
    rounds = (stop - start + divisor - sign) // divisor
    return select(compare(">", rounds, 0), rounds, 0)


def _enter_threads(builder: Builder) -> None:
    """Begins code of single threads, in a kernel that has any."""
    if builder.thread_code is not None and builder.find("parallel") is None:
        builder.thread_code.enter()


def _yield(builder: Builder, name: str) -> None:
    builder.create(name)


def unroll(
    *args: ExprLike,
    explicit: bool = False,
    unroll_factor: int | None = None,
    annotations: Any = None,
) -> LoopSpec:
    """A loop in order that the compiler should unroll."""
    if explicit and unroll_factor is not None:
        raise ValueError("T.unroll takes explicit or unroll_factor, not both")
    start, stop, step = _bounds(args, "T.unroll")
    if as_number(step) == 0:
        raise ValueError("Invalid stepped serial: step must be non-zero")
    return LoopSpec(lambda b, jumps: _serial(b, jumps, start, stop, step), "T.unroll")


def vectorized(*args: ExprLike, annotations: Any = None) -> LoopSpec:
    """A loop whose rounds may run at once in one thread."""
    start, stop, step = _bounds(args, "T.vectorized")

    def open_(builder: Builder, jumps: Sequence[str]) -> control.Loop:
        _enter_threads(builder)
        return _serial(builder, jumps, start, stop, step)

    return LoopSpec(open_, "T.vectorized")


Serial = serial
Unroll = unroll
Vectorized = vectorized


def _mixed_extents(
    extents: Sequence[ExprLike],
) -> tuple[list[_core.Value], _core.Attribute]:
    """Values and static numbers, as ops with mixed extents take them."""
    dynamic = -(2**63)
    values, static = [], []
    for extent in extents:
        number = as_number(extent)
        if number is not None:
            static.append(int(number))
        else:
            static.append(dynamic)
            values.append(as_index(extent).use())
    return values, ir.int_array(static)


def Parallel(
    *extents: ExprLike,
    coalesced_width: int | None = None,
    loop_layout: Any = None,
    prefer_async: bool | None = None,
    annotations: Any = None,
) -> LoopSpec:
    """A nest whose rounds run in any order, spread over the threads of the block."""
    if not extents:
        raise TypeError("T.Parallel expects at least 1 extent, got 0")
    for extent in extents:
        number = as_number(extent)
        if number is not None and number < 0:
            raise ValueError(f"T.Parallel expects extents of at least 0, got {extent}")
    return LoopSpec(lambda b, jumps: _parallel(b, jumps, extents), "T.Parallel")


def _parallel(
    builder: Builder, jumps: Sequence[str], extents: Sequence[ExprLike]
) -> control.Loop:
    in_kernel("T.Parallel").end_threads()
    if builder.find("parallel") is not None:
        raise ValueError(
            "[Tile Semantic Check] T.Parallel cannot stand inside T.Parallel; give one "
            "T.Parallel all extents"
        )
    region = builder.scalar_region
    if region is not None:
        raise ValueError(
            f"[Tile Semantic Check] T.Parallel cannot stand inside {region}; where each "
            "thread works by itself, use T.serial"
        )
    if "break" in jumps:
        raise ValueError(
            "[Tile Semantic Check] break cannot leave T.Parallel, whose rounds run in "
            "any order"
        )

    def open_() -> tuple[_core.Block, Callable[[], Any]]:
        values, static = _mixed_extents(extents)
        loop = builder.create(
            "tile.parallel", values, (), {"static_extents": static}, regions=1
        )
        block = loop.block()
        location = builder.location()
        arguments = [block.add_argument(ir.type_("index"), location) for _ in extents]

        def variables() -> Any:
            indices = [Expr(a, dtypes.index, True) for a in arguments]
            return indices[0] if len(indices) == 1 else tuple(indices)

        return block, variables

    return control.IRLoop(
        builder, jumps, open_, lambda: _yield(builder, "tile.yield"), "parallel"
    )


def Pipelined(
    start: ExprLike,
    stop: ExprLike | None = None,
    num_stages: int = 0,
    order: Sequence[int] | None = None,
    stage: Sequence[int] | None = None,
    sync: Any = None,
    group: Any = None,
    annotations: Any = None,
) -> LoopSpec:
    """A loop in order, of which several rounds may be in flight.

    ``num_stages`` is how many copies of the buffers that the body fills are kept.
    It never changes what the loop computes.
    """
    if stop is None:
        start, stop = 0, start
    if not isinstance(num_stages, int):
        raise TypeError(f"expected an int as num_stages, got {num_stages!r}")
    if len(order or ()) != len(stage or ()):
        raise ValueError(
            f"expected as many entries of order as of stage, got {order} and {stage}"
        )
    if num_stages < 0:
        raise ValueError(f"expected num_stages of at least 0, got {num_stages}")
    return LoopSpec(
        lambda b, jumps: _pipelined(b, jumps, start, stop, max(num_stages, 1)),
        "T.Pipelined",
    )


def _pipelined(
    builder: Builder, jumps: Sequence[str], start: Any, stop: Any, stages: int
) -> control.Loop:
    in_kernel("T.Pipelined").end_threads()
    region = builder.scalar_region
    if region is not None:
        raise ValueError(
            f"[Tile Semantic Check] T.Pipelined cannot stand inside {region}"
        )
    if jumps:
        return _serial(builder, jumps, start, stop, 1)
    lower, upper, step = as_index(start), as_index(stop), as_index(1)

    def open_() -> tuple[_core.Block, Callable[[], Any]]:
        loop = builder.create(
            "tile.pipelined",
            [lower.use(), upper.use(), step.use()],
            (),
            {"stages": ir.integer(stages)},
            regions=1,
        )
        block = loop.block()
        argument = block.add_argument(ir.type_("index"), builder.location())
        return block, lambda: Expr(argument, dtypes.index, lower.is_nonnegative)

    return control.IRLoop(builder, jumps, open_, lambda: _yield(builder, "tile.yield"))


def grid(*extents: ExprLike) -> LoopSpec:
    """A nest of loops in order, the last one innermost."""
    if not extents:
        raise TypeError("T.grid expects at least 1 extent, got 0")
    if len(extents) == 1:
        return serial(extents[0])

    return LoopSpec(lambda b, jumps: _Nest(b, jumps, extents), "T.grid")


class _Nest(control.Loop):
    """Loops in order, one inside the other. A break leaves all of them."""

    def __init__(
        self, builder: Builder, jumps: Sequence[str], extents: Sequence[ExprLike]
    ) -> None:
        self.builder = builder
        self.jumps = jumps
        self.extents = extents
        self.flags: dict[str, Var] = {}

    def __iter__(self) -> Any:
        if self.jumps:
            _enter_threads(self.builder)
        if "break" in self.jumps:
            self.flags["break"] = control.make_flag(self.builder, "broken")
        yield from self._nest([])

    def _nest(self, indices: list[Expr]) -> Any:
        extent = self.extents[len(indices)]
        for i in _serial(self.builder, (), 0, extent, 1):
            if len(indices) + 1 < len(self.extents):
                yield from self._nest([*indices, i])
                continue
            guard = control.Guard(self.builder, list(self.flags.values()))
            guard.enter()
            if "continue" in self.jumps:
                self.flags["continue"] = control.make_flag(self.builder, "continued")
            yield (*indices, i)
            guard.leave()

    def jump(self, kind: str) -> bool:
        self.flags[kind].store(True)
        return False

    def guard(self) -> control.Guard:
        return control.Guard(self.builder, list(self.flags.values()))


def serial_nest(extents: Sequence[ExprLike]) -> Any:
    """A nest of loops in order, for use outside of traced functions; its rounds
    give the tuple of indices."""
    return iter(_Nest(current("A loop"), (), extents))


def parallel_nest(extents: Sequence[ExprLike]) -> Any:
    """A nest spread over the threads, for use outside of traced functions; its
    rounds give the tuple of indices."""
    for indices in _parallel(current("A loop"), (), extents):
        yield indices if isinstance(indices, tuple) else (indices,)
