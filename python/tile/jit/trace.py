"""From a Python function and the values of its arguments to IR."""

from __future__ import annotations

import time
from typing import Any, Callable, Mapping

from tile.annotations.base import ArgVarTable
from tile.annotations.function import FuncAnnot
from tile.frontend import hooks
from tile.frontend.function import FunctionTrace
from tile.jit.prim_func import PrimFunc
from tile.language.output import OutputBuffer, outputs_of

__all__ = ["trace"]


def trace(
    function: Callable[..., Any],
    annotations: FuncAnnot,
    values: Mapping[str, Any],
    constants: Mapping[str, int] | None = None,
) -> PrimFunc:
    """Traces a kernel function.

    Args:
        function: The function.
        annotations: What each parameter is.
        values: What the parameters are in the call: tensors or placeholders for
            tensors, Python values for compile-time parameters.
        constants: What `T.const` gives for each of its names; None where T.const
            is not allowed.

    Raises:
        What the function raises, and DiagnosticError for IR that does not verify.
    """
    name = function.__name__
    start = time.perf_counter()
    with FunctionTrace.open(name, function) as opened:
        builder = opened.builder
        builder.data["constants"] = constants
        table = ArgVarTable()
        arguments = {
            parameter: annotations.create_argument(
                parameter, values.get(parameter), table
            )
            for parameter in annotations.arg_names
        }
        # The body may repeat what the parameters are, which is known by now.
        result = hooks.call(
            function, arguments, name, lambda parameter, _: arguments[parameter]
        )
        if builder.data.get("unopened"):
            raise RuntimeError(
                f"{name}: T.Kernel does nothing by itself; write `with T.Kernel(...):`"
            )
        outputs = outputs_of(builder)
        order = _check_results(name, result, outputs)
    every = opened.arguments
    positions = [every.index(output.argument) for output in order]
    scratch = [i for i, argument in enumerate(every) if argument.is_scratch]
    made = PrimFunc(
        function,
        opened.module,
        every,
        positions,
        scratch,
        warnings=builder.data.get("warnings", ()),
    )
    made.trace_ms = (time.perf_counter() - start) * 1e3
    return made


def _check_results(
    name: str, result: Any, outputs: list[OutputBuffer]
) -> list[OutputBuffer]:
    """The results in the order in which they are returned."""
    returned = [] if result is None else [result]
    if isinstance(result, (tuple, list)):
        returned = list(result)
    for value in returned:
        if not any(value is output for output in outputs):
            raise RuntimeError(
                f"{name}: Only tensor allocated from `T.empty` can be returned, got "
                f"{value!r}"
            )
    if len({id(value) for value in returned}) != len(returned):
        raise RuntimeError(f"{name}: a tensor is returned twice")
    missing = [o.name for o in outputs if not any(o is value for value in returned)]
    if missing:
        raise RuntimeError(
            f"{name}: Not all tensor allocated from `T.empty` are returned: "
            f"{', '.join(missing)} missing"
        )
    return returned
