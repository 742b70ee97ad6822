"""From the arguments of a call to what compiled code takes."""

from __future__ import annotations

import struct
from typing import Any, Sequence

from tile.frontend.function import Argument
from tile.jit.tensors import TensorInfo, describe
from tile.language.dtypes import dtype
from tile.language.expr import as_number

__all__ = ["check_tensor", "scalar_bits"]

# Element types whose tensors other libraries may hold under another name.
_ALSO = {
    "bfloat16": ("uint16",),
    "float8_e4m3fn": ("uint8", "float8_e4m3"),
    "float8_e4m3": ("uint8", "float8_e4m3fn"),
    "float8_e5m2": ("uint8",),
    "bool": ("uint8", "int8"),
    "tfloat32": ("float32",),
    "index": ("int64",),
}


def check_tensor(function: str, argument: Argument, value: Any) -> TensorInfo:
    """A tensor argument, checked against what the function declares.

    Sizes that are formulas are left to the host code, which knows all of them.

    Raises:
        TypeError: No tensor, or another element type.
        ValueError: Another rank, another fixed size or stride, not contiguous.
    """
    where = f"{function}: argument `{argument.name}`"
    info = describe(value)
    if info is None:
        raise TypeError(
            f"{where}: Unsupported buffer argument type: expected a torch.Tensor, a "
            "NumPy array, or an object with __dlpack__ or __cuda_array_interface__, "
            f"got {type(value).__name__}"
        )
    expected = argument.dtype.name
    if info.dtype.name != expected and info.dtype.name not in _ALSO.get(expected, ()):
        raise TypeError(
            f"{where}: Tensor dtype mismatch, expected {expected}, got {info.dtype}"
        )
    shape = argument.shape or ()
    if len(info.shape) != len(shape):
        raise ValueError(
            f"{where}: ndim is expected to equal {len(shape)}, got {len(info.shape)} "
            f"(shape {info.shape})"
        )
    for dim, (size, actual) in enumerate(zip(shape, info.shape)):
        if isinstance(size, int) and size != actual:
            raise ValueError(
                f"{where}: shape[{dim}] is expected to equal {size}, got {actual}"
            )
    _check_strides(where, argument, info)
    return info


def _check_strides(where: str, argument: Argument, info: TensorInfo) -> None:
    if argument.strides is None:
        if not info.is_contiguous:
            raise ValueError(
                f"{where}: strides are expected to be those of a contiguous tensor of "
                f"shape {info.shape}, got {info.strides}; pass a contiguous copy, or "
                "annotate the argument by T.StridedTensor"
            )
        return
    for dim, (stride, actual) in enumerate(zip(argument.strides, info.strides)):
        if isinstance(stride, int) and stride != actual and info.shape[dim] > 1:
            raise ValueError(
                f"{where}: strides[{dim}] is expected to equal {stride}, got {actual}"
            )


def scalar_bits(function: str, argument: Argument, value: Any) -> int:
    """The bits of a scalar argument.

    Raises:
        TypeError: No number, or a float for an integer.
        ValueError: A number that the type cannot hold.
    """
    where = f"{function}: argument `{argument.name}`"
    type_ = argument.dtype
    number = as_number(value)
    if number is None and getattr(value, "shape", None) == ():
        number = as_number(value.item())
    if number is None:
        raise TypeError(
            f"{where}: expected a number of type {type_}, got {type(value).__name__}"
        )
    if type_.is_bool:
        if not isinstance(number, bool) and number not in (0, 1):
            raise TypeError(f"{where}: expected a bool, got {number!r}")
        return int(number)
    if type_.is_float:
        return _float_bits(where, type_, float(number))
    if isinstance(number, float):
        raise TypeError(f"{where}: expected an integer of type {type_}, got {number}")
    bits = type_.bits
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if not low <= number <= high:
        raise ValueError(
            f"{where}: expected a value from {low} to {high} for {type_}, got {number}"
        )
    return int(number) & ((1 << 64) - 1)


def _float_bits(where: str, type_: dtype, number: float) -> int:
    formats = {"float16": "<e", "float32": "<f", "tfloat32": "<f", "float64": "<d"}
    if type_.name == "bfloat16":
        bits = int.from_bytes(struct.pack("<f", number), "little")
        if number != number:
            return 0x7FC0
        return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    if type_.name not in formats:
        raise TypeError(f"{where}: scalars of type {type_} cannot be passed")
    try:
        return int.from_bytes(struct.pack(formats[type_.name], number), "little")
    except OverflowError:
        raise ValueError(f"{where}: {number} exceeds maximum of {type_}") from None


def pack_tensor(info: TensorInfo, argument: Argument) -> tuple[Any, ...]:
    """A tensor as compiled code takes it."""
    if argument.strides is None:
        return (info.address, info.shape)
    return (info.address, info.shape, info.strides)


def pack_absent(argument: Argument) -> tuple[Any, ...]:
    """A tensor that is not there: the host code judges whether it is needed."""
    return (0, (-1,) * len(argument.shape or ()))


def count_error(expected: int, found: int, names: Sequence[str]) -> ValueError:
    """The error of a call with too few or too many arguments."""
    return ValueError(
        f"Kernel expected {expected} inputs, but {found} are provided: expected "
        f"({', '.join(names)})"
    )
