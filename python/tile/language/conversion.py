"""Conversions between element types, with one meaning on every target.

They are those of `tile.copy`:

- floats round to nearest even; what overflows becomes infinity, or NaN where the
  type has no infinity;
- floats become integers by dropping the fraction and clamping to the range, NaN
  becomes 0;
- integers become floats rounded once; integers are signed, and are cut to a
  narrower width;
- bool is 0 or 1; a number becomes bool by comparison with zero.
"""

from __future__ import annotations

from tile.language import dtypes
from tile.language.arithmetic import compare, select
from tile.language.dtypes import dtype
from tile.language.expr import Expr, constant, make

__all__ = ["convert_expr"]

_F32 = dtype("float32")
_F64 = dtype("float64")
_I64 = dtype("int64")


def convert_expr(x: Expr, to: dtype) -> Expr:
    """The value in another type."""
    source = x.dtype
    if source.mlir == to.mlir:
        if source is to:
            return x
        return Expr(x.value, to, x.is_nonnegative, frame=x.frame)
    if to.is_bool:
        if source.is_float and source.bits < 32:
            x = _convert_float(x, _F32)
        return compare("!=", x, constant(0.0 if source.is_float else 0, x.dtype))
    if source.is_float:
        return _convert_float(x, to) if to.is_float else _float_to_int(x, to)
    return _int_to_float(x, to) if to.is_float else _convert_integer(x, to)


def _is_float8(type_: dtype) -> bool:
    return type_.is_float and type_.bits == 8


def _convert_float(x: Expr, to: dtype) -> Expr:
    """A float as another float type, rounded once.

    8-bit floats widen to f32 first, which is exact; two types of one width go
    through f32 too.
    """
    source = x.dtype
    if source.mlir == to.mlir:
        return convert_expr(x, to)
    if source.bits < 32 and (_is_float8(source) or to.bits <= source.bits):
        return _convert_float(make("arith.extf", [x], _F32), to)
    return make("arith.extf" if source.bits < to.bits else "arith.truncf", [x], to)


def _float_to_int(x: Expr, to: dtype) -> Expr:
    if to is dtypes.index:
        return _convert_integer(_float_to_int(x, _I64), to)
    if x.dtype.bits < 32:
        x = _convert_float(x, _F32)
    limit = 1 << (to.bits - 1)
    result = make("arith.fptosi", [x], to)
    result = select(compare(">=", x, float(limit)), constant(limit - 1, to), result)
    result = select(compare("<=", x, float(-limit)), constant(-limit, to), result)
    return select(compare("==", x, x), result, constant(0, to))


def _int_to_float(x: Expr, to: dtype) -> Expr:
    if x.dtype is dtypes.index:
        x = _convert_integer(x, _I64)
    bits = 1 if x.dtype.is_bool else x.dtype.bits
    middle = to
    if to.bits < 32:
        # An integer that f32 cannot hold would be rounded twice through it.
        middle = _F64 if bits > 16 else _F32
    name = "arith.uitofp" if x.dtype.is_bool else "arith.sitofp"
    return _convert_float(make(name, [x], middle), to)


def _convert_integer(x: Expr, to: dtype) -> Expr:
    source = x.dtype
    if dtypes.index in (source, to):
        name = "arith.index_castui" if source.is_bool else "arith.index_cast"
        nonnegative = source.is_bool or (x.is_nonnegative and to.bits >= source.bits)
        return make(name, [x], to, is_nonnegative=nonnegative)
    if to.bits < source.bits and not source.is_bool:
        return make("arith.trunci", [x], to)
    name = "arith.extui" if source.is_bool else "arith.extsi"
    return make(name, [x], to, is_nonnegative=x.is_nonnegative or source.is_bool)
