"""tile.jit and T.prim_func: styles, caching, results, binding of arguments."""

from __future__ import annotations

import numpy as np
import pytest

import tile
import tile.language as T
from tile.jit import JITImpl, JITKernel, PrimFunc


@tile.jit
def double(A: T.Tensor[[int, int], "float32"], bm: int = 16):
    M, N = A.shape
    B = T.empty((M, N), "float32")
    with T.Kernel((M + bm - 1) // bm, threads=32) as bx:
        for i, j in T.Parallel(bm, N):
            if bx * bm + i < M:
                B[bx * bm + i, j] = A[bx * bm + i, j] * 2.0
    return B


def make_double(M, N, bm=16):
    @T.prim_func
    def double(A: T.Tensor((M, N), "float32"), B: T.Tensor((M, N), "float32")):
        with T.Kernel((M + bm - 1) // bm, threads=32) as bx:
            for i, j in T.Parallel(bm, N):
                if bx * bm + i < M:
                    B[bx * bm + i, j] = A[bx * bm + i, j] * 2.0

    return double


lazy_double = tile.jit(make_double, out_idx=-1)


def fresh(*shape):
    return np.random.default_rng().standard_normal(shape).astype(np.float32)


def test_eager_runs_and_returns():
    a = fresh(37, 21)
    b = double(a)
    assert isinstance(b, np.ndarray) and b.dtype == np.float32
    np.testing.assert_array_equal(b, a * 2)


def test_lazy_gives_a_kernel():
    kernel = lazy_double(37, 21)
    assert isinstance(kernel, JITKernel)
    a = fresh(37, 21)
    np.testing.assert_array_equal(kernel(a), a * 2)


def test_style_is_decided_by_the_source():
    assert isinstance(double, JITImpl) and double.mode == "eager"
    assert lazy_double.mode == "lazy"


def test_eager_and_lazy_give_the_same_ir():
    eager = double.get_tir(fresh(37, 21))
    lazy = lazy_double.get_tir(37, 21)
    assert isinstance(eager, PrimFunc)
    assert eager.text() == lazy.text()
    assert "tile.launch" in eager.text()


def test_out_idx_in_eager_style():
    with pytest.raises(ValueError, match="out_idx is only supported in lazy mode"):
        tile.jit(double.func.orig_func, out_idx=-1)


def test_one_kernel_for_equal_calls():
    a = fresh(37, 21)
    kernel = double.compile(a)
    assert double.compile(a, 16) is kernel
    assert double.compile(A=a, bm=16) is kernel
    assert double.compile(bm=16, A=fresh(37, 21)) is kernel
    assert double.compile(T.Tensor((37, 21), "float32")) is kernel
    assert double.compile(a, 32) is not kernel
    assert double.compile(fresh(38, 21)) is not kernel
