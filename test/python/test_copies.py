"""Copies of the host's tensors for a GPU, with the host's memory as the GPU's."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

import tile
import tile.language as T
from tile import _core
from tile.jit.copies import merge_spans
from tile.jit.target import Target

M, S = T.dynamic("M, S")


@pytest.fixture
def device(monkeypatch):
    """A device whose memory is the host's; what is allocated on it."""
    memory: dict[int, ctypes.Array] = {}
    left: list[int] = []

    def alloc(size):
        block = ctypes.create_string_buffer(b"\xa5" * size, size)
        memory[ctypes.addressof(block)] = block
        return ctypes.addressof(block)

    for name, function in {
        "device_enter": lambda device: 7,
        "device_leave": left.append,
        "set_stream": lambda stream: None,
        "device_synchronize": lambda: None,
        "device_alloc": alloc,
        "device_free": lambda address: memory.pop(address),
        "device_copy_in": ctypes.memmove,
        "device_copy_out": ctypes.memmove,
    }.items():
        monkeypatch.setattr(_core, name, function)
    yield memory
    # Each call returned to the device that was current.
    assert left and set(left) == {7}


def on_device(impl, monkeypatch):
    """A kernel that takes its tensors for copies on the device."""
    kernel = impl.compile()
    kernel._executables[Target("cuda")] = kernel._get_executable(Target("cpu"))
    monkeypatch.setattr(type(kernel), "_choose", lambda *_: Target("cuda"))
    return kernel


@tile.jit(target="cpu")
def negate_into(
    Y: T.StridedTensor((M,), (S,), "float32"), X: T.StridedTensor((M,), (S,), "float32")
):
    # What is written comes first: a copy of what was read must not hide it.
    with T.Kernel(M, threads=32) as bx:
        Y[bx] = -X[bx]


@pytest.mark.parametrize("x_first", [True, False])
def test_overlapping_tensors(device, monkeypatch, x_first):
    kernel = on_device(negate_into, monkeypatch)
    numbers = np.random.default_rng().standard_normal(40).astype(np.float32)
    found = numbers.copy()
    # Each lies in the gaps of the other.
    even, odd = found[::2], found[1::2]
    x, y = (even, odd) if x_first else (odd, even)
    kernel(y, x)
    np.testing.assert_array_equal(x, numbers[not x_first :: 2])
    np.testing.assert_array_equal(y, -numbers[not x_first :: 2])
    # The same one twice.
    found = numbers.copy()
    kernel(found, found)
    np.testing.assert_array_equal(found, -numbers)
    assert not device


def test_read_only_and_empty_tensors(device, monkeypatch):
    kernel = on_device(negate_into, monkeypatch)
    x = np.arange(5, dtype=np.float32)
    y = np.full(5, np.nan, np.float32)
    x.flags.writeable = False
    kernel(y, x)
    np.testing.assert_array_equal(y, -x)
    kernel(y[:0], x[:0])
    assert not device


def test_memory_is_freed_after_an_error(device, monkeypatch):
    kernel = on_device(negate_into, monkeypatch)
    x = np.zeros(5, np.float32)

    def fail(*_):
        raise RuntimeError("no copy")

    monkeypatch.setattr(_core, "device_copy_in", fail)
    with pytest.raises(RuntimeError, match="no copy"):
        kernel(x, x.copy())
    assert not device


def test_merge_spans():
    assert merge_spans([]) == []
    assert merge_spans([(8, 4), (0, 4), (4, 4)]) == [(0, 4), (4, 4), (8, 4)]
    assert merge_spans([(8, 6), (0, 10), (20, 1), (2, 3)]) == [(0, 14), (20, 1)]
    assert merge_spans([(3, 0), (0, 2), (0, 9)]) == [(0, 9)]
