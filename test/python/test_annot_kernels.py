"""Kernels with parameters of every kind of annotation, run on the CPU."""

from __future__ import annotations

from typing import Any, Optional, TypeVar

import numpy as np
import pytest
from helpers import fresh

import tile
import tile.language as T
from tile.errors import JITNoBuilderError, ShapeMismatchError
from tile.frontend.function import FunctionTrace

K = TypeVar("K")
E = TypeVar("E")
N = T.dynamic("N")


def poisoned(*shape: int, dtype: Any = np.float32) -> np.ndarray:
    return np.full(shape, np.nan, dtype)


# Six ways to annotate a copy ---------------------------------------------------


@tile.jit
def copy_open(X: T.Tensor[[int, int], Any], Y: T.Tensor[[int, int], Any]):
    M, L = X.shape
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            Y[i, j] = X[i, j]


@tile.jit
def copy_fixed(X: T.Tensor[[96, 128], T.float32], Y: T.Tensor[[96, 128], T.float32]):
    M, L = X.shape
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            Y[i, j] = X[i, j]


@tile.jit
def copy_mixed(X: T.Tensor[[int, 128], T.float32], Y: T.Tensor[[96, int], T.float32]):
    M, L = X.shape
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            Y[i, j] = X[i, j]


@tile.jit
def copy_rows(X: T.Tensor[[T.dyn, int], T.float32], Y: T.Tensor[[T.dyn, int], E]):
    M, L = X.shape
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            Y[i, j] = X[i, j]


@tile.jit
def copy_strided(
    X: T.StridedTensor[[int, int], [int, int], T.float32],
    Y: T.StridedTensor[[int, int], [int, int], T.float32],
):
    M, L = X.shape
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            Y[i, j] = X[i, j]


@tile.jit
def copy_any_strides(
    X: T.StridedTensor[[T.dyn["M"], T.dyn["L"]], [T.dyn, T.dyn], T.float32],
    Y: T.StridedTensor[[T.dyn["M"], T.dyn["L"]], [T.dyn, T.dyn], T.float32],
):
    M, L = X.shape
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            Y[i, j] = X[i, j]


COPIES = [copy_open, copy_fixed, copy_mixed, copy_rows, copy_strided, copy_any_strides]


@pytest.mark.parametrize("copy", COPIES, ids=lambda f: f.__name__)
def test_copies(copy):
    x, y = fresh(96, 128), poisoned(96, 128)
    copy(x, y)
    np.testing.assert_array_equal(x, y)


def views():
    yield fresh(96, 2, 128, 2)[:, 0, :, 0]
    yield fresh(192, 256)[::2, ::2]
    yield fresh(128, 96).T
    yield np.broadcast_to(fresh(96, 1), (96, 128))
    yield fresh(100, 130)[2:98, 1:129]


@pytest.mark.parametrize("copy", [copy_strided, copy_any_strides])
def test_copies_of_views(copy):
    for x in views():
        out = poisoned(128, 96)
        copy(x, out.T)
        np.testing.assert_array_equal(x, out.T)


@pytest.mark.host("copies to a GPU have none")
def test_negative_strides():
    x, y = fresh(8, 12)[::-1, ::-2], poisoned(8, 6)
    copy_any_strides(x, y)
    np.testing.assert_array_equal(x, y)
    with pytest.raises(ValueError, match="argument `X` stride 0: expected at least 0"):
        copy_strided(x, y)


@pytest.mark.parametrize("copy", COPIES[:4], ids=lambda f: f.__name__)
def test_views_are_not_contiguous(copy):
    for x in views():
        with pytest.raises(RuntimeError, match="argument 'X' stride .* contiguous"):
            copy(x, poisoned(96, 128))


def test_names_of_sizes_in_the_ir():
    strided = copy_any_strides.get_tir(fresh(4, 6), fresh(4, 6)).text()
    assert "strides [X_stride_0, X_stride_1]" in strided and "[M, L]" in strided
    rows = copy_rows.get_tir(fresh(4, 6), fresh(4, 6)).text()
    assert "#tile.tensor<[X_shape_0, 6], f32>" in rows
    assert "#tile.tensor<[Y_shape_0, 6], f32>" in rows


def test_one_kernel_for_many_sizes():
    kernel = copy_any_strides.compile(fresh(4, 6), fresh(4, 6))
    for rows, columns in [(1, 1), (33, 65), (64, 7), (0, 5)]:
        x, y = fresh(columns, rows).T, poisoned(rows, columns)
        assert copy_any_strides.compile(x, y) is kernel
        copy_any_strides(x, y)
        np.testing.assert_array_equal(x, y)
    assert copy_open.compile(fresh(4, 6), fresh(4, 6)) is not copy_open.compile(
        fresh(4, 7), fresh(4, 7)
    )


def test_sizes_with_a_name_have_to_agree():
    with pytest.raises(ShapeMismatchError, match="'Y' size 0: expected 4, which is M"):
        copy_any_strides(fresh(4, 6), poisoned(5, 6))


