"""Tensors that a call makes: results, `T.empty`, and memory between kernels."""

from __future__ import annotations

from typing import Any, Sequence

from tile import _core
from tile.frontend.builder import Builder, current
from tile.language import dtypes
from tile.language.buffer import BufferValue
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import Expr, as_expr, as_number, is_expr
from tile.language.symbols import Formula, Size, combine

__all__ = ["OutputBuffer", "alloc_global", "as_size", "empty", "outputs_of"]

_OPERATORS = {
    "arith.addi": "+",
    "arith.subi": "-",
    "arith.muli": "*",
    "arith.divui": "//",
    "arith.floordivsi": "//",
    "arith.divsi": "//",
    "arith.remui": "%",
    "arith.ceildivsi": "ceildiv",
    "arith.ceildivui": "ceildiv",
}
_CONVERSIONS = (
    "arith.index_cast",
    "arith.index_castui",
    "arith.extsi",
    "arith.extui",
    "arith.trunci",
)


class OutputBuffer(BufferValue):
    """A tensor that the call makes. It takes the name it is first bound to."""

    argument: Any = None

    def name_if_new(self, name: str) -> None:
        """Names the result, the first time."""
        if self.argument.is_named:
            return
        self.argument.is_named = True
        function = current("T.empty").data["function"]
        self.name = self.argument.name = function.free_name(name)


def outputs_of(builder: Builder) -> list[OutputBuffer]:
    """The results that were made so far in this trace."""
    found: list[OutputBuffer] = builder.data.setdefault("outputs", [])
    return found


def as_size(value: Any) -> Size:
    """A size as an int or a formula; expressions of the host part are read back.

    Raises TypeError for what is no size, or is computed from more than sizes and
    integer arguments.
    """
    number = as_number(value)
    if number is not None:
        if isinstance(number, (float, bool)):
            raise TypeError(f"expected an integer as a size, got {value!r}")
        return int(number)
    if isinstance(value, Formula):
        return value
    if not is_expr(value):
        raise TypeError(f"expected a size, got {type(value).__name__}")
    expression: Expr = as_expr(value)
    builder = current("A size")
    size = _read(builder, expression.value)
    if size is None:
        raise TypeError(
            f"the size {value!r} of a result must be computed by +, -, *, // and % "
            "from the sizes of tensors and integer arguments"
        )
    return size


def _read(builder: Builder, value: _core.Value) -> Size | None:
    number = value.constant()
    if number is not None:
        return number
    leaf: Size | None = builder.data.get("sizes", {}).get(value)
    if leaf is not None:
        return leaf
    name = value.op_name()
    operands = value.operands()
    if name in _CONVERSIONS:
        return _read(builder, operands[0])
    if name in _OPERATORS:
        sides = [_read(builder, operand) for operand in operands]
        if sides[0] is None or sides[1] is None:
            return None
        result: Size | None = combine(_OPERATORS[name], *sides)
        return result
    return None


def empty(*shape: Any, dtype: AnyDType = "float32") -> BufferValue:
    """A tensor that the call allocates and returns: ``C = T.empty((M, N), dtype)``.

    The kernel has to write it and the function to return it. ``T.empty(M, N)``
    and ``T.empty((M, N), "float16")`` are both understood.

    Args:
        shape: Ints, and formulas of the sizes of the arguments.
        dtype: The element type.

    Raises:
        JITNoBuilderError: Outside of a kernel function.
        ValueError: No sizes, a negative one, or a call inside T.Kernel.
        TypeError: A size that is none.
    """
    builder = current("T.empty()")
    if builder.find("kernel") is not None:
        raise ValueError("T.empty makes results, which are made before T.Kernel")
    extents, element = _parse(shape, dtype, "T.empty")
    outputs = outputs_of(builder)
    output = _add(builder, f"output{len(outputs)}", extents, element)
    outputs.append(output)
    return output


def alloc_global(
    shape: Any, dtype: AnyDType = "float32", scope: str = "global"
) -> BufferValue:
    """Memory on the device that all blocks share, for what one T.Kernel leaves to the
    next. The call allocates it, with any contents, and frees it.

    Args:
        shape: Ints, and formulas of the sizes of the arguments.
        dtype: The element type.
        scope: 'global'.

    Raises:
        JITNoBuilderError: Outside of a kernel function.
        ValueError: No sizes, a negative one, another scope.
        TypeError: A size that is none.
    """
    builder = current("T.alloc_global()")
    if scope != "global":
        raise ValueError(f"T.alloc_global expects the scope 'global', got {scope!r}")
    sizes = shape if isinstance(shape, (tuple, list)) else [shape]
    extents, element = _parse((sizes,), dtype, "T.alloc_global")
    scratch = _add(builder, "scratch", extents, element)
    scratch.argument.is_scratch = True
    return scratch


def _parse(
    shape: Sequence[Any], dtype: AnyDType, what: str
) -> tuple[list[Size], dtypes.dtype]:
    """The sizes and the type, which may stand behind the sizes."""
    sizes = list(shape)
    if sizes and isinstance(sizes[0], (tuple, list)):
        if len(sizes) > 2:
            raise TypeError(f"{what} expects a shape and a dtype, got {shape}")
        if len(sizes) == 2:
            dtype = sizes[1]
        sizes = list(sizes[0])
    elif sizes and isinstance(sizes[-1], (str, dtypes.dtype)):
        dtype = sizes.pop()
    if not sizes:
        raise ValueError(f"{what} expects at least one size")
    extents = [as_size(size) for size in sizes]
    for extent in extents:
        if isinstance(extent, int) and extent < 0:
            raise ValueError(f"expected sizes of at least 0, got {tuple(extents)}")
    return extents, dtypes.dtype(dtype)


def _add(
    builder: Builder, name: str, extents: list[Size], element: dtype
) -> OutputBuffer:
    function = builder.data["function"]
    name = function.free_name(name)
    plain = function.add_tensor(name, extents, element, is_output=True)
    output = OutputBuffer(plain.value, plain.shape, element, "global", name)
    output.argument = function.arguments[-1]
    return output
