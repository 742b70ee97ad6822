"""Tensors of other libraries, seen as addresses, sizes and strides."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

from tile import _core
from tile.language.dtypes import dtype

__all__ = ["TensorInfo", "describe", "empty_like", "is_torch"]

_CPU, _CUDA = 1, 2  # of DLPack


class TensorInfo(NamedTuple):
    """A tensor of a call: what the extension says of it, and the object itself.

    ``shape`` and ``strides`` count elements, ``device`` is DLPack's type and number.
    """

    address: int
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    device: tuple[int, int]
    owner: Any

    @classmethod
    def make(cls, found: tuple[Any, ...], owner: Any) -> "TensorInfo":
        """From what the extension says of a tensor."""
        address, element, shape, strides, device = found
        return cls(address, element, shape, strides, device, owner)

    @property
    def on_cuda(self) -> bool:
        """Whether it lies in the memory of a GPU."""
        return self.device[0] == _CUDA

    @property
    def has_data(self) -> bool:
        """Whether a kernel can read it, which it cannot on the device 'meta', say."""
        return self.device[0] in (_CPU, _CUDA)

    @property
    def place(self) -> str:
        """The device as users name it."""
        return f"cuda:{self.device[1]}" if self.on_cuda else "cpu"

    @property
    def is_writable(self) -> bool:
        """Whether a kernel may write it; only NumPy knows arrays that one may not."""
        flags = getattr(self.owner, "flags", None)
        return getattr(flags, "writeable", True) is not False

    @property
    def span(self) -> int:
        """The bytes from the first element to the last.

        Raises ValueError when elements lie before the first.
        """
        if 0 in self.shape:
            return 0
        if any(stride < 0 for stride in self.strides):
            raise ValueError("tensors with negative strides cannot be copied to a GPU")
        last = sum((n - 1) * s for n, s in zip(self.shape, self.strides))
        return (last + 1) * dtype(self.dtype).bytes


def describe(value: Any) -> TensorInfo | None:
    """How a value lies in memory; None for what is no tensor."""
    found: Any = _core.describe_tensor(value)
    return None if found is None else TensorInfo.make(found, value)


def is_torch(value: Any) -> bool:
    """Whether a value is a tensor of torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def empty_like(
    like: TensorInfo | None, shape: tuple[int, ...], element: dtype, on_cuda: bool
) -> Any:
    """A new tensor for a result, of the library and on the device of `like`.

    Without an input it is a NumPy array, or on a GPU a torch tensor.

    Raises TypeError where the library of `like` cannot make one.
    """
    if like is None and on_cuda or like is not None and is_torch(like.owner):
        import torch

        device = like.owner.device if like is not None else "cuda"
        return torch.empty(shape, dtype=element.as_torch(), device=device)
    if like is not None and like.on_cuda:
        module = sys.modules.get(type(like.owner).__module__.split(".")[0])
        make = getattr(module, "empty", None)
        if make is None:
            raise TypeError(
                f"cannot make a {type(like.owner).__name__} for a result; pass torch "
                "or CuPy tensors, or make the result an argument"
            )
        return make(shape, dtype=element.as_numpy())
    import numpy

    element_type = element.as_numpy()
    # NumPy has no such type: ml_dtypes', if that is in use, else integers. A caller
    # who passes integers gets integers.
    ml_dtypes = sys.modules.get("ml_dtypes")
    passed = getattr(like.owner, "dtype", None) if like is not None else None
    if ml_dtypes and element.name != str(element_type) and passed != element_type:
        element_type = numpy.dtype(getattr(ml_dtypes, element.name, element_type))
    return numpy.empty(shape, element_type)
