"""A kernel function in IR: `T.prim_func` and what it makes."""

from __future__ import annotations

import threading
from typing import Any, Callable, Sequence, overload

from tile import _core, ir
from tile.annotations.function import FuncAnnot
from tile.frontend.function import Argument
from tile.annotations.hints import get_hints
from tile.jit.enclosing import caller_names

__all__ = ["PrimFunc", "PrimFuncGenerator", "prim_func"]


class PrimFunc:
    """A function of the IR, ready to be compiled by `tile.compile`.

    ``arguments`` are its parameters and then its results; ``results`` says which
    of them `T.empty` made, in the order in which they are returned, ``scratch``
    which `T.alloc_global` made. ``written`` says which arguments the kernel may
    write, and ``warnings`` what the trace warned of: message, file and line.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        module: _core.Module | str,
        arguments: Sequence[Argument],
        results: Sequence[int],
        scratch: Sequence[int] = (),
        *,
        name: str | None = None,
        doc: str | None = None,
        written: Sequence[bool] = (),
        warnings: Sequence[tuple[str, str, int]] = (),
    ) -> None:
        """Takes what a trace gave, or what was stored of it.

        Args:
            module: The IR; as text with places where it was stored, and then `name`,
                `doc` and `written` too are what was stored.
        """
        self.function = function
        self.__name__ = name or function.__name__
        self.__doc__ = doc if name else function.__doc__
        self.arguments = list(arguments)
        self.results = list(results)
        self.scratch = list(scratch)
        self.warnings = list(warnings)
        #: The milliseconds that tracing took; None if it was not traced here.
        self.trace_ms: float | None = None
        self._module: _core.Module | None = None
        self._stored: str | None = None
        if isinstance(module, str):
            self._stored = module
            self.written = list(written)
        else:
            self._module = module
            self.written = module.written(self.__name__)
        self._thread = threading.get_ident()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.__name__

    @property
    def out_idx(self) -> list[int]:
        """The results of `T.empty` as negative positions."""
        return [index - len(self.arguments) for index in self.results]

    @property
    def module(self) -> _core.Module:
        """The IR, in the context of the thread that asks. Not to be changed."""
        if self._module is not None and threading.get_ident() == self._thread:
            return self._module
        return _core.Module.parse(ir.context(), self.text(locations=True), self.name)

    def text(self, locations: bool = False) -> str:
        """The IR as text, with the places it comes from if `locations`."""
        if self._stored is not None and locations:
            return self._stored
        if self._module is None:
            return str(self.module.text(locations))
        # Printing changes nothing, so other threads may do it too.
        with self._lock:
            return str(self._module.text(locations))

    def script(self) -> str:
        """The IR as text."""
        return self.text()

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<prim_func {self.name}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"{self.name} is a function of the IR; compile it to call it: "
            f"tile.compile({self.name})(...)"
        )


class PrimFuncGenerator:
    """What ``@T.prim_func(generator=True)`` makes: call it for a `PrimFunc`."""

    def __init__(self, function: Callable[..., Any], annot: FuncAnnot) -> None:
        self.function = function
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.annot = annot

    def __call__(self, *args: Any, **kwargs: Any) -> PrimFunc:
        """Traces for these arguments; tensors may be placeholders.

        Raises TypeError for arguments that do not fit the parameters.
        """
        from tile.jit.trace import trace

        call = self.annot.bind(args, kwargs, allow_absent=True)
        return trace(self.function, call.annot, call.arguments)

    def __repr__(self) -> str:
        return f"<prim_func generator {self.__name__}>"


@overload
def prim_func(func: Callable[..., Any]) -> PrimFunc: ...


@overload
def prim_func(
    func: None = None, *, generator: bool = False, private: bool = False
) -> Callable[[Callable[..., Any]], Any]: ...


def prim_func(
    func: Callable[..., Any] | None = None,
    *,
    generator: bool = False,
    private: bool = False,
) -> Any:
    """Decorator: traces a function whose parameters are all known into IR.

    Args:
        func: The function; left out when the decorator is written with parentheses.
        generator: Make a `PrimFuncGenerator` instead, for functions whose IR
            depends on arguments.
        private: Accepted for programs that say so; has no effect.

    Raises:
        ValueError: A parameter leaves something open, and `generator` is not set.
    """
    around = caller_names(1)
    if func is None:
        return lambda f: _make(f, generator, around)
    return _make(func, generator, around)


def _make(function: Callable[..., Any], generator: bool, around: dict[str, Any]) -> Any:
    from tile.jit.trace import trace
    from tile.jit.probe import annotate

    annot = annotate(function, get_hints(function, around))
    if generator:
        return PrimFuncGenerator(function, annot)
    if not annot.is_all_static():
        unknown = annot.get_compile_time_unknown_args()
        raise ValueError(
            f"Cannot create PrimFunc for `{function.__name__}`, some arguments are "
            f"not compile-time known, Annotations:\n{annot.annots}\nUnknown Args: "
            f"{list(unknown)}"
        )
    return trace(function, annot, {})
