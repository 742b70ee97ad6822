"""Arithmetic and comparisons of the scalars of the IR.

Two operands meet in a type of both: floats win over integers, wider types over
narrower ones.
"""

from __future__ import annotations

import operator
from typing import Any

from tile import ir
from tile.language import dtypes
from tile.language.dtypes import dtype
from tile.language.expr import (
    Expr,
    ExprLike,
    Number,
    as_expr,
    as_number,
    constant,
    convert,
    default_dtype,
    is_expr,
    make,
)

__all__ = ["binary", "compare", "meet", "promote", "select"]

_COMPARE = {
    "==": ("eq", "eq", "oeq"),
    "!=": ("ne", "ne", "une"),
    "<": ("slt", "ult", "olt"),
    "<=": ("sle", "ule", "ole"),
    ">": ("sgt", "ugt", "ogt"),
    ">=": ("sge", "uge", "oge"),
}
_PYTHON_COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PREDICATES_I = "eq ne slt sle sgt sge ult ule ugt uge".split()
_PREDICATES_F = (
    "false oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno true".split()
)
_FLOAT_OPS = {"+": "addf", "-": "subf", "*": "mulf", "/": "divf"}
_INT_OPS = {
    "+": "addi",
    "-": "subi",
    "*": "muli",
    "&": "andi",
    "|": "ori",
    "^": "xori",
    "<<": "shli",
    ">>": "shrsi",
}


# Types -------------------------------------------------------------------


def _rank(type_: dtype) -> tuple[int, int]:
    """The order in which types win when two meet."""
    if type_.is_bool:
        return (0, 0)
    if type_.is_integer:
        return (1, type_.bits + (type_ is dtypes.index))
    return (2, type_.bits)


def promote(lhs: dtype, rhs: dtype) -> dtype:
    """The type in which an operation on two types is computed.

    Floats win over integers, wider types over narrower ones. Two different
    types of one width and kind (float16 with bfloat16) meet in float32.
    """
    if lhs is rhs:
        return lhs
    if _rank(lhs) == _rank(rhs):
        return dtypes.dtype("float32" if lhs.is_float else "int64")
    return lhs if _rank(lhs) > _rank(rhs) else rhs


def meet(lhs: ExprLike, rhs: ExprLike) -> tuple[Expr, Expr]:
    """Two operands in the type in which they meet."""
    a, b = as_number(lhs), as_number(rhs)
    if a is not None and b is None:
        y = as_expr(rhs)
        return _adapt(a, y.dtype), _adapt_expr(a, y)
    if b is not None and a is None:
        x = as_expr(lhs)
        return _adapt_expr(b, x), _adapt(b, x.dtype)
    x, y = as_expr(lhs), as_expr(rhs)
    common = promote(x.dtype, y.dtype)
    return convert(x, common), convert(y, common)


def _adapt_type(number: Number, like: dtype) -> dtype:
    """The type in which a number and an expression meet: the expression's,
    except that a float makes an integer expression float32, an integer makes
    bool int32."""
    if isinstance(number, float) and not like.is_float:
        return dtypes.dtype("float32")
    if like.is_bool and not isinstance(number, bool):
        return dtypes.dtype("int32")
    return like


def _adapt(number: Number, like: dtype) -> Expr:
    return constant(number, _adapt_type(number, like))


def _adapt_expr(number: Number, value: Expr) -> Expr:
    return convert(value, _adapt_type(number, value.dtype))


# Operations --------------------------------------------------------------


