"""Addresses as arguments, and tensors at addresses."""

from __future__ import annotations

from typing import Any

from tile.annotations.placeholder import Pointer
from tile.frontend.builder import current
from tile.frontend.function import PointerValue
from tile.language.alias import view
from tile.language.buffer import BufferValue
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import as_index, as_number

__all__ = ["make_tensor", "match_buffer", "ptr"]


def ptr(dtype: AnyDType = None, storage_scope: str = "global") -> Pointer:
    """An address as a parameter: ``def f(A: T.ptr, ...)``.

    `T.make_tensor` gives it a shape and an element type. Callers pass a tensor or
    an address. Raises ValueError for another scope than 'global'.
    """
    if storage_scope != "global":
        raise ValueError(f"expected the scope 'global', got {storage_scope!r}")
    return Pointer()


def _sizes(values: Any) -> list[Any]:
    items = values if isinstance(values, (tuple, list)) else (values,)
    sizes = []
    for item in items:
        number = as_number(item)
        if isinstance(number, (bool, float)):
            raise TypeError(f"expected an integer as a size, got {item!r}")
        sizes.append(as_index(item) if number is None else int(number))
    return sizes


def make_tensor(
    ptr: Any, shape: Any, dtype: AnyDType = "float32", strides: Any = None
) -> BufferValue:
    """The tensor at an address.

    Args:
        ptr: An argument of a kernel that is a `T.ptr`; or a buffer or its ``.data``,
            whose memory is seen in another shape then, as by `T.reshape`.
        shape: Ints or scalars of the kernel.
        strides: In elements; contiguous when left out.

    Raises:
        JITNoBuilderError: Outside of a kernel.
        TypeError: No address; or another element type than the same address has
            elsewhere in the kernel.
        ValueError: Strides of another rank than the shape, or for a buffer.
        AssertionError: A shape that is not all of a buffer.
    """
    current("T.make_tensor")
    if isinstance(ptr, BufferValue):
        if strides is not None:
            raise ValueError(
                "T.make_tensor takes no strides for the memory of a buffer"
            )
        return view(ptr, shape, dtype)
    if not isinstance(ptr, PointerValue):
        raise TypeError(f"expected an address as T.ptr declares it, got {ptr!r}")
    sizes = _sizes(shape)
    steps = None if strides is None else _sizes(strides)
    if steps is not None and len(steps) != len(sizes):
        raise ValueError(
            f"Invalid shape/strides' dimensions: {len(sizes)} sizes and "
            f"{len(steps)} strides"
        )
    return ptr.tensor(sizes, _dtype(dtype), steps)


match_buffer = make_tensor
_dtype = dtype
