"""The kernel behind an operator: its parameters, its results, its traces."""

from __future__ import annotations

import ast
import inspect
from functools import cached_property
from typing import Any, Callable, Mapping, Protocol, Sequence

from tile.annotations.base import Annot, ArgVarTable
from tile.annotations.buffer import BufferAnnot
from tile.annotations.function import FuncAnnot
from tile.annotations.optional import OptionalAnnot
from tile.frontend.function import Argument
from tile.frontend.rewrite import get_source
from tile.jit.impl import JITImpl
from tile.jit.kernel import JITKernel
from tile.jit.options import normalize_out_idx
from tile.jit.prim_func import PrimFunc
from tile.jit.probe import probe
from tile.torch.parameters import Parameter, of_annotation, of_argument
from tile.torch.placeholders import fix_sizes, make_placeholder
from tile.tune.configs import expand, split_pass_configs
from tile.tune.function import AutotunedFunction

__all__ = ["Compiled", "Eager", "Function", "Source", "make_source"]

_EMPTY = inspect.Parameter.empty


class Function:
    """A traced kernel.

    Attributes:
        inputs: The arguments that a call passes, in order.
        results: The arguments that it returns, in order.
        written: The names of the inputs that the kernel may write.
    """

    def __init__(self, function: PrimFunc, out_idx: Sequence[int]) -> None:
        made = {*out_idx, *function.scratch}
        arguments = function.arguments
        inputs = [i for i in range(len(arguments)) if i not in made]
        self.name = function.name
        self.inputs: list[Argument] = [arguments[i] for i in inputs]
        self.results: list[Argument] = [arguments[i] for i in out_idx]
        self.written = {arguments[i].name for i in inputs if function.written[i]}


