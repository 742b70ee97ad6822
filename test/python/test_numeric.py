"""Integers, limits, choices and conversions, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import Typed, from_bfloat16, poison, run, to_bfloat16, trace

INTEGERS = ["int8", "int16", "int32", "int64"]


def apply2(function):
    """A kernel that applies a function to two elements."""

    def kernel(A, B, C):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(A.shape[0]):
                C[i] = function(A[i], B[i])

    return kernel


def pairs(dtype):
    """Random pairs of signed numbers without zero divisors."""
    rng = np.random.default_rng()
    a = rng.integers(-100, 100, 64).astype(dtype)
    b = rng.integers(1, 9, 64).astype(dtype) * rng.choice([-1, 1], 64).astype(dtype)
    return a, b


@pytest.mark.parametrize("dtype", INTEGERS)
def test_division(dtype):
    a, b = pairs(dtype)
    out = [poison(64, dtype) for _ in range(7)]

    def kernel(A, B, C, D, E, F, G, H, J):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(64):
                C[i] = A[i] // B[i]
                D[i] = A[i] % B[i]
                E[i] = T.truncdiv(A[i], B[i])
                F[i] = T.truncmod(A[i], B[i])
                G[i] = T.ceildiv(A[i], B[i])
                H[i] = T.floordiv(A[i], 7)
                J[i] = T.floormod(A[i], -7)

    run(kernel, a, b, *out)
    wide, divisor = a.astype(np.int64), b.astype(np.int64)
    quotient = np.trunc(wide / divisor).astype(np.int64)
    expected = [
        wide // divisor,
        wide % divisor,
        quotient,
        wide - quotient * divisor,
        -(-wide // divisor),
        wide // 7,
        wide % -7,
    ]
    for value, reference in zip(out, expected):
        np.testing.assert_array_equal(value, reference.astype(dtype))


def test_division_of_loop_variables():
    out = [poison(50, np.int32) for _ in range(4)]

    def kernel(A, B, C, D):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(50):
                A[i] = i // 7
                B[i] = i % 7
                C[i] = T.ceildiv(i, 7)
                D[i] = (i - 25) // 7 + T.truncdiv(i, 3) - T.truncmod(i, 3)

    run(kernel, *out)
    i = np.arange(50)
    np.testing.assert_array_equal(out[0], i // 7)
    np.testing.assert_array_equal(out[1], i % 7)
    np.testing.assert_array_equal(out[2], -(-i // 7))
    np.testing.assert_array_equal(out[3], (i - 25) // 7 + i // 3 - i % 3)


def test_true_division_of_integers_is_float():
    a, b = pairs("int32")
    c = poison(64)
    run(apply2(lambda x, y: x / y), a, b, c)
    np.testing.assert_array_equal(c, a.astype(np.float32) / b.astype(np.float32))


def test_division_of_floats():
    rng = np.random.default_rng()
    a = rng.uniform(-9, 9, 64).astype(np.float32)
    b = rng.uniform(1, 4, 64).astype(np.float32) * rng.choice([-1, 1], 64)
    b = b.astype(np.float32)
    c, d = poison(64), poison(64)
    run(apply2(lambda x, y: x // y), a, b, c)
    run(apply2(lambda x, y: x % y), a, b, d)
    np.testing.assert_array_equal(c, np.floor(a / b))
    np.testing.assert_allclose(d, a - np.floor(a / b) * b, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_bits(dtype):
    a, b = pairs(dtype)
    b = np.abs(b) % 7
    out = [poison(64, dtype) for _ in range(6)]

    def kernel(A, B, C, D, E, F, G, H):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(64):
                C[i] = T.shift_left(A[i], B[i])
                D[i] = T.shift_right(A[i], B[i])
                E[i] = T.bitwise_and(A[i], B[i])
                F[i] = T.bitwise_or(A[i], B[i])
                G[i] = T.bitwise_xor(A[i], B[i])
                H[i] = T.bitwise_not(A[i])

    run(kernel, a, b, *out)
    expected = [a << b, a >> b, a & b, a | b, a ^ b, ~a]
    for value, reference in zip(out, expected):
        np.testing.assert_array_equal(value, reference)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", *INTEGERS])
def test_order(dtype):
    a, b = pairs(dtype)
    out = [poison(64, dtype) for _ in range(3)]

    def kernel(A, B, C, D, E):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(64):
                C[i] = T.max(A[i], B[i])
                D[i] = T.min(A[i], B[i])
                E[i] = T.clamp(A[i], -3, 5)

    run(kernel, a, b, *out)
    np.testing.assert_array_equal(out[0], np.maximum(a, b))
    np.testing.assert_array_equal(out[1], np.minimum(a, b))
    np.testing.assert_array_equal(out[2], np.clip(a, -3, 5))


def test_order_of_nan():
    nan = np.nan
    a = np.array([nan, 1, nan, np.inf], np.float32)
    b = np.array([1, nan, nan, nan], np.float32)
    c, d = poison(4), poison(4)
    run(apply2(T.max), a, b, c)
    run(apply2(T.min), a, b, d)
    np.testing.assert_array_equal(c, np.fmax(a, b))
    np.testing.assert_array_equal(d, np.fmin(a, b))
    e = np.zeros(4, np.float32)
    run(apply2(lambda x, y: T.clamp(x, 2.0, 3.0)), a, b, e)
    np.testing.assert_array_equal(e, [2, 2, 2, 3])


def test_order_of_bool():
    a = np.array([0, 0, 1, 1], np.bool_)
    b = np.array([0, 1, 0, 1], np.bool_)
    c, d, e = (poison(4, np.bool_) for _ in range(3))
    run(apply2(T.max), a, b, c)
    run(apply2(T.min), a, b, d)
    run(apply2(lambda x, y: T.bitwise_not(x)), a, b, e)
    np.testing.assert_array_equal(c, a | b)
    np.testing.assert_array_equal(d, a & b)
    np.testing.assert_array_equal(e, ~a)


def test_arithmetic_of_bool_is_int32():
    a = np.array([0, 0, 1, 1], np.bool_)
    b = np.array([0, 1, 0, 1], np.bool_)
    c = poison(4, np.int32)
    run(apply2(lambda x, y: x + y * 2 - (-x) + (x << y)), a, b, c)
    x, y = a.astype(int), b.astype(int)
    np.testing.assert_array_equal(c, x + y * 2 + x + (x << y))
    d = poison(4)
    run(apply2(lambda x, y: x / (y + 1)), a, b, d)
    np.testing.assert_array_equal(d, x / (y + 1))


def test_numbers_stay_numbers():
    assert T.ceildiv(7, 2) == 4 and T.ceildiv(-7, 2) == -3
    assert T.floordiv(-7, 2) == -4 and T.floormod(-7, 2) == 1
    assert T.truncdiv(-7, 2) == -3 and T.truncmod(-7, 2) == -1
    assert T.truncdiv(7, -2) == -3 and T.truncmod(7, -2) == 1
    assert T.max(3, 4) == 4 and T.min(3, 4.0) == 3 and T.clamp(9, 0, 5) == 5
    assert T.max(float("nan"), 2) == 2 and T.min(2, float("nan")) == 2
    assert T.shift_left(3, 2) == 12 and T.shift_right(-9, 1) == -5
    assert T.bitwise_not(True) is False and T.bitwise_not(5) == ~5
    assert T.if_then_else(True, 1, 2) == 1 and T.Select(False, 1, 2) == 2
    assert repr(T.ceildiv(T.dynamic("M"), 64)) == "M ceildiv 64"


def test_division_by_zero():
    for function in (T.ceildiv, T.truncdiv, T.truncmod, T.floordiv, T.floormod):
        with pytest.raises(ZeroDivisionError):
            function(3, 0)

        def kernel(A):
            with T.Kernel(1, threads=32):
                A[0] = function(A[0], 0)  # noqa: B023

        with pytest.raises(ZeroDivisionError):
            trace(kernel, np.zeros(1, np.int32))


def test_integer_division_refuses_floats():
    with pytest.raises(TypeError, match="T.ceildiv expects integers"):
        T.ceildiv(1.5, 2)
    with pytest.raises(TypeError, match="T.truncdiv expects integers"):
        T.truncdiv(3, 2.0)
    with pytest.raises(TypeError, match="expected a number or a scalar"):
        T.truncmod("x", 2)


def test_limits():
    assert T.infinity("float16") == np.inf
    assert T.max_value("float16") == np.finfo(np.float16).max
    assert T.min_value("float32") == np.finfo(np.float32).min
    assert T.max_value(T.int8) == 127 and T.min_value("int64") == -(2**63)
    assert T.max_value("bool") is True and T.min_value("bool") is False
    assert from_bfloat16(to_bfloat16(np.array([T.max_value("bfloat16")])))[
        0
    ] == T.max_value("bfloat16")
    for name in ("int32", "float8_e4m3fn"):
        with pytest.raises(TypeError, match="has no infinity"):
            T.infinity(name)
    with pytest.raises(TypeError, match="uint8 is not supported in kernels"):
        T.max_value("uint8")


def test_limits_in_a_kernel():
    b, c, d = poison(1), poison(1, np.float16), poison(1, np.int64)

    def kernel(B, C, D):
        with T.Kernel(1, threads=32):
            B[0] = -T.infinity("float32")
            C[0] = T.max_value("float16")
            D[0] = T.min_value("int64")

    run(kernel, b, c, d)
    assert b[0] == -np.inf and c[0] == 65504 and d[0] == -(2**63)


def test_if_then_else_computes_one_side():
    a = np.arange(5, dtype=np.float32)
    b = poison(64)

    def guarded(A, B):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(64):
                # From 5 on the index is far outside A.
                B[i] = T.if_then_else(i < 5, A[i + (i // 5 << 40)] * 2, -1.0)

    run(guarded, a, b)
    np.testing.assert_array_equal(b[:5], 2 * a)
    np.testing.assert_array_equal(b[5:], -1)


def test_select_of_mixed_types():
    a = np.arange(-4, 4, dtype=np.int32)
    b = poison(8)

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(8):
                B[i] = T.Select(A[i] > 0, A[i], 0.5) + T.Select(A[i] > 1, 1, 2)

    run(kernel, a, b)
    np.testing.assert_array_equal(b, np.where(a > 0, a, 0.5) + np.where(a > 1, 1, 2))


NUMBERS = {
    "float": [0, -0.0, 0.5, -0.5, 1.5, -2.5, 126.7, -128.9, 300, -300, 65519.9, 65520,
              1e6, 2.0**31, -(2.0**31), 3e9, 9.3e18, -9.3e18, 1e30, -1e30,
              np.inf, -np.inf, np.nan, 3.4e38, 1e-8, 2049.0, 16777217.0],
    "int": [0, 1, -1, 127, -128, 2049, 2051, -32768, 32767, 65519, 65520, 16777217,
            2**31 - 1, -(2**31), 2**53 + 1, 2**62 + 2**9 + 1, -(2**63), 2**63 - 1],
    "bool": [0, 1],
}  # fmt: skip


def convert_reference(values, dtype):
    """What the documentation of the conversions says, in NumPy."""
    source, target = values.dtype, np.dtype(dtype)
    if target.kind == "b":
        return values != 0
    if source.kind == "f" and target.kind == "i":
        info = np.iinfo(target)
        result = []
        for value in values.astype(float):
            whole = 0 if np.isnan(value) else value
            whole = info.max if whole >= info.max else whole
            whole = info.min if whole <= info.min else whole
            result.append(int(whole))
        return np.array(result, target)
    if source.kind == "i" and target == np.float16:
        # Python's integers are exact, and so rounded once.
        return np.array(
            [
                (
                    np.float16(float(v))
                    if abs(int(v)) < 2**53
                    else np.float16(np.inf if v > 0 else -np.inf)
                )
                for v in values
            ]
        )
    return values.astype(target)


@pytest.mark.parametrize("source", ["bool", *INTEGERS, "float16", "float32", "float64"])
def test_casts(source):
    kind = np.dtype(source).kind
    numbers = NUMBERS[{"b": "bool", "i": "int", "f": "float"}[kind]]
    if kind == "i":
        info = np.iinfo(source)
        numbers = [n for n in numbers if info.min <= n <= info.max]
    with np.errstate(all="ignore"):
        a = np.array(numbers, source)
    targets = ["bool", *INTEGERS, "float16", "float32", "float64"]
    out = [poison(len(a), t) for t in targets]

    def kernel(A, B, C, D, E, F, G, H, J):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(A.shape[0]):
                B[i] = T.bool(A[i])
                C[i] = T.cast(A[i], "int8")
                D[i] = T.Cast("int16", A[i])
                E[i] = A[i].astype("int32")
                F[i] = T.int64(A[i])
                G[i] = T.float16(A[i])
                H[i] = T.cast(A[i], T.float32)
                J[i] = A[i]

    run(kernel, a, *out)
    with np.errstate(all="ignore"):
        for value, target in zip(out, targets):
            expected = convert_reference(a, target)
            np.testing.assert_array_equal(value, expected, err_msg=target)


def test_casts_are_those_of_copy():
    with np.errstate(all="ignore"):
        a = np.array(NUMBERS["float"], np.float32)
    n = len(a)
    outs = []
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
        kind = np.uint16 if name == "bfloat16" else np.uint8
        b, c = Typed(poison(n, kind), name), Typed(poison(n, kind), name)
        d, e = poison(n), poison(n, np.int16)

        def kernel(A, B, C, D, E):
            with T.Kernel(1, threads=32):
                T.copy(A, C)
                for i in T.Parallel(A.shape[0]):
                    B[i] = A[i]
                    D[i] = C[i]
                    E[i] = C[i]

        run(kernel, a, b, c, d, e)
        np.testing.assert_array_equal(b.bits, c.bits)
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(e, convert_reference(d, "int16"))
        outs.append(d)
    expected = from_bfloat16(to_bfloat16(a))
    expected[np.isnan(a)] = np.nan
    np.testing.assert_array_equal(outs[0], expected)


def test_numbers_convert():
    assert T.int32(2.9) == 2 and T.float32(2) == 2.0 and T.bool(3) is True
    assert T.cast(2.5, "int8") == 2
    b = poison(6, np.int8)

    def kernel(B):
        with T.Kernel(1, threads=32):
            B[0] = T.int8(1e9)
            B[1] = T.int8(float("nan"))
            B[2] = -1e9
            B[3] = T.int32(-3.9)
            B[4] = True
            B[5] = 0xFF

    run(kernel, b)
    np.testing.assert_array_equal(b, [127, 0, -128, -3, 1, -1])


def test_numbers_out_of_range():
    def kernel(B):
        with T.Kernel(1, threads=32):
            B[0] = 300

    with pytest.raises(ValueError, match="300 is out of the range of int8"):
        trace(kernel, np.zeros(1, np.int8))


def test_reinterpret():
    a = np.random.default_rng().standard_normal(16).astype(np.float32)
    h = a.astype(np.float16)
    b, c = poison(16, np.int32), poison(16)
    d, e = poison(16, np.int16), Typed(poison(16, np.uint16), "bfloat16")

    def kernel(A, H, B, C, D, E):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(16):
                B[i] = T.reinterpret(A[i], "int32")
                C[i] = T.reinterpret("float32", T.reinterpret(A[i], T.int32))
                D[i] = T.reinterpret(H[i], dtype="int16")
                E[i] = T.reinterpret(H[i], T.bfloat16)

    run(kernel, a, h, b, c, d, e)
    np.testing.assert_array_equal(b, a.view(np.int32))
    np.testing.assert_array_equal(c, a)
    np.testing.assert_array_equal(d, h.view(np.int16))
    np.testing.assert_array_equal(e.bits, h.view(np.uint16))


def test_reinterpret_needs_one_width():
    def widths(A):
        with T.Kernel(1, threads=32):
            A[0] = T.reinterpret(A[0], "float64")

    def of_index(A):
        with T.Kernel(1, threads=32) as bx:
            A[0] = T.reinterpret(bx, "float64")

    with pytest.raises(TypeError, match="expects types of one width"):
        trace(widths, np.zeros(1, np.int32))
    with pytest.raises(TypeError, match="got index"):
        trace(of_index, np.zeros(1, np.int32))


@pytest.mark.parametrize("name", ["uint8", "uint32", "int4", "float6_e2m3fn"])
def test_types_that_kernels_cannot_hold(name):
    def kernel(A):
        with T.Kernel(1, threads=32):
            A[0] = T.cast(A[0], name)

    with pytest.raises(TypeError, match=f"{name} is not supported in kernels"):
        trace(kernel, np.zeros(1, np.int32))


def test_unknown_types():
    with pytest.raises(TypeError, match="Invalid DataType 'float7'"):
        T.dtype("float7")
