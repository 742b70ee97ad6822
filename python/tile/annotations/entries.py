"""The parts of a tensor's annotation: sizes, strides, element types."""

from __future__ import annotations

from typing import Any, Sequence, TypeVar

from tile.annotations.base import ArgVarTable
from tile.annotations.value import Value
from tile.language.dtypes import dtype
from tile.language.symbols import Formula

__all__ = [
    "ElementType",
    "Entries",
    "check_strides",
    "get_known",
    "parse_dtype",
    "parse_entries",
    "rename_entries",
    "spells_dtype",
]

Entries = tuple[Value, ...] | None
"""Sizes or strides; None for any."""

ElementType = dtype | str | None
"""A type, the name of one that several arguments share, or None for any."""


def spells_dtype(value: Any) -> bool:
    """Whether a value is in the place of an element type."""
    if value is None or value is Any or isinstance(value, (TypeVar, str)):
        return True
    if isinstance(value, (list, tuple, int, float, Formula, Value)):
        return False
    try:
        dtype(value)
    except TypeError:
        return False
    return True


def _is_any(value: Any) -> bool:
    return value is None or value is Any or value is Ellipsis


def parse_entries(values: Any, what: str) -> Entries:
    """The entries of a shape or of strides; None for any rank."""
    if _is_any(values):
        return None
    items = values if isinstance(values, (list, tuple)) else (values,)
    entries = []
    for item in items:
        entry = Value.from_value(item)
        if isinstance(entry.value, float) or not _is_integer(entry):
            raise TypeError(
                f"Unsupported Value annotation: {item!r}, type: {type(item)}; {what} "
                "is an integer"
            )
        if isinstance(entry.value, int) and entry.value < 0:
            raise ValueError(f"expected {what} of at least 0, got {entry.value}")
        entries.append(entry)
    return tuple(entries)


def _is_integer(entry: Value) -> bool:
    return entry.is_static or entry.dtype is None or entry.dtype.is_integer


def parse_dtype(value: Any) -> ElementType:
    """An element type; the name of a TypeVar; None for any."""
    if _is_any(value):
        return None
    if isinstance(value, TypeVar):
        return value.__name__
    return dtype(value)


def rename_entries(entries: Entries, prefix: str) -> Entries:
    """The entries, where they are open and have no name, named by their place."""
    if entries is None:
        return None
    return tuple(
        e if e.value is not None else e.with_name(f"{prefix}_{i}")
        for i, e in enumerate(entries)
    )


def get_known(entries: Entries) -> tuple[Any, ...] | None:
    """Numbers, symbols and formulas; None when an entry is open."""
    if entries is None:
        return None
    known: list[Any] = []
    table = ArgVarTable()
    for entry in entries:
        if entry.value is not None:
            known.append(entry.value)
        elif not entry.is_static and entry.name:
            known.append(table.get_or_create_var(entry.name, entry.dtype or "int32"))
        else:
            return None
    return tuple(known)


def check_strides(name: str | None, strides: Sequence[Any]) -> None:
    """Raises ValueError for a stride below 0 that is known at compile time."""
    for dim, stride in enumerate(strides):
        if isinstance(stride, int) and stride < 0:
            raise ValueError(
                f"argument `{name}` stride {dim}: expected at least 0 for a kernel "
                f"that is compiled for it, got {stride}; T.dyn takes any"
            )
