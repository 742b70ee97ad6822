"""What each function of the kernel language refuses, and how."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from helpers import ints, trace

import tile
import tile.language as T
from tile.annotations.placeholder import Scalar
from tile.errors import ShapeMismatchError
from tile.profiler.inputs import _make_on_gpu


def trace_call(call, array=None):
    """Traces a kernel in which `call` is called with a tensor of four integers."""

    def kernel(A):
        with T.Kernel(1):
            call(A)

    trace(kernel, ints(0, 0, 0, 0) if array is None else array)


@T.prim_func
def widen(A: T.Tensor((4,), "float8_e4m3fn"), B: T.Tensor((4,), "float32")):
    with T.Kernel(1, threads=32):
        T.copy(A, B)


@T.macro
def second(place: T.Ref):
    place[1] = 2


REFUSED = [
    (
        lambda A: T.alloc_shared((4,), scope="global"),
        ValueError,
        "expected the scope 'shared' or 'shared.dyn', got 'global'",
    ),
    (
        lambda A: T.alloc_fragment((4,), scope="local"),
        ValueError,
        "expected the scope 'local.fragment', got 'local'",
    ),
    (
        lambda A: T.alloc_local((4,), scope="shared"),
        ValueError,
        "expected the scope 'local', got 'shared'",
    ),
    (list, TypeError, "buffer `A` cannot be iterated over in a kernel"),
    (
        lambda A: A[-5],
        IndexError,
        "index -5 is out of bounds for dimension 0 of buffer `A` with size 4",
    ),
    (
        lambda A: T.alloc_shared((4,))[4],
        IndexError,
        "index 4 is out of bounds for dimension 0",
    ),
    (
        lambda A: A[T.cast(A[0], "float32")] + 1,
        TypeError,
        "expected an integer index, got a value of float32",
    ),
    (
        lambda A: T.cast(A[0], "float32") << 1,
        TypeError,
        "unsupported operand for <<: a value of float32",
    ),
    (lambda A: A[0] // 0, ZeroDivisionError, "integer division or modulo by zero"),
    (lambda A: T.ceildiv(1, 0), ZeroDivisionError, "integer division or modulo by"),
    (
        lambda A: T.reinterpret(A[0], "index"),
        TypeError,
        "T.reinterpret expects types of a fixed width, got index",
    ),
    (lambda A: T.serial(), TypeError, "T.serial expects 1 to 3 arguments, got 0"),
    (
        lambda A: T.unroll(4, explicit=True, unroll_factor=2),
        ValueError,
        "T.unroll takes explicit or unroll_factor, not both",
    ),
    (lambda A: T.Parallel(), TypeError, "T.Parallel expects at least 1 extent, got 0"),
    (lambda A: T.grid(), TypeError, "T.grid expects at least 1 extent, got 0"),
    (
        lambda A: T.Pipelined(4, num_stages=-1),
        ValueError,
        "expected num_stages of at least 0, got -1",
    ),
    (
        lambda A: T.annotate_restrict_buffers(3),
        TypeError,
        "T.annotate_restrict_buffers expects buffers, got int",
    ),
    (lambda A: second(A[0]), IndexError, "a reference to an element has the one"),
    (
        lambda A: A[0] + Scalar("int32", "n"),
        RuntimeError,
        "scalar `n` is no argument of this kernel",
    ),
]


@pytest.mark.parametrize("call, kind, message", REFUSED, ids=[c[2] for c in REFUSED])
def test_calls(call, kind, message):
    with pytest.raises(kind, match=message):
        trace_call(call)


LAUNCHES = [
    ((), {}, "expected 1 to 3 grid extents, got 0"),
    ((1, 1, 1, 1), {}, "expected 1 to 3 grid extents, got 4"),
    ((1,), {"threads": ()}, "expected 1 to 3 sizes of threads, got 0"),
    ((1,), {"threads": 0}, "threads must be positive, got 0"),
    ((1,), {"threads": (32, 33)}, "expected at most 1024 threads in a block, got 1056"),
    ((1,), {"prelude": "#define A"}, "T.Kernel takes no prelude"),
]


@pytest.mark.parametrize("extents, options, message", LAUNCHES)
def test_launches(extents, options, message):
    def kernel(A):
        with T.Kernel(*extents, **options):
            A[0] = 1

    with pytest.raises(ValueError, match=message):
        trace(kernel, ints(0))


def test_sides_of_a_conditional():
    def kernel(A):
        with T.Kernel(1):
            A[0] = A[0] if A[0] > 1 else "x"

    with pytest.raises(TypeError, match="expected a scalar on both sides of a cond"):
        trace(kernel, ints(0))


def test_strided_tensors_are_not_reshaped():
    @tile.jit
    def kernel(A: T.StridedTensor[(4, 4), (8, 1), "float32"]):
        with T.Kernel(1, threads=32):
            T.reshape(A, (16,))[0] = 1.0

    with pytest.raises(ValueError, match="expects a contiguous buffer, got `A` with"):
        kernel(np.zeros((4, 8), np.float32)[:, :4])


def test_names_of_sizes():
    with pytest.raises(ValueError, match="expected an identifier as the name of a"):
        T.dynamic("3M")
    with pytest.raises(TypeError, match=r"expected T.dyn\[dtype, name\], got 3 items"):
        T.dyn["int32", "n", 4]
    with pytest.raises(ValueError, match="expected an identifier as a name, got '3n'"):
        T.dyn["int32", "3n"]


def test_names_that_tile_lacks():
    with pytest.raises(AttributeError, match="module 'tile' has no attribute 'absent'"):
        tile.absent  # noqa: B018


def test_numbers_that_numpy_lacks(monkeypatch):
    kernel = tile.compile(widen)
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(
        TypeError, match="NumPy has no float8_e4m3fn; install ml_dtypes"
    ):
        kernel.get_profiler().do_bench(rep=1)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(RuntimeError, match="made by torch, which is not installed"):
        _make_on_gpu(np.zeros(4), T.dtype("float32"), "cuda:0", "f()")


@pytest.mark.parametrize("dynamic, found", [(False, "5"), (True, "A_0")])
def test_sizes_of_buffers_for_macros(dynamic, found):
    @T.macro
    def four(X: T.Tensor[[4], "int32"]):
        X[0] = 1

    def kernel(A):
        with T.Kernel(1):
            four(A)

    message = f"static value mismatch: expected 4, got {found}"
    with pytest.raises(ShapeMismatchError, match=message):
        trace(kernel, ints(0, 0, 0, 0, 0), dynamic=dynamic)
