"""Code of single threads that no statement marks: where its region begins and ends.

A kernel that asks for the number of a thread has `ThreadCode`. The region begins
where the number, or what a thread has for itself, is first used, and lasts until an
operation of the whole block, or the end of the loop or branch around it. What was
computed in a region that is over is computed again, or kept in a variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Sequence

from tile import _core, ir
from tile.frontend.builder import Builder, Frame

if TYPE_CHECKING:
    from tile.language.buffer import Var
    from tile.language.expr import Expr

__all__ = ["ThreadCode", "ThreadFrame"]

#: What the name of an unmarked region is in errors.
NAME = (
    "code of single threads, which begins where T.get_thread_binding() or a local "
    "buffer is used and includes loops and branches there; T.sync_threads() in front "
    "of the loop or branch ends it"
)


class ThreadFrame(Frame):
    """An open region that each thread executes; `data` are the thread's numbers."""

    __slots__ = ("code", "operation", "parent", "end")

    def __init__(self, code: "ThreadCode", operation: _core.Operation) -> None:
        super().__init__("threads", operation.block())
        self.code = code
        self.operation = operation
        self.parent = code.builder.frame
        self.end: _core.Operation | None = None

    def resume(self, value: "Expr") -> "Expr | None":
        """A value of this region, which is over, made anew where the trace is."""
        return self.code.resume(self, value)


class ThreadCode:
    """The unmarked regions of a kernel.

    Args:
        split: Gives the numbers of a thread from the argument of its region.
    """

    def __init__(
        self, builder: Builder, split: Callable[[_core.Value], Sequence["Expr"]]
    ) -> None:
        self.builder = builder
        self.frame: ThreadFrame | None = None
        self._split = split
        self._again: dict[int, tuple[Expr, Expr]] = {}
        self._kept: dict[int, tuple[Expr, Var]] = {}

    def enter(self) -> None:
        """Opens a region unless the trace is in one.

        Raises ValueError inside T.Parallel.
        """
        builder = self.builder
        if builder.find("parallel") is not None:
            raise ValueError(
                "[Tile Semantic Check] the number of a thread, and what code of single "
                "threads read, cannot be used inside T.Parallel, whose rounds the "
                "compiler spreads over the threads; read it again there"
            )
        if builder.find("threads") is not None:
            return
        operation = builder.create("tile.threads", regions=1)
        block = operation.block()
        argument = block.add_argument(ir.type_("index"), builder.location())
        self.frame = ThreadFrame(self, operation)
        builder.open(self.frame)
        self.frame.data = self._split(argument)

    def leave(self) -> None:
        """Ends the region, unless a loop or branch is open in it."""
        frame = self.frame
        if frame is not None and self.builder.frame is frame:
            self.frame = None
            frame.end = self.builder.create("tile.yield")
            self.builder.pop(frame)

    def resume(self, frame: ThreadFrame, value: "Expr") -> "Expr | None":
        """A value of a region that is over; None where it has no meaning any more."""
        if not frame.parent.is_open:
            return None
        _, again = self._again.get(id(value), (None, None))
        if again is None or not again.frame.is_open:
            again = value.again()
            if again is None:
                again = self._reload(frame, value)
            # Keeps the value too, so that its id stays taken.
            self._again[id(value)] = (value, again)
        return again

    def _reload(self, frame: ThreadFrame, value: "Expr") -> "Expr":
        """Each thread keeps the value in a variable, and reads it in a region later."""
        from tile.language.buffer import Var

        self.enter()
        _, kept = self._kept.get(id(value), (None, None))
        if kept is None:
            assert frame.end is not None
            builder = self.builder
            with builder.before(frame.operation):
                place = builder.value(
                    "tile.alloc_var",
                    [],
                    f"memref<{value.dtype.mlir}, #tile.scope<local>>",
                    {"name": ir.string(builder.unique_name(value.name or "kept"))},
                )
            with builder.before(frame.end):
                builder.create("memref.store", [value.value, place])
            kept = Var(place, value.dtype, value.name or "kept")
            kept.frame = frame.parent
            self._kept[id(value)] = (value, kept)
        return kept.load()


def enter_for(builder: Builder, buffer: Any) -> None:
    """Opens a region where a buffer that each thread has for itself is read."""
    code = builder.thread_code
    if code is None or not buffer.scope().startswith("local"):
        return
    if buffer.scope() != "local.fragment" and builder.find("parallel") is None:
        code.enter()
