"""Annotations without parts: element types, and what is known completely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable, Hashable

from tile.annotations.base import Annot, ArgVarTable, KeyParser
from tile.annotations.placeholder import Placeholder, Pointer, Scalar, Tensor, Var
from tile.annotations.tensor_argument import tensor_argument
from tile.language.dtypes import dtype
from tile.language.symbols import Formula, Size, Symbol

__all__ = ["DTypeAnnot", "TIRAnnot"]


@dataclass(frozen=True, repr=False)
class DTypeAnnot(Annot):
    """An element type known at compile time; all spellings of it are one.

    >>> def foo(A: T.dtype): print(A)
    >>> foo(torch.float32), foo("float32"), foo(T.float32)
    """

    name: str | None = None

    def with_name(self, name: str) -> "DTypeAnnot":
        return self if self.name else replace(self, name=name)

    def get_key_parser(self) -> KeyParser:
        return lambda name, value: (dtype(value),)

    def parse_key(self, target: Any) -> tuple[Hashable, ...]:
        """The element type that `target` spells. Raises TypeError."""
        return (dtype(target),)

    def create_prim_func_arg(self, name: str, value: Any, vt: ArgVarTable) -> dtype:
        return dtype(value)

    def declaration(self) -> str | None:
        return None

    def parameter_type(self) -> type | None:
        return dtype

    @property
    def converter(self) -> Callable[[str, Any], Any] | None:
        return lambda name, value: dtype(value)

    def __repr__(self) -> str:
        return (self.name or "$unnamed") + "$"


def _text(size: Size) -> str:
    return size.text() if isinstance(size, Formula) else str(size)


@dataclass(frozen=True, repr=False, eq=False)
class TIRAnnot(Annot):
    """An argument that is known completely: a placeholder or a symbol.

    >>> def foo(A: T.Buffer((128,), T.float32)): ...
    """

    data: Placeholder | Symbol
    #: The parameter, where a symbol keeps the name that it has in sizes.
    name: str | None = None

    def is_kernel_arg(self) -> bool:
        return True

    def with_name(self, name: str) -> "TIRAnnot":
        if isinstance(self.data, Symbol):
            return replace(self, name=name)
        return replace(self, data=self.data.renamed(name), name=name)

    def promote(self) -> "TIRAnnot":
        return self

    def get_key_parser(self) -> KeyParser:
        return lambda name, value: (None,)

    def parse_key(self, target: Any) -> tuple[Hashable, ...]:
        """Nothing: no argument makes another kernel."""
        return (None,)

    def create_prim_func_arg(self, name: str, value: Any, vt: ArgVarTable) -> Any:
        from tile.annotations.value import scalar_argument
        from tile.frontend.builder import current_or_none

        data = self.with_name(name).data
        if isinstance(data, Tensor):
            return tensor_argument(data)
        if isinstance(data, Pointer):
            builder = current_or_none()
            if builder is None:
                return data
            return builder.data["function"].add_pointer(name)
        var: Var = data  # type: ignore[assignment]
        return scalar_argument(var, name)

    def declaration(self) -> str | None:
        data = self.data
        if isinstance(data, Tensor):
            return self._tensor_declaration(data)
        if isinstance(data, Pointer):
            return "#tile.ptr<i8>"
        assert isinstance(data, (Symbol, Scalar))
        return f'#tile.dyn<"{data.name or self.name}", {data.dtype.mlir}>'

    @staticmethod
    def _tensor_declaration(data: Tensor) -> str:
        sizes = ", ".join(map(_text, data.shape))
        if data.is_contiguous:
            return f"#tile.tensor<[{sizes}], {data.dtype.mlir}>"
        strides = ", ".join(map(_text, data.strides))
        return (
            f"#tile.strided_tensor<[{sizes}], strides [{strides}], {data.dtype.mlir}>"
        )

    def __repr__(self) -> str:
        return repr(self.data)
