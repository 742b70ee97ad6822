"""Reducers, persistent loops and im2col, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace


def numbers(*shape, dtype="float32"):
    return np.random.default_rng().integers(-9, 9, shape).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("op", ["sum", "max", "min"])
def test_reducer(op, dtype):
    a, b, c = numbers(12, 40, dtype=dtype), poison(12, dtype), poison(12, dtype)

    def kernel(A, B, C):
        with T.Kernel(1, threads=64):
            r = T.alloc_reducer(12, dtype, op)
            T.reducer_init(r)
            for i, j in T.Parallel(12, 40):
                T.reducer_update(r[i], A[i, j])
            T.finalize_reducer(r, B)
            T.reducer_init(r, 5)
            for k in range(4):
                for i, j in T.Parallel(12, 10):
                    T.reducer_update(r[i], A[i, k * 10 + j])
            T.finalize_reducer(r)
            for i in T.Parallel(12):
                C[i] = r[i]

    run(kernel, a, b, c)
    expected = getattr(np, op)(a, 1)
    np.testing.assert_array_equal(b, expected)
    ufunc = {"sum": np.add, "max": np.maximum, "min": np.minimum}[op]
    np.testing.assert_array_equal(c, ufunc(expected, 5))


def refuse(error, match, function):
    def kernel(A):
        with T.Kernel(1, threads=32):
            r = T.alloc_reducer(4)
            function(A, r)

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros(4, np.float32))


def opened(function):
    def body(A, r):
        T.reducer_init(r)
        function(A, r)

    return body


def test_errors_of_reducers():
    only = "can only be used by T.reducer_init"
    refuse(ValueError, only, lambda A, r: T.copy(r, A))
    refuse(ValueError, only, lambda A, r: T.clear(r))
    refuse(ValueError, only, opened(lambda A, r: T.copy(r, A)))
    refuse(ValueError, only, opened(lambda A, r: T.copy(r[0:2], A[0:2])))

    def read(A, r):
        A[0] = r[0]

    def write(A, r):
        r[0] = 1

    refuse(ValueError, only, opened(read))
    refuse(ValueError, only, opened(write))
    refuse(
        ValueError,
        "T.reducer_update of reducer `r` expects T.reducer_init before it; the reducer "
        "is not initialised",
        lambda A, r: T.reducer_update(r[0], 1),
    )

    def twice(A, r):
        T.finalize_reducer(r)
        T.finalize_reducer(r)

    refuse(ValueError, "the reducer is finalized", opened(twice))
    refuse(
        TypeError,
        "T.reducer_update expects an element of a reducer, got Element",
        lambda A, r: T.reducer_update(A[0], 1),
    )
    refuse(TypeError, "T.reducer_init expects a reducer",
           lambda A, r: T.reducer_init(A))  # fmt: skip
    refuse(TypeError, "T.finalize_reducer expects a reducer",
           lambda A, r: T.finalize_reducer(A))  # fmt: skip
    refuse(ValueError, "op 'sum', 'max' or 'min', got 'mul'",
           lambda A, r: T.alloc_reducer(4, op="mul"))  # fmt: skip
    refuse(TypeError, "T.alloc_reducer expects a type of float64, .*, got int8",
           lambda A, r: T.alloc_reducer(4, "int8"))  # fmt: skip


@pytest.mark.parametrize(
    "domain, workers, group",
    [((5, 7), 4, 3), ((5, 7), 100, 8), ((1, 1), 3, 8), ((3, 4, 5), 7, 2), ((9,), 4, 3),
     ((4, 0), 2, 2)],
)  # fmt: skip
@pytest.mark.parametrize("dynamic", [False, True])
def test_persistent_visits_each_tile_once(domain, workers, group, dynamic):
    visits = np.zeros(domain, np.int32)

    def kernel(V):
        with T.Kernel(workers, threads=32) as worker:
            if len(domain) == 1:
                for i in T.Persistent(V.shape, workers, worker, group_size=group):
                    T.atomic_add(V[i], 1)
            elif len(domain) == 2:
                for i, j in T.Persistent(V.shape, workers, worker, group_size=group):
                    T.atomic_add(V[i, j], 1)
            else:
                for i, j, k in T.Persistent(V.shape, workers, worker, group):
                    T.atomic_add(V[i, j, k], 1)

    run(kernel, visits, dynamic=dynamic)
    assert (visits == 1).all()


def test_persistent_order():
    order = poison(15, "int32")

    def kernel(O):
        with T.Kernel(1, threads=32) as worker:
            n = T.alloc_var("int32", 0)
            for i, j in T.Persistent([3, 5], 1, worker, group_size=2):
                if i == 2 and j == 4:
                    continue
                O[n] = i * 10 + j
                n += 1

    run(kernel, order)
    expected = [0, 1, 10, 11, 20, 21, 2, 3, 12, 13, 22, 23, 4, 14]
    np.testing.assert_array_equal(order[:14], expected)


def test_errors_of_persistent():
    with pytest.raises(TypeError, match="expects a list of sizes, got 3"):
        T.Persistent(3, 1, 0)
    with pytest.raises(ValueError, match="group_size of at least 1, got 0"):
        T.Persistent([3], 1, 0, group_size=0)
    with pytest.raises(ValueError, match="wave_size of at least 1, got 0"):
        T.Persistent([3], 0, 0)
    with pytest.raises(TypeError, match="group_size as an int"):
        T.Persistent([3], 1, 0, group_size=T.dynamic("G"))


@pytest.mark.parametrize(
    "kernel_size, stride, dilation, pad", [(3, 1, 1, 1), (2, 2, 2, 1)]
)
def test_im2col(kernel_size, stride, dilation, pad):
    n, h, w, c = 2, 9, 7, 5
    img = numbers(n, h, w, c)
    reach = 2 * pad - dilation * (kernel_size - 1) - 1
    oh, ow = (h + reach) // stride + 1, (w + reach) // stride + 1
    rows, columns = n * oh * ow, kernel_size * kernel_size * c
    col = poison((rows, columns))

    def kernel(A, B):
        with T.Kernel(T.ceildiv(rows, 16), T.ceildiv(columns, 8), threads=32) as (i, j):
            s = T.alloc_shared((16, 8), "float32")
            T.c2d_im2col(A, s, i, j, kernel_size, stride, dilation, pad)
            T.copy(s, B[i * 16, j * 8])

    run(kernel, img, col)
    padded = np.pad(img, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    expected = np.empty((n, oh, ow, kernel_size, kernel_size, c), np.float32)
    for y in range(oh):
        for x in range(ow):
            for ky in range(kernel_size):
                for kx in range(kernel_size):
                    expected[:, y, x, ky, kx] = padded[
                        :, y * stride + ky * dilation, x * stride + kx * dilation
                    ]
    np.testing.assert_array_equal(col, expected.reshape(rows, columns))


def test_im2col_ranks():
    def kernel(A):
        with T.Kernel(1, threads=32):
            T.im2col(A, T.alloc_shared((4, 4)), 0, 0, 3, 1, 1, 1)

    with pytest.raises(ValueError, match="an image of rank 4 and a tile of rank 2"):
        trace(kernel, np.zeros((4, 4), np.float32))


def test_index_to_coordinates():
    assert T.index_to_coordinates(23, (3, 4, 5)) == [1, 0, 3]
    out = poison((60, 3), "int32")

    def kernel(O):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(60):
                x, y, z = T.index_to_coordinates(i, (3, 4, 5))
                O[i, 0] = x
                O[i, 1] = y
                O[i, 2] = z

    run(kernel, out)
    np.testing.assert_array_equal(
        out, np.stack(np.unravel_index(np.arange(60), (3, 4, 5)), 1)
    )
