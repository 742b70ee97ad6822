"""Scalars: known at compile time, or passed at launch."""

from __future__ import annotations

import struct
import types
import typing
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Hashable, Literal, Optional, TypeVar

from tile.annotations.base import Annot, ArgVarTable, KeyParser
from tile.annotations.placeholder import Scalar, Var, is_same_size
from tile.language import dtypes
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import Expr, as_number
from tile.language.symbols import Formula, Symbol

__all__ = ["DynAnnot", "Value", "is_open_type", "scalar_argument"]

_INT32 = dtypes.dtype("int32")


def is_open_type(value: Any) -> bool:
    """Whether an annotation of typing or a type stands for "any value"."""
    return (
        value is None
        or value is Any
        or isinstance(value, (type, types.GenericAlias, types.UnionType))
        or typing.get_origin(value) is not None
        or type(value).__module__ == "typing"
    )


def _error(value: Any) -> TypeError:
    return TypeError(f"Unsupported Value annotation: {value!r}, type: {type(value)}")


def scalar_argument(var: Var, parameter: str) -> Any:
    """The argument of the traced function for a scalar; `var` outside of a trace.

    The name of `var` then stands for the argument in sizes and in the kernel.
    """
    from tile.frontend.builder import current_or_none

    builder = current_or_none()
    if builder is None:
        return var
    function = builder.data["function"]
    value: Expr = function.add_scalar(parameter, var.dtype, var.name)
    table = "symbols" if isinstance(var, Symbol) else "scalars"
    builder.data.setdefault(table, {})[var.name] = value
    return value


@dataclass(frozen=True, repr=False, eq=False)
class Value(Annot):
    """A scalar, or one size or stride of a tensor.

    ``kind`` says when it is known: 'static' is at compile time, 'dynamic' at
    launch. ``value`` is what it is, where that is known: an int or a float, or the
    symbol or formula that stands for a dynamic one.
    """

    kind: Literal["static", "dynamic"] = "dynamic"
    name: str | None = None
    dtype: Optional[dtype] = field(default_factory=lambda: _INT32)
    value: Any = None
    creator: Callable[[], Any] | None = None
    #: Of a compile-time value: the Python type that it has to be.
    python_type: type | None = None

    def is_kernel_arg(self) -> bool:
        return self.kind == "dynamic"

    @property
    def is_static(self) -> bool:
        """Whether this is known at compile time."""
        return self.kind == "static"

    @classmethod
    def from_value(cls, value: Any, prefer_name: str | None = None) -> "Value":
        """What an entry of a shape stands for.

        Args:
            value: A number (fixed); a symbol or a formula; an element type (a scalar
                known at launch); a `Value`; a TypeVar, a type, None or Any (known at
                compile time).
            prefer_name: The name of a formula.

        Raises:
            TypeError: Anything else; bool, which is no size.
        """
        if isinstance(value, Value):
            return value
        if isinstance(value, Symbol):
            return cls("dynamic", value.name, value.dtype, value)
        if isinstance(value, Formula):
            return cls("dynamic", prefer_name, value.dtype, value)
        if isinstance(value, Scalar):
            return cls("dynamic", value.name, value.dtype, value)
        if isinstance(value, dtype) and value is not dtype:
            return cls("dynamic", prefer_name, value)
        if isinstance(value, TypeVar):
            return cls("static", value.__name__)
        number = as_number(value) if not isinstance(value, type) else None
        if isinstance(number, bool):
            raise _error(value)
        if isinstance(number, int):
            return cls("static", prefer_name, _INT32, number)
        if isinstance(number, float):
            return cls("static", prefer_name, dtypes.dtype("float32"), number)
        if is_open_type(value):
            return cls("static", prefer_name)
        raise _error(value)

    def with_name(self, name: str) -> "Value":
        return self if self.name else replace(self, name=name)

    def get_key_parser(self) -> KeyParser:
        return self._parse

    def _parse(self, name: str, target: Any) -> tuple[Hashable, ...]:
        if not self.is_static:
            return (None,)
        self._check_fixed(name, target)
        value = self.check(name, target).values[0]
        return (freeze(value),)

    def parse_key(self, target: Any) -> tuple[Hashable, ...]:
        """What of `target` makes another kernel."""
        return self._parse(self.name or "$unnamed", target)

    def _check_fixed(self, name: str, target: Any) -> None:
        if not self.is_static or self.value is None:
            return
        if not is_same_size(self.value, target):
            from tile.errors import ShapeMismatchError

            place = f" for {self.name or name}" if self.name or name else ""
            raise ShapeMismatchError(
                f"static value mismatch{place}: expected {self.value}, got {target}"
            )

    def create_prim_func_arg(
        self, name: str, value: Any, vt: ArgVarTable, create_arg: bool = True
    ) -> Any:
        """What the traced function sees: the value itself when it is known at
        compile time, else a scalar, which `create_arg` makes an argument.

        Raises ShapeMismatchError for another value than the fixed one.
        """
        if self.is_static:
            self._check_fixed(name, value)
            return value
        var = self._variable(name, vt)
        if not create_arg or not isinstance(var, (Symbol, Scalar)):
            return var
        return scalar_argument(var, name or var.name or "")

    def _variable(self, name: str, vt: ArgVarTable) -> Any:
        if self.value is not None:
            return self.value
        if self.creator is not None:
            return self.creator()
        return vt.get_or_create_var(self.name or name, self.dtype or _INT32)

    def declaration(self) -> str | None:
        if self.is_static:
            return self._fixed_declaration()
        element = self.dtype or _INT32
        return f'#tile.dyn<"{self.symbol_name()}", {element.mlir}>'

    def _fixed_declaration(self) -> str | None:
        """A compile-time number that is always the same one."""
        if isinstance(self.value, int):
            return f"#tile.value<index, {self.value} : index>"
        if isinstance(self.value, float):
            bits = struct.pack(">d", self.value).hex()
            return f"#tile.value<f64, 0x{bits} : f64>"
        return None

    @property
    def is_fixed(self) -> bool:
        """Whether this is a number that is known without a call."""
        return self.is_static and self.value is not None

    def symbol_name(self) -> str:
        """The name that stands for the value in the IR."""
        if isinstance(self.value, (Symbol, Scalar)) and self.value.name:
            return self.value.name
        return self.name or "unnamed"

    def size_text(self) -> str:
        """The size as `#tile.tensor<[...]>` writes it."""
        if isinstance(self.value, Formula):
            return self.value.text()
        if self.value is not None:
            return str(self.value)
        if self.is_static:
            return f"static {self.name}" if self.name else "static"
        return self.name or "?"

    def parameter_type(self) -> type | None:
        return self.python_type

    @property
    def converter(self) -> Callable[[str, Any], Any] | None:
        return self._convert if self.python_type in _EXPECTED else None

    def _convert(self, name: str, value: Any) -> Any:
        """Checks the Python type of a compile-time value."""
        expected = self.python_type
        assert expected is not None
        if _EXPECTED[expected](value):
            return value
        raise TypeError(
            f"Unsupported argument type for argument `{name}`: expected "
            f"{expected.__name__}, got {value!r} of type {type(value).__name__}"
        )

    def __repr__(self) -> str:
        if self.value is not None:
            return repr(self.value)
        return (self.name or "$unnamed") + ("$" if self.is_static else "$dyn")


