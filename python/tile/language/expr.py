"""Scalars of the IR and their arithmetic.

An expression is computed where it is written; it is a value, not a formula.
Python numbers stay numbers until they meet an expression, and then take its
type.
"""

from __future__ import annotations

import numbers
from typing import Any, Callable, Union

from tile import _core, ir
from tile.frontend.builder import Frame, current
from tile.language import dtypes
from tile.language.dtypes import dtype

__all__ = ["Expr", "Number", "ExprLike", "as_expr", "cast", "convert", "is_expr"]

Number = Union[int, float, bool]
ExprLike = Any
"""A number, an `Expr`, a variable or an element of a buffer."""


def _binary(op: str, lhs: ExprLike, rhs: ExprLike) -> "Expr":
    from tile.language.arithmetic import binary  # which makes expressions

    return binary(op, lhs, rhs)


def _compare(op: str, lhs: ExprLike, rhs: ExprLike) -> "Expr":
    from tile.language.arithmetic import compare

    return compare(op, lhs, rhs)


class Operators:
    """Arithmetic for everything that has a scalar value."""

    __slots__ = ()

    def __add__(self, other: ExprLike) -> "Expr":
        return _binary("+", self, other)

    def __radd__(self, other: ExprLike) -> "Expr":
        return _binary("+", other, self)

    def __sub__(self, other: ExprLike) -> "Expr":
        return _binary("-", self, other)

    def __rsub__(self, other: ExprLike) -> "Expr":
        return _binary("-", other, self)

    def __mul__(self, other: ExprLike) -> "Expr":
        return _binary("*", self, other)

    def __rmul__(self, other: ExprLike) -> "Expr":
        return _binary("*", other, self)

    def __truediv__(self, other: ExprLike) -> "Expr":
        return _binary("/", self, other)

    def __rtruediv__(self, other: ExprLike) -> "Expr":
        return _binary("/", other, self)

    def __floordiv__(self, other: ExprLike) -> "Expr":
        return _binary("//", self, other)

    def __rfloordiv__(self, other: ExprLike) -> "Expr":
        return _binary("//", other, self)

    def __mod__(self, other: ExprLike) -> "Expr":
        return _binary("%", self, other)

    def __rmod__(self, other: ExprLike) -> "Expr":
        return _binary("%", other, self)

    def __pow__(self, other: ExprLike) -> "Expr":
        from tile.language.math import pow

        return pow(self, other)

    def __rpow__(self, other: ExprLike) -> "Expr":
        from tile.language.math import pow

        return pow(other, self)

    def __and__(self, other: ExprLike) -> "Expr":
        return _binary("&", self, other)

    def __rand__(self, other: ExprLike) -> "Expr":
        return _binary("&", other, self)

    def __or__(self, other: ExprLike) -> "Expr":
        return _binary("|", self, other)

    def __ror__(self, other: ExprLike) -> "Expr":
        return _binary("|", other, self)

    def __xor__(self, other: ExprLike) -> "Expr":
        return _binary("^", self, other)

    def __rxor__(self, other: ExprLike) -> "Expr":
        return _binary("^", other, self)

    def __lshift__(self, other: ExprLike) -> "Expr":
        return _binary("<<", self, other)

    def __rlshift__(self, other: ExprLike) -> "Expr":
        return _binary("<<", other, self)

    def __rshift__(self, other: ExprLike) -> "Expr":
        return _binary(">>", self, other)

    def __rrshift__(self, other: ExprLike) -> "Expr":
        return _binary(">>", other, self)

    def __neg__(self) -> "Expr":
        value = as_expr(self)
        if value.dtype.is_float:
            return make("arith.negf", [value], value.dtype)
        return _binary("-", 0, value)

    def __pos__(self) -> "Expr":
        return as_expr(self)

    def __invert__(self) -> "Expr":
        value = as_expr(self)
        return _binary("^", value, True if value.dtype.is_bool else -1)

    def __abs__(self) -> "Expr":
        from tile.language.math import abs

        return abs(self)

    def __eq__(self, other: object) -> Any:
        return _compare("==", self, other)

    def __ne__(self, other: object) -> Any:
        return _compare("!=", self, other)

    def __lt__(self, other: ExprLike) -> "Expr":
        return _compare("<", self, other)

    def __le__(self, other: ExprLike) -> "Expr":
        return _compare("<=", self, other)

    def __gt__(self, other: ExprLike) -> "Expr":
        return _compare(">", self, other)

    def __ge__(self, other: ExprLike) -> "Expr":
        return _compare(">=", self, other)

    def __bool__(self) -> bool:
        raise TypeError(
            "a value of the kernel has no truth in Python while the kernel is "
            "traced; use it as the condition of if, while, and, or, not or of a "
            "conditional expression inside the kernel, or in a function decorated "
            "by T.macro; for max and min use T.max and T.min"
        )

    def __index__(self) -> int:
        raise TypeError(
            "a value of the kernel is not known while the kernel is traced, so it "
            "cannot be a Python integer; use T.cast to convert it in the kernel"
        )

    def __float__(self) -> float:
        raise TypeError(
            "a value of the kernel is not known while the kernel is traced, so it "
            "cannot be a Python float; use T.cast, or T.sqrt and the like for "
            "functions of module math"
        )

    __hash__ = object.__hash__

    def astype(self, to: dtypes.AnyDType) -> "Expr":
        """The value converted to another type."""
        return convert(self, dtype(to))


