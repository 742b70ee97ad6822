"""Functions of floats, against NumPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tile.language as T
from helpers import Typed, from_bfloat16, poison, run, to_bfloat16, trace

UNARY = {
    "exp": (np.exp, -5, 5),
    "exp2": (np.exp2, -5, 5),
    "exp10": (lambda x: 10.0**x, -3, 3),
    "log": (np.log, 0.1, 9),
    "log2": (np.log2, 0.1, 9),
    "log10": (np.log10, 0.1, 9),
    "log1p": (np.log1p, -0.5, 9),
    "sqrt": (np.sqrt, 0, 9),
    "rsqrt": (lambda x: 1 / np.sqrt(x), 0.1, 9),
    "sin": (np.sin, -9, 9),
    "cos": (np.cos, -9, 9),
    "tan": (np.tan, -1.4, 1.4),
    "asin": (np.arcsin, -1, 1),
    "acos": (np.arccos, -1, 1),
    "atan": (np.arctan, -9, 9),
    "sinh": (np.sinh, -4, 4),
    "cosh": (np.cosh, -4, 4),
    "tanh": (np.tanh, -4, 4),
    "asinh": (np.arcsinh, -9, 9),
    "acosh": (np.arccosh, 1, 9),
    "atanh": (np.arctanh, -0.9, 0.9),
    "erf": (np.vectorize(math.erf), -3, 3),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), -9, 9),
    "floor": (np.floor, -9, 9),
    "ceil": (np.ceil, -9, 9),
    "trunc": (np.trunc, -9, 9),
    "nearbyint": (np.rint, -9, 9),
    "abs": (np.abs, -9, 9),
    "__exp": (np.exp, -5, 5),
    "__exp2": (np.exp2, -5, 5),
    "__exp10": (lambda x: 10.0**x, -3, 3),
    "__log": (np.log, 0.1, 9),
    "__log2": (np.log2, 0.1, 9),
    "__log10": (np.log10, 0.1, 9),
    "__sin": (np.sin, -9, 9),
    "__cos": (np.cos, -9, 9),
    "__tan": (np.tan, -1.4, 1.4),
    "ieee_frcp": (lambda x: 1 / x, 1, 9),
    "ieee_fsqrt": (np.sqrt, 0, 9),
    "ieee_frsqrt": (lambda x: 1 / np.sqrt(x), 0.1, 9),
}
TOLERANCE = {"float16": 4e-3, "float32": 2e-5, "float64": 1e-12, "bfloat16": 2e-2}


def apply(function, dtype="float32"):
    """A kernel that applies a function to each element."""

    def kernel(A, B):
        with T.Kernel(T.ceildiv(A.shape[0], 32), threads=32) as bx:
            for i in T.Parallel(32):
                if bx * 32 + i < A.shape[0]:
                    B[bx * 32 + i] = function(A[bx * 32 + i])

    return kernel


@pytest.mark.parametrize("name", sorted(UNARY))
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_unary(name, dtype):
    reference, low, high = UNARY[name]
    rng = np.random.default_rng()
    values = rng.uniform(low, high, 45)
    if dtype == "bfloat16":
        a = Typed(to_bfloat16(values), dtype)
        b = Typed(poison(45, np.uint16), dtype)
        values = from_bfloat16(a.bits).astype(float)
    else:
        a, b = values.astype(dtype), poison(45, dtype)
        values = a.astype(float)
    # Functions of f64 need a library that a GPU has not.
    run(apply(getattr(T, name)), a, b, gpu=dtype != "float64")
    result = from_bfloat16(b.bits) if dtype == "bfloat16" else b
    np.testing.assert_allclose(
        result, reference(values), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype]
    )


def test_round_away_from_zero():
    a = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6], np.float32)
    b = poison(8)
    run(apply(T.round), a, b)
    np.testing.assert_array_equal(b, [-3, -2, -1, 1, 2, 3, 2, -3])
    run(apply(T.nearbyint), a, b)
    np.testing.assert_array_equal(b, np.rint(a))


def test_integers_become_floats():
    a = np.arange(1, 40, dtype=np.int32)
    b = poison(39)
    run(apply(T.log2), a, b)
    np.testing.assert_allclose(b, np.log2(a), rtol=1e-6)
    c = poison(39, np.int32)
    run(apply(T.floor), a, c)
    np.testing.assert_array_equal(c, a)


def test_abs_of_integers():
    a = np.array([-5, 5, 0, np.iinfo(np.int32).min], np.int32)
    b = poison(4, np.int32)
    run(apply(T.abs), a, b)
    np.testing.assert_array_equal(b, np.abs(a))


def test_binary():
    rng = np.random.default_rng()
    a = rng.uniform(0.5, 4, 37).astype(np.float32)
    b = rng.uniform(-3, 3, 37).astype(np.float32)
    names = ["pow", "atan2", "copysign", "fma", "__pow", "ieee_add", "ieee_sub"]
    names += ["ieee_mul", "ieee_fdiv", "ieee_fmaf"]
    out = {name: poison(37) for name in names}

    def kernel(A, B, P, Q, R, S, U, V, W, X, Y, Z):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(37):
                P[i] = T.pow(A[i], B[i])
                Q[i] = T.atan2(B[i], A[i])
                R[i] = T.copysign(A[i], B[i])
                S[i] = T.fma(A[i], B[i], 2.0)
                U[i] = T.__pow(A[i], B[i])
                V[i] = T.ieee_add(A[i], B[i])
                W[i] = T.ieee_sub(A[i], B[i], "rn")
                X[i] = T.ieee_mul(A[i], B[i])
                Y[i] = T.ieee_fdiv(A[i], B[i])
                Z[i] = T.ieee_fmaf(A[i], B[i], A[i])

    run(kernel, a, b, *out.values())
    x, y = a.astype(float), b.astype(float)
    expected = {
        "pow": x**y,
        "atan2": np.arctan2(y, x),
        "copysign": np.copysign(x, y),
        "fma": x * y + 2,
        "__pow": x**y,
        "ieee_add": a + b,
        "ieee_sub": a - b,
        "ieee_mul": a * b,
        "ieee_fdiv": a / b,
        "ieee_fmaf": x * y + x,
    }
    for name, value in expected.items():
        np.testing.assert_allclose(out[name], value, rtol=2e-6, atol=1e-6)


def test_powers_of_whole_numbers():
    a = np.linspace(-3, 3, 32).astype(np.float32)
    n = np.arange(-16, 16, dtype=np.int32)
    b, c, d = (poison(32) for _ in range(3))
    e = poison(32, np.int32)

    def kernel(A, N, B, C, D, E):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(32):
                B[i] = A[i] ** 3
                C[i] = A[i] ** -2
                D[i] = 2 ** A[i]
                E[i] = N[i] ** 5 + T.pow(N[i], 0)

    run(kernel, a, n, b, c, d, e)
    np.testing.assert_allclose(b, a.astype(float) ** 3, rtol=1e-6)
    np.testing.assert_allclose(c, a.astype(float) ** -2, rtol=1e-6)
    np.testing.assert_allclose(d, 2 ** a.astype(float), rtol=1e-6)
    np.testing.assert_array_equal(e, n**5 + 1)


def test_pow_of_integers_needs_a_known_exponent():
    def kernel(N):
        with T.Kernel(1, threads=32):
            N[0] = N[0] ** N[1]

    with pytest.raises(TypeError, match="as the exponent of an integer"):
        trace(kernel, np.zeros(2, np.int32))


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_classify(dtype):
    a = np.array([0, 1, np.inf, -np.inf, np.nan], dtype)
    out = [poison(5, np.bool_) for _ in range(3)]

    def kernel(A, B, C, D):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(5):
                B[i] = T.isnan(A[i])
                C[i] = T.isinf(A[i])
                D[i] = T.isfinite(A[i])

    run(kernel, a, *out)
    for value, reference in zip(out, (np.isnan, np.isinf, np.isfinite)):
        np.testing.assert_array_equal(value, reference(a))
    b, c = poison(5, np.bool_), poison(5, np.bool_)
    run(apply(T.isnan), a.astype(np.int32, casting="unsafe"), b)
    run(apply(T.isfinite), np.zeros(5, np.int32), c)
    assert not b.any() and c.all()


def test_rounding_modes():
    def kernel(A, mode):
        with T.Kernel(1, threads=32):
            A[0] = T.ieee_add(A[0], 1.0, mode)

    def rounded(A):
        kernel(A, "rz")

    def unknown(A):
        kernel(A, "up")

    a = np.zeros(1, np.float32)
    with pytest.raises(NotImplementedError, match="rounds to nearest"):
        trace(rounded, a)
    with pytest.raises(ValueError, match="expects the rounding mode"):
        trace(unknown, a)
