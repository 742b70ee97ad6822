"""Copies, fills and transposes, against NumPy."""

from __future__ import annotations

import re

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace


def numbers(*shape, dtype="float32"):
    return np.random.default_rng().standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("dynamic", [False, True])
def test_indexed_dimensions_between_sliced_ones(dynamic):
    q, o = numbers(2, 50, 3, 16), poison((2, 50, 3, 16))

    def kernel(Q, O):
        with T.Kernel(4, 3, 2, threads=64) as (bx, h, b):
            s = T.alloc_shared((16, 16), "float32")
            T.copy(Q[b, bx * 16 : (bx + 1) * 16, h, :], s)
            for i, j in T.Parallel(16, 16):
                s[i, j] = s[i, j] + i
            T.copy(s, O[b, bx * 16 : (bx + 1) * 16, h, :])

    run(kernel, q, o, dynamic=dynamic)
    rows = np.arange(50) % 16
    np.testing.assert_allclose(o, q + rows[None, :, None, None], rtol=1e-6)


def test_unit_extents():
    a, b, c = numbers(4, 40, 24), poison((40, 24)), poison((4, 40, 24))

    def kernel(A, B, C):
        with T.Kernel(4, threads=64) as bx:
            s = T.alloc_shared((1, 40, 24), "float32")
            f = T.alloc_fragment((40, 24), "float32")
            T.copy(A[bx, :, :], s)
            T.copy(s, f)
            T.copy(f, C[bx : bx + 1, 0:40, 0:24])
            if bx == 2:
                T.copy(A[bx, 0, 0], f)
                T.copy(f, B)

    run(kernel, a, b, c)
    np.testing.assert_array_equal(b, a[2])
    np.testing.assert_array_equal(c, a)


def test_corners_take_the_extents_of_the_other_side():
    a, b = numbers(70, 50), poison((70, 50))

    def kernel(A, B):
        with T.Kernel(3, 2, threads=64) as (by, bx):
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], s)
            T.copy(s, B[by * 32, bx * 32])

    run(kernel, a, b, dynamic=True)
    np.testing.assert_array_equal(b, a)


def test_larger_extent_counts():
    a, b = numbers(10, 8), poison((16, 8))

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((16, 8), "float32")
            T.copy(A[3, 0:8], s)
            T.copy(s, B)

    run(kernel, a, b)
    np.testing.assert_array_equal(b[:7], a[3:])
    np.testing.assert_array_equal(b[7:], 0)


def test_elements_and_scalars():
    a, b = numbers(6), poison(6, "int32")

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            T.copy(A[2], B[4])
            B[0:3] = 7
            T.clear(B[3])

    run(kernel, a, b)
    np.testing.assert_array_equal(b[:5], [7, 7, 7, 0, int(a[2])])


@pytest.mark.parametrize("dynamic", [False, True])
def test_safe_values_and_pads(dynamic):
    a, b, c = numbers(10), poison(16), poison(16)

    def kernel(A, B, C):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared(16, "float32")
            T.copy(A[0], s, pad=3.0)
            T.copy(s, B)
            T.annotate_safe_value({A: -1.0})
            T.copy(A[0], s)
            T.copy(s, C)

    run(kernel, a, b, c, dynamic=dynamic)
    np.testing.assert_array_equal(b, np.append(a, [3] * 6))
    np.testing.assert_array_equal(c, np.append(a, [-1] * 6))


@pytest.mark.parametrize("dynamic", [False, True])
def test_fills_stay_inside(dynamic):
    a = np.arange(60 * 20, dtype=np.float32).reshape(60, 20)
    guard = a[40:].copy()

    def kernel(A):
        with T.Kernel(2, threads=32) as bx:
            T.fill(A[bx * 32 : bx * 32 + 32, 4:12], 1.5)
            s = T.alloc_shared((8, 8), "float32")
            T.fill(s, 2)
            T.clear(s[2:4, :])
            s[5, 1:3] = -1
            if bx == 0:
                T.copy(s, A[0:8, 12:20])

    view = a[:40]
    expected = view.copy()
    expected[:, 4:12] = 1.5
    tile = np.full((8, 8), 2.0)
    tile[2:4] = 0
    tile[5, 1:3] = -1
    expected[0:8, 12:20] = tile
    run(kernel, view, dynamic=dynamic)
    np.testing.assert_array_equal(view, expected)
    np.testing.assert_array_equal(a[40:], guard)


