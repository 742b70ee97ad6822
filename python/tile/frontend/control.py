"""Branches and loops of the IR, as the hooks of a traced function open them."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Sequence

from tile import _core, ir
from tile.frontend.builder import Builder, Frame
from tile.frontend.warn import warn
from tile.language import dtypes
from tile.language.arithmetic import promote
from tile.language.buffer import BufferValue, Element, Region, Var
from tile.language.expr import (
    Expr,
    as_expr,
    as_number,
    constant,
    convert,
    default_dtype,
    is_expr,
)

_BOOL = dtypes.dtype("bool")


def truth(value: Any) -> bool:
    """The truth of a value of Python's own, as a condition in a kernel."""
    if isinstance(value, BufferValue):
        raise TypeError(f"Buffer `{value.name}` cannot be used as condition directly")
    if isinstance(value, Region):
        raise TypeError(
            f"a region of buffer `{value.buffer.name}` cannot be used as condition; "
            "use T.any_of or T.all_of"
        )
    if (
        value is not None
        and as_number(value) is None
        and not isinstance(value, (str, tuple, list, dict, set, type))
    ):
        warn(
            f"the condition is a {type(value).__name__}, which is judged while the "
            "kernel is traced"
        )
    return bool(value)


def condition_value(condition: Any) -> _core.Value:
    """An i1 for a condition of the IR."""
    return convert(condition, _BOOL).use()


def _end(builder: Builder) -> None:
    builder.create("scf.yield")


class Branch:
    """An if statement: of the IR, or decided while tracing."""

    def __init__(self, builder: Builder, condition: Any) -> None:
        self.builder = builder
        self.known: bool | None = None
        self.operation: _core.Operation | None = None
        self.frame: Frame | None = None
        if is_expr(condition):
            value = condition_value(condition)
            known = value.constant()
            if known is not None:
                self.known = bool(known)
                return
            self.operation = builder.create("scf.if", [value], regions=2)
        else:
            self.known = truth(condition)

    def enter(self, taken: bool) -> bool:
        """Whether the statements of this side are to run now."""
        if self.operation is None:
            return self.known is taken
        self.leave()
        block = self.operation.block(0 if taken else 1)
        self.frame = self.builder.push("branch", block)
        return True

    def leave(self) -> None:
        """Closes the side that is open."""
        if self.frame is not None:
            _end(self.builder)
            self.builder.pop(self.frame)
            self.frame = None

    def end(self) -> None:
        """Ends the statement."""
        self.leave()
        if self.operation is not None:
            # The first side always has its end.
            self._close_if_empty()

    def _close_if_empty(self) -> None:
        block = self.operation.block(0) if self.operation else None
        if block is not None and block.is_empty():
            with self.builder.region("branch", block):
                _end(self.builder)


def choose(
    builder: Builder,
    condition: Any,
    true: Callable[[], Any],
    false: Callable[[], Any],
    what: str,
) -> Expr:
    """A value that one of two computations gives; only that one runs."""
    value = condition_value(condition)
    known = value.constant()
    if known is not None:
        chosen: Expr = true() if known else false()
        return chosen
    if builder.thread_code is not None and builder.find("parallel") is None:
        builder.thread_code.enter()  # the sides may be a thread's own
    operation = builder.create("scf.if", [value], regions=2)
    frames: list[Frame] = []
    sides: list[Any] = []
    for index, side in enumerate((true, false)):
        frame = builder.push("branch", operation.block(index))
        result = side()
        if isinstance(result, (BufferValue, Region)) and not isinstance(result, Var):
            raise TypeError(f"expected scalars in '{what}' of a kernel, got a buffer")
        if what != "if":
            result = convert(result, _BOOL)
        elif isinstance(result, (Element, Var)):
            result = result.load()
        sides.append(result)
        frames.append(frame)
        builder.pop(frame)
    type_ = _common_type(sides)
    for frame, side in zip(frames, sides):
        frame.is_open = True
        builder.frames.append(frame)
        builder._builder.at_end(frame.block)
        builder.create("scf.yield", [convert(side, type_).use()])
        builder.pop(frame)
    # The type of the result is known only now.
    return Expr(operation.rebuild([ir.type_(type_.mlir)]).result, type_)