# Scalars -----------------------------------------------------------------------


@tile.jit
def scale(
    X: T.Tensor[[T.dyn["M"]], T.float32],
    Y: T.Tensor[[T.dyn["M"]], T.float32],
    factor: T.float32,
    offset: T.dyn["offset"],
    large: T.int64,
    flag: T.bool,
):
    with T.Kernel(1, threads=32):
        for i in T.Parallel(X.shape[0]):
            if flag and large > 2**40:
                Y[i] = X[i] * factor + offset
            else:
                Y[i] = X[i]


def test_scalars():
    kernel = None
    for factor, offset, large, flag in [
        (0.5, 3, 2**50, True),
        (np.float32(1.5), np.int32(-7), 2**50, True),
        (2, 3, 2**50, np.bool_(False)),
        (0.5, 3, -(2**60), True),
    ]:
        x, y = fresh(77), poisoned(77)
        scale(x, y, factor, offset, large, flag)
        is_scaled = flag and large > 2**40
        expected = x * np.float32(factor) + offset if is_scaled else x
        np.testing.assert_allclose(y, expected, rtol=1e-6)
        found = scale.compile(x, y, factor, offset, large, flag)
        assert kernel is None or found is kernel
        kernel = found


def test_a_scalar_can_be_a_size():
    @tile.jit
    def clear(X: T.Tensor[[T.dyn["n"]], T.float32], n: T.dyn["n"]):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(n):
                X[i] = n

    x = fresh(33)
    clear(x, 33)
    np.testing.assert_array_equal(x, 33)
    with pytest.raises(ShapeMismatchError, match="expected 34, which is n"):
        clear(x, 34)


def test_symbols_as_parameters():
    @tile.jit
    def clear(X: T.Tensor((N + 1,), T.float32), count: N, value: T.float32()):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N + 1):
                X[i] = value

    x = fresh(12)
    clear(x, 11, 2.5)
    np.testing.assert_array_equal(x, 2.5)
    with pytest.raises(ShapeMismatchError, match="expected 13, which is N"):
        clear(x, 12, 2.5)


# Compile-time parameters ---------------------------------------------------------


@tile.jit
def convert(X: T.Tensor[[int], Any], Y: T.Tensor[[int], Any], d: T.dtype, n=2):
    with T.Kernel(1, threads=32):
        for i in T.Parallel(X.shape[0]):
            Y[i] = T.cast(X[i] * n, d)


def test_spellings_of_a_dtype_share_a_kernel():
    x, y = fresh(20), poisoned(20, dtype=np.float16)
    kernels = {
        id(convert.compile(x, y, d))
        for d in ("float16", "half", T.float16, np.float16, np.dtype("float16"))
    }
    assert len(kernels) == 1
    assert convert.compile(x, y, "float32") is not convert.compile(x, y, "float16")
    convert(x, y, np.float16, n=np.int64(2))
    np.testing.assert_array_equal(y, (x * 2).astype(np.float16))
    with pytest.raises(TypeError, match="Invalid DataType 'quux'"):
        convert(x, y, "quux")


def test_shared_names():
    @tile.jit
    def outer(X: T.Tensor[[K], E], Y: T.Tensor[[K, K], E]):
        (n,) = X.shape
        assert isinstance(n, int)
        with T.Kernel(n, threads=32) as i:
            for j in T.Parallel(n):
                Y[i, j] = X[i] * X[j]

    x, y = fresh(13), poisoned(13, 13)
    outer(x, y)
    np.testing.assert_array_equal(y, np.outer(x, x))
    with pytest.raises(ShapeMismatchError, match="'Y' size 1: expected 13, which is K"):
        outer(x, poisoned(13, 14))
    with pytest.raises(TypeError, match="'Y': expected dtype float32, which is E"):
        outer(x, y.astype(np.float16))


def test_optional_tensors():
    @tile.jit
    def add(
        X: T.Tensor[[int], T.float32],
        Y: T.Tensor[[int], T.float32],
        bias: Optional[T.Tensor[[int], T.float32]] = None,
    ):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(X.shape[0]):
                if bias is None:
                    Y[i] = X[i]
                else:
                    Y[i] = X[i] + bias[i]

    x, bias, y = fresh(50), fresh(50), poisoned(50)
    add(x, y)
    np.testing.assert_array_equal(y, x)
    add(x, y, bias)
    np.testing.assert_array_equal(y, x + bias)
    add(x, y, bias=None)
    np.testing.assert_array_equal(y, x)
    assert "bias" not in add.get_tir(x, y).text()
    assert add.compile(x, y) is not add.compile(x, y, bias)


