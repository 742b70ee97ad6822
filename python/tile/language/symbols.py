"""Sizes that are known when a kernel is called: names, and formulas of names.

They exist outside of a trace, so that annotations can hold them. Inside one they
act as scalars.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Union

from tile import ir
from tile.frontend.builder import current
from tile.frontend.warn import warn
from tile.language import dtypes
from tile.language.arithmetic import binary
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import Expr, Operators, as_index, is_expr

__all__ = ["Formula", "Symbol", "Size", "dynamic", "symbolic"]

Size = Union[int, "Formula"]

_PYTHON: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "ceildiv": lambda a, b: -(-a // b),
}
_IN_ATTRIBUTE = {"//": "floordiv", "%": "mod"}


class Formula(Operators):
    """An expression of symbols, such as ``N * 4 + 1``."""

    __slots__ = ("op", "lhs", "rhs")
    __hash__ = Operators.__hash__

    def __init__(self, op: str, lhs: Size, rhs: Size) -> None:
        self.op = op
        self.lhs = lhs
        self.rhs = rhs

    dtype: dtype = dtypes.index

    def load(self) -> Expr:
        """The value in the kernel that is traced now."""
        lhs = self.lhs.load() if isinstance(self.lhs, Formula) else self.lhs
        rhs = self.rhs.load() if isinstance(self.rhs, Formula) else self.rhs
        if self.op == "ceildiv":
            x, y = as_index(lhs), as_index(rhs)
            return binary("//", x + y - 1, y)
        return binary(self.op, lhs, rhs)

    def evaluate(self, values: Mapping[str, int]) -> int:
        """The number, given those of the symbols. Raises KeyError for a missing one."""
        lhs = self.lhs.evaluate(values) if isinstance(self.lhs, Formula) else self.lhs
        rhs = self.rhs.evaluate(values) if isinstance(self.rhs, Formula) else self.rhs
        return _PYTHON[self.op](lhs, rhs)

    def symbols(self) -> list["Symbol"]:
        """The symbols in it, each once, in order."""
        found: list[Symbol] = []
        for side in (self.lhs, self.rhs):
            if isinstance(side, Formula):
                for symbol in side.symbols():
                    # By name: == of symbols makes a comparison.
                    if symbol.name not in [s.name for s in found]:
                        found.append(symbol)
        return found

    def text(self) -> str:
        """As `#tile.dim` writes it."""
        op = _IN_ATTRIBUTE.get(self.op, self.op)
        sides = []
        for side in (self.lhs, self.rhs):
            is_leaf = not isinstance(side, Formula) or isinstance(side, Symbol)
            text = side.text() if isinstance(side, Formula) else str(side)
            sides.append(text if is_leaf else f"({text})")
        return f"{sides[0]} {op} {sides[1]}"

    def __tile_key__(self) -> str:
        """What makes the formula one as a compile-time value."""
        return self.text()

    def key(self) -> Any:
        """What two equal formulas have in common."""
        sides = (s.key() if isinstance(s, Formula) else s for s in (self.lhs, self.rhs))
        return (self.op, *sides)

    def __repr__(self) -> str:
        return self.text()


class Symbol(Formula):
    """A size with a name, the same wherever the name stands in one kernel."""

    __slots__ = ("name", "dtype")
    __hash__ = Operators.__hash__

    def __init__(self, name: str, type_: AnyDType = "int32") -> None:
        if not name.isidentifier():
            raise ValueError(
                f"expected an identifier as the name of a size, got {name!r}"
            )
        self.name = name
        self.dtype = dtype(type_)

    def load(self) -> Expr:
        """The value in the kernel that is traced now."""
        builder = current(f"The size `{self.name}`")
        bound = builder.data.get("symbols", {}).get(self.name)
        if bound is not None:
            return as_index(bound)
        value = builder.value(
            "tile.symbol", [], "index", {"name": ir.string(self.name)}
        )
        builder.data.setdefault("sizes", {})[value] = self
        return Expr(value, dtypes.index, is_nonnegative=True, name=self.name)

    def evaluate(self, values: Mapping[str, int]) -> int:
        return values[self.name]

    def symbols(self) -> list["Symbol"]:
        return [self]

    def text(self) -> str:
        return self.name

    def key(self) -> Any:
        return self.name


def combine(op: str, lhs: Any, rhs: Any) -> Formula | int | None:
    """A formula of two sizes; None when one is neither a formula nor an int."""
    sides = (lhs, rhs)
    if not all(
        isinstance(s, (Formula, int)) and not isinstance(s, bool) for s in sides
    ):
        return None
    if op not in _PYTHON:
        return None
    if isinstance(lhs, int) and isinstance(rhs, int):
        return _PYTHON[op](lhs, rhs)
    # Keep the obvious ones short.
    if op in "+-" and isinstance(rhs, int) and rhs == 0:
        return lhs  # type: ignore[no-any-return]
    if op in ("*", "//") and isinstance(rhs, int) and rhs == 1:
        return lhs  # type: ignore[no-any-return]
    if op in ("+", "*") and isinstance(lhs, int) and lhs == (0 if op == "+" else 1):
        return rhs  # type: ignore[no-any-return]
    return Formula(op, lhs, rhs)


def same(a: Size, b: Size) -> bool:
    """Whether two sizes are written the same."""
    if isinstance(a, Formula) and isinstance(b, Formula):
        return bool(a.key() == b.key())
    if is_expr(a) or is_expr(b):
        return a is b
    return bool(a == b)


def dynamic(names: str, dtype: AnyDType = "int32") -> Any:
    """Sizes known when the kernel is called: ``M, N = T.dynamic("M, N")``.

    The names are separated by commas or blanks. One name gives one symbol, several
    give a tuple.
    """
    parts = names.replace(",", " ").split()
    if not parts:
        raise ValueError("T.dynamic expects at least one name")
    symbols = tuple(Symbol(part, dtype) for part in parts)
    return symbols[0] if len(symbols) == 1 else symbols


def symbolic(names: str, dtype: AnyDType = "int32") -> Any:
    """The older name of `dynamic`; warns."""
    warn("T.symbolic is the older name of T.dynamic")
    return dynamic(names, dtype)
