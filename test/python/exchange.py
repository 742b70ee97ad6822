"""A type of tensors that has DLPack's C interface, made without any library."""

from __future__ import annotations

import ctypes

import numpy as np

__all__ = ["STREAM", "CudaExchanged", "Exchanged", "reads"]


class _Tensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_index", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


_View = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Tensor))
_Stream = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int32, ctypes.c_int32, ctypes.POINTER(ctypes.c_void_p)
)


class _Table(ctypes.Structure):
    pass


_Table._fields_ = [
    ("major", ctypes.c_uint32),
    ("minor", ctypes.c_uint32),
    ("previous", ctypes.POINTER(_Table)),
    ("allocate", ctypes.c_void_p),
    ("from_object", ctypes.c_void_p),
    ("to_object", ctypes.c_void_p),
    ("view", _View),
    ("get_stream", _Stream),
]

_CODES = {"i": 0, "u": 1, "f": 2}

#: The stream on which the tensors in the memory of a GPU are worked on.
STREAM = 0x770
#: The tensors that were read through the interface.
reads: list["_Exchanged"] = []


class _Exchanged:
    """An array of float, int or unsigned int."""

    #: DLPack's type of device and its number.
    device_type, device_index = 1, 0

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self._sizes = (ctypes.c_int64 * array.ndim)(*array.shape)
        steps = [stride // array.itemsize for stride in array.strides]
        self._steps = (ctypes.c_int64 * array.ndim)(*steps)
        self.refuses = False


@_View
def _view(address, tensor):
    found = ctypes.cast(address, ctypes.py_object).value
    if found.refuses:
        return -1
    reads.append(found)
    # The offset is there to be added.
    tensor[0] = _Tensor(
        found.array.ctypes.data - 8,
        found.device_type,
        found.device_index,
        found.array.ndim,
        _CODES[found.array.dtype.kind],
        8 * found.array.itemsize,
        1,
        found._sizes,
        found._steps,
        8,
    )
    return 0


@_Stream
def _get_stream(kind, index, stream):
    stream[0] = STREAM
    return 0


_old = _Table(1, 1, None, None, None, None, _view, _get_stream)
#: A table of a version to come, which leads to the one of this.
_new = _Table(2, 0, ctypes.pointer(_old))
_make_capsule = ctypes.pythonapi.PyCapsule_New
_make_capsule.restype = ctypes.py_object
_make_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_name = b"dlpack_exchange_api"  # the capsule keeps a pointer to it
_capsule = _make_capsule(ctypes.addressof(_new), _name, None)


class Exchanged(_Exchanged):
    """An array in the memory of the host."""

    __dlpack_c_exchange_api__ = _capsule

    def __dlpack__(self, **options):
        return self.array.__dlpack__()

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class CudaExchanged(_Exchanged):
    """An array that says that it is in the memory of a GPU."""

    __dlpack_c_exchange_api__ = _capsule
    device_type = 2

    @property
    def __cuda_array_interface__(self):
        return self.array.__array_interface__
