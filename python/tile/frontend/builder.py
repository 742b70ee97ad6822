"""The state of one trace: where operations go and which regions are open."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from types import CodeType
from typing import TYPE_CHECKING, Any, Iterator, Sequence

from tile import _core, ir
from tile.errors import JITNoBuilderError

if TYPE_CHECKING:
    from tile.frontend.thread_code import ThreadCode
    from tile.language.expr import Expr

#: The code objects of rewritten functions, and the function each belongs to.
traced_code: dict[CodeType, int] = {}

#: What ends the body of a region.
_ENDS = ("tile.yield", "scf.yield", "scf.condition")

#: Operations of the dialect that a single thread may execute.
_SCALAR = ("alloc", "alloc_var", "assert", "assume", "atomic", "print", "view", "yield")


class Frame:
    """An open region of the IR.

    ``kind`` is 'module', 'function', 'kernel', 'parallel', 'threads', 'loop' or
    'branch'.
    A value made in a frame cannot be used after the frame is closed.
    """

    __slots__ = ("kind", "block", "is_open", "data")

    def __init__(self, kind: str, block: _core.Block, data: Any = None) -> None:
        self.kind = kind
        self.block = block
        self.is_open = True
        self.data = data

    def resume(self, value: Expr) -> Expr | None:
        """A value of this region, now closed, for use where the trace is; or None."""
        return None


class Builder:
    """Makes the IR of one function. `current()` is the one that traces now."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.context = ir.context()
        self._builder = _core.Builder(self.context)
        self._files: dict[tuple[str, int, int], _core.Location] = {}
        self.module = _core.Module.create(self.context, self.context.unknown_location())
        self.frames = [Frame("module", self.module.body)]
        self._builder.at_end(self.module.body)
        self.names: dict[str, int] = {}
        #: Where a frontend keeps what belongs to this trace.
        self.data: dict[str, Any] = {}
        #: The code of single threads, in a kernel that has any without T.Threads.
        self.thread_code: ThreadCode | None = None
        #: The file and line of the function, for what no line of it makes.
        self.place: tuple[str, int] | None = None

    # Places ---------------------------------------------------------------

    def location(self) -> _core.Location:
        """The user's line that runs now, with the calls that led to it."""
        location: _core.Location | None = None
        frame = sys._getframe(1)
        last = None
        places: list[tuple[str, int]] = []
        while frame is not None:
            root = traced_code.get(frame.f_code)
            if root is not None:
                # Lambdas inside a function are no calls of their own.
                if root != last:
                    places.append((frame.f_code.co_filename, frame.f_lineno))
                last = root
                if frame.f_code.co_name != "<lambda>":
                    last = None
            frame = frame.f_back  # type: ignore[assignment]
        for file, line in reversed(places):
            place = self._file_location(file, line)
            location = (
                place if location is None else _core.Location.call_site(place, location)
            )
        if location is None and self.place is not None:
            location = self._file_location(*self.place)
        return location or self.context.unknown_location()

    def _file_location(self, file: str, line: int) -> _core.Location:
        key = (file, line, 1)
        if key not in self._files:
            self._files[key] = self.context.location(*key)
        return self._files[key]

    # Operations -----------------------------------------------------------

    def create(
        self,
        name: str,
        operands: Sequence[_core.Value] = (),
        types: Sequence[str] | None = (),
        attributes: dict[str, _core.Attribute] | None = None,
        regions: int = 0,
    ) -> _core.Operation:
        """Makes an operation at the end of the innermost open region.

        ``types`` are the result types as text; None lets the operation infer
        them.
        """
        if self.thread_code is not None:
            self._check_thread_code(name)
        return self._builder.create(
            name,
            list(operands),
            None if types is None else [ir.type_(t) for t in types],
            attributes or {},
            regions,
            self.location(),
        )

    def value(
        self,
        name: str,
        operands: Sequence[_core.Value],
        result: str,
        attributes: dict[str, _core.Attribute] | None = None,
    ) -> _core.Value:
        """Makes an operation with one result of the type `result`."""
        return self.create(name, operands, [result], attributes).result

    # Regions --------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The innermost open region."""
        return self.frames[-1]

    @property
    def depth(self) -> int:
        """The number of open regions that a statement of the user opened."""
        return len(self.own_frames)

    @property
    def own_frames(self) -> list[Frame]:
        """The open regions without that of code of single threads."""
        hidden = self.thread_code.frame if self.thread_code is not None else None
        return [frame for frame in self.frames if frame is not hidden]

    def push(self, kind: str, block: _core.Block, data: Any = None) -> Frame:
        """Opens a region: operations go to the end of its block."""
        return self.open(Frame(kind, block, data))

    def open(self, frame: Frame) -> Frame:
        """Opens a region: operations go to the end of its block."""
        self.frames.append(frame)
        self._builder.at_end(frame.block)
        return frame

    def pop(self, frame: Frame) -> None:
        """Closes the innermost region, which must be `frame`."""
        assert self.frames[-1] is frame, "regions close in the order they opened"
        frame.is_open = False
        self.frames.pop()
        self._builder.at_end(self.frames[-1].block)

    @contextmanager
    def region(
        self, kind: str, block: _core.Block, data: Any = None
    ) -> Iterator[Frame]:
        """Opens a region for the length of a with statement."""
        frame = self.push(kind, block, data)
        yield frame
        self.pop(frame)

    @contextmanager
    def at_function_start(self) -> Iterator[None]:
        """Makes operations in front of everything else of the function."""
        function = next(f for f in self.frames if f.kind == "function")
        self._builder.at_start(function.block)
        yield
        self._builder.at_end(self.frames[-1].block)

    @contextmanager
    def before(self, operation: _core.Operation) -> Iterator[None]:
        """Makes operations in front of another one."""
        self._builder.before(operation)
        yield
        self._builder.at_end(self.frames[-1].block)

    def find(self, kind: str) -> Frame | None:
        """The innermost open region of a kind."""
        for frame in reversed(self.frames):
            if frame.kind == kind:
                return frame
        return None

    @property
    def scalar_region(self) -> str | None:
        """'T.Parallel' or 'T.Threads' where each thread works by itself."""
        if self.thread_code is not None and self.thread_code.frame is not None:
            from tile.frontend.thread_code import NAME

            return NAME
        for kind, name in (("parallel", "T.Parallel"), ("threads", "T.Threads")):
            if self.find(kind) is not None:
                return name
        return None

    def end_threads(self) -> None:
        """Ends code of single threads, unless a loop or branch of it is open."""
        if self.thread_code is not None:
            self.thread_code.leave()

    def _check_thread_code(self, name: str) -> None:
        """Ends code of single threads with its loop; keeps it free of operations of
        the block, whose operands may have opened it."""
        code = self.thread_code
        if code is None or code.frame is None or self.frame is not code.frame:
            return
        if name in _ENDS:
            code.leave()
        elif name.startswith("tile.") and name.removeprefix("tile.") not in _SCALAR:
            raise ValueError(
                f"[Tile Semantic Check] {name} is an operation of the whole block and "
                "cannot depend on the number of a thread, a local buffer or what code "
                "of single threads read; what is the same for all, read in front of it"
            )

    def unique_name(self, name: str) -> str:
        """`name`, with a number behind it when it was used before."""
        result = name
        while result in self.names:
            count = self.names[name] = self.names[name] + 1
            result = f"{name}_{count}"
        self.names[result] = 0
        return result