class Source(Protocol):
    """What an operator needs to know of a kernel."""

    name: str
    parameters: list[Parameter]

    @property
    def known(self) -> Function | None:
        """The trace, with all optional tensors present; None where it depends on
        what a call passes."""

    def trace(self, values: Mapping[str, Any]) -> Function:
        """The trace for arguments by name, which may be tensors without data."""

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the kernel."""

    def read_results(self) -> list[str] | None:
        """The names that the source returns; None where it does not say."""


class Compiled:
    """A kernel that `tile.compile` or a lazy function of `tile.jit` makes."""

    def __init__(
        self, function: PrimFunc, out_idx: Sequence[int], kernel: JITKernel | JITImpl
    ) -> None:
        self.name = function.name
        self._function = Function(function, out_idx)
        self._kernel = kernel
        self.parameters = [
            of_argument(self.name, argument, argument.name in self._function.written)
            for argument in self._function.inputs
        ]

    @property
    def known(self) -> Function | None:
        return self._function

    def trace(self, values: Mapping[str, Any]) -> Function:
        return self._function

    def call(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self._kernel, JITImpl):
            self._kernel = self._kernel.compile()
        return self._kernel(*args)

    def read_results(self) -> list[str] | None:
        return [argument.name for argument in self._function.results]


class Eager:
    """An eager function of `tile.jit`."""

    def __init__(
        self,
        kernel: JITImpl,
        run: Callable[..., Any] | None = None,
        tuned: Mapping[str, Any] | None = None,
    ) -> None:
        """Looks at the parameters.

        Args:
            run: What calls the kernel in its place, with values of its own for the
                parameters `tuned`. Those given here are for traces.
        """
        self.name = kernel.__name__
        self._kernel = kernel
        self._run = run or kernel
        self._tuned = dict(tuned or {})
        self._function = kernel.func
        self._functions: dict[int, tuple[PrimFunc, Function]] = {}
        self._has_constants = False
        self._annots = self._get_annots()
        parameters = self._function.signature.parameters
        found = [
            of_annotation(self.name, parameters[name], annot)
            for name, annot in self._annots.items()
            if name not in self._tuned
        ]
        self.parameters = [parameter for parameter in found if parameter is not None]
        self._names = [p.name for p in self.parameters]
        #: Whether each parameter is one of the operator, so that positions agree.
        self._is_complete = len(self._names) == len(self._annots)

    def _get_annots(self) -> Mapping[str, Annot]:
        """The annotations, also those of the body, without anything of a call."""
        function = self._function
        names = function.facts.body_annotated
        if not names:
            return function.annot.annots
        parameters = function.signature.parameters.items()
        defaults = {n: p.default for n, p in parameters if p.default is not _EMPTY}
        found = probe(function.orig_func, function.hints, defaults, names)
        self._has_constants = bool(found.constants)
        hints = {**function.hints, **found.annotations}
        return FuncAnnot.from_sig_annots(function.signature, hints, self.name).annots

    @cached_property
    def known(self) -> Function | None:
        if self._has_constants:
            return None
        values = dict(self._tuned)
        for name, annot in self._annots.items():
            if name in values:
                continue
            inner = annot.inner if isinstance(annot, OptionalAnnot) else annot
            if isinstance(inner, BufferAnnot):
                return None  # What is known completely is a TIRAnnot.
            default = self._function.signature.parameters[name].default
            is_fixed = getattr(annot, "is_fixed", False)
            if not annot.is_kernel_arg() and default is _EMPTY and not is_fixed:
                return None
            if isinstance(annot, OptionalAnnot):
                values[name] = inner.create_prim_func_arg(name, None, ArgVarTable())
        return self._wrap(self._kernel.get_tir(**values))

    def _wrap(self, function: PrimFunc) -> Function:
        key = id(function)
        if key not in self._functions:
            # Kept with it, the function keeps its id.
            self._functions[key] = function, Function(function, function.results)
        return self._functions[key][1]

    def trace(self, values: Mapping[str, Any]) -> Function:
        arguments = dict(self._tuned)
        for parameter in self.parameters:
            name, value = parameter.name, values[parameter.name]
            if value is None or not parameter.is_launched:
                arguments[name] = value
            elif parameter.is_tensor:
                arguments[name] = make_placeholder(self._annots[name], value)
            elif parameter.is_optional:
                inner: Any = self._annots[name]
                arguments[name] = inner.inner.create_prim_func_arg(
                    name, None, ArgVarTable()
                )
        annots = self._function.bind_partial((), arguments).annot.annots
        for parameter in self.parameters:
            if parameter.is_tensor and values[parameter.name] is not None:
                fix_sizes(annots[parameter.name], values[parameter.name])
        return self._wrap(self._kernel.get_tir(**arguments))

    def call(self, *args: Any, **kwargs: Any) -> Any:
        if self._is_complete:
            return self._run(*args, **kwargs)
        return self._run(**dict(zip(self._names, args)), **kwargs)

    def read_results(self) -> list[str] | None:
        if self.known is not None:
            return [argument.name for argument in self.known.results]
        node, _ = get_source(self._function.orig_func)
        last = node.body[-1]
        if not isinstance(last, ast.Return) or last.value is None:
            return []
        several = isinstance(last.value, (ast.Tuple, ast.List))
        parts = last.value.elts if several else [last.value]  # type: ignore[attr-defined]
        names = [part.id for part in parts if isinstance(part, ast.Name)]
        return names if len(names) == len(parts) else None


def _make_tuned(kernel: AutotunedFunction) -> Source:
    """The source of an operator that is tuned when it is called.

    The sizes of its results are those of the first configuration.
    """
    if kernel.jit_impl.mode == "lazy" or callable(kernel.configs):
        raise TypeError(
            f"expected an eager kernel with configs that do not depend on a call, got "
            f"{kernel!r}; tune it first, tile.torch.custom_op(name, "
            f"{kernel.__name__}.compile(...))"
        )
    values, _ = split_pass_configs(expand(kernel.configs)[0])
    return Eager(kernel.jit_impl, kernel, values)


def make_source(kernel: Any) -> Source:
    """The source of an operator.

    Raises TypeError for what is no kernel, and for a lazy function that takes
    arguments without defaults.
    """
    if isinstance(kernel, JITKernel):
        return Compiled(kernel.prim_func, kernel.out_idx, kernel)
    if isinstance(kernel, AutotunedFunction):
        return _make_tuned(kernel)
    if not isinstance(kernel, JITImpl):
        raise TypeError(
            "expected a function of tile.jit or a kernel of tile.compile, got "
            f"{type(kernel).__name__}"
        )
    if kernel.mode == "eager":
        return Eager(kernel)
    for parameter in kernel.func.signature.parameters.values():
        if kernel.prim_func is None and parameter.default is _EMPTY:
            raise TypeError(
                f"expected a kernel, got {kernel.__name__}, which makes kernels from "
                f"arguments: call it, tile.torch.custom_op(name, {kernel.__name__}"
                f"({parameter.name}=...))"
            )
    function = kernel.get_tir()
    out_idx = normalize_out_idx(function, kernel.options.out_idx)
    return Compiled(function, out_idx, kernel)
