"""Calls that were made before: they run natively, and check what the first did."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Optional

import numpy as np
import pytest
from exchange import Exchanged, reads

import tile
import tile.language as T
from tile.errors import ShapeMismatchError

M, N = T.dynamic("M, N")
FACTOR = 2.0
TABLE = [2.0]


def fresh(*shape, dtype="float32"):
    return np.random.default_rng().random(shape).astype(dtype)


@pytest.fixture
def native():
    """Has calls of a function or a kernel fail that are not native."""
    changed = []

    def only(called):
        def refuse(*args, **kwargs):
            raise AssertionError("this call is not native")

        called._call = refuse
        changed.append(called)
        return called

    yield only
    for called in changed:
        vars(called).pop("_call", None)


@T.macro
def scaled(x):
    return x * FACTOR


def add(A, B, C, block: int = 32):
    A: T.Tensor[[M, N], "float32"]
    B: T.Tensor[[M, N], "float32"]
    C: T.Tensor[[M, N], "float32"]
    with T.Kernel(M, threads=32) as bx:
        for j in T.serial(N):
            C[bx, j] = A[bx, j] + scaled(B[bx, j])


def make_add():
    """The function with nothing remembered, and after a first call."""
    function = tile.jit(add, target="cpu")
    function(fresh(2, 3), fresh(2, 3), fresh(2, 3))
    return function


def check_add(function, *shape, **options):
    a, b, c = fresh(*shape), fresh(*shape), np.full(shape, np.nan, np.float32)
    assert function(a, b, c, **options) is None
    np.testing.assert_array_equal(c, a + b * np.float32(2))


def test_later_calls_are_native(native):
    function = native(make_add())
    for shape in ((2, 3), (5, 7), (1, 1), (0, 4), (3, 0)):
        check_add(function, *shape)
    check_add(function, 4, 4, block=32)
    a, b, c = fresh(3, 4), fresh(3, 4), fresh(3, 4)
    function(C=c, A=a, B=b)
    np.testing.assert_array_equal(c, a + b * 2)


def test_another_compile_time_value_is_another_kernel(native):
    function = make_add()
    with pytest.raises(AssertionError, match="not native"):
        check_add(native(function), 2, 3, block=16)
    del function._call
    check_add(function, 2, 3, block=16)
    native(function)
    check_add(function, 2, 3, block=16)
    check_add(function, 2, 3)
    assert len(function) == 2


def test_what_does_not_fit_is_refused_as_before():
    function = make_add()
    a = fresh(2, 3)
    for args, error in (
        ((a, a, fresh(2, 4)), ShapeMismatchError),
        ((a, a, fresh(6)), ShapeMismatchError),
        ((a, a, fresh(2, 3, dtype="float64")), TypeError),
        ((a, a, 3.0), TypeError),
        ((a, a), TypeError),
        ((a, a, a, 1, 2), TypeError),
        ((a, a, np.asfortranarray(fresh(2, 3))), ShapeMismatchError),
        ((a, a, fresh(2, 6)[:, ::2]), ShapeMismatchError),
    ):
        with pytest.raises(error):
            function(*args)
    with pytest.raises(TypeError):
        function(a, a, a, blok=3)
    check_add(function, 2, 3)


def test_read_only_arrays(native):
    function = make_add()
    a, b, c = fresh(2, 3), fresh(2, 3), fresh(2, 3)
    a.flags.writeable = b.flags.writeable = False
    native(function)(a, b, c)
    np.testing.assert_array_equal(c, a + b * 2)
    c.flags.writeable = False
    del function._call
    with pytest.raises(ValueError, match="found a read-only one"):
        function(a, b, c)


def test_globals_and_macros_may_change(monkeypatch, native):
    function = make_add()
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    a, b, c = fresh(2, 3), fresh(2, 3), fresh(2, 3)
    function(a, b, c)
    np.testing.assert_array_equal(c, a + b * 5)
    native(function)(a, b, c)

    @T.macro
    def other(x):
        return x * 3.0

    monkeypatch.setitem(globals(), "scaled", other)
    del function._call
    function(a, b, c)
    np.testing.assert_array_equal(c, a + b * 3)


def test_cells_and_missing_names_may_change(monkeypatch):
    factor = 2.0

    def times(A: T.Tensor((M,), "float32")):
        with T.Kernel(M, threads=32) as bx:
            A[bx] = A[bx] * factor * max(1.0, 0.5)

    function = tile.jit(times, target="cpu")
    for factor in (2.0, 3.0, 3.0, 2.0):
        a = fresh(5)
        expected = a * np.float32(factor)
        function(a)
        np.testing.assert_array_equal(a, expected)
    monkeypatch.setitem(globals(), "max", lambda x, y: 4.0)
    a = fresh(5)
    expected = a * 8
    function(a)
    np.testing.assert_array_equal(a, expected)


def test_lists_may_change():
    def times(A: T.Tensor((M,), "float32")):
        with T.Kernel(M, threads=32) as bx:
            A[bx] = A[bx] * TABLE[0]

    function = tile.jit(times, target="cpu")
    for factor in (2.0, 7.0):
        TABLE[0] = factor
        for _ in range(2):
            a = fresh(5)
            expected = a * np.float32(factor)
            function(a)
            np.testing.assert_array_equal(a, expected)
    assert len(function) == 0


def test_optional_arguments(native):
    @tile.jit(target="cpu")
    def fill(
        A: T.Tensor((M,), "float32"), B: Optional[T.Tensor[[M], "float32"]] = None
    ):
        with T.Kernel(M, threads=32) as bx:
            if B is None:
                A[bx] = 1.0
            else:
                A[bx] = B[bx]

    def check():
        a, b = fresh(4), fresh(4)
        fill(a, b)
        np.testing.assert_array_equal(a, b)
        for args in ((), (None,)):
            a = fresh(4)
            fill(a, *args)
            np.testing.assert_array_equal(a, np.ones(4))

    check()
    native(fill)
    check()


def test_results_are_new_and_of_the_right_size(native):
    @tile.jit(target="cpu")
    def pairs(A: T.Tensor((M, N), "float32"), k: T.int32):
        B = T.empty((M * 2 + k, T.ceildiv(N, 2)), "float32")
        C = T.empty((N % 3 + 1,), "int32")
        with T.Kernel(1, threads=32):
            for i, j in T.Parallel(M * 2 + k, T.ceildiv(N, 2)):
                B[i, j] = A[i % M, j]
            for i in T.Parallel(N % 3 + 1):
                C[i] = k
        return B, C

    seen = []
    for step, (m, n, k) in enumerate([(2, 3, 1), (4, 7, 0), (1, 2, 5)]):
        if step:
            native(pairs)
        a = fresh(m, n)
        b, c = pairs(a, k)
        half = -(-n // 2)
        np.testing.assert_array_equal(b, np.resize(a[:, :half], (2 * m + k, half)))
        np.testing.assert_array_equal(c, np.full(n % 3 + 1, k, np.int32))
        assert c.dtype == np.int32
        seen += [b, c]
    assert len({id(array) for array in seen}) == 6
    del pairs._call
    with pytest.raises(ValueError, match="expected sizes of at least 0"):
        pairs(fresh(2, 3), -5)


def test_one_result_is_no_list_and_formulas_are_solved():
    @tile.jit(target="cpu")
    def half(A: T.Tensor((M * 2,), "float32")):
        B = T.empty((M,), "float32")
        with T.Kernel(M, threads=32) as bx:
            B[bx] = A[bx]
        return B

    for size in (4, 6):  # the size is not read off, so these are not native
        a = fresh(size)
        np.testing.assert_array_equal(half(a), a[: size // 2])
    assert len(half) == 0


def test_scalars_strides_and_addresses(native):
    S = T.dynamic("S")

    @tile.jit(target="cpu")
    def mixed(
        A: T.StridedTensor((M,), (S,), "float32"),
        p: T.ptr,
        i: T.int32,
        f: T.float32,
        b: T.bool,
    ):
        with T.Kernel(M, threads=32) as bx:
            B = T.make_tensor(p, (M,), "float32")
            if b:
                B[bx] = A[bx] * f + T.float32(i)
            else:
                B[bx] = 0.0

    def check(step, i, f, b):
        a, out = fresh(4 * step)[::step], fresh(4)
        mixed(a, out, i, f, b)
        expected = a * np.float32(f) + np.float32(i) if b else np.zeros(4)
        np.testing.assert_array_equal(out, expected)
        mixed(a, out.ctypes.data, i, f, b)
        np.testing.assert_array_equal(out, expected)

    check(1, 3, 2.5, True)
    native(mixed)
    check(3, -7, 0.5, True)
    check(2, 2**31 - 1, 1, True)
    check(2, 0, 1.0, False)
    del mixed._call
    with pytest.raises(ValueError, match="out of range|expected"):
        mixed(fresh(4), fresh(4), 2**31, 1.0, True)


def test_constants(native):
    @tile.jit(target="cpu")
    def fill(A):
        K = T.const("K")
        A: T.Tensor[[K], "float32"]
        with T.Kernel(1, threads=32):
            for i in T.Parallel(K):
                A[i] = float(K)

    for size in (3, 5):
        fill(fresh(size))
    native(fill)
    for size in (3, 5, 5, 3):
        a = fresh(size)
        fill(a)
        np.testing.assert_array_equal(a, np.full(size, size))
    with pytest.raises(AssertionError, match="not native"):
        fill(fresh(4))


def test_kernels(native):
    kernel = tile.jit(add, target="cpu").compile(
        *[T.Tensor((M, N), "float32")] * 3, block=8
    )
    a, b, c = fresh(2, 3), fresh(2, 3), fresh(2, 3)
    kernel(a, b, c)
    native(kernel)
    for shape in ((2, 3), (4, 1)):
        check_add(kernel, *shape)
    del kernel._call
    with pytest.raises(ValueError, match="Kernel expected 3 inputs, but 2"):
        kernel(a, b)


def test_checks_of_the_host_have_the_same_text():
    @tile.jit(target="cpu")
    def needs_four(A: T.Tensor((M,), "float32")):
        assert M % 4 == 0, "a multiple of four"
        with T.Kernel(M, threads=32) as bx:
            A[bx] = 1.0

    texts = []
    with pytest.raises(RuntimeError) as found:
        needs_four(fresh(3))
    texts.append(str(found.value))
    needs_four(fresh(4))
    with pytest.raises(RuntimeError) as found:
        needs_four(fresh(3))
    texts.append(str(found.value))
    assert texts[0] == texts[1] and texts[0].startswith("needs_four(): ")


def test_absent_tensors(native):
    @tile.jit(target="cpu")
    def first(A: T.Tensor((M,), "float32"), B: T.Tensor((M,), "float32")):
        with T.Kernel(M, threads=32) as bx:
            A[bx] = 1.0

    first(fresh(3), fresh(3))
    a = fresh(3)
    native(first)(a, None)
    np.testing.assert_array_equal(a, np.ones(3))
    with pytest.raises(RuntimeError, match="'A': expected a tensor, found none"):
        first(None, a)


def test_the_exchange_interface(native):
    function = tile.jit(add, target="cpu")
    tensors = [Exchanged(fresh(2, 3)) for _ in range(3)]
    function(*tensors)
    reads.clear()
    native(function)
    for shape in ((2, 3), (4, 5)):
        arrays = [fresh(*shape) for _ in range(3)]
        function(*map(Exchanged, arrays))
        np.testing.assert_array_equal(arrays[2], arrays[0] + arrays[1] * 2)
    assert len(reads) == 6
    # What the interface refuses is read in the other way.
    del function._call
    tensors[0].refuses = True
    function(*tensors)
    np.testing.assert_array_equal(
        tensors[2].array, tensors[0].array + tensors[1].array * 2
    )


def test_threads_share_a_function():
    function = tile.jit(add, target="cpu")
    failures = []

    def work(seed):
        try:
            for size in range(1, 60):
                check_add(function, seed + 1, size, block=8 << (size % 3))
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_functions_are_freed():
    def scope():
        @tile.jit(target="cpu")
        def again(A: T.Tensor((M,), "float32")):
            with T.Kernel(M, threads=32) as bx:
                A[bx] = 1.0

        again.itself = again
        again(fresh(3))
        again(fresh(4))
        assert len(again) == 1
        return weakref.ref(again)

    reference = scope()
    gc.collect()
    assert reference() is None


def test_torch_tensors(native):
    torch = pytest.importorskip("torch")

    @tile.jit(target="cpu")
    def double(A: T.Tensor((M, N), "float16")):
        B = T.empty((M, N), "float16")
        with T.Kernel(M, threads=32) as bx:
            for j in T.serial(N):
                B[bx, j] = A[bx, j] + A[bx, j]
        return B

    double(torch.rand(2, 3).half())
    native(double)
    a = torch.nn.Parameter(torch.rand(5, 4).half(), requires_grad=False)
    assert isinstance(double(torch.rand(3, 3).half()), torch.Tensor)
    del double._call
    assert torch.equal(double(a), a + a)
    native(double)
    assert torch.equal(double(a), a + a)
    del double._call
    with pytest.raises(ShapeMismatchError):
        double(torch.rand(4, 4).half().T)