class Expr(Operators):
    """A scalar of the IR.

    ``dtype`` is its type. ``is_nonnegative`` says that it is known not to be
    negative, so that divisions need no correction.
    """

    __slots__ = ("value", "dtype", "is_nonnegative", "frame", "name", "source")

    def __init__(
        self,
        value: _core.Value,
        type_: dtype,
        is_nonnegative: bool = False,
        name: str | None = None,
        frame: Frame | None = None,
    ) -> None:
        self.value = value
        self.dtype = type_
        self.is_nonnegative = is_nonnegative
        self.frame = frame if frame is not None else current("An expression").frame
        self.name = name
        #: How a value in code of single threads is computed again.
        self.source: Callable[[], Expr] | None = None

    def again(self) -> "Expr | None":
        """The value computed again, where it depends on nothing but other values."""
        return self.source() if self.source is not None else None

    def use(self) -> _core.Value:
        """The IR value. Raises RuntimeError where its region is closed."""
        if not self.frame.is_open:
            again = self.frame.resume(self)
            if again is not None:
                return again.use()
            name = f" `{self.name}`" if self.name else ""
            raise RuntimeError(
                f"Immutable variable{name} is used outside its defining region! "
                "Use T.alloc_var to carry a value out of a branch or a loop"
            )
        return self.value

    def __repr__(self) -> str:
        return f"Expr({self.name or self.value}, {self.dtype})"


def is_expr(value: Any) -> bool:
    """Whether a value is one of the IR, not of Python."""
    return isinstance(value, Operators)


def as_expr(value: ExprLike, like: dtype | None = None) -> Expr:
    """The value as an expression.

    A number becomes a constant of the type `like`, or else bool, int32 (int64
    when it is too large) or float32. Raises TypeError for anything else.
    """
    if isinstance(value, Expr):
        return value
    load = getattr(value, "load", None)
    if load is not None and isinstance(value, Operators):
        return load()  # type: ignore[no-any-return]
    number = as_number(value)
    if number is None:
        raise TypeError(
            f"expected a number or a scalar of the kernel, got {type(value).__name__}"
        )
    return constant(number, like or default_dtype(number))


def as_number(value: Any) -> Number | None:
    """The Python number that `value` is, also from NumPy; None for others."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if type(value).__name__ in ("bool_", "bool") and hasattr(value, "item"):
        return bool(value)
    return None


def default_dtype(number: Number) -> dtype:
    """The type of a number that meets no other type."""
    if isinstance(number, bool):
        return dtypes.dtype("bool")
    if isinstance(number, float):
        return dtypes.dtype("float32")
    return dtypes.dtype("int32" if -(2**31) <= number < 2**31 else "int64")


def constant(number: Number, type_: dtype) -> Expr:
    """A constant. Raises ValueError for an integer that the type cannot hold."""
    builder = current("A constant")
    if type_.is_float:
        attribute = ir.float_(float(number), type_.mlir)
    else:
        number = int(number)
        bits = 1 if type_.is_bool else type_.bits
        low = 0 if type_.is_bool else -(1 << (bits - 1))
        # 0xFFFFFFFF and the like are taken as bit patterns.
        if not low <= number < (1 << bits):
            raise ValueError(f"{number} is out of the range of {type_}")
        if number >= 1 << (bits - 1) and not type_.is_bool:
            number -= 1 << bits
        attribute = ir.integer(number, type_.mlir)
    value = builder.value("arith.constant", [], type_.mlir, {"value": attribute})
    result = Expr(value, type_, is_nonnegative=number >= 0)
    if builder.thread_code is not None:
        result.source = lambda: constant(number, type_)
    return result


def make(
    name: str,
    operands: list[Expr],
    type_: dtype,
    attributes: dict[str, _core.Attribute] | None = None,
    is_nonnegative: bool = False,
) -> Expr:
    """Makes an operation of one result."""
    builder = current("An expression")
    values = [operand.use() for operand in operands]
    result = Expr(
        builder.value(name, values, type_.mlir, attributes), type_, is_nonnegative
    )
    if builder.thread_code is not None:
        result.source = lambda: make(name, operands, type_, attributes, is_nonnegative)
    return result


# Conversions --------------------------------------------------------------


def convert(value: ExprLike, to: dtype) -> Expr:
    """The value in another type, as an assignment converts it.

    `tile.language.conversion` has the rules. A number that is an integer must be
    in the range of an integer type; ValueError otherwise.
    """
    number = as_number(value)
    if number is not None:
        if to.is_bool:
            number = bool(number)
        elif not to.is_float and isinstance(number, float):
            number = _clamp(number, to)
        return constant(number, to)
    from tile.language.conversion import convert_expr

    return convert_expr(as_expr(value), to)


def _clamp(number: float, to: dtype) -> int:
    """A float as an integer: without its fraction, clamped, NaN as 0."""
    if number != number:
        return 0
    limit = 1 << (to.bits - 1)
    return int(max(min(number, limit - 1), -limit))


def cast(value: ExprLike, to: dtypes.AnyDType) -> Any:
    """The value converted to another type; a number becomes a constant of it.

    Outside a kernel a number stays a number.
    """
    from tile.frontend.builder import current_or_none

    target = dtype(to)
    number = as_number(value)
    if number is not None and current_or_none() is None:
        if target.is_bool:
            return bool(number)
        return float(number) if target.is_float else int(number)
    return convert(value, target)


def as_index(value: ExprLike) -> Expr:
    """The value as an index. Raises TypeError for floats."""
    number = as_number(value)
    if number is not None:
        if isinstance(number, float):
            raise TypeError(f"expected an integer index, got {number}")
        return constant(int(number), dtypes.index)
    x = as_expr(value)
    if x.dtype.is_float:
        raise TypeError(f"expected an integer index, got a value of {x.dtype}")
    return convert(x, dtypes.index)
