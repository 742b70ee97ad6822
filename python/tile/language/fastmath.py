"""Faster and stricter forms of the functions in `math`.

``T.__exp`` and its like allow the compiler an approximation; ``T.ieee_add`` and
its like are rounded as the standard says.
"""

from __future__ import annotations

from tile import ir
from tile.language.arithmetic import binary
from tile.language.dtypes import dtype
from tile.language.expr import Expr, ExprLike, convert
from tile.language.math import _as_float, _floats, fma, pow, sqrt, unary

__all__ = [
    "__cos", "__exp", "__exp10", "__exp2", "__log", "__log10", "__log2", "__pow",
    "__sin", "__tan", "ieee_add", "ieee_fdiv", "ieee_fmaf", "ieee_frcp", "ieee_frsqrt",
    "ieee_fsqrt", "ieee_mul", "ieee_sub",
]  # fmt: skip


def _fast(name: str, x: ExprLike) -> Expr:
    return unary(name, x, {"fastmath": ir.attribute("#arith.fastmath<afn>")})


def __exp(x: ExprLike) -> Expr:
    """e to the power of x, as fast as the target can."""
    return _fast("exp", x)


def __exp2(x: ExprLike) -> Expr:
    """2 to the power of x, as fast as the target can."""
    return _fast("exp2", x)


def __exp10(x: ExprLike) -> Expr:
    """10 to the power of x, as fast as the target can."""
    value = _as_float(x)
    wide = value if value.dtype.bits >= 32 else convert(value, dtype("float32"))
    power = _fast("exp2", binary("*", wide, 3.321928094887362))
    return convert(power, value.dtype)


def __log(x: ExprLike) -> Expr:
    """The natural logarithm, as fast as the target can."""
    return _fast("log", x)


def __log2(x: ExprLike) -> Expr:
    """The logarithm to base 2, as fast as the target can."""
    return _fast("log2", x)


def __log10(x: ExprLike) -> Expr:
    """The logarithm to base 10, as fast as the target can."""
    return _fast("log10", x)


def __sin(x: ExprLike) -> Expr:
    """The sine, as fast as the target can."""
    return _fast("sin", x)


def __cos(x: ExprLike) -> Expr:
    """The cosine, as fast as the target can."""
    return _fast("cos", x)


def __tan(x: ExprLike) -> Expr:
    """The tangent, as fast as the target can."""
    return _fast("tan", x)


def __pow(x: ExprLike, y: ExprLike) -> Expr:
    """x to the power of y, as fast as the target can."""
    return pow(x, y)


def _check_rounding(rounding_mode: str, what: str) -> None:
    if rounding_mode not in ("rn", "rz", "ru", "rd"):
        raise ValueError(
            f"{what} expects the rounding mode 'rn', 'rz', 'ru' or 'rd', got "
            f"{rounding_mode!r}"
        )
    if rounding_mode != "rn":
        raise NotImplementedError(
            f"{what} rounds to nearest ('rn') only; {rounding_mode!r} is not supported"
        )


def _binary(op: str, x: ExprLike, y: ExprLike, mode: str, what: str) -> Expr:
    _check_rounding(mode, what)
    return binary(op, *_floats(x, y))


def ieee_add(x: ExprLike, y: ExprLike, rounding_mode: str = "rn") -> Expr:
    """x + y, rounded to nearest."""
    return _binary("+", x, y, rounding_mode, "T.ieee_add")


def ieee_sub(x: ExprLike, y: ExprLike, rounding_mode: str = "rn") -> Expr:
    """x - y, rounded to nearest."""
    return _binary("-", x, y, rounding_mode, "T.ieee_sub")


def ieee_mul(x: ExprLike, y: ExprLike, rounding_mode: str = "rn") -> Expr:
    """x * y, rounded to nearest."""
    return _binary("*", x, y, rounding_mode, "T.ieee_mul")


def ieee_fdiv(x: ExprLike, y: ExprLike, rounding_mode: str = "rn") -> Expr:
    """x / y, rounded to nearest."""
    return _binary("/", x, y, rounding_mode, "T.ieee_fdiv")


def ieee_fmaf(x: ExprLike, y: ExprLike, z: ExprLike, rounding_mode: str = "rn") -> Expr:
    """x * y + z, rounded to nearest once."""
    _check_rounding(rounding_mode, "T.ieee_fmaf")
    return fma(x, y, z)


def ieee_frcp(x: ExprLike, rounding_mode: str = "rn") -> Expr:
    """1 / x, rounded to nearest."""
    return _binary("/", 1.0, x, rounding_mode, "T.ieee_frcp")


def ieee_fsqrt(x: ExprLike, rounding_mode: str = "rn") -> Expr:
    """The square root, rounded to nearest."""
    _check_rounding(rounding_mode, "T.ieee_fsqrt")
    return sqrt(x)


def ieee_frsqrt(x: ExprLike) -> Expr:
    """1 / sqrt(x), both rounded to nearest."""
    return binary("/", 1.0, sqrt(x))
