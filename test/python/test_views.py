"""Views and reshapes, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import tile
import tile.language as T
from helpers import poison, run, trace


def numbers(*shape, dtype="float32"):
    return np.random.default_rng().standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("scope", ["shared", "fragment", "local"])
def test_reshape(scope):
    a, b = numbers(8, 12), poison((8, 12))

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            if scope == "local":
                s = T.alloc_local((8, 12), "float32")
                v = T.reshape(s, (4, -1))
                for i, j in T.grid(8, 12):
                    s[i, j] = A[i, j]
                for i, j in T.grid(4, 24):
                    v[i, j] = v[i, j] + i
                for i, j in T.grid(8, 12):
                    B[i, j] = s[i, j]
            else:
                alloc = T.alloc_shared if scope == "shared" else T.alloc_fragment
                s = alloc((8, 12), "float32")
                v = T.reshape(s, (4, 24))
                assert v.shape == (4, 24) and v.scope() == s.scope()
                T.copy(A, s)
                for i, j in T.Parallel(4, 24):
                    v[i, j] = v[i, j] + i
                T.copy(s, B)

    run(kernel, a, b)
    expected = (a.reshape(4, 24) + np.arange(4)[:, None]).reshape(8, 12)
    np.testing.assert_allclose(b, expected, rtol=1e-6)


def test_tile_operations_on_views():
    a, b = numbers(6, 8), poison(12)

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((6, 8), "float32")
            T.copy(A, s)
            m = T.alloc_fragment((12,), "float32")
            T.reduce_sum(T.view(s, (12, 4)), m, dim=1)
            T.copy(m, B)

    run(kernel, a, b)
    np.testing.assert_allclose(b, a.reshape(12, 4).sum(1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dynamic", [False, True])
def test_tensors(dynamic):
    a, b = numbers(6, 10), poison(60)

    def kernel(A, B):
        flat = T.reshape(A, -1)
        with T.Kernel(T.ceildiv(flat.shape[0], 16), threads=16) as bx:
            s = T.alloc_shared(16, "float32")
            T.copy(flat[bx * 16], s)
            T.copy(s, T.reshape(B, (B.shape[0],))[bx * 16])

    run(kernel, a, b, dynamic=dynamic)
    np.testing.assert_array_equal(b, a.ravel())


@pytest.mark.parametrize("make", [T.Tensor, T.match_buffer, T.make_tensor])
def test_memory_of_a_tensor_in_another_shape(make):
    @tile.jit
    def kernel(A: T.Tensor((4, 6), "int32"), B: T.Tensor((3, 8), "int32")):
        with T.Kernel(1, threads=32):
            if make is T.Tensor:
                a, b = (make((24,), "int32", X.data) for X in (A, B))
            else:
                a, b = (make(X.data, (24,), "int32") for X in (A, B))
            for i in T.Parallel(24):
                b[i] = a[23 - i]

    a = np.arange(24, dtype=np.int32)
    b = np.zeros((3, 8), np.int32)
    kernel(a.reshape(4, 6), b)
    assert b.ravel().tolist() == a[::-1].tolist()


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda A: T.Tensor((25,), "int32", A.data), AssertionError, "shape check"),
        (lambda A: T.make_tensor(A, (24,), "int32", (2,)), ValueError, "no strides"),
    ],
)
def test_bad_shapes_for_the_memory_of_a_tensor(make, error, message):
    @tile.jit
    def kernel(A: T.Tensor((4, 6), "int32")):
        with T.Kernel(1, threads=32):
            make(A)

    with pytest.raises(error, match=message):
        kernel.get_tir()


def test_regions():
    a, b = numbers(5, 4, 6), poison((6, 4))

    def kernel(A, B):
        with T.Kernel(5, threads=32) as bx:
            s = T.alloc_shared((5, 4, 6), "float32")
            T.copy(A, s)
            if bx == 3:
                T.copy(T.reshape(s[bx, :, :], (6, 4)), B)

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a[3].reshape(6, 4))


@pytest.mark.host("a failed assertion ends the use of a GPU")
def test_wrong_number_of_elements_at_run_time():
    def kernel(A, B):
        with T.Kernel(1, threads=32):
            v = T.reshape(A, B.shape)
            B[0] = v[0]

    run(kernel, numbers(2, 3), poison(6), dynamic=True)
    with pytest.raises(RuntimeError, match="T.reshape shape check failed"):
        run(kernel, numbers(2, 3), poison(7), dynamic=True)


@pytest.mark.parametrize("scope", ["shared", "fragment", "local", "global"])
@pytest.mark.parametrize("to", ["int32", "float16", "int8", "bool"])
def test_other_types(scope, to):
    kind = np.dtype("int8" if to == "bool" else to)
    a = numbers(6, 8)
    if to == "bool":
        a = (a.view(np.uint8) % 2).view(np.float32)
    width = 32 // kind.itemsize
    b, c = poison((6, width), to), poison((6, 8))

    def kernel(A, B, C):
        with T.Kernel(1, threads=32):
            if scope == "global":
                v = T.view(A, dtype=to)
                T.copy(v, B)
                T.copy(A, C)
            elif scope == "local":
                s = T.alloc_local((6, 8), "float32")
                v = T.view(s, (6, width), to)
                for i, j in T.grid(6, 8):
                    s[i, j] = A[i, j]
                for i, j in T.grid(6, width):
                    B[i, j] = v[i, j]
                for i, j in T.grid(6, 8):
                    C[i, j] = s[i, j]
            else:
                alloc = T.alloc_shared if scope == "shared" else T.alloc_fragment
                s = alloc((6, 8), "float32")
                v = T.view(s, dtype=to)
                assert v.shape == (6, width) and v.dtype == to
                T.copy(A, s)
                T.copy(v, B)
                for i, j in T.Parallel(6, width):
                    v[i, j] = B[5 - i, j]
                T.copy(s, C)

    run(kernel, a, b, c)
    np.testing.assert_array_equal(
        b.view(np.uint8), a.view(np.uint8).reshape(b.view(np.uint8).shape)
    )
    flipped = a if scope in ("global", "local") else a[::-1]
    np.testing.assert_array_equal(c.view(np.int32), flipped.view(np.int32))


def test_wider_elements():
    a, b = np.arange(64, dtype=np.int8).reshape(4, 16), poison((2, 8), "int32")

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((4, 16), "int8")
            T.copy(A, s)
            T.copy(T.view(s, (2, -1), "int32"), B)

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a.view(np.int32).reshape(2, 8))


def refuse(error, match, function, dtype="float32"):
    def kernel(A):
        with T.Kernel(1, threads=32):
            function(A, T.alloc_shared((4, 8), dtype))

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros((4, 16), np.float32))


def test_errors():
    refuse(
        AssertionError,
        r"T.reshape shape check failed: \(4, 8\) of float32 and \(5, 8\) of float32 do "
        "not have the same number of bits",
        lambda A, s: T.reshape(s, (5, 8)),
    )
    refuse(
        AssertionError,
        r"T.view shape check failed: \(4, 8\) of float32 and \(4, 8\) of float16",
        lambda A, s: T.view(s, (4, 8), "float16"),
    )
    refuse(
        AssertionError,
        r"T.view shape check failed: a last size of \(4, 3\) of int8 gives no whole",
        lambda A, s: T.view(T.alloc_shared((4, 3), "int8"), dtype="float32"),
    )
    refuse(
        AssertionError,
        r"T.reshape shape check failed: \(4, 8\) of float32 and \(5, -1\)",
        lambda A, s: T.reshape(s, (5, -1)),
    )
    refuse(ValueError, "at most one size of -1", lambda A, s: T.reshape(s, (-1, -1)))
    refuse(ValueError, "sizes of at least 0", lambda A, s: T.reshape(s, (-4, -8)))
    refuse(TypeError, "expects sizes, got str", lambda A, s: T.reshape(s, ("x", 1)))
    refuse(
        ValueError,
        "T.reshape expects elements that lie in a row, got a region of",
        lambda A, s: T.reshape(s[0:2, 0:4], (8,)),
    )
    refuse(TypeError, "a buffer or a region, got int", lambda A, s: T.reshape(3, (3,)))
    refuse(
        TypeError,
        "a buffer or a region, got Element",
        lambda A, s: T.view(s[0, 0], (1,)),
    )
    refuse(
        ValueError,
        "T.view with another type expects a whole buffer, got a region",
        lambda A, s: T.view(s[0:2, :], (16,), "int32"),
    )
    refuse(
        ValueError,
        "T.view of a local buffer of int8 expects elements that are no wider, got",
        lambda A, s: T.view(T.alloc_local((4, 8), "int8"), dtype="int32"),
    )


def test_other_type_of_unknown_size():
    def kernel(A):
        T.view(A, dtype="int32")
        with T.Kernel(1, threads=32):
            A[0, 0] = 0

    with pytest.raises(ValueError, match="another type expects sizes known at compile"):
        trace(kernel, numbers(4, 4), dynamic=True)