def _common_type(sides: Sequence[Any]) -> dtypes.dtype:
    types = [s.dtype if isinstance(s, Expr) else None for s in sides]
    if types[0] is None and types[1] is None:
        numbers = [as_number(s) for s in sides]
        if None in numbers:
            raise TypeError(
                "expected scalars in a conditional expression whose condition is a "
                f"value of the kernel, got {[type(s).__name__ for s in sides]}"
            )
        return promote(
            default_dtype(numbers[0]),  # type: ignore[arg-type]
            default_dtype(numbers[1]),  # type: ignore[arg-type]
        )
    if types[0] is None or types[1] is None:
        known = types[0] or types[1]
        number = as_number(sides[0] if types[0] is None else sides[1])
        if number is None:
            raise TypeError("expected a scalar on both sides of a conditional")
        assert known is not None
        if isinstance(number, float) and not known.is_float:
            return dtypes.dtype("float32")
        return known
    return promote(types[0], types[1])


# Loops --------------------------------------------------------------------


class Guard:
    """Statements that run only while the loop was not left in this round."""

    def __init__(self, builder: Builder, flags: Sequence[Var]) -> None:
        self.builder = builder
        self.branch: Branch | None = None
        if flags:
            go_on = none_of(builder, flags)
            self.branch = Branch(builder, go_on)

    def enter(self) -> bool:
        """Whether to run them."""
        return self.branch.enter(True) if self.branch else True

    def leave(self) -> None:
        """After them."""
        if self.branch:
            self.branch.end()


def none_of(builder: Builder, flags: Sequence[Var]) -> Expr:
    """Whether no flag is set."""
    left = flags[0].load()
    for flag in flags[1:]:
        left = left | flag.load()
    return left ^ True


def make_flag(builder: Builder, name: str) -> Var:
    """A variable that says whether a loop was left; false at first."""
    no = constant(False, _BOOL)
    value = builder.create(
        "tile.alloc_var",
        [no.use()],
        ["memref<i1, #tile.scope<local>>"],
        {"name": ir.string(builder.unique_name(name))},
    ).result
    return Var(value, _BOOL, name)


class Loop:
    """A loop that a traced function is in."""

    builder: Builder

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def jump(self, kind: str) -> bool:
        """Leaves or continues; whether Python's own loop is to do it."""
        raise NotImplementedError

    def guard(self) -> Guard:
        """A guard for what follows in this round."""
        raise NotImplementedError


_EXPECTED = (
    "range, T.serial, T.unroll, T.vectorized, T.grid, T.Parallel, T.Pipelined, "
    "T.Persistent, or a Python iterable, which is unrolled"
)


class StaticLoop(Loop):
    """A loop over a Python iterable, which is unrolled.

    A jump that a condition of the kernel decides sets a flag, which guards the
    rest; one that is decided while tracing is made by Python's own loop.
    """

    def __init__(
        self,
        builder: Builder,
        iterable: Any,
        jumps: Sequence[str],
        loops: list[Loop],
    ) -> None:
        self.builder = builder
        if isinstance(iterable, (BufferValue, Region)) or is_expr(iterable):
            raise TypeError(
                f"Invalid for loop, got {type(iterable).__name__}, expect one of: "
                f"{_EXPECTED}"
            )
        try:
            self.items: Iterable[Any] = iter(iterable)
        except TypeError:
            raise TypeError(
                f"Invalid for loop, got {iterable!r}, expect one of: {_EXPECTED}"
            ) from None
        self.jumps = jumps
        self.loops = loops
        self.flags: dict[str, Var] = {}
        self.used: set[str] = set()
        self.depth = 0
        self.round: Guard | None = None

    def __iter__(self) -> Iterator[Any]:
        if "break" in self.jumps:
            self.flags["break"] = make_flag(self.builder, "broken")
        for item in self.items:
            self.round = self._guard(["break"])
            if not self.round.enter():
                break
            if "continue" in self.jumps:
                self.used.discard("continue")
                self.flags["continue"] = make_flag(self.builder, "continued")
            self.depth = self.builder.depth
            yield item
            self._end_round()

    def _end_round(self) -> None:
        if self.round is not None:
            self.round.leave()
            self.round = None

    def jump(self, kind: str) -> bool:
        if self.builder.depth > self.depth:
            self.flags[kind].store(True)
            self.used.add(kind)
            return False
        if kind == "break" and "break" in self.used:
            # Whether this round runs at all is known only in the kernel.
            self.flags[kind].store(True)
            return False
        self._end_round()
        if kind == "break":
            self.loops.pop()
        return True

    def _guard(self, kinds: Sequence[str]) -> Guard:
        flags = [self.flags[k] for k in kinds if k in self.used]
        return Guard(self.builder, flags)

    def guard(self) -> Guard:
        return self._guard(["break", "continue"])


