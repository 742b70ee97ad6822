"""Integers, limits, choices and conversions.

Numbers of Python's own, and sizes known when a kernel is called, stay what they
are: ``T.ceildiv(M, 64)`` can stand in a grid and in a shape.
"""

from __future__ import annotations

import builtins
from typing import Any, Sequence

from tile.language.arithmetic import binary, meet, select
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import (
    Expr,
    ExprLike,
    Number,
    as_expr,
    as_number,
    cast,
    constant,
    convert,
    is_expr,
    make,
)
from tile.language.symbols import Formula, combine

__all__ = [
    "Cast", "Select", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor",
    "cast", "ceildiv", "clamp", "floordiv", "floormod", "if_then_else",
    "index_to_coordinates", "infinity", "max", "max_value", "min", "min_value",
    "reinterpret", "shift_left", "shift_right", "truncdiv", "truncmod",
]  # fmt: skip

# Division -----------------------------------------------------------------


def _integers(x: ExprLike, y: ExprLike, what: str) -> tuple[Number | None, ...]:
    """The numbers that the operands are, checked: integers, no zero divisor."""
    numbers = (as_number(x), as_number(y))
    for number, value in zip(numbers, (x, y)):
        is_float = (
            isinstance(number, float)
            if number is not None
            else as_dtype(value).is_float
        )
        if is_float:
            raise TypeError(f"{what} expects integers, got {value!r}")
    if numbers[1] == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return numbers


def as_dtype(value: Any) -> dtype:
    """The type of a value of the kernel. Raises TypeError for anything else."""
    if not is_expr(value):
        raise TypeError(
            f"expected a number or a scalar of the kernel, got {type(value).__name__}"
        )
    type_: dtype = value.dtype
    return type_


