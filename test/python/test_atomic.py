"""Atomic updates, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import Typed, check_gpu, poison, run, to_bfloat16, trace

TYPES = ["float64", "float32", "float16", "int64", "int32"]


def numbers(shape, dtype):
    return np.random.default_rng().integers(-20, 20, shape).astype(dtype)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("kind", ["add", "max", "min"])
def test_elements(kind, dtype):
    a = numbers((5, 100), dtype)
    b = numbers(7, dtype)
    update = getattr(T, f"atomic_{kind}")

    def kernel(A, B):
        with T.Kernel(5, threads=32) as bx:
            for i in T.Parallel(100):
                update(B[i % 7], A[bx, i])

    expected = b.copy()
    ufunc = {"add": np.add, "max": np.maximum, "min": np.minimum}[kind]
    ufunc.at(expected, np.tile(np.arange(100) % 7, 5), a.ravel())
    run(kernel, a, b)
    np.testing.assert_array_equal(b, expected)


def test_bfloat16():
    b = Typed(to_bfloat16(np.zeros(1)), "bfloat16")

    def kernel(B):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(16):
                T.atomic_add(B[0], i)

    run(kernel, b)
    assert b.bits[0] == to_bfloat16(np.array([120.0]))[0]


@pytest.mark.parametrize("dtype", ["int32", "int64"])
@pytest.mark.parametrize("kind", ["and", "or", "xor"])
def test_bits(kind, dtype):
    a = np.random.default_rng().integers(0, 2**31 - 1, 60).astype(dtype)
    b = np.random.default_rng().integers(0, 2**31 - 1, 3).astype(dtype)

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(60):
                getattr(T, f"atomic_{kind}")(B[i // 20], A[i])

    expected = b.copy()
    ufunc = getattr(np, f"bitwise_{kind}")
    ufunc.at(expected, np.arange(60) // 20, a)
    run(kernel, a, b)
    np.testing.assert_array_equal(b, expected)


def test_previous_values():
    counter, order = np.array([5], np.int32), poison(64, "int32")
    out = poison(3, "int32")

    def kernel(C, O, P):
        with T.Kernel(1, threads=64):
            for i in T.Parallel(64):
                O[i] = T.atomic_add(C[0], 1, return_prev=True)
            # Outside of T.Parallel the block does it once.
            P[0] = T.atomic_max(C[0], 100, return_prev=True)
            P[1] = T.atomic_exchange(C[0], 7)
            P[2] = T.atomic_load(C[0])

    run(kernel, counter, order, out)
    np.testing.assert_array_equal(np.sort(order), np.arange(5, 69))
    np.testing.assert_array_equal(out, [69, 100, 7])
    assert counter[0] == 7


@pytest.mark.parametrize("scope", ["shared", "fragment"])
@pytest.mark.parametrize("dynamic", [False, True])
def test_tiles(scope, dynamic):
    a, c = numbers((3, 70, 50), "float32"), numbers((70, 50), "float32")
    expected = c + a.sum(0)

    def kernel(A, C):
        with T.Kernel(3, 3, 2, threads=64) as (bz, by, bx):
            alloc = T.alloc_shared if scope == "shared" else T.alloc_fragment
            s = alloc((32, 32), "float32")
            T.copy(A[bz, by * 32, bx * 32], s)
            T.atomic_add(C[by * 32, bx * 32], s)

    run(kernel, a, c, dynamic=dynamic)
    np.testing.assert_array_equal(c, expected)


def test_forms_of_tiles():
    a, b, c = (numbers((8, 8), "int32") for _ in range(3))
    kept = [x.copy() for x in (a, b, c)]

    def kernel(A, B, C):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((8, 8), "int32")
            T.copy(A, s)
            T.atomic_max(B, s)
            T.atomic_min(B[2:6, 1:5], 0)
            T.atomic_add(C[1:4, 2], s[0:3, 7])
            T.atomic_add(s, 3)
            T.copy(s, A)

    run(kernel, a, b, c)
    expected = np.maximum(kept[1], kept[0])
    expected[2:6, 1:5] = np.minimum(expected[2:6, 1:5], 0)
    np.testing.assert_array_equal(b, expected)
    kept[2][1:4, 2] += kept[0][0:3, 7]
    np.testing.assert_array_equal(c, kept[2])
    np.testing.assert_array_equal(a, kept[0] + 3)


def test_vectors():
    a, b = numbers((4, 16), "float32"), numbers((4, 16), "float32")
    expected = b + a
    expected[:, 4:8] += a[:, 0:4]

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            for i, j in T.Parallel(4, 8):
                T.atomic_addx2(B[i, j * 2], A[i, j * 2])
            for i in T.Parallel(4):
                T.atomic_addx4(B[i, 4], A[i, 0])

    run(kernel, a, b)
    np.testing.assert_array_equal(b, expected)


def test_memory_orders():
    flags, out = np.zeros(4, np.int32), poison(4, "int32")

    def kernel(F, O):
        with T.Kernel(1, threads=32):
            for order in ("relaxed", "consume", "acquire", "release", "acq_rel"):
                T.atomic_add(F[0], 1, memory_order=order)
            T.atomic_add(F[0], 1, "seq_cst")
            T.atomic_store(F[1], 5, "release")
            T.atomic_store(F[2], 6)
            for i in T.Parallel(1):
                T.atomic_or(F[3], 9, memory_order="acq_rel")
            O[0] = T.atomic_load(F[0], "acquire")
            O[1] = T.atomic_load(F[1], memory_order="relaxed")
            O[2] = T.atomic_load(F[2])
            O[3] = F[3]

    run(kernel, flags, out)
    np.testing.assert_array_equal(out, [6, 5, 6, 9])
    ptx = check_gpu(trace(kernel, flags, out))
    assert ptx.count("fence.acq_rel.sys") + ptx.count("membar") >= 7
    assert "fence.sc.sys" in ptx


def test_loads_keep_negative_zero():
    a, b = np.array([-0.0], np.float32), poison(1)

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            B[0] = T.atomic_load(A[0])

    run(kernel, a, b)
    assert np.signbit(a[0]) and np.signbit(b[0])


def refuse(error, match, function):
    def kernel(A, H):
        with T.Kernel(1, threads=32):
            function(A, H)

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros((4, 8), np.float32), np.zeros(4, np.int8))


def test_errors():
    refuse(
        ValueError,
        "atomic_load does not support memory_order='release', expected one of relaxed",
        lambda A, H: T.atomic_load(A[0, 0], "release"),
    )
    refuse(
        ValueError,
        "atomic_store does not support memory_order='acquire'",
        lambda A, H: T.atomic_store(A[0, 0], 1, "acquire"),
    )
    refuse(
        ValueError,
        "atomic_add does not support memory_order='strong'",
        lambda A, H: T.atomic_add(A[0, 0], 1, memory_order="strong"),
    )
    refuse(
        NotImplementedError,
        "return_prev is not supported for tile-region-based atomic operations",
        lambda A, H: T.atomic_add(A, 1, return_prev=True),
    )
    refuse(
        NotImplementedError,
        "return_prev is not supported for T.atomic_addx2",
        lambda A, H: T.atomic_addx2(A[0, 0], A[0, 2], return_prev=True),
    )
    refuse(
        TypeError,
        "T.atomic_addx4 expects the first of 4 elements on both sides, got Region",
        lambda A, H: T.atomic_addx4(A[0, 0:4], A[0, 2]),
    )
    refuse(
        TypeError,
        "T.atomic_add expects elements of float64, .*, got int8",
        lambda A, H: T.atomic_add(H[0], 1),
    )
    refuse(
        TypeError,
        "T.atomic_or expects elements of int64, int32, got float32",
        lambda A, H: T.atomic_or(A[0, 0], 1),
    )
    refuse(
        ValueError,
        "T.atomic_add expects a buffer in global or shared memory",
        lambda A, H: T.atomic_add(T.alloc_fragment(4), 1),
    )
    refuse(
        TypeError,
        "T.atomic_add expects an element, a region or a buffer to update, got int",
        lambda A, H: T.atomic_add(3, 1),
    )
    refuse(
        TypeError,
        "T.atomic_load expects an element, got BufferValue",
        lambda A, H: T.atomic_load(A),
    )


def test_tiles_in_parallel():
    def kernel(A):
        with T.Kernel(1, threads=32):
            for _ in T.Parallel(4):
                T.atomic_add(A, 1)

    with pytest.raises(ValueError, match="cannot be used inside T.Parallel"):
        trace(kernel, np.zeros(4, np.float32))
