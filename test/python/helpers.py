"""Runs functions written in the kernel language on NumPy arrays.

A function takes its arrays as buffers; `run` traces it, compiles it for the
CPU, calls it, and sends it through the pipeline for a GPU as well, up to machine
code where an assembler is installed.
"""

from __future__ import annotations

import inspect
import os
import shutil
import struct
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from tile import _core
from tile.frontend import hooks
from tile.frontend.function import FunctionTrace
from tile.language import dtypes, symbols

CHIP = "sm_90a"


@dataclass
class Typed:
    """An array of integers that holds the bits of a type NumPy lacks."""

    bits: np.ndarray
    dtype: str


def to_bfloat16(values: np.ndarray) -> np.ndarray:
    """The bits of bfloat16 numbers nearest to float32 ones (no NaN)."""
    bits = np.asarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def from_bfloat16(bits: np.ndarray) -> np.ndarray:
    """The float32 values of bfloat16 bits."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def ints(*values: int) -> np.ndarray:
    """An array of 32-bit integers."""
    return np.array(values, np.int32)


def fresh(*shape: int, dtype: Any = np.float32) -> np.ndarray:
    """An array of random numbers, others each time."""
    return np.random.default_rng().standard_normal(shape).astype(dtype)


def poison(shape: Any, dtype: Any = np.float32) -> np.ndarray:
    """An array of values that no test computes."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return np.full(shape, np.nan, kind)
    return np.full(shape, 1 if kind == np.bool_ else 0x5A, kind)


def _get_array(argument: Any) -> tuple[np.ndarray, str]:
    if isinstance(argument, Typed):
        return argument.bits, argument.dtype
    return argument, argument.dtype.name


def trace(
    function: Callable[..., Any], *arguments: Any, dynamic: bool = False
) -> FunctionTrace:
    """The trace of a function for arrays like these; numbers are scalars."""
    names = list(inspect.signature(function).parameters)
    with FunctionTrace.open(function.__name__) as result:
        bound: dict[str, Any] = {}
        for name, argument in zip(names, arguments, strict=True):
            if isinstance(argument, (int, float)):
                type_ = dtypes.dtype(type(argument))
                bound[name] = result.add_scalar(name, type_)
                continue
            array, type_name = _get_array(argument)
            shape: Any = array.shape
            if dynamic:
                shape = [symbols.Symbol(f"{name}_{d}") for d in range(array.ndim)]
            bound[name] = result.add_tensor(name, shape, dtypes.dtype(type_name))
        hooks.call(function, bound, function.__name__)
    return result


def _pack(argument: Any) -> Any:
    if isinstance(argument, float):
        return struct.unpack("<I", struct.pack("<f", argument))[0]
    if isinstance(argument, (bool, int)):
        return int(argument)
    array = _get_array(argument)[0]
    assert array.flags.c_contiguous
    return (array.ctypes.data, array.shape)


def check_gpu(traced: FunctionTrace) -> str:
    """Sends a trace through the pipeline for a GPU; the PTX."""
    name = traced.builder.name
    ptx: bytes = _core.emit_ptx(traced.module, name, chip=CHIP)
    if shutil.which("ptxas"):
        assert _core.emit_cubin(traced.module, name, chip=CHIP)
    return ptx.decode()


def _call_on_device(executable: Any, arguments: tuple[Any, ...]) -> None:
    """Calls with copies of the arrays on a GPU, and copies them back."""
    packed = [_pack(a) for a in arguments]
    spans = [
        (i, *p, _get_array(arguments[i])[0].nbytes)
        for i, p in enumerate(packed)
        if isinstance(p, tuple)
    ]
    copies: list[tuple[int, int, int]] = []
    try:
        for i, host, shape, size in spans:
            device = _core.device_alloc(size) if size else 0
            packed[i] = (device, shape)
            if size:
                copies.append((host, device, size))
                _core.device_copy_in(device, host, size)
        executable.call(packed)
        for host, device, size in copies:
            _core.device_copy_out(host, device, size)
    finally:
        for _, device, _ in copies:
            _core.device_free(device)


def run(
    function: Callable[..., Any],
    *arguments: Any,
    dynamic: bool = False,
    gpu: bool = True,
) -> None:
    """Runs a function on arrays, which it changes in place.

    With `dynamic` the sizes are known only at the call. With `gpu` the function
    must also compile for a GPU; it runs there when TILE_TEST_DEVICE is cuda.
    """
    traced = trace(function, *arguments, dynamic=dynamic)
    if gpu and os.environ.get("TILE_TEST_DEVICE") == "cuda":
        executable = _core.compile(traced.module, function.__name__, "cuda")
        return _call_on_device(executable, arguments)
    executable = _core.compile(traced.module, function.__name__, "cpu")
    executable.call([_pack(a) for a in arguments])
    if gpu:
        check_gpu(traced)


def outputs(kernel: Callable[..., Any], size: int, *values: int) -> list[int]:
    """What a kernel (A, B) of integers writes into B, for `values` in A."""
    b = poison(size, np.int32)
    run(kernel, ints(*(values or (0,))), b)
    return b.tolist()
