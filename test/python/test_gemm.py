"""Products of tiles, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import Typed, from_bfloat16, poison, run, to_bfloat16, trace

TYPES = [
    ("float16", "float32"),
    ("float16", "float16"),
    ("bfloat16", "float32"),
    ("float32", "float32"),
    ("tfloat32", "float32"),
    ("float64", "float64"),
    ("int8", "int32"),
]


def numbers(shape, dtype):
    """An argument of small random numbers, and their values."""
    values = np.random.default_rng().integers(-4, 5, shape).astype(float)
    if dtype == "bfloat16":
        return Typed(to_bfloat16(values), dtype), values
    if dtype == "tfloat32":
        return Typed(values.astype(np.float32), dtype), values
    return values.astype(dtype), values


def product(m, n, k, dtype, accumulator, trans_a=False, trans_b=False, **options):
    """A kernel of one product with tiles of 32 x 32 x 16."""
    a_tile = (16, 32) if trans_a else (32, 16)
    b_tile = (32, 16) if trans_b else (16, 32)

    def kernel(A, B, C):
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32), threads=64) as (bx, by):
            a = T.alloc_shared(a_tile, dtype)
            b = T.alloc_shared(b_tile, dtype)
            c = T.alloc_fragment((32, 32), accumulator)
            T.clear(c)
            for i in T.Pipelined(T.ceildiv(k, 16), num_stages=2):
                if trans_a:
                    T.copy(A[i * 16, by * 32], a)
                else:
                    T.copy(A[by * 32, i * 16], a)
                if trans_b:
                    T.copy(B[bx * 32, i * 16], b)
                else:
                    T.copy(B[i * 16, bx * 32], b)
                T.gemm(a, b, c, trans_a, trans_b, **options)
            T.copy(c, C[by * 32, bx * 32])

    return kernel


@pytest.mark.parametrize("dtype, accumulator", TYPES)
def test_types(dtype, accumulator):
    (a, x), (b, y) = numbers((50, 40), dtype), numbers((40, 70), dtype)
    c = poison((50, 70), accumulator)
    run(product(50, 70, 40, dtype, accumulator), a, b, c)
    np.testing.assert_array_equal(c, (x @ y).astype(accumulator))


@pytest.mark.parametrize("trans_a", [False, True])
@pytest.mark.parametrize("trans_b", [False, True])
@pytest.mark.parametrize("policy", list(T.GemmWarpPolicy))
def test_transposes_and_policies(trans_a, trans_b, policy):
    (a, x), (b, y) = numbers((64, 48), "float16"), numbers((48, 32), "float16")
    a = np.ascontiguousarray(a.T) if trans_a else a
    b = np.ascontiguousarray(b.T) if trans_b else b
    c = poison((64, 32))
    kernel = product(
        64, 32, 48, "float16", "float32", trans_a, trans_b, policy=policy, k_pack=1
    )
    run(kernel, a, b, c)
    np.testing.assert_array_equal(c, x @ y)


@pytest.mark.parametrize(
    "names", [("float8_e4m3fn", "float8_e5m2"), ("float8_e4m3",) * 2]
)
def test_float8(names):
    values = np.array([0.0, 1.0, 2.0, -1.0])
    bits = {"float8_e5m2": [0x00, 0x3C, 0x40, 0xBC]}
    index = [np.random.default_rng().integers(0, 4, s) for s in ((32, 64), (64, 32))]
    a, b = (
        Typed(np.array(bits.get(n, [0x00, 0x38, 0x40, 0xB8]), np.uint8)[i], n)
        for n, i in zip(names, index)
    )
    c = poison((32, 32))

    def kernel(A, B, C):
        with T.Kernel(1, threads=128):
            x, y = T.alloc_shared((32, 64), names[0]), T.alloc_shared(
                (64, 32), names[1]
            )
            z = T.alloc_fragment((32, 32))
            T.copy(A, x)
            T.copy(B, y)
            T.gemm(x, y, z, clear_accum=True)
            T.copy(z, C)

    run(kernel, a, b, c)
    np.testing.assert_array_equal(c, values[index[0]] @ values[index[1]])


@pytest.mark.parametrize("clear", ["never", "always", "first"])
def test_clear_accum(clear):
    (a, x), (b, y) = numbers((32, 48), "float16"), numbers((48, 32), "float16")
    c = poison((32, 32))

    def kernel(A, B, C):
        with T.Kernel(1, threads=128):
            s, t = T.alloc_shared((32, 16), "float16"), T.alloc_shared(
                (16, 32), "float16"
            )
            z = T.alloc_fragment((32, 32))
            T.fill(z, 3)
            for k in T.serial(3):
                T.copy(A[0, k * 16], s)
                T.copy(B[k * 16, 0], t)
                when = {"never": False, "always": True, "first": k == 0}[clear]
                T.gemm(s, t, z, clear_accum=when)
            T.copy(z, C)

    run(kernel, a, b, c)
    expected = {"never": x @ y + 3, "always": x[:, 32:] @ y[32:], "first": x @ y}
    np.testing.assert_array_equal(c, expected[clear])


def test_regions_and_fragments():
    (a, x), (b, y) = numbers((2, 32, 3, 16), "float16"), numbers((64, 32), "float16")
    c, d = poison((32, 32)), poison((32, 32))

    def kernel(A, B, C, D):
        with T.Kernel(1, threads=128):
            s = T.alloc_shared((2, 32, 3, 16), "float16")
            t = T.alloc_shared((64, 32), "float16")
            z, w = T.alloc_fragment((1, 32, 32)), T.alloc_fragment((32, 32))
            f = T.alloc_fragment((32, 16), "float16")
            T.copy(A, s)
            T.copy(B, t)
            T.clear(z)
            T.gemm(s[1, :, 2, :], t[16:32, :], z)
            T.copy(A[0, :, 1, :], f)
            T.gemm(f, t[48:, 0:32], w, clear_accum=True)
            T.copy(z, C)
            T.copy(w, D)

    run(kernel, a, b, c, d)
    np.testing.assert_array_equal(c, x[1, :, 2] @ y[16:32])
    np.testing.assert_array_equal(d, x[0, :, 1] @ y[48:])


def refuse(error, match, a=(16, 32), b=(32, 16), c=(16, 16), types=None, **options):
    types = types or ("float16", "float16", "float32")

    def kernel(A):
        with T.Kernel(1, threads=32):
            tiles = [T.alloc_shared(s, t) for s, t in zip((a, b, c), types)]
            T.gemm(*tiles, **options)

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros(4, np.float32))


def test_errors():
    refuse(
        AssertionError, "T.gemm K shape check failed: K_A = 32, K_B = 16", b=(16, 16)
    )
    refuse(AssertionError, "T.gemm M shape check failed: M_A = 16, M_C = 8", c=(8, 16))
    refuse(AssertionError, "T.gemm N shape check failed: N_B = 16, N_C = 8", c=(16, 8))
    refuse(AssertionError, "K_A = 16, K_B = 32", transpose_A=True, c=(32, 16))
    refuse(
        ValueError,
        "Mixed-dtype GEMM only supports f8f6f4 family, got A of float16 and B of",
        types=("float16", "bfloat16", "float32"),
    )
    refuse(
        ValueError,
        "T.gemm expects A and B of float64, .*, got int32",
        types=("int32", "int32", "int32"),
    )
    refuse(
        ValueError,
        "T.gemm expects C of float32 for A and B of bfloat16, got bfloat16",
        types=("bfloat16", "bfloat16", "bfloat16"),
    )
    refuse(ValueError, "A as a matrix, with leading sizes of 1, got .2, 16, 32.",
           a=(2, 16, 32))  # fmt: skip
    refuse(ValueError, "T.gemm takes no mbar", mbar=3)
    refuse(TypeError, "T.gemm expects transpose_B as a bool", transpose_B="yes")

    def element(A):
        with T.Kernel(1, threads=32):
            T.gemm(A[0, 0], A, A)

    def unknown(A):
        with T.Kernel(1, threads=32):
            T.gemm(A, A, A)

    a = np.zeros((4, 4), np.float32)
    with pytest.raises(TypeError, match="a buffer or a region for A, got an element"):
        trace(element, a)
    with pytest.raises(ValueError, match="sizes of A known at compile time"):
        trace(unknown, a, dynamic=True)
