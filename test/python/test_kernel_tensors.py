"""Compiled kernels: tensors of all kinds as arguments."""

from __future__ import annotations

import numpy as np
import pytest
from exchange import CudaExchanged
from helpers import fresh
from kernel_helpers import M, scale

import tile
import tile.language as T
from tile.jit.tensors import describe, empty_like
from tile import _core


@tile.jit
def twice(A: T.Tensor[[T.dyn["M"], T.dyn["N"]], "bfloat16"]):
    rows, columns = A.shape
    B = T.empty((rows, columns), "bfloat16")
    with T.Kernel(rows, threads=32) as bx:
        for j in T.Parallel(columns):
            B[bx, j] = A[bx, j] * 2.0
    return B


def test_bfloat16_by_bits():
    # 1.0, 2.0, 0.5 become 2.0, 4.0, 1.0.
    bits = np.array([[0x3F80, 0x4000, 0x3F00]], np.uint16)
    result = twice(bits)
    assert result.dtype == np.uint16
    np.testing.assert_array_equal(result, [[0x4000, 0x4080, 0x3F80]])


def test_ml_dtypes():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    a = fresh(3, 5, dtype=ml_dtypes.bfloat16)
    b = twice(a)
    assert b.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(b, a * 2)


def test_float8_by_bits():
    @tile.jit
    def widen(A: T.Tensor((M,), "float8_e4m3fn")):
        B = T.empty((M,), "float32")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M):
                B[i] = A[i]
        return B

    np.testing.assert_array_equal(
        widen(np.array([0x38, 0x40, 0xB8], np.uint8)), [1.0, 2.0, -1.0]
    )


@pytest.mark.host("copies to a GPU have no negative strides")
def test_strided_and_read_only():
    @tile.jit
    def gather(
        A: T.StridedTensor[
            [T.dyn["M"], T.dyn["N"]], [T.dyn["S"], T.dyn["R"]], "float32"
        ],
    ):
        rows, columns = A.shape
        B = T.empty((rows, columns), "float32")
        with T.Kernel(rows, threads=32) as bx:
            for j in T.Parallel(columns):
                B[bx, j] = A[bx, j]
        return B

    a = fresh(8, 12)
    a.flags.writeable = False
    for view in (a, a.T, a[::2, ::3], a[1:, 2:], a[:, ::-1], a[:0]):
        np.testing.assert_array_equal(gather(view), view)
    assert len(gather._kernels) == 1


def test_dlpack():
    class Wrapper:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **kwargs):
            return self.array.__dlpack__(**kwargs)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    a = fresh(4, 8)
    b = np.full_like(a, np.nan)
    tile.compile(scale)(Wrapper(a), Wrapper(b), 2.0, 0)
    np.testing.assert_array_equal(b, a * 2)


def test_torch():
    torch = pytest.importorskip("torch")
    a = torch.randn(5, 7, dtype=torch.bfloat16)
    b = twice(a)
    assert isinstance(b, torch.Tensor) and torch.equal(b, a * 2)
    assert b.dtype is torch.bfloat16 and b.device == a.device


def test_without_tensors():
    @tile.jit
    def constant():
        A = T.empty((3,), "int64")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(3):
                A[i] = i
        return A

    if not _core.device_count():
        np.testing.assert_array_equal(constant(), [0, 1, 2])


def test_read_only_arrays():
    @tile.jit
    def kernel(A: T.Tensor((4,), "float32"), B: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            b = T.reshape(B, (2, 2))
            for i, j in T.Parallel(2, 2):
                b[i, j] = A[i]

    a, b = fresh(4), fresh(4)
    a.flags.writeable = False
    kernel(a, b)
    assert b.tolist() == np.repeat(a[:2], 2).tolist()
    with pytest.raises(ValueError, match="argument 'B': expected a tensor that can be"):
        kernel(b, a)


def test_tensors_of_other_devices():
    a = np.zeros((2, 8), np.float32)
    on_gpu = CudaExchanged(a)
    kernel = tile.compile(scale, target="cpu")
    with pytest.raises(
        ValueError, match=r"scale\(\): device_type mismatch .*: cpu, got"
    ):
        kernel(on_gpu, on_gpu, 1.0, 0)
    with pytest.raises(
        ValueError, match="'B': device_type mismatch .*: cpu, got: cuda"
    ):
        kernel(a, on_gpu, 1.0, 0)


def test_results_on_a_gpu_need_a_library():
    found = describe(CudaExchanged(np.zeros(3, np.float32)))
    with pytest.raises(TypeError, match="cannot make a CudaExchanged for a result"):
        empty_like(found, (3,), T.dtype("float32"), True)
    backwards = describe(np.zeros(3, np.float32)[::-1])
    with pytest.raises(ValueError, match="negative strides cannot be copied to a GPU"):
        backwards.span
