"""Votes, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace


def masks(dtype):
    """Tiles with all, some and no elements set."""
    rng = np.random.default_rng()
    a = rng.integers(0, 2, (4, 8, 12)).astype(dtype)
    a[0], a[1], a[2] = 0, 1, 0
    a[2, 5, 7] = 1
    return a


@pytest.mark.parametrize("dtype", ["bool", "int32", "float32"])
@pytest.mark.parametrize("scope", ["shared", "fragment", "global", "local"])
def test_tiles(dtype, scope):
    a, out = masks(dtype), poison((4, 2), "int32")

    def kernel(A, O):
        with T.Kernel(4, threads=32) as bx:
            if scope == "global":
                any_, all_ = T.any_of(A[bx, :, :]), T.all_of(A[bx, 0:8, 0:12])
            elif scope == "local":
                s = T.alloc_local((8, 12), dtype)
                for i, j in T.grid(8, 12):
                    s[i, j] = A[bx, i, j]
                any_, all_ = T.any_of(s), T.all_of(s)
            else:
                alloc = T.alloc_shared if scope == "shared" else T.alloc_fragment
                s = alloc((8, 12), dtype)
                T.copy(A[bx, 0, 0], s)
                any_, all_ = T.any_of(s), T.all_of(s)
            if any_:
                O[bx, 0] = 1
            else:
                O[bx, 0] = 0
            O[bx, 1] = all_

    run(kernel, a, out)
    np.testing.assert_array_equal(out[:, 0], a.any((1, 2)))
    np.testing.assert_array_equal(out[:, 1], a.all((1, 2)))


@pytest.mark.parametrize("dynamic", [False, True])
def test_regions(dynamic):
    a, out = masks("int32"), poison((4, 8), "int32")

    def kernel(A, O):
        with T.Kernel(4, threads=32) as bx:
            for i in T.serial(8):
                O[bx, i] = T.any_of(A[bx, i, 4:8]) * 2 + T.all_of(A[bx, i, 10:20])

    run(kernel, a, out, dynamic=dynamic)
    expected = a[:, :, 4:8].any(2) * 2 + a[:, :, 10:].all(2)
    np.testing.assert_array_equal(out, expected)


def test_inside_parallel():
    a, out = masks("bool"), poison((4, 8), "int32")

    def kernel(A, O):
        with T.Kernel(1, threads=32):
            for b, i in T.Parallel(4, 8):
                if T.any_of(A[b, i, 2:6]):
                    O[b, i] = 1 + T.all_of(A[b, i, :])
                else:
                    O[b, i] = 0

    run(kernel, a, out)
    expected = np.where(a[:, :, 2:6].any(2), 1 + a.all(2), 0)
    np.testing.assert_array_equal(out, expected)


def test_errors():
    def kernel(A):
        with T.Kernel(1, threads=32):
            T.any_of(A[0])

    with pytest.raises(TypeError, match="T.any_of expects a buffer or a region"):
        trace(kernel, np.zeros(4, np.float32))
