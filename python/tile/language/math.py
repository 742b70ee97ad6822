"""Functions of floats.

They take floats of every type; integers and bool become float32 first. The result
has the type of the argument.
"""

from __future__ import annotations

from tile import _core, ir
from tile.language.arithmetic import binary, compare, meet, select
from tile.language.dtypes import dtype
from tile.language.expr import (
    Expr,
    ExprLike,
    Number,
    as_expr,
    as_number,
    constant,
    convert,
    make,
)

__all__ = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil",
    "copysign", "cos", "cosh", "erf", "exp", "exp10", "exp2", "floor", "fma",
    "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "nearbyint",
    "pow", "power", "round", "rsqrt", "sigmoid", "sin", "sinh", "sqrt", "tan",
    "tanh", "trunc",
]  # fmt: skip

_F32 = dtype("float32")


def _as_float(value: ExprLike) -> Expr:
    x = as_expr(value)
    return x if x.dtype.is_float else convert(x, _F32)


def unary(
    name: str, value: ExprLike, attributes: dict[str, _core.Attribute] | None = None
) -> Expr:
    """A function of the math dialect, of one float."""
    x = _as_float(value)
    return make("math." + name, [x], x.dtype, attributes)


def exp(x: ExprLike) -> Expr:
    """e to the power of x."""
    return unary("exp", x)


def exp2(x: ExprLike) -> Expr:
    """2 to the power of x."""
    return unary("exp2", x)


def exp10(x: ExprLike) -> Expr:
    """10 to the power of x."""
    value = _as_float(x)
    return pow(constant(10.0, value.dtype), value)


def log(x: ExprLike) -> Expr:
    """The natural logarithm; NaN below 0."""
    return unary("log", x)


def log2(x: ExprLike) -> Expr:
    """The logarithm to base 2."""
    return unary("log2", x)


def log10(x: ExprLike) -> Expr:
    """The logarithm to base 10."""
    return unary("log10", x)


def log1p(x: ExprLike) -> Expr:
    """log(1 + x), also precise for small x."""
    return unary("log1p", x)


def sqrt(x: ExprLike) -> Expr:
    """The square root, correctly rounded; NaN below 0."""
    return unary("sqrt", x)


def rsqrt(x: ExprLike) -> Expr:
    """One over the square root."""
    return unary("rsqrt", x)


def sin(x: ExprLike) -> Expr:
    """The sine of an angle in radians."""
    return unary("sin", x)


def cos(x: ExprLike) -> Expr:
    """The cosine of an angle in radians."""
    return unary("cos", x)


def tan(x: ExprLike) -> Expr:
    """The tangent of an angle in radians."""
    return unary("tan", x)


def asin(x: ExprLike) -> Expr:
    """The angle in radians whose sine is x."""
    return unary("asin", x)


def acos(x: ExprLike) -> Expr:
    """The angle in radians whose cosine is x."""
    return unary("acos", x)


def atan(x: ExprLike) -> Expr:
    """The angle in radians whose tangent is x."""
    return unary("atan", x)


def sinh(x: ExprLike) -> Expr:
    """The hyperbolic sine."""
    return unary("sinh", x)


def cosh(x: ExprLike) -> Expr:
    """The hyperbolic cosine."""
    return unary("cosh", x)


def tanh(x: ExprLike) -> Expr:
    """The hyperbolic tangent."""
    return unary("tanh", x)


def asinh(x: ExprLike) -> Expr:
    """The number whose hyperbolic sine is x."""
    return unary("asinh", x)


def acosh(x: ExprLike) -> Expr:
    """The number whose hyperbolic cosine is x."""
    return unary("acosh", x)


def atanh(x: ExprLike) -> Expr:
    """The number whose hyperbolic tangent is x."""
    return unary("atanh", x)


def erf(x: ExprLike) -> Expr:
    """The error function."""
    return unary("erf", x)


def sigmoid(x: ExprLike) -> Expr:
    """1 / (1 + exp(-x))."""
    value = _as_float(x)
    return binary("/", 1.0, binary("+", exp(-value), 1.0))


def atan2(y: ExprLike, x: ExprLike) -> Expr:
    """The angle of the point (x, y) in radians, between -pi and pi."""
    a, b = _floats(y, x)
    return make("math.atan2", [a, b], a.dtype)


def copysign(x: ExprLike, y: ExprLike) -> Expr:
    """x with the sign of y."""
    a, b = _floats(x, y)
    return make("math.copysign", [a, b], a.dtype)


