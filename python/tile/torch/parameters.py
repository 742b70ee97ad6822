"""The parameters of an operator, as the schemas of torch write them."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass, replace
from typing import Any, Iterable, Sequence

import torch

from tile.annotations.base import Annot
from tile.annotations.buffer import BufferAnnot
from tile.annotations.optional import OptionalAnnot
from tile.annotations.placeholder import Pointer, Tensor
from tile.annotations.single import DTypeAnnot, TIRAnnot
from tile.annotations.value import Value
from tile.frontend.function import Argument
from tile.language.dtypes import dtype

__all__ = ["Parameter", "mark_written", "of_annotation", "of_argument", "schema_text"]

_EMPTY = inspect.Parameter.empty

_PYTHON = {bool: "bool", int: "int", float: "float", str: "str"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operator.

    Attributes:
        name: Its name.
        type: The type in the schema: 'Tensor', 'SymInt', 'int', 'float', 'bool',
            'str' or 'ScalarType'.
        is_launched: Whether the kernel gets it at launch; else it is a compile-time
            value.
        is_optional: Whether it may be None.
        is_written: Whether the kernel may write it.
        is_keyword: Whether it is passed by name only.
        default: The default value; `inspect.Parameter.empty` without.
    """

    name: str
    type: str
    is_launched: bool = True
    is_optional: bool = False
    is_written: bool = False
    is_keyword: bool = False
    default: Any = _EMPTY

    @property
    def is_tensor(self) -> bool:
        """Whether this is a tensor."""
        return self.type == "Tensor"

    def text(self, alias: str) -> str:
        """The parameter in a schema; `alias` names the memory that it writes."""
        written = f"({alias}!)" if self.is_written else ""
        optional = "?" if self.is_optional else ""
        default = "" if self.default is _EMPTY else f"={_default_text(self.default)}"
        return f"{self.type}{written}{optional} {self.name}{default}"


def _default_text(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    return repr(value)


def _scalar_type(element: dtype) -> str:
    """The type of a scalar that is passed at launch."""
    if element.is_bool:
        return "bool"
    return "SymInt" if element.is_integer else "float"


def of_annotation(
    function: str, parameter: inspect.Parameter, annot: Annot
) -> Parameter | None:
    """The parameter of an operator for that of an eager kernel.

    None is a compile-time value that torch has no type for; it keeps its default.
    Raises TypeError when it has none, and for an address.
    """
    is_optional = isinstance(annot, OptionalAnnot)
    inner = annot.inner if isinstance(annot, OptionalAnnot) else annot
    type_ = _launched_type(inner)
    if type_ == "":
        raise TypeError(
            f"{function}() argument '{parameter.name}': expected a tensor or a number, "
            "found an address, which torch has no type for"
        )
    result = Parameter(
        parameter.name,
        type_ or "",
        is_optional=is_optional,
        is_keyword=parameter.kind is parameter.KEYWORD_ONLY,
        default=parameter.default,
    )
    if type_ is not None:
        return result
    if isinstance(inner, DTypeAnnot):
        default = parameter.default
        if default is not _EMPTY and default is not None:
            default = dtype(default).as_torch()
        return replace(result, type="ScalarType", is_launched=False, default=default)
    found = _compile_time_type(inner, parameter.default)
    if found is not None:
        return replace(result, type=found, is_launched=False)
    if parameter.default is _EMPTY and not getattr(inner, "is_fixed", False):
        raise TypeError(
            f"{function}() argument '{parameter.name}': expected a tensor, a number or "
            "a compile-time value annotated int, float, bool, str or T.dtype, or one "
            "with a default"
        )
    return None


def _launched_type(annot: Annot) -> str | None:
    """The type of what is passed at launch, '' for an address; None for the rest."""
    if isinstance(annot, BufferAnnot):
        return "Tensor"
    if isinstance(annot, TIRAnnot):
        if isinstance(annot.data, Tensor):
            return "Tensor"
        return "" if isinstance(annot.data, Pointer) else _scalar_type(annot.data.dtype)
    if isinstance(annot, Value) and not annot.is_static:
        return _scalar_type(annot.dtype or dtype("int32"))
    return None


def _compile_time_type(annot: Annot, default: Any) -> str | None:
    if not isinstance(annot, Value) or annot.is_fixed:
        return None
    if annot.python_type in _PYTHON:
        return _PYTHON[annot.python_type]
    if annot.python_type is None and default is not _EMPTY:
        return _PYTHON.get(type(default))
    return None


def of_argument(function: str, argument: Argument, is_written: bool) -> Parameter:
    """The parameter of an operator for that of a compiled kernel.

    Raises TypeError for an address.
    """
    if argument.is_pointer:
        raise TypeError(
            f"{function}() argument '{argument.name}': expected a tensor or a number, "
            "found an address, which torch has no type for"
        )
    if argument.shape is None:
        return Parameter(argument.name, _scalar_type(argument.dtype))
    return Parameter(argument.name, "Tensor", is_written=is_written)


def mark_written(
    parameters: Sequence[Parameter], names: Iterable[str], function: str
) -> list[Parameter]:
    """The parameters, those with these names written.

    Raises ValueError for a name that is no tensor of the function.
    """
    written = set(names)
    tensors = {p.name for p in parameters if p.is_tensor}
    for name in sorted(written - tensors):
        raise ValueError(
            f"expected mutates_args to name tensors of {function}, found {name!r}"
        )
    return [replace(p, is_written=p.name in written) for p in parameters]


def schema_text(parameters: Sequence[Parameter], num_results: int) -> str:
    """The schema of an operator without its name."""
    parts, has_star = [], False
    for index, parameter in enumerate(parameters):
        if parameter.is_keyword and not has_star:
            parts.append("*")
            has_star = True
        parts.append(parameter.text(f"a{index}"))
    results = ", ".join(["Tensor"] * num_results)
    return f"({', '.join(parts)}) -> " + (
        results if num_results == 1 else f"({results})"
    )
