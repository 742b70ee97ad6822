"""What the body of a function says about its parameters.

``A: T.Tensor[[M, K], "float16"]`` as a statement annotates a parameter. To know
these annotations, the statements up to the last of them are traced into IR that
is thrown away. ``M, K = T.const("M K")`` gives symbols there; their values are
then read off the tensors of a call.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from tile.annotations.base import ArgVarTable
from tile.annotations.function import FuncAnnot
from tile.frontend import hooks
from tile.frontend.function import FunctionTrace
from tile.jit.source import read_source
from tile.language.const import ConstSymbol

__all__ = ["Probe", "annotate", "probe"]


@dataclass
class Probe:
    """The annotations that the body makes, and the names that T.const declared."""

    annotations: dict[str, Any] = field(default_factory=dict)
    constants: dict[str, ConstSymbol] = field(default_factory=dict)


class _Done(BaseException):
    """Everything that was asked is known."""


class _NotYet:
    """Stands for a parameter before the body annotates it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        raise AttributeError(
            f"parameter `{self._name}` is used before the body annotates it"
        )


def probe(
    function: Callable[..., Any],
    hints: Mapping[str, Any],
    values: Mapping[str, Any],
    names: frozenset[str],
    constants: Mapping[str, int] | None = None,
    allow_constants: bool = True,
) -> Probe:
    """Runs a function up to the last annotation of a parameter in its body.

    Args:
        function: The function.
        hints: The annotations of its signature.
        values: The compile-time arguments of the call.
        names: The parameters that the body annotates.
        constants: What `T.const` gives; None for symbols.
        allow_constants: Whether the function may use `T.const`.
    """
    found = Probe()
    missing = set(names)

    def on_annotation(parameter: str, annotation: Any) -> Any:
        if parameter in missing:
            missing.discard(parameter)
            found.annotations[parameter] = annotation
            if not missing:
                raise _Done
        return _NotYet(parameter)

    signature = FuncAnnot.from_sig_annots(
        inspect.signature(function),
        {k: v for k, v in hints.items() if k not in names},
        function.__name__,
    )
    unknown = [
        name
        for name in signature.get_compile_time_unknown_args()
        if signature.annots[name].is_kernel_arg() or name not in values
    ]
    try:
        with FunctionTrace.open(function.__name__) as opened:
            data = opened.builder.data
            data["constants"] = constants
            data["probe"] = found.constants if allow_constants else None
            table = ArgVarTable()
            arguments = {}
            for name in signature.arg_names:
                if name in names or name in unknown:
                    arguments[name] = _NotYet(name)
                else:
                    arguments[name] = signature.create_argument(
                        name, values.get(name), table
                    )
            hooks.call(function, arguments, function.__name__, on_annotation)
    except _Done:
        pass
    return found


def annotate(function: Callable[..., Any], hints: Mapping[str, Any]) -> FuncAnnot:
    """The annotations of a function of which nothing depends on a call."""
    names = read_source(function).body_annotated
    merged = dict(hints)
    if names:
        found = probe(function, hints, {}, names, allow_constants=False)
        merged.update(found.annotations)
    return FuncAnnot.from_sig_annots(
        inspect.signature(function), merged, function.__name__
    )