def fma(x: ExprLike, y: ExprLike, z: ExprLike) -> Expr:
    """x * y + z, rounded once."""
    a, b = _floats(x, y)
    c, a = meet(_as_float(z) if as_number(z) is None else z, a)
    return make("math.fma", [convert(a, c.dtype), convert(b, c.dtype), c], c.dtype)


def _floats(x: ExprLike, y: ExprLike) -> tuple[Expr, Expr]:
    """Two floats in the type in which they meet."""
    a, b = meet(x, y)
    return _as_float(a), _as_float(b)


# Rounding -----------------------------------------------------------------


def _rounded(name: str, value: ExprLike) -> Expr:
    x = as_expr(value)
    return unary(name, x) if x.dtype.is_float else x


def floor(x: ExprLike) -> Expr:
    """The largest whole number up to x. Integers stay as they are."""
    return _rounded("floor", x)


def ceil(x: ExprLike) -> Expr:
    """The smallest whole number from x on. Integers stay as they are."""
    return _rounded("ceil", x)


def trunc(x: ExprLike) -> Expr:
    """x without its fraction. Integers stay as they are."""
    return _rounded("trunc", x)


def round(x: ExprLike) -> Expr:
    """The nearest whole number; halves go away from zero, unlike Python's."""
    return _rounded("round", x)


def nearbyint(x: ExprLike) -> Expr:
    """The nearest whole number; halves go to the even one."""
    return _rounded("roundeven", x)


def abs(x: ExprLike) -> Expr:
    """The absolute value. That of the smallest integer is itself."""
    value = as_expr(x)
    if value.dtype.is_float:
        return unary("absf", value)
    if value.dtype.is_bool or value.is_nonnegative:
        return value
    return select(compare("<", value, 0), -value, value)


# Powers -------------------------------------------------------------------

#: Up to this exponent a power is a product.
_MAX_PRODUCT = 64


def pow(x: ExprLike, y: ExprLike) -> Expr:
    """x to the power of y.

    A whole number as y that is known while the kernel is traced gives a product,
    also of integers. Raises TypeError for integers with another exponent.
    """
    exponent = as_number(y)
    base = as_expr(x, as_expr(y).dtype if exponent is None else None)
    if exponent is not None and exponent == int_or_none(exponent):
        count = int(exponent)
        if base.dtype.is_float and isinstance(count, int):
            if -_MAX_PRODUCT <= count <= _MAX_PRODUCT:
                product = _product(base, count if count >= 0 else -count)
                return product if count >= 0 else binary("/", 1.0, product)
        elif not isinstance(exponent, float) and count >= 0:
            return _product(base, count)
    if not base.dtype.is_float and not _is_float(y):
        raise TypeError(
            "expected a whole number of at least 0, known while the kernel is traced, "
            "as the exponent of an integer"
        )
    a, b = _floats(base, y)
    return make("math.powf", [a, b], a.dtype)


power = pow


def int_or_none(number: Number) -> int | None:
    """The whole number that a number is, if it is one."""
    return int(number) if number == number and number not in (_INF, -_INF) else None


_INF = float("inf")


def _is_float(value: ExprLike) -> bool:
    number = as_number(value)
    return isinstance(number, float) or (number is None and value.dtype.is_float)


def _product(base: Expr, count: int) -> Expr:
    """A power by squaring."""
    if base.dtype.is_bool:
        base = convert(base, dtype("int32"))
    result: Expr | None = None
    while count:
        if count & 1:
            result = base if result is None else binary("*", result, base)
        count >>= 1
        if count:
            base = binary("*", base, base)
    return constant(1, base.dtype) if result is None else result


# Kinds of floats ----------------------------------------------------------


def isnan(x: ExprLike) -> Expr:
    """Whether x is not a number."""
    value = as_expr(x)
    return compare("!=", value, value)


def isinf(x: ExprLike) -> Expr:
    """Whether x is an infinity."""
    value = as_expr(x)
    if not value.dtype.is_float:
        return constant(False, dtype("bool"))
    return compare("==", abs(_wide(value)), _INF)


def isfinite(x: ExprLike) -> Expr:
    """Whether x is neither an infinity nor NaN."""
    value = as_expr(x)
    if not value.dtype.is_float:
        return constant(True, dtype("bool"))
    return compare("<", abs(_wide(value)), _INF)


def _wide(value: Expr) -> Expr:
    """A float in a type that has an infinity."""
    return convert(value, _F32) if value.dtype.bits < 32 else value
