"""The base of annotations, and the names that the arguments of a kernel share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Callable, Hashable, Literal, Optional

from tile import _core
from tile.annotations.placeholder import Scalar, Var
from tile.language.dtypes import AnyDType, dtype
from tile.language.symbols import Symbol

__all__ = ["Annot", "ArgVarTable", "KeyParser", "Scope"]

Scope = Literal["global", "shared.dyn", "local", "local.fragment"]
"""The memory that a buffer lies in."""

KeyParser = Callable[[str, Any], Hashable]
"""Takes the name and the value of an argument to its part of the key."""


class Annot(ABC):
    """What a parameter of a kernel is.

    It says whether the argument is passed at launch (`is_kernel_arg`), what of it
    makes another kernel (`get_key_parser`) and what the traced function sees
    (`create_prim_func_arg`).
    """

    def is_kernel_arg(self) -> bool:
        """Whether the argument is passed when the kernel is launched."""
        return False

    @abstractmethod
    def with_name(self, name: str) -> "Annot":
        """A copy whose parts without a name are named after the parameter."""

    @abstractmethod
    def get_key_parser(self) -> KeyParser:
        """A function of the parameter's name and the argument that gives what of
        the argument makes another kernel."""

    @abstractmethod
    def create_prim_func_arg(self, name: str, value: Any, vt: "ArgVarTable") -> Any:
        """What the traced function sees for the argument `value`.

        While a function is traced, what is passed at launch becomes an argument of
        the function in the IR; outside of a trace it is a placeholder.
        """

    def promote(self) -> Optional["Annot"]:
        """The annotation with nothing left open, or None if something is."""
        return None

    def declaration(self) -> str | None:
        """The annotation as the dialect writes it; None for any compile-time value."""
        return None

    def parameter_type(self) -> type | None:
        """The type whose values `convert` need not see."""
        return None

    @property
    def converter(self) -> Callable[[str, Any], Any] | None:
        """What other values are put through: a function of name and value."""
        return None

    def check(self, name: str, value: Any) -> _core.BoundCall:
        """Checks one argument. Raises TypeError or ShapeMismatchError."""
        parameter = (name, self.declaration(), self.parameter_type(), self.converter)
        signature = _core.Signature("kernel", [parameter])
        return signature.bind((value,), {})

    def __or__(self, other: Any) -> Any:
        from tile.annotations.optional import OptionalAnnot

        if other is None:
            return OptionalAnnot(self)
        return NotImplemented

    __ror__ = __or__


@dataclass
class ArgVarTable:
    """The variables of one traced function: one for each name."""

    var_tab: dict[str, Var] = field(default_factory=dict)
    tmp_name_idx: int = 0

    def get_or_create_var(self, name: str, type_: AnyDType) -> Var:
        """The variable of that name, made when there is none; an empty name takes a
        fresh one. Raises TypeError when the variable has another type."""
        name = name or self.create_tmp_name()
        element = dtype(type_)
        var = self.var_tab.get(name)
        if var is None:
            var = Symbol(name, element) if element.is_integer else Scalar(element, name)
            self.var_tab[name] = var
        elif var.dtype is not element:
            raise TypeError(
                f"expected `{name}` to be {var.dtype}, which it is elsewhere in the "
                f"function, got {element}"
            )
        return var

    def create_tmp_name(self) -> str:
        """A name that is not used yet: ``varg_0``, ``varg_1``, ..."""
        name = f"varg_{self.tmp_name_idx}"
        self.tmp_name_idx += 1
        return name if name not in self.var_tab else self.create_tmp_name()