def binary(op: str, lhs: ExprLike, rhs: ExprLike) -> Expr:
    """An arithmetic operation, by its Python operator.

    Division of integers by ``/`` gives float32, ``//`` and ``%`` round towards
    minus infinity.
    """
    if not _is_scalar(lhs) or not _is_scalar(rhs):
        return NotImplemented  # type: ignore[no-any-return]
    formula = _as_formula(op, lhs, rhs)
    if formula is not None:
        return formula  # type: ignore[no-any-return]
    x, y = meet(lhs, rhs)
    if op == "/" and not x.dtype.is_float:
        f32 = dtypes.dtype("float32")
        x, y = convert(x, f32), convert(y, f32)
    if x.dtype.is_float:
        if op in _FLOAT_OPS:
            return make("arith." + _FLOAT_OPS[op], [x, y], x.dtype)
        if op in ("//", "%"):
            return _float_division(op, x, y)
        raise TypeError(f"unsupported operand for {op}: a value of {x.dtype}")
    if x.dtype.is_bool and op not in "&|^":
        i32 = dtypes.dtype("int32")
        x, y = convert(x, i32), convert(y, i32)
    if op in ("//", "%"):
        return _floor_division(op, x, y, as_number(rhs))
    nonnegative = x.is_nonnegative and y.is_nonnegative and op in "+*&|>>"
    return make("arith." + _INT_OPS[op], [x, y], x.dtype, is_nonnegative=nonnegative)


def _as_formula(op: str, lhs: ExprLike, rhs: ExprLike) -> Any:
    """Sizes stay formulas, so that they can stand in shapes."""
    from tile.language.symbols import Formula, combine

    if isinstance(lhs, Formula) or isinstance(rhs, Formula):
        return combine(op, lhs, rhs)
    return None


def _is_scalar(value: Any) -> bool:
    return is_expr(value) or as_number(value) is not None


def _float_division(op: str, x: Expr, y: Expr) -> Expr:
    quotient = make("math.floor", [make("arith.divf", [x, y], x.dtype)], x.dtype)
    if op == "//":
        return quotient
    return binary("-", x, binary("*", quotient, y))


def _floor_division(op: str, x: Expr, y: Expr, divisor: Number | None) -> Expr:
    if divisor == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    if x.is_nonnegative and y.is_nonnegative:
        name = "arith.divui" if op == "//" else "arith.remui"
        return make(name, [x, y], x.dtype, is_nonnegative=True)
    if op == "//":
        return make("arith.floordivsi", [x, y], x.dtype)
    remainder = make("arith.remsi", [x, y], x.dtype)
    # The remainder takes the sign of the divisor.
    zero = constant(0, x.dtype)
    differs = compare("<", binary("^", remainder, y), zero)
    wrong = binary("&", differs, compare("!=", remainder, zero))
    shifted = make("arith.addi", [remainder, y], x.dtype)
    return select(wrong, shifted, remainder)


def compare(op: str, lhs: ExprLike, rhs: ExprLike) -> Expr:
    """A comparison, by its Python operator; a bool. NaN differs from everything."""
    if not _is_scalar(lhs) or not _is_scalar(rhs):
        return NotImplemented  # type: ignore[no-any-return]
    x, y = meet(lhs, rhs)
    known = _compare_constants(op, x, y)
    if known is not None:
        return constant(known, dtype("bool"))
    signed, unsigned, ordered = _COMPARE[op]
    if x.dtype.is_float:
        predicate = ir.integer(_PREDICATES_F.index(ordered))
        return make("arith.cmpf", [x, y], dtype("bool"), {"predicate": predicate})
    name = unsigned if x.dtype.is_bool else signed
    predicate = ir.integer(_PREDICATES_I.index(name))
    return make("arith.cmpi", [x, y], dtype("bool"), {"predicate": predicate})


def _compare_constants(op: str, x: Expr, y: Expr) -> bool | None:
    """The result for two integers that are known, so that branches fold."""
    if x.dtype.is_float:
        return None
    a, b = x.use().constant(), y.use().constant()
    if a is None or b is None:
        return None
    return bool(_PYTHON_COMPARE[op](a, b))


def select(condition: ExprLike, true: ExprLike, false: ExprLike) -> Expr:
    """One of two values that are both computed."""
    c = convert(condition, dtype("bool"))
    if as_number(true) is not None and as_number(false) is not None:
        common = promote(
            default_dtype(as_number(true)),  # type: ignore[arg-type]
            default_dtype(as_number(false)),  # type: ignore[arg-type]
        )
        x, y = convert(true, common), convert(false, common)
    else:
        x, y = meet(true, false)
    return make(
        "arith.select",
        [c, x, y],
        x.dtype,
        is_nonnegative=x.is_nonnegative and y.is_nonnegative,
    )
