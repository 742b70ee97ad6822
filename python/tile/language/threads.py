"""Code that every thread of a block executes by itself."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from tile import _core, ir
from tile.frontend import control
from tile.frontend.builder import Builder, block_level, in_kernel
from tile.frontend.thread_code import ThreadCode, ThreadFrame
from tile.language import dtypes
from tile.language.expr import Expr
from tile.language.kernel import _launch, _pick
from tile.language.loop import LoopSpec, _yield

__all__ = ["Threads", "get_thread_binding", "get_thread_bindings"]


def Threads() -> LoopSpec:
    """A region that each thread of the block executes once: ``for t in T.Threads():``.

    The variables are the numbers of the thread, one for each size of the kernel's
    `threads`. The body is scalar code. What a thread does to memory that others see,
    they may rely on only after the region; code with a synchronisation in the middle
    is two regions. A local buffer made outside keeps what each thread wrote to it.

    Raises ValueError inside T.Parallel or another T.Threads.
    """
    return LoopSpec(_threads, "T.Threads")


def _threads(builder: Builder, jumps: Sequence[str]) -> control.Loop:
    block_level("T.Threads")
    if "break" in jumps:
        raise ValueError("[Tile Semantic Check] break cannot leave T.Threads")

    def open_() -> tuple[_core.Block, Callable[[], Any]]:
        region = builder.create("tile.threads", regions=1)
        block = region.block()
        argument = block.add_argument(ir.type_("index"), builder.location())

        def variables() -> Any:
            ids = _numbers(argument)
            builder.frame.data = ids
            return ids[0] if len(ids) == 1 else tuple(ids)

        return block, variables

    return control.IRLoop(
        builder, jumps, open_, lambda: _yield(builder, "tile.yield"), "threads"
    )


def _split(number: Expr) -> list[Expr]:
    """The number of a thread in each dimension, the first one changing fastest."""
    ids = []
    sizes = _launch("T.Threads").threads
    for size in sizes[:-1]:
        ids.append(number % size)
        number = number // size
    return [*ids, number]


class ThreadNumber(Expr):
    """The number of a thread in one dimension. Its first use in a kernel begins code
    that each thread executes by itself."""

    __slots__ = ("dim",)

    def __init__(self, dim: int) -> None:
        builder = in_kernel("T.get_thread_bindings")
        kernel = builder.find("kernel")
        assert kernel is not None
        self.dim = dim
        self.dtype = dtypes.index
        self.is_nonnegative = True
        self.frame = kernel
        self.name = None
        self.source = None

    @property
    def value(self) -> _core.Value:  # type: ignore[override]
        return self.use()

    def use(self) -> _core.Value:
        """The number in the code of single threads that is open, or begins here."""
        if not self.frame.is_open:
            return super().use()
        builder = in_kernel("T.get_thread_binding")
        assert builder.thread_code is not None
        builder.thread_code.enter()
        frame = builder.find("threads")
        assert frame is not None
        number: Expr = frame.data[self.dim]
        return number.use()


def get_thread_bindings() -> list[Expr]:
    """The numbers of the thread, one for each size of the kernel's `threads`.

    From where a number is used on, and where a local buffer is read, each thread
    executes scalar code by itself, as in `Threads`; until an operation of the whole
    block such as T.copy, T.Parallel or T.sync_threads. A loop or branch that is in
    such code belongs to it as a whole. Numbers have no meaning inside T.Parallel.
    """
    builder = in_kernel("T.get_thread_bindings")
    frame = builder.find("threads")
    if frame is not None and not isinstance(frame, ThreadFrame):
        return list(frame.data)
    if builder.thread_code is None:
        builder.thread_code = ThreadCode(builder, _numbers)
    return [ThreadNumber(dim) for dim in range(len(_launch("T.Threads").threads))]


def _numbers(argument: _core.Value) -> list[Expr]:
    return _split(Expr(argument, dtypes.index, True))


def get_thread_binding(dim: int = 0) -> Expr:
    """The number of the thread in one dimension; see `get_thread_bindings`.

    Raises IndexError for a dimension that the block does not have.
    """
    thread: Expr = _pick(get_thread_bindings(), dim)
    return thread