def test_optional_placeholder():
    M = T.dynamic("M")

    @tile.jit
    def add(
        X: T.Tensor((M,), T.float32),
        n: int,
        s: T.float32,
        T_: T.Tensor[[int], T.float32],
        bias: T.Tensor((M,), T.float32) | None = None,
    ):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M):
                X[i] = s if bias is None else bias[i]

    assert repr(add.func.annot) == (
        "FuncAnnot(add(X: Tensor((M), float32), n$, s: float32, "
        "T_: Tensor[[T__shape_0$], float32], "
        "bias: Optional[bias: Tensor((M), float32)]))"
    )
    x, bias = poisoned(50), fresh(50)
    add(x, 1, 2.0, x)
    np.testing.assert_array_equal(x, 2)
    add(x, 1, 2.0, x, bias)
    np.testing.assert_array_equal(x, bias)
    with pytest.raises(TypeError, match="unsupported operand"):
        T.Tensor((M,), T.float32) | 1


def test_bare_annotations():
    @tile.jit
    def double(X: T.Tensor, Y: T.Buffer):
        with T.Kernel(X.shape[0], threads=32) as i:
            for j in T.Parallel(X.shape[1]):
                Y[i, j] = X[i, j] + X[i, j]

    for dtype in (np.float32, np.float16, np.int32):
        x, y = (fresh(6, 10) * 100).astype(dtype), np.full((10, 6), 77, dtype)
        double(x, y.T)
        np.testing.assert_array_equal(y.T, x + x)


# Addresses -----------------------------------------------------------------------


@tile.jit
def transpose(X: T.ptr, Y: T.ptr, M: int, L: T.int32, d: T.dtype):
    x = T.make_tensor(X, (M, L), d)
    y = T.make_tensor(Y, (M, L), d, strides=(1, M))
    with T.Kernel(M, threads=32) as i:
        for j in T.Parallel(L):
            y[i, j] = x[i, j]


@pytest.mark.host("it passes addresses of the host")
@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int8])
def test_pointers(dtype):
    x = (fresh(12, 45) * 20).astype(dtype)
    y = np.full((45, 12), 77, dtype)
    transpose(x, y, 12, 45, dtype)
    np.testing.assert_array_equal(y, x.T)
    y[:] = 77
    transpose(x.ctypes.data, y.ctypes.data, 12, 45, dtype)
    np.testing.assert_array_equal(y, x.T)
    kernel = transpose.compile(T.ptr(), T.ptr(), 12, T.int32(), dtype)
    assert kernel is transpose.compile(x, y, 12, 45, dtype)
    assert "X: ptr" in repr(transpose.func.annot)


def test_tensors_by_call_form():
    @tile.jit
    def fill(X: T.ptr, n: T.int32):
        x = T.Tensor((n,), "float32", data=X)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(n):
                x[i] = 4

    x = fresh(31)
    fill(x, 31)
    np.testing.assert_array_equal(x, 4)


def trace_pointer(make: Any) -> None:
    with FunctionTrace.open("f") as function:
        make(function.add_pointer("p"))


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda p: T.make_tensor(4, (4,)), TypeError, "expected an address as T.ptr"),
        (lambda p: T.make_tensor(p, (4.0,)), TypeError, "expected an integer as a"),
        (lambda p: T.make_tensor(p, (4, 4), "int8", (4,)), ValueError, "2 sizes and 1"),
        (lambda p: T.make_tensor(p, (4,), "uint8"), TypeError, "uint8 is not sup"),
        (
            lambda p: [T.make_tensor(p, (4,), d) for d in ("int8", "float32")],
            TypeError,
            "at the address `p`: expected int8, got float32",
        ),
    ],
)
def test_bad_pointers(make, error, message):
    with pytest.raises(error, match=message):
        trace_pointer(make)


def test_pointers_outside_of_kernels():
    with pytest.raises(JITNoBuilderError, match="T.make_tensor can only be used"):
        T.make_tensor(T.ptr(), (4,), "float32")
    with pytest.raises(ValueError, match="expected the scope 'global', got 'local'"):
        T.ptr("float32", "local")


# prim_func -----------------------------------------------------------------------


def test_all_annotations_in_prim_func():
    @T.prim_func
    def add(
        X: T.Tensor[[T.dyn["M"], 64], T.float32],
        n: T.dyn["n"],
        Y: T.StridedTensor[[T.dyn["M"], 64], [T.dyn["s"], 1], T.float32],
        p: T.ptr,
        x: T.float32,
    ):
        with T.Kernel(X.shape[0], threads=32) as i:
            for j in T.Parallel(64):
                Y[i, j] = X[i, j] + n + x

    x, y = fresh(9, 64), poisoned(9, 128)
    tile.compile(add)(x, 3, y[:, :64], x, 0.5)
    np.testing.assert_allclose(y[:, :64], x + 3.5, rtol=1e-6)
    assert np.isnan(y[:, 64:]).all()


def test_prim_func_with_open_parameters():
    with pytest.raises(ValueError, match=r"Cannot create PrimFunc for `f`") as info:

        @T.prim_func
        def f(X: T.Tensor[[int], T.float32], block: int, d: T.dtype, n: T.int32):
            pass

    assert "Unknown Args: ['X', 'block', 'd']" in str(info.value)