@pytest.mark.parametrize("scope", ["shared", "fragment"])
def test_transpose(scope):
    a, b, c = numbers(12, 20), poison((20, 12)), poison((5, 3))

    def kernel(A, B, C):
        with T.Kernel(1, threads=32):
            alloc = T.alloc_shared if scope == "shared" else T.alloc_fragment
            s, t = alloc((12, 20), "float32"), alloc((20, 12), "float32")
            T.copy(A, s)
            T.transpose(s, t)
            T.copy(t, B)
            T.transpose(A[2:5, 10:15], C)

    run(kernel, a, b, c)
    np.testing.assert_array_equal(b, a.T)
    np.testing.assert_array_equal(c, a[2:5, 10:15].T)


def refuse(error, match, function):
    def kernel(A):
        with T.Kernel(1, threads=32):
            function(A, T.alloc_shared((4, 8), "float32"))

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros((4, 16), np.float32))


def test_errors():
    refuse(
        ValueError,
        r"T.copy expects buffers of equal shapes, got \(4, 16\) of `A` and \(4, 8\)",
        lambda A, s: T.copy(A, s),
    )
    refuse(TypeError, "T.copy expects a buffer, a region or an element, got int",
           lambda A, s: T.copy(3, s))  # fmt: skip
    refuse(
        ValueError,
        "eviction_policy as one of evict_normal, evict_first, evict_last, got 'first'",
        lambda A, s: T.copy(A[0, 0], s, eviction_policy="first"),
    )
    refuse(
        ValueError,
        "prefer_instruction as one of tma, cp_async, sync, got 'ldgsts'",
        lambda A, s: T.copy(A[0, 0], s, prefer_instruction="ldgsts"),
    )
    refuse(
        TypeError,
        "T.annotate_safe_value expects buffers as keys, got Region",
        lambda A, s: T.annotate_safe_value({A[0:2]: 1.0}),
    )
    refuse(
        ValueError,
        r"T.transpose expects sizes M x N and N x M, got \(4, 16\) and \(4, 8\)",
        lambda A, s: T.transpose(A, s),
    )
    refuse(
        TypeError,
        "T.transpose expects buffers or regions, got an element",
        lambda A, s: T.transpose(A[0, 0], s),
    )


@pytest.mark.parametrize(
    "copy, shapes",
    [
        (lambda A, s: T.copy(A[0:4, 0:8], s[0:4, 0:4]), r"(4, 8) of `A` and (4, 4)"),
        (lambda A, s: T.copy(s[0:2, 0:8], A[0:3, 0:8]), r"(2, 8) of `s` and (3, 8)"),
        (lambda A, s: T.copy(A[0:1, 0:8], s[0:4, 0:8]), r"(1, 8) of `A` and (4, 8)"),
        (lambda A, s: T.copy(A[2, 0:8], s[0:4, 0:8]), r"(8) of `A` and (4, 8)"),
        (lambda A, s: T.copy(A[2, 0:8], s[1, 0:4]), r"(8) of `A` and (4)"),
        (
            lambda A, s: A.__setitem__((slice(0, 2), 3), s[0:3, 1]),
            r"(3) of `s` and (2)",
        ),
    ],
)
def test_regions_of_different_sizes(copy, shapes):
    def kernel(A):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((4, 8), "float32")
            copy(A, s)

    message = re.escape(f"T.copy expects regions of equal shapes, got {shapes}")
    with pytest.raises(ValueError, match=message):
        trace(kernel, np.zeros((4, 16), np.float32))


def test_regions_of_one_size():
    a, b = numbers(4, 16), poison((16, 3))

    def kernel(A, B):
        with T.Kernel(2, threads=32) as bx:
            s = T.alloc_shared((1, 8, 2), "float32")
            T.copy(A[bx * 2 + 1, 4:12], s[0, :, 1])
            T.copy(s[0:1, 0:8, 1], B[bx * 8 : bx * 8 + 8, 2])

    run(kernel, a, b)
    np.testing.assert_array_equal(b[:, 2], a[1::2, 4:12].ravel())
    assert np.isnan(b[:, :2]).all()


def test_unit_sizes_in_other_places():
    def kernel(A):
        with T.Kernel(1, threads=32):
            T.copy(A, T.alloc_shared((8, 1), "float32"))

    message = (
        r"T.copy expects buffers of equal shapes, got \(1, 8\) of `A` and \(8, 1\)"
    )
    with pytest.raises(ValueError, match=message):
        trace(kernel, np.zeros((1, 8), np.float32))


def test_hints():
    a, b = numbers(4, 8), poison((4, 8))

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((4, 8), "float32")
            T.copy(A, s, coalesced_width=4, disable_tma=True, prefer_instruction="sync")
            T.copy(s, B, eviction_policy="evict_last")

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a)
