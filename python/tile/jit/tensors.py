"""Tensors of other libraries, seen as addresses, sizes and strides."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Sequence

from tile.language import dtypes
from tile.language.dtypes import dtype

__all__ = ["TensorInfo", "describe", "empty_like_kind"]


@dataclass(slots=True)
class TensorInfo:
    """A tensor of a call.

    ``kind`` is 'numpy', 'torch' or 'cuda_array'; strides count elements; ``owner``
    keeps the memory alive. ``stream`` is the stream that wrote it, 0 if any.
    """

    kind: str
    address: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: dtype
    on_cuda: bool
    device: int
    is_writable: bool
    owner: Any

    @property
    def place(self) -> str:
        """The device as users name it."""
        return f"cuda:{self.device}" if self.on_cuda else "cpu"

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements lie in C order without gaps."""
        expected = 1
        for size, stride in zip(reversed(self.shape), reversed(self.strides)):
            if size != 1 and stride != expected:
                return 0 in self.shape
            expected *= size
        return True


@lru_cache(maxsize=None)
def _from_numpy_dtype(numpy_dtype: Any) -> dtype:
    return dtypes.dtype(numpy_dtype)


@lru_cache(maxsize=None)
def _from_torch_dtype(torch_dtype: Any) -> dtype:
    return dtypes.dtype(torch_dtype)


def describe(value: Any) -> TensorInfo | None:
    """How a value lies in memory; None for what is no tensor.

    Takes NumPy arrays, torch tensors, and objects with
    ``__cuda_array_interface__`` or ``__dlpack__``. Raises TypeError for a tensor
    whose elements kernels do not know.
    """
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _describe_numpy(value)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _describe_torch(value)
    interface = getattr(value, "__cuda_array_interface__", None)
    if interface is not None:
        return _describe_cuda(value, interface)
    if hasattr(value, "__dlpack__"):
        return _describe_dlpack(value)
    return None


def _describe_numpy(value: Any) -> TensorInfo:
    interface = value.__array_interface__
    size = value.itemsize
    if any(stride % size for stride in value.strides):
        raise ValueError(
            f"expected strides that are multiples of the {size} bytes of an element, "
            f"got {value.strides}"
        )
    if not value.dtype.isnative:
        raise TypeError(f"expected elements in native byte order, got {value.dtype}")
    return TensorInfo(
        "numpy",
        interface["data"][0],
        value.shape,
        tuple(stride // size for stride in value.strides),
        _from_numpy_dtype(value.dtype),
        False,
        0,
        value.flags.writeable,
        value,
    )


def _describe_torch(value: Any) -> TensorInfo:
    device = value.device
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"expected a tensor on cpu or cuda, got one on {device}")
    return TensorInfo(
        "torch",
        value.data_ptr(),
        tuple(value.shape),
        tuple(value.stride()),
        _from_torch_dtype(value.dtype),
        device.type == "cuda",
        device.index or 0,
        True,
        value,
    )


def _describe_cuda(value: Any, interface: dict[str, Any]) -> TensorInfo:
    import numpy

    element = numpy.dtype(interface["typestr"])
    shape = tuple(interface["shape"])
    strides = interface.get("strides")
    if strides is None:
        strides = _contiguous(shape)
    else:
        strides = tuple(s // element.itemsize for s in strides)
    address, is_read_only = interface["data"]
    device = getattr(getattr(value, "device", None), "id", 0)
    return TensorInfo(
        "cuda_array",
        address,
        shape,
        strides,
        _from_numpy_dtype(element),
        True,
        device,
        not is_read_only,
        value,
    )


def _describe_dlpack(value: Any) -> TensorInfo:
    import numpy

    device, index = value.__dlpack_device__()
    if int(device) != 1:
        raise TypeError(
            "expected a tensor on the CPU, or one with __cuda_array_interface__; got "
            f"a {type(value).__name__} on the DLPack device {int(device)}:{index}"
        )
    info = _describe_numpy(numpy.from_dlpack(value))
    # Keep the producer too: results are to be of its kind.
    return info


def _contiguous(shape: Sequence[int]) -> tuple[int, ...]:
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.insert(0, step)
        step *= size
    return tuple(strides)


def empty_like_kind(
    like: TensorInfo | None, shape: tuple[int, ...], element: dtype, on_cuda: bool
) -> Any:
    """A new tensor for a result, of the library and on the device of `like`.

    Without an input it is a NumPy array, or on a GPU a torch tensor.
    """
    if like is None and on_cuda or like is not None and like.kind == "torch":
        import torch

        device = like.owner.device if like is not None else "cuda"
        return torch.empty(shape, dtype=element.as_torch(), device=device)
    if like is not None and like.kind == "cuda_array":
        module = sys.modules.get(type(like.owner).__module__.split(".")[0])
        if not hasattr(module, "empty"):
            raise TypeError(
                f"cannot make a {type(like.owner).__name__} for a result; pass torch "
                "or CuPy tensors, or make the result an argument"
            )
        return module.empty(shape, dtype=element.as_numpy())  # type: ignore[union-attr]
    import numpy

    element_type = element.as_numpy()
    if element.name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
        # Its own type where ml_dtypes is in use, else integers of the width.
        ml_dtypes = sys.modules.get("ml_dtypes")
        if ml_dtypes is not None:
            element_type = numpy.dtype(getattr(ml_dtypes, element.name))
    return numpy.empty(shape, element_type)