def _is_dtype(value: Any) -> bool:
    try:
        dtype(value)
    except TypeError:
        return False
    return True


def _is_number(value: Any, kinds: tuple[type, ...]) -> bool:
    number = as_number(value)
    if number is None and getattr(value, "ndim", None) == 0:
        number = as_number(value.item())
    return isinstance(number, kinds) and not isinstance(number, bool)


#: What a compile-time parameter with one of Python's types takes. A string may
#: also be an element type, which has a string for each.
_EXPECTED: dict[type | None, Callable[[Any], bool]] = {
    # A factory of kernels may be given a size that is known at launch.
    int: lambda v: isinstance(v, Formula) or _is_number(v, (int,)),
    float: lambda v: _is_number(v, (int, float)),
    bool: lambda v: isinstance(as_number(v), bool),
    str: lambda v: isinstance(v, str) or _is_dtype(v),
}


def freeze(value: Any) -> Hashable:
    """A hashable stand-in for a compile-time value. Values of different types
    differ, so that True and 1 make two kernels."""
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, *map(freeze, value))
    if isinstance(value, dict):
        items = frozenset((freeze(k), freeze(v)) for k, v in value.items())
        return ("dict", items)
    if isinstance(value, (set, frozenset)):
        return (type(value).__name__, frozenset(map(freeze, value)))
    if isinstance(value, (bool, float)):
        return (type(value).__name__, value)
    if isinstance(value, Formula):
        return ("size", value.text())
    return value  # type: ignore[no-any-return]


def _as_size(value: Any) -> Any:
    """What an expression with a named scalar takes: its size, or the value."""
    return value._symbol() if isinstance(value, DynAnnot) else value


class DynAnnot(Value):
    """A scalar passed at launch: ``T.dyn``, ``T.dyn['K']``, ``T.dyn[T.int64, 'K']``.

    Its name is what makes it one: ``T.dyn['K']`` is the same value wherever it
    stands, which is checked at launch. Shapes may hold expressions of it, as in
    ``T.dyn['K'] * 2 + 1``.
    """

    def _symbol(self) -> Symbol:
        """The size that a named scalar is, for arithmetic in shapes."""
        if self.name is None:
            raise TypeError("T.dyn without a name cannot stand in an expression")
        return Symbol(self.name, self.dtype or _INT32)

    def __add__(self, other: Any) -> Any:
        return self._symbol() + _as_size(other)

    def __radd__(self, other: Any) -> Any:
        return _as_size(other) + self._symbol()

    def __sub__(self, other: Any) -> Any:
        return self._symbol() - _as_size(other)

    def __rsub__(self, other: Any) -> Any:
        return _as_size(other) - self._symbol()

    def __mul__(self, other: Any) -> Any:
        return self._symbol() * _as_size(other)

    def __rmul__(self, other: Any) -> Any:
        return _as_size(other) * self._symbol()

    def __floordiv__(self, other: Any) -> Any:
        return self._symbol() // _as_size(other)

    def __mod__(self, other: Any) -> Any:
        return self._symbol() % _as_size(other)

    def __call__(self, dtype: AnyDType = "int32", name: str | None = None) -> Var:
        """A scalar to use in shapes and as an annotation."""
        element = dtypes.dtype(dtype)
        if name is None or not element.is_integer:
            return Scalar(element, name)
        return Symbol(name, element)

    def __getitem__(self, params: Any) -> "DynAnnot":
        """``[name]``, ``[dtype]`` or ``[dtype, name]``; int32 when left out.

        Raises TypeError for anything else.
        """
        if not isinstance(params, tuple):
            is_name = isinstance(params, str)
            params = (None, params) if is_name else (params, None)
        if len(params) != 2:
            raise TypeError(f"expected T.dyn[dtype, name], got {len(params)} items")
        element, name = params
        if name is not None and not isinstance(name, str):
            raise TypeError(f"expected a name as a string, got {name!r}")
        if name is not None and not name.isidentifier():
            raise ValueError(f"expected an identifier as a name, got {name!r}")
        is_open = element is None or element is Any
        return DynAnnot("dynamic", name, _INT32 if is_open else dtypes.dtype(element))