class IRLoop(Loop):
    """A loop of the IR, whose body is traced once.

    ``open`` makes the operation; it returns the block of the body and what the
    loop variables are. ``close`` ends the body.
    """

    def __init__(
        self,
        builder: Builder,
        jumps: Sequence[str],
        open_: Callable[[], tuple[_core.Block, Callable[[], Any]]],
        close: Callable[[], None],
        kind: str = "loop",
    ) -> None:
        self.builder = builder
        self.jumps = jumps
        self.open = open_
        self.close = close
        self.kind = kind
        self.flags: dict[str, Var] = {}

    def __iter__(self) -> Iterator[Any]:
        builder = self.builder
        if "break" in self.jumps:
            self.flags["break"] = make_flag(builder, "broken")
        block, variables = self.open()
        with builder.region(self.kind, block):
            values = variables()
            guard = Guard(builder, list(self.flags.values()))
            if guard.enter():
                if "continue" in self.jumps:
                    self.flags["continue"] = make_flag(builder, "continued")
                yield values
                guard.leave()
            self.close()

    def jump(self, kind: str) -> bool:
        self.flags[kind].store(True)
        return False

    def guard(self) -> Guard:
        return Guard(self.builder, list(self.flags.values()))


class WhileLoop(Loop):
    """A while loop of the IR."""

    def __init__(self, builder: Builder, jumps: Sequence[str]) -> None:
        self.builder = builder
        self.jumps = jumps
        self.flags: dict[str, Var] = {}
        self.frame: Frame | None = None

    def __iter__(self) -> Iterator["WhileLoop"]:
        """One round, in which the condition and the body are traced."""
        builder = self.builder
        if builder.thread_code is not None and builder.find("parallel") is None:
            builder.thread_code.enter()
        if "break" in self.jumps:
            self.flags["break"] = make_flag(builder, "broken")
        self.operation = builder.create("scf.while", regions=2)
        self.frame = builder.push("loop", self.operation.block(0))
        yield self
        if self.frame is not None:
            _end(builder)
            builder.pop(self.frame)

    def test(self, condition: Any) -> bool:
        """Takes the condition; whether the body is to be traced."""
        assert self.frame is not None
        builder = self.builder
        if not is_expr(condition):
            if not truth(condition):
                self._drop("the condition of a while loop is always false")
                return False
            if "break" not in self.jumps:
                raise RuntimeError(
                    "Infinite while loop detected: the condition is always true and "
                    "nothing leaves the loop"
                )
            condition = constant(True, _BOOL)
        go_on = convert(condition, _BOOL)
        if "break" in self.flags:
            go_on = go_on & none_of(builder, [self.flags["break"]])
        builder.create("scf.condition", [go_on.use()])
        builder.pop(self.frame)
        self.frame = builder.push("loop", self.operation.block(1))
        if "continue" in self.jumps:
            self.flags["continue"] = make_flag(builder, "continued")
        return True

    def _drop(self, message: str) -> None:
        warn(message)
        assert self.frame is not None
        self.builder.pop(self.frame)
        self.frame = None
        self.operation.erase()

    def jump(self, kind: str) -> bool:
        self.flags[kind].store(True)
        return False

    def guard(self) -> Guard:
        return Guard(self.builder, list(self.flags.values()))
