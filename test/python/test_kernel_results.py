"""Compiled kernels: their results, and memory between launches."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import fresh
from kernel_helpers import M, N, scale

import tile
import tile.language as T


@tile.jit
def split(A: T.Tensor((M, N), "float32"), extra: T.int32):
    """Three results, of which two are returned in another order."""
    sums = T.empty(M * 2 + 1, dtype="float32")
    copy = T.empty((N + extra, M), "float32")
    flags = T.empty(M, "int32")
    with T.Kernel(M, threads=32) as bx:
        for j in T.Parallel(N + extra):
            copy[j, bx] = T.if_then_else(j < N, A[bx, j], -1.0)
        sums[bx * 2] = 1.0
        sums[bx * 2 + 1] = 2.0
        flags[bx] = 3
        sums[M * 2] = 5.0
    return flags, copy, sums


def test_several_results():
    a = fresh(4, 6)
    results = split(a, 2)
    assert isinstance(results, list)
    flags, copy, sums = results
    np.testing.assert_array_equal(flags, np.full(4, 3, np.int32))
    np.testing.assert_array_equal(
        copy, np.pad(a.T, ((0, 2), (0, 0)), constant_values=-1)
    )
    np.testing.assert_array_equal(sums, [1, 2] * 4 + [5])
    function = split.get_tir()
    assert [a.name for a in function.arguments][2:] == ["sums", "copy", "flags"]
    assert function.out_idx == [-1, -2, -3]


def test_no_result_is_none():
    a = np.zeros((2, 8), np.float32)
    assert tile.compile(scale)(fresh(2, 8), a, 1.0, 0) is None


@pytest.mark.parametrize("out_idx", [[2, 3], (2, -1), [-2, -1]])
def test_out_idx(out_idx):
    n = T.dynamic("n")

    @T.prim_func
    def two(
        A: T.Tensor((M,), "float32"),
        n: T.int32,
        B: T.Tensor((M + n,), "float32"),
        C: T.Tensor((M,), "int32"),
    ):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M + n):
                B[i] = 1.0
            for i in T.Parallel(M):
                C[i] = 2

    b, c = tile.compile(two, out_idx=out_idx)(fresh(3), 4)
    assert b.shape == (7,) and (b == 1).all()
    assert c.dtype == np.int32 and (c == 2).all()


def test_out_idx_that_cannot_be():
    @T.prim_func
    def odd(
        A: T.Tensor((4,), "float32"),
        B: T.StridedTensor[(4, 4), (8, 2), "float32"],
        x: T.float32,
    ):
        with T.Kernel(1, threads=32):
            A[0] = x

    for out_idx, message in (
        (3, "out_idx from -3 to 2"),
        (-4, "out_idx from -3 to 2"),
        ([0, -3], "given twice"),
        (2, "`x` of odd has none"),
        (1, "`B` of odd is a T.StridedTensor"),
    ):
        with pytest.raises(ValueError, match=message):
            tile.compile(odd, out_idx=out_idx)
    with pytest.raises(ValueError, match="Out index conflict"):
        tile.compile(split.get_tir(), out_idx=1)


def test_a_size_that_nothing_says():
    @T.prim_func
    def unknown(A: T.Tensor((M * N,), "float32"), B: T.Tensor((M,), "float32")):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M):
                B[i] = A[i]

    with pytest.raises(Exception, match="M"):
        tile.compile(unknown, out_idx=1)(fresh(6))


def use_empty(body):
    """A kernel function whose body is `body`, traced for a tensor of 4 elements."""
    return tile.jit(body).get_tir(T.Tensor((4,), "float32"))


def test_empty_must_be_returned():
    def forgotten(A: T.Tensor((4,), "float32")):
        B = T.empty((4,), "float32")
        C = T.empty((4,), "float32")
        with T.Kernel(1, threads=32):
            B[0] = C[0] = A[0]
        return C

    with pytest.raises(RuntimeError, match="Not all tensor allocated .* B missing"):
        use_empty(forgotten)


def test_only_empty_may_be_returned():
    def argument(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = 1.0
        return A

    def twice(A: T.Tensor((4,), "float32")):
        B = T.empty((4,), "float32")
        with T.Kernel(1, threads=32):
            B[0] = A[0]
        return B, B

    with pytest.raises(
        RuntimeError, match="Only tensor allocated from `T.empty` can be"
    ):
        use_empty(argument)
    with pytest.raises(RuntimeError, match="a tensor is returned twice"):
        use_empty(twice)


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda A: T.empty(), ValueError, "at least one size"),
        (lambda A: T.empty(()), ValueError, "at least one size"),
        (lambda A: T.empty(-1), ValueError, "sizes of at least 0"),
        (lambda A: T.empty(1.5), TypeError, "an integer as a size"),
        (lambda A: T.empty((4,), "float32", 3), TypeError, "a shape and a dtype"),
        (lambda A: T.empty([A]), TypeError, "expected a size, got BufferValue"),
        (lambda A: T.empty(A[0]), TypeError, "must be computed by"),
    ],
)
def test_bad_sizes_of_results(make, error, message):
    def body(A: T.Tensor((4,), "float32")):
        return make(A)

    with pytest.raises(error, match=message):
        tile.lazy_jit(body).get_tir(T.Tensor((4,), "float32"))


def test_memory_between_kernels():
    @tile.jit
    def reversed_twice(A: T.Tensor((M,), "float32")):
        between = T.alloc_global((2 * M,), "float32")
        B = T.empty((M,), "float32")
        with T.Kernel(M, threads=32) as bx:
            between[bx] = A[bx]
            between[M + bx] = 10 * A[bx]
        with T.Kernel(M, threads=32) as bx:
            B[bx] = between[M - 1 - bx] + between[2 * M - 1 - bx]
        return B

    for size in (1, 40, 0):
        a = fresh(size)
        np.testing.assert_allclose(reversed_twice(a), a[::-1] * 11, rtol=1e-5)
    assert "between" in reversed_twice.get_tir().text()


def test_memory_between_kernels_of_a_lazy_function():
    @T.prim_func
    def shift(A: T.Tensor((M,), "int32"), B: T.Tensor((M,), "int32")):
        with T.Kernel(1, threads=32):
            C = T.alloc_global(M, "int32")
            T.copy(A[0:M], C[0:M])
            for i in T.Parallel(M):
                B[i] = C[i] + 1

    a = np.arange(5, dtype=np.int32)
    for out_idx in (-1, 1):
        assert tile.compile(shift, out_idx=out_idx)(a).tolist() == [1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="expected an out_idx from -2 to 1"):
        tile.compile(shift, out_idx=2)


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: T.alloc_global(()), ValueError, "T.alloc_global expects at least one"),
        (lambda: T.alloc_global(-1), ValueError, "sizes of at least 0"),
        (lambda: T.alloc_global(4, scope="shared"), ValueError, "the scope 'global'"),
        (lambda: T.alloc_global(N), ValueError, "scratch tensor `scratch`: the size N"),
    ],
)
def test_bad_memory_between_kernels(make, error, message):
    @tile.jit
    def kernel(A: T.Tensor((4,), "float32")):
        make()
        with T.Kernel(1, threads=32):
            A[0] = 1.0

    with pytest.raises(error, match=message):
        kernel(fresh(4))


def test_empty_stands_before_the_kernel():
    def late(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            B = T.empty((4,), "float32")

    with pytest.raises(ValueError, match="made before T.Kernel"):
        use_empty(late)
    with pytest.raises(tile.JITNoBuilderError, match="T.empty"):
        T.empty((4,))


def test_results_of_one_name():
    def make(A: T.Tensor((4,), "float32"), name: int = 0):
        A_1 = T.empty((4,), "float32")
        first = A_1
        results = [T.empty((4,), "float32") for _ in range(2)]
        with T.Kernel(1, threads=32):
            for i in T.Parallel(4):
                first[i] = 0.0
                results[0][i] = 1.0
                results[1][i] = 2.0
        return [A_1, *results]

    names = [a.name for a in use_empty(make).arguments]
    assert names[0] == "A" and len(set(names)) == 4
    made = tile.jit(make)(fresh(4))
    assert [float(r[0]) for r in made] == [0.0, 1.0, 2.0]
