"""Code that every thread of a block executes by itself."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from tile import _core, ir
from tile.frontend import control
from tile.frontend.builder import Builder, block_level, in_kernel
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
            ids = _split(Expr(argument, dtypes.index, True))
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


def get_thread_bindings() -> list[Expr]:
    """The numbers of the thread, inside T.Threads.

    Raises NotImplementedError elsewhere, where the block works as a whole.
    """
    frame = in_kernel("T.get_thread_bindings").find("threads")
    if frame is None:
        raise NotImplementedError(
            "a kernel works on tiles as a whole block, in which no thread has a "
            "number; use T.Parallel, or `for t in T.Threads():` for code of each thread"
        )
    ids: list[Expr] = frame.data
    return list(ids)


def get_thread_binding(dim: int = 0) -> Expr:
    """The number of the thread in one dimension; see `get_thread_bindings`.

    Raises IndexError for a dimension that the block does not have.
    """
    thread: Expr = _pick(get_thread_bindings(), dim)
    return thread