def ceildiv(x: Any, y: Any) -> Any:
    """x / y of integers, rounded up.

    Raises TypeError for floats, ZeroDivisionError for the number 0 as divisor.
    """
    a, b = _integers(x, y, "T.ceildiv")
    if a is not None and b is not None:
        return -(-int(a) // int(b))
    if isinstance(x, Formula) or isinstance(y, Formula):
        formula = combine("ceildiv", x, y)
        if formula is not None:
            return formula
    n, d = meet(x, y)
    if n.is_nonnegative and d.is_nonnegative:
        return binary("//", binary("-", binary("+", n, d), 1), d)
    return -binary("//", -n, d)


def floordiv(x: Any, y: Any) -> Any:
    """x // y, rounded towards minus infinity."""
    return x // y


def floormod(x: Any, y: Any) -> Any:
    """x % y, with the sign of y."""
    return x % y


def truncdiv(x: Any, y: Any) -> Any:
    """x / y of integers, rounded towards zero.

    Raises TypeError for floats, ZeroDivisionError for the number 0 as divisor.
    """
    a, b = _integers(x, y, "T.truncdiv")
    if a is not None and b is not None:
        quotient = builtins.abs(int(a)) // builtins.abs(int(b))
        return quotient if (a < 0) == (b < 0) else -quotient
    return _truncated("div", x, y)


def truncmod(x: Any, y: Any) -> Any:
    """What remains of truncdiv, with the sign of x."""
    a, b = _integers(x, y, "T.truncmod")
    if a is not None and b is not None:
        return int(a) - int(truncdiv(a, b)) * int(b)
    return _truncated("rem", x, y)


def _truncated(op: str, x: ExprLike, y: ExprLike) -> Expr:
    n, d = meet(x, y)
    if n.dtype.is_bool:
        n, d = convert(n, dtype("int32")), convert(d, dtype("int32"))
    is_unsigned = n.is_nonnegative and d.is_nonnegative
    name = f"arith.{op}{'ui' if is_unsigned else 'si'}"
    return make(name, [n, d], n.dtype, is_nonnegative=is_unsigned)


def index_to_coordinates(index: Any, shape: Sequence[Any]) -> list[Any]:
    """The place of an element by its number, the last dimension changing fastest."""
    result: list[Any] = []
    for size in reversed(shape):
        result.insert(0, floormod(index, size))
        index = floordiv(index, size)
    return result


# Bits ---------------------------------------------------------------------


def shift_left(x: Any, y: Any) -> Any:
    """x << y. A shift by the width or more has no meaning."""
    return x << y


def shift_right(x: Any, y: Any) -> Any:
    """x >> y, which keeps the sign. A shift by the width or more has no meaning."""
    return x >> y


def bitwise_and(x: Any, y: Any) -> Any:
    """x & y."""
    return x & y


def bitwise_or(x: Any, y: Any) -> Any:
    """x | y."""
    return x | y


def bitwise_xor(x: Any, y: Any) -> Any:
    """x ^ y."""
    return x ^ y


def bitwise_not(x: Any) -> Any:
    """~x; the opposite of a bool."""
    return (not x) if isinstance(x, bool) else ~x


# Order --------------------------------------------------------------------


def _extremum(name: str, x: Any, y: Any) -> Any:
    a, b = as_number(x), as_number(y)
    if a is not None and b is not None:
        if a != a or b != b:
            return b if a != a else a
        return builtins.max(a, b) if name == "max" else builtins.min(a, b)
    left, right = meet(x, y)
    if left.dtype.is_float:
        return make(f"arith.{name}numf", [left, right], left.dtype)
    if left.dtype.is_bool:
        return binary("|" if name == "max" else "&", left, right)
    nonnegative = (left.is_nonnegative, right.is_nonnegative)
    known = any(nonnegative) if name == "max" else all(nonnegative)
    return make(f"arith.{name}si", [left, right], left.dtype, is_nonnegative=known)


def max(x: Any, y: Any) -> Any:
    """The larger of two values. A NaN counts as missing: the other one is taken."""
    return _extremum("max", x, y)


def min(x: Any, y: Any) -> Any:
    """The smaller of two values. A NaN counts as missing: the other one is taken."""
    return _extremum("min", x, y)


def clamp(x: Any, low: Any, high: Any) -> Any:
    """x, but at least low, and at most high. NaN gives low."""
    return min(max(x, low), high)


_LARGEST = {
    "float16": 65504.0,
    "bfloat16": 3.3895313892515355e38,
    "float32": 3.4028234663852886e38,
    "tfloat32": 3.4028234663852886e38,
    "float64": 1.7976931348623157e308,
    "float8_e4m3fn": 448.0,
    "float8_e4m3": 448.0,
    "float8_e5m2": 57344.0,
}


def max_value(dtype: AnyDType) -> Number:
    """The largest finite number of a type."""
    type_ = _known(dtype)
    if type_.is_float:
        return _LARGEST[type_.name]
    return True if type_.is_bool else (1 << (type_.bits - 1)) - 1


def min_value(dtype: AnyDType) -> Number:
    """The smallest finite number of a type."""
    type_ = _known(dtype)
    if type_.is_float:
        return -_LARGEST[type_.name]
    return False if type_.is_bool else -(1 << (type_.bits - 1))


def infinity(dtype: AnyDType) -> float:
    """Infinity. Raises TypeError for a type that has none."""
    type_ = _known(dtype)
    if not type_.is_float or type_.mlir == "f8E4M3FN":
        raise TypeError(f"{type_} has no infinity; use T.max_value")
    return float("inf")


def _known(type_: AnyDType) -> dtype:
    result = dtype(type_)
    result.mlir  # raises for a type that kernels cannot hold
    return result


# Choices ------------------------------------------------------------------


def if_then_else(condition: Any, true: Any, false: Any) -> Any:
    """One of two scalars.

    In the text of a kernel only the one that is taken is computed, so that it may
    guard a read outside a buffer; in a plain Python function both are.
    """
    return Select(condition, true, false)


def Select(condition: Any, true: Any, false: Any) -> Any:
    """One of two scalars, which are both computed."""
    if not is_expr(condition):
        return true if condition else false
    return select(condition, true, false)


# Conversions --------------------------------------------------------------


def Cast(dtype: AnyDType, value: ExprLike) -> Any:
    """The value converted to a type: `cast` with its arguments the other way."""
    return cast(value, dtype)


def reinterpret(value: Any, dtype: Any) -> Expr:
    """The bits of a value as another type of the same width.

    Also with the arguments the other way round. Raises TypeError for widths that
    differ.
    """
    if not is_expr(value) and as_number(value) is None:
        value, dtype = dtype, value
    x, type_ = as_expr(value), _known(dtype)
    if "index" in (x.dtype.name, type_.name):
        raise TypeError("T.reinterpret expects types of a fixed width, got index")
    bits = [1 if t.is_bool else t.bits for t in (x.dtype, type_)]
    if bits[0] != bits[1]:
        raise TypeError(
            f"T.reinterpret expects types of one width, got {x.dtype} of {bits[0]} "
            f"bits and {type_} of {bits[1]}"
        )
    if x.dtype.mlir == type_.mlir:
        return convert(x, type_)
    return make("arith.bitcast", [x], type_)


def zero(type_: dtype) -> Expr:
    """The constant zero of a type."""
    return constant(0, type_)
