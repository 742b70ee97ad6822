"""How tensors of a caller become arguments of a traced function."""

from __future__ import annotations

from typing import Any, NamedTuple

from tile.annotations.placeholder import Tensor
from tile.frontend.builder import current_or_none
from tile.language.dtypes import dtype

__all__ = ["Described", "describe", "tensor_argument"]


class Described(NamedTuple):
    """What a tensor is; strides are in elements."""

    shape: tuple[Any, ...]
    strides: tuple[Any, ...]
    dtype: dtype


def describe(tensor: Any) -> Described:
    """What `BoundCall.tensor` or `describe_tensor` says about a tensor."""
    _, name, shape, strides, _ = tensor
    return Described(shape, strides, dtype(name))


def tensor_argument(placeholder: Tensor) -> Any:
    """The argument of the function that is traced; outside of a trace the
    placeholder itself."""
    builder = current_or_none()
    if builder is None:
        return placeholder
    strides = None if placeholder.is_contiguous else placeholder.strides
    return builder.data["function"].add_tensor(
        placeholder.name, placeholder.shape, placeholder.dtype, strides
    )
