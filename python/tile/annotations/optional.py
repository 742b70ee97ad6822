"""Arguments that may be None."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Hashable

from tile.annotations.base import Annot, ArgVarTable, KeyParser

__all__ = ["NoneAnnot", "OptionalAnnot"]


@dataclass(frozen=True, eq=False)
class OptionalAnnot(Annot):
    """An argument that may be None: ``Optional[T.Tensor[[M], dtype]]``.

    With None the kernel is compiled without the argument; the function sees None.
    """

    inner: Annot

    def is_kernel_arg(self) -> bool:
        return self.inner.is_kernel_arg()

    def with_name(self, name: str) -> "OptionalAnnot":
        return OptionalAnnot(self.inner.with_name(name))

    def get_key_parser(self) -> KeyParser:
        parser = self.inner.get_key_parser()

        def parse(name: str, value: Any) -> Hashable:
            return None if value is None else parser(name, value)

        return parse

    def create_prim_func_arg(self, name: str, value: Any, vt: ArgVarTable) -> Any:
        if value is None:
            return None
        return self.inner.create_prim_func_arg(name, value, vt)

    def promote(self) -> "OptionalAnnot | None":
        inner = self.inner.promote()
        return None if inner is None else OptionalAnnot(inner)

    def declaration(self) -> str | None:
        return self.inner.declaration()

    def __repr__(self) -> str:
        return f"Optional[{self.inner!r}]"


@dataclass(frozen=True, eq=False)
class NoneAnnot(Annot):
    """An optional argument in a kernel that is compiled without it."""

    inner: OptionalAnnot

    def with_name(self, name: str) -> "NoneAnnot":
        return self

    def get_key_parser(self) -> KeyParser:
        return lambda name, value: None

    def create_prim_func_arg(self, name: str, value: Any, vt: ArgVarTable) -> None:
        return None

    def __repr__(self) -> str:
        return f"{self.inner!r} is None"
