"""Reductions and scans of tiles, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace

KINDS = {
    "sum": np.sum,
    "max": np.max,
    "min": np.min,
    "abssum": lambda a, axis: np.sum(np.abs(a), axis),
    "absmax": lambda a, axis: np.max(np.abs(a), axis),
    "bitand": np.bitwise_and.reduce,
    "bitor": np.bitwise_or.reduce,
    "bitxor": np.bitwise_xor.reduce,
}
NUMBERS = ["sum", "max", "min", "abssum", "absmax"]


def numbers(shape, dtype):
    rng = np.random.default_rng()
    if np.dtype(dtype).kind == "f":
        return rng.standard_normal(shape).astype(dtype)
    if np.dtype(dtype).kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    return rng.integers(-100, 100, shape).astype(dtype)


def reducer(kind, shape, dim, keep=False, src="shared", dst="fragment", **options):
    """A kernel that reduces a tile that it loads."""
    result = list(shape)
    result[dim : dim + 1 or None] = [1] if keep else []
    alloc = {"shared": T.alloc_shared, "fragment": T.alloc_fragment}

    def kernel(A, B):
        with T.Kernel(1, threads=64):
            s = alloc[src](shape, A.dtype)
            d = alloc[dst](result, B.dtype)
            T.copy(A, s)
            T.copy(B, d)
            getattr(T, f"reduce_{kind}")(s, d, dim=dim, **options)
            T.copy(d, B)

    return kernel, tuple(result)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dim", [0, 1, 2, -1])
def test_dimensions(kind, dim):
    a = numbers((5, 17, 33), "int32")
    kernel, shape = reducer(kind, a.shape, dim)
    b = poison(shape, "int32")
    run(kernel, a, b)
    np.testing.assert_array_equal(b, KINDS[kind](a, dim))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64"])
@pytest.mark.parametrize("kind", NUMBERS)
def test_types(kind, dtype):
    a = numbers((16, 40), dtype)
    kernel, shape = reducer(kind, a.shape, 1, keep=True)
    b = poison(shape, dtype)
    run(kernel, a, b)
    wide = a.astype(float if np.dtype(dtype).kind == "f" else np.int64)
    expected = KINDS[kind](wide, 1).astype(dtype)[:, None]
    # Terms that cancel leave an error as large as the terms allow.
    error = 2e-3 if dtype == "float16" else 1e-5
    np.testing.assert_allclose(b, expected, rtol=error, atol=error * abs(wide).max())


@pytest.mark.parametrize("src", ["shared", "fragment"])
@pytest.mark.parametrize("dst", ["shared", "fragment"])
@pytest.mark.parametrize("kind", NUMBERS)
def test_scopes_and_accumulation(kind, src, dst):
    a, b = numbers((32, 24), "float32"), numbers(32, "float32")
    kernel, _ = reducer(kind, a.shape, 1, src=src, dst=dst, clear=False)
    held = b.copy()
    run(kernel, a, b)
    combine = {"sum": np.add, "min": np.minimum, "abssum": np.add}
    expected = combine.get(kind, np.maximum)(KINDS[kind](a, 1), held)
    np.testing.assert_allclose(b, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", ["max", "min", "absmax"])
@pytest.mark.parametrize("propagate", [False, True])
def test_nan(kind, propagate):
    a = numbers((8, 16), "float32")
    a[1, 3] = a[5, 0] = a[6] = np.nan
    kernel, shape = reducer(kind, a.shape, 1, nan_propagate=propagate)
    b = poison(shape)
    run(kernel, a, b)
    reference = {"max": np.max, "min": np.min} if propagate else {
        "max": np.fmax.reduce, "min": np.fmin.reduce}  # fmt: skip
    values = np.abs(a) if kind == "absmax" else a
    expected = reference["max" if kind == "absmax" else kind](values, 1)
    np.testing.assert_array_equal(b, expected)


@pytest.mark.parametrize("kind", ["bitand", "bitor", "bitxor", "max", "min", "absmax"])
def test_bool(kind):
    a = numbers((16, 3), "bool")
    kernel, shape = reducer(kind, a.shape, 1)
    b = poison(shape, "bool")
    run(kernel, a, b)
    np.testing.assert_array_equal(b, KINDS[kind](a, 1))


def test_conversion_to_a_wider_destination():
    a = numbers((16, 300), "int8")
    kernel, shape = reducer("sum", a.shape, 1)
    b = poison(shape, "int32")
    run(kernel, a, b)
    np.testing.assert_array_equal(b, a.astype(int).sum(1))
    h = numbers((16, 300), "float16")
    c = poison(shape)
    run(kernel, h, c)
    np.testing.assert_allclose(c, h.astype(float).sum(1), rtol=1e-4, atol=1e-4)


def test_vector():
    a = numbers(100, "float32")
    kernel, shape = reducer("sum", a.shape, 0, keep=True)
    b = poison(shape)
    run(kernel, a, b)
    np.testing.assert_allclose(b[0], a.astype(float).sum(), rtol=1e-4, atol=1e-5)


def test_regions():
    a = numbers((3, 16, 32), "float32")
    b, c = poison(16), poison(8)

    def kernel(A, B, C):
        with T.Kernel(1, threads=64):
            s = T.alloc_shared((3, 16, 32), "float32")
            m = T.alloc_shared((2, 16), "float32")
            T.copy(A, s)
            T.reduce_max(s[1, :, 8:24], m[1, :], dim=1)
            T.reduce_min(s[0, 4:12, :], m[0, 3:11], dim=-1)
            T.copy(m[1, :], B)
            T.copy(m[0, 3:11], C)

    run(kernel, a, b, c)
    np.testing.assert_array_equal(b, a[1, :, 8:24].max(1))
    np.testing.assert_array_equal(c, a[0, 4:12].min(1))


@pytest.mark.parametrize("clear", [True, False])
@pytest.mark.parametrize("kind", NUMBERS)
def test_local(kind, clear):
    b = poison(2)

    def kernel(B):
        with T.Kernel(1, threads=64):
            x = T.alloc_local((2, 5), "float32")
            y = T.alloc_local((2, 1), "float32")
            for i, j in T.grid(2, 5):
                x[i, j] = (i + 1) * (j - 3)
                y[i, 0] = 7.0
            getattr(T, f"reduce_{kind}")(x, y, dim=1, clear=clear)
            B[0] = y[0, 0]
            B[1] = y[1, 0]

    run(kernel, b)
    i, j = np.meshgrid(np.arange(2), np.arange(5), indexing="ij")
    x = (i + 1.0) * (j - 3)
    expected = KINDS[kind](x, 1)
    if not clear:
        combine = {"sum": np.add, "abssum": np.add, "min": np.minimum}
        expected = combine.get(kind, np.maximum)(expected, 7)
    np.testing.assert_array_equal(b, expected)


def refuse(error, match, function, *arrays):
    """The trace of a kernel of one statement must fail."""

    def kernel(A):
        with T.Kernel(1, threads=64):
            function(A)

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros((4, 8), np.float32))


def test_errors():
    def local(shape, dtype="float32"):
        return T.alloc_fragment(shape, dtype)

    refuse(
        ValueError,
        r"Invalid reduce output shape, buffer shape is \[4, 8\], dim is 1, "
        r"output shape is \[8\], expected shapes are \[4\] or \[4, 1\]",
        lambda A: T.reduce_sum(A, local((8,)), dim=1),
    )
    refuse(
        ValueError,
        r"Dimension 2 is out of bounds for buffer with shape \[4, 8\]",
        lambda A: T.reduce_max(A, local((8,)), dim=2),
    )
    refuse(TypeError, "an int as dim", lambda A: T.reduce_max(A, local(8), dim=1.0))
    refuse(
        ValueError,
        "T.reduce_bitand requires an integer/bool buffer as src, got float32",
        lambda A: T.reduce_bitand(A, local(4)),
    )
    refuse(
        ValueError,
        "T.reduce_sum expects a dst that can hold a count, got bool",
        lambda A: T.reduce_sum(local((4, 8), "bool"), local(4, "bool")),
    )
    refuse(
        TypeError,
        "T.reduce_sum expects a buffer or a region as src, got an element",
        lambda A: T.reduce_sum(A[0, 0], local(4)),
    )
    refuse(
        ValueError,
        "both buffers in the scope 'local', or none, got 'global' and 'local'",
        lambda A: T.reduce_sum(A, T.alloc_local(4, "float32")),
    )
    refuse(
        ValueError,
        r"T.cumsum: Dimension -3 is out of bounds",
        lambda A: T.cumsum(A, dim=-3),
    )
    refuse(
        ValueError,
        r"T.cummax expects src and dst of one shape, got \[4, 8\] and \[4, 4\]",
        lambda A: T.cummax(A, local((4, 4))),
    )
    refuse(
        ValueError,
        "T.cumsum expects numbers, got bool",
        lambda A: T.cumsum(local((4, 4), "bool")),
    )


def test_size_that_is_not_known():
    def kernel(A):
        with T.Kernel(1, threads=64):
            T.reduce_sum(A, T.alloc_fragment(4))

    with pytest.raises(ValueError, match="sizes of src known at compile time"):
        trace(kernel, np.zeros((4, 8), np.float32), dynamic=True)


@pytest.mark.parametrize("kind", ["sum", "max"])
@pytest.mark.parametrize("dim", [0, 1, -1])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("scope", ["shared", "fragment"])
def test_scan(kind, dim, reverse, scope):
    a = numbers((12, 37), "int32")
    b, c = poison(a.shape, "int32"), poison(a.shape, "int64")

    def kernel(A, B, C):
        with T.Kernel(1, threads=64):
            alloc = T.alloc_shared if scope == "shared" else T.alloc_fragment
            s = alloc((12, 37), "int32")
            d = alloc((12, 37), "int64")
            T.copy(A, s)
            scan = T.cumsum if kind == "sum" else T.cummax
            scan(s, d, dim=dim, reverse=reverse)
            T.copy(d, C)
            scan(s, dim=dim, reverse=reverse)
            T.copy(s, B)

    run(kernel, a, b, c)
    accumulate = np.add.accumulate if kind == "sum" else np.maximum.accumulate
    x = np.flip(a, dim) if reverse else a
    expected = accumulate(x, dim)
    expected = np.flip(expected, dim) if reverse else expected
    np.testing.assert_array_equal(b, expected)
    np.testing.assert_array_equal(c, expected)


def test_scan_of_regions_and_local():
    a = numbers((4, 16), "float32")
    b, c = poison((4, 16)), poison(5)

    def kernel(A, B, C):
        with T.Kernel(1, threads=64):
            s = T.alloc_shared((4, 16))
            T.copy(A, s)
            T.cumsum(s[2, :])
            T.copy(s, B)
            x = T.alloc_local((5,), "float32")
            for i in range(5):
                x[i] = i + 1
            T.cumsum(x)
            for i in range(5):
                C[i] = x[i]

    run(kernel, a, b, c)
    expected = a.copy()
    expected[2] = np.cumsum(a[2].astype(float))
    np.testing.assert_allclose(b, expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(c, [1, 3, 6, 10, 15])