class _Current(threading.local):
    def __init__(self) -> None:
        self.stack: list[Builder] = []


_current = _Current()


def current_or_none() -> Builder | None:
    """The builder of the trace that runs in this thread, if any."""
    return _current.stack[-1] if _current.stack else None


def current(what: str = "This function") -> Builder:
    """The builder of the trace that runs in this thread.

    Raises JITNoBuilderError, naming `what`, outside a kernel.
    """
    if not _current.stack:
        raise JITNoBuilderError(
            f"{what} can only be used inside @tile.jit or @T.prim_func"
        )
    return _current.stack[-1]


def in_kernel(what: str) -> Builder:
    """The builder, inside a T.Kernel. Raises RuntimeError elsewhere."""
    builder = current(what)
    if builder.find("kernel") is None:
        raise RuntimeError(f"{what} can only be used inside `with T.Kernel(...)`")
    return builder


def block_level(what: str) -> Builder:
    """The builder, where the whole block works together.

    Raises ValueError inside T.Parallel and T.Threads.
    """
    builder = in_kernel(what)
    builder.end_threads()
    region = builder.scalar_region
    if region is not None:
        raise ValueError(
            f"[Tile Semantic Check] {what} is an operation of the whole block and "
            f"cannot be used inside {region}"
        )
    return builder


@contextmanager
def tracing(builder: Builder) -> Iterator[Builder]:
    """Makes `builder` the current one; a failure leaves nothing behind."""
    _current.stack.append(builder)
    try:
        yield builder
    finally:
        _current.stack.pop()
