"""What stands for tensors without data while a kernel is traced."""

from __future__ import annotations

from typing import Any

from tile.annotations.base import Annot
from tile.annotations.buffer import BufferAnnot, TensorAnnot
from tile.annotations.entries import Entries
from tile.annotations.optional import OptionalAnnot
from tile.annotations.placeholder import Tensor
from tile.annotations.single import TIRAnnot
from tile.language.dtypes import dtype

__all__ = ["fix_sizes", "make_placeholder"]


def _get_hint(size: Any) -> int | None:
    """A size, or that of the tensor that a symbolic one was made for; None where
    there is none."""
    if isinstance(size, int):
        return size
    hint = size.node.hint
    return None if hint is None else int(hint)


def make_placeholder(annot: Annot, value: Any) -> Any:
    """A placeholder for a tensor whose sizes may be symbolic.

    Its sizes are examples: the trace depends on those alone that `fix_sizes` fixes.
    """
    inner = annot.inner if isinstance(annot, OptionalAnnot) else annot
    sizes = [_get_hint(size) for size in value.shape]
    strides = [_get_hint(stride) for stride in value.stride()]
    if None in sizes or None in strides:
        # Sizes that come from data: no example, so nothing may depend on them.
        if isinstance(inner, TIRAnnot):
            return inner.data
        sizes, strides = list(map(int, value.shape)), list(map(int, value.stride()))
    return Tensor(sizes, dtype(value.dtype), strides)


def _is_fixed(entries: Entries, dim: int) -> bool:
    return entries is None or entries[dim].is_static


def fix_sizes(annot: Annot, value: Any) -> None:
    """Makes torch compile anew for other values of the sizes and strides that the
    kernel is compiled for.

    Args:
        annot: The annotation, with the constants of the call in it.
        value: The tensor.
    """
    inner = annot.inner if isinstance(annot, OptionalAnnot) else annot
    for dim, (size, stride) in enumerate(zip(value.shape, value.stride())):
        if isinstance(inner, BufferAnnot):
            if _is_fixed(inner.shape, dim):
                int(size)
            is_strided = not isinstance(inner, TensorAnnot)
            if is_strided and _is_fixed(inner.strides, dim):
                int(stride)
        elif isinstance(inner, TIRAnnot) and isinstance(inner.data, Tensor):
            if isinstance(inner.data.shape[dim], int):
                int(size)
            if isinstance(inner.data.strides[dim], int):
                int(stride)
