"""Compiled kernels: checks of arguments, results, tensors of all kinds, code."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import tile
import tile.language as T
from tile import _core
from tile.errors import ShapeMismatchError

M, N, K = T.dynamic("M, N, K")


def fresh(*shape, dtype=np.float32):
    return np.random.default_rng().standard_normal(shape).astype(dtype)


@T.prim_func
def scale(
    A: T.Tensor((M, 8), "float32"),
    B: T.Tensor((M, 8), "float32"),
    s: T.float32,
    n: T.int32,
):
    with T.Kernel(M, threads=32) as bx:
        for j in T.Parallel(8):
            B[bx, j] = A[bx, j] * s + n


@pytest.fixture(scope="module")
def kernel():
    return tile.compile(scale, out_idx=[1])


# Checks -----------------------------------------------------------------------


@pytest.mark.host("it expects the target auto")
def test_call(kernel):
    a = fresh(5, 8)
    np.testing.assert_allclose(kernel(a, 2.0, 3), a * 2 + 3, rtol=1e-6)
    assert kernel.out_idx == [1]
    assert [p.name for p in kernel.params] == ["A", "B", "s", "n"]
    assert kernel.params[0].dtype == "float32"
    assert repr(kernel) == "<kernel scale(A, s, n) for auto>"
    assert kernel.prim_func is scale


@pytest.mark.parametrize(
    "args, error, message",
    [
        ((), ValueError, r"Kernel expected 3 inputs, but 0 are provided: scale\(A, s"),
        ((1, 2, 3, 4), ValueError, "Kernel expected 3 inputs, but 4 are provided"),
        (("a", 1.0, 1), TypeError, "scale.. argument 'A': expected a tensor"),
        (
            (np.zeros((4, 8)), 1.0, 1),
            TypeError,
            "argument 'A': expected dtype float32, found float64",
        ),
        (
            (np.zeros(8, np.float32), 1.0, 1),
            ShapeMismatchError,
            "argument 'A': expected rank 2, found 1",
        ),
        (
            (np.zeros((4, 9), np.float32), 1.0, 1),
            ShapeMismatchError,
            "argument 'A' size 1: expected 8, found 9",
        ),
        (
            (np.zeros((4, 16), np.float32)[:, ::2], 1.0, 1),
            ShapeMismatchError,
            "argument 'A' stride 1: expected 1 of a contiguous tensor, found 2",
        ),
        ((np.zeros((4, 8), np.float32), "x", 1), TypeError, "argument 's'"),
        ((np.zeros((4, 8), np.float32), 1.0, 1.5), TypeError, "argument 'n'"),
        ((np.zeros((4, 8), np.float32), 1.0, 1 << 40), ValueError, "argument 'n'"),
        (
            (np.zeros((4, 8), ">f4"), 1.0, 1),
            TypeError,
            "format '>f'",
        ),
    ],
)
def test_arguments_that_do_not_fit(kernel, args, error, message):
    with pytest.raises(error, match=message):
        kernel(*args)


def test_sizes_that_disagree():
    @T.prim_func
    def add(A: T.Tensor((M, N), "float32"), B: T.Tensor((N, M), "float32")):
        with T.Kernel(M, threads=32) as bx:
            for j in T.Parallel(N):
                B[j, bx] = A[bx, j]

    kernel = tile.compile(add)
    b = np.full((4, 3), 7, np.float32)
    with pytest.raises(RuntimeError, match="add.*'B'.*") as info:
        kernel(fresh(3, 5), b)
    assert "5" in str(info.value) and "4" in str(info.value)
    assert (b == 7).all()


def test_absent_tensors():
    @tile.jit
    def maybe(
        A: T.Tensor((M,), "float32"), B: T.Tensor((M,), "float32"), use_b: bool = True
    ):
        C = T.empty((M,), "float32")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M):
                if use_b:
                    C[i] = A[i] + B[i]
                else:
                    C[i] = A[i]
        return C

    a = fresh(6)
    np.testing.assert_array_equal(maybe(a, a), a + a)
    np.testing.assert_array_equal(maybe(a, None, False), a)
    with pytest.raises(RuntimeError, match="maybe.*'B'"):
        maybe(a, None)


def test_a_kernel_that_was_refused_leaves_no_trace():
    @tile.jit
    def bad(A: T.Tensor((M,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = 1.0
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        bad(fresh(4))
    a = fresh(5, 8)
    np.testing.assert_allclose(tile.compile(scale, 1)(a, 1.0, 0), a)


# Results ----------------------------------------------------------------------


@tile.jit
def split(A: T.Tensor((M, N), "float32"), extra: T.int32):
    """Three results, of which two are returned in another order."""
    sums = T.empty(M * 2 + 1, dtype="float32")
    copy = T.empty((N + extra, M), "float32")
    flags = T.empty(M, "int32")
    with T.Kernel(M, threads=32) as bx:
        for j in T.Parallel(N + extra):
            copy[j, bx] = T.if_then_else(j < N, A[bx, j], -1.0)
        sums[bx * 2] = 1.0
        sums[bx * 2 + 1] = 2.0
        flags[bx] = 3
        sums[M * 2] = 5.0
    return flags, copy, sums


def test_several_results():
    a = fresh(4, 6)
    results = split(a, 2)
    assert isinstance(results, list)
    flags, copy, sums = results
    np.testing.assert_array_equal(flags, np.full(4, 3, np.int32))
    np.testing.assert_array_equal(
        copy, np.pad(a.T, ((0, 2), (0, 0)), constant_values=-1)
    )
    np.testing.assert_array_equal(sums, [1, 2] * 4 + [5])
    function = split.get_tir()
    assert [a.name for a in function.arguments][2:] == ["sums", "copy", "flags"]
    assert function.out_idx == [-1, -2, -3]


def test_no_result_is_none():
    a = np.zeros((2, 8), np.float32)
    assert tile.compile(scale)(fresh(2, 8), a, 1.0, 0) is None


@pytest.mark.parametrize("out_idx", [[2, 3], (2, -1), [-2, -1]])
def test_out_idx(out_idx):
    n = T.dynamic("n")

    @T.prim_func
    def two(
        A: T.Tensor((M,), "float32"),
        n: T.int32,
        B: T.Tensor((M + n,), "float32"),
        C: T.Tensor((M,), "int32"),
    ):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M + n):
                B[i] = 1.0
            for i in T.Parallel(M):
                C[i] = 2

    b, c = tile.compile(two, out_idx=out_idx)(fresh(3), 4)
    assert b.shape == (7,) and (b == 1).all()
    assert c.dtype == np.int32 and (c == 2).all()


def test_out_idx_that_cannot_be():
    @T.prim_func
    def odd(
        A: T.Tensor((4,), "float32"),
        B: T.StridedTensor[(4, 4), (8, 2), "float32"],
        x: T.float32,
    ):
        with T.Kernel(1, threads=32):
            A[0] = x

    for out_idx, message in (
        (3, "out_idx from -3 to 2"),
        (-4, "out_idx from -3 to 2"),
        ([0, -3], "given twice"),
        (2, "`x` of odd has none"),
        (1, "`B` of odd is a T.StridedTensor"),
    ):
        with pytest.raises(ValueError, match=message):
            tile.compile(odd, out_idx=out_idx)
    with pytest.raises(ValueError, match="Out index conflict"):
        tile.compile(split.get_tir(), out_idx=1)


def test_a_size_that_nothing_says():
    @T.prim_func
    def unknown(A: T.Tensor((M * N,), "float32"), B: T.Tensor((M,), "float32")):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M):
                B[i] = A[i]

    with pytest.raises(Exception, match="M"):
        tile.compile(unknown, out_idx=1)(fresh(6))


def use_empty(body):
    """A kernel function whose body is `body`, traced for a tensor of 4 elements."""
    return tile.jit(body).get_tir(T.Tensor((4,), "float32"))


def test_empty_must_be_returned():
    def forgotten(A: T.Tensor((4,), "float32")):
        B = T.empty((4,), "float32")
        C = T.empty((4,), "float32")
        with T.Kernel(1, threads=32):
            B[0] = C[0] = A[0]
        return C

    with pytest.raises(RuntimeError, match="Not all tensor allocated .* B missing"):
        use_empty(forgotten)


def test_only_empty_may_be_returned():
    def argument(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = 1.0
        return A

    def twice(A: T.Tensor((4,), "float32")):
        B = T.empty((4,), "float32")
        with T.Kernel(1, threads=32):
            B[0] = A[0]
        return B, B

    with pytest.raises(
        RuntimeError, match="Only tensor allocated from `T.empty` can be"
    ):
        use_empty(argument)
    with pytest.raises(RuntimeError, match="a tensor is returned twice"):
        use_empty(twice)


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda A: T.empty(), ValueError, "at least one size"),
        (lambda A: T.empty(()), ValueError, "at least one size"),
        (lambda A: T.empty(-1), ValueError, "sizes of at least 0"),
        (lambda A: T.empty(1.5), TypeError, "an integer as a size"),
        (lambda A: T.empty((4,), "float32", 3), TypeError, "a shape and a dtype"),
        (lambda A: T.empty([A]), TypeError, "expected a size, got BufferValue"),
        (lambda A: T.empty(A[0]), TypeError, "must be computed by"),
    ],
)
def test_bad_sizes_of_results(make, error, message):
    def body(A: T.Tensor((4,), "float32")):
        return make(A)

    with pytest.raises(error, match=message):
        tile.lazy_jit(body).get_tir(T.Tensor((4,), "float32"))


def test_memory_between_kernels():
    @tile.jit
    def reversed_twice(A: T.Tensor((M,), "float32")):
        between = T.alloc_global((2 * M,), "float32")
        B = T.empty((M,), "float32")
        with T.Kernel(M, threads=32) as bx:
            between[bx] = A[bx]
            between[M + bx] = 10 * A[bx]
        with T.Kernel(M, threads=32) as bx:
            B[bx] = between[M - 1 - bx] + between[2 * M - 1 - bx]
        return B

    for size in (1, 40, 0):
        a = fresh(size)
        np.testing.assert_allclose(reversed_twice(a), a[::-1] * 11, rtol=1e-5)
    assert "between" in reversed_twice.get_tir().text()


def test_memory_between_kernels_of_a_lazy_function():
    @T.prim_func
    def shift(A: T.Tensor((M,), "int32"), B: T.Tensor((M,), "int32")):
        with T.Kernel(1, threads=32):
            C = T.alloc_global(M, "int32")
            T.copy(A[0:M], C[0:M])
            for i in T.Parallel(M):
                B[i] = C[i] + 1

    a = np.arange(5, dtype=np.int32)
    for out_idx in (-1, 1):
        assert tile.compile(shift, out_idx=out_idx)(a).tolist() == [1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="expected an out_idx from -2 to 1"):
        tile.compile(shift, out_idx=2)


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: T.alloc_global(()), ValueError, "T.alloc_global expects at least one"),
        (lambda: T.alloc_global(-1), ValueError, "sizes of at least 0"),
        (lambda: T.alloc_global(4, scope="shared"), ValueError, "the scope 'global'"),
        (lambda: T.alloc_global(N), ValueError, "scratch tensor `scratch`: the size N"),
    ],
)
def test_bad_memory_between_kernels(make, error, message):
    @tile.jit
    def kernel(A: T.Tensor((4,), "float32")):
        make()
        with T.Kernel(1, threads=32):
            A[0] = 1.0

    with pytest.raises(error, match=message):
        kernel(fresh(4))


def test_read_only_arrays():
    @tile.jit
    def kernel(A: T.Tensor((4,), "float32"), B: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            b = T.reshape(B, (2, 2))
            for i, j in T.Parallel(2, 2):
                b[i, j] = A[i]

    a, b = fresh(4), fresh(4)
    a.flags.writeable = False
    kernel(a, b)
    assert b.tolist() == np.repeat(a[:2], 2).tolist()
    with pytest.raises(ValueError, match="argument 'B': expected a tensor that can be"):
        kernel(b, a)


@pytest.mark.parametrize("name", ["expf", "malloc", "memcpy", "main", "tanh", "free"])
def test_names_of_functions_of_c(name):
    def kernel(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((4,), "float32")
            for i in T.Parallel(4):
                s[i] = T.tanh(T.exp(A[i]))
            T.copy(s, A)

    kernel.__name__ = name
    a = fresh(4)
    expected = np.tanh(np.exp(a))
    tile.jit(kernel)(a)
    np.testing.assert_allclose(a, expected, rtol=1e-5)


def test_a_launch_needs_with():
    @tile.jit
    def forgotten(A: T.Tensor((4,), "float32")):
        T.Kernel(1, threads=32)
        A[0] = 1.0

    with pytest.raises(RuntimeError, match="write `with T.Kernel"):
        forgotten(fresh(4))

    @tile.jit
    def twice(A: T.Tensor((4,), "float32")):
        launch = T.Kernel(1, threads=32)
        with launch:
            A[0] = 1.0
        with launch:
            A[1] = 1.0

    with pytest.raises(RuntimeError, match="the same T.Kernel cannot be opened twice"):
        twice(fresh(4))


@pytest.mark.parametrize("threads", ["32", 1.5, (32, 2.0), True])
def test_threads_are_ints(threads):
    @tile.jit
    def kernel(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=threads):
            A[0] = 1.0

    with pytest.raises(TypeError, match="ints known at compile time as threads"):
        kernel(fresh(4))


def test_empty_stands_before_the_kernel():
    def late(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            B = T.empty((4,), "float32")

    with pytest.raises(ValueError, match="made before T.Kernel"):
        use_empty(late)
    with pytest.raises(tile.JITNoBuilderError, match="T.empty"):
        T.empty((4,))


def test_results_of_one_name():
    def make(A: T.Tensor((4,), "float32"), name: int = 0):
        A_1 = T.empty((4,), "float32")
        first = A_1
        results = [T.empty((4,), "float32") for _ in range(2)]
        with T.Kernel(1, threads=32):
            for i in T.Parallel(4):
                first[i] = 0.0
                results[0][i] = 1.0
                results[1][i] = 2.0
        return [A_1, *results]

    names = [a.name for a in use_empty(make).arguments]
    assert names[0] == "A" and len(set(names)) == 4
    made = tile.jit(make)(fresh(4))
    assert [float(r[0]) for r in made] == [0.0, 1.0, 2.0]


# Tensors of all kinds ---------------------------------------------------------


@tile.jit
def twice(A: T.Tensor[[T.dyn["M"], T.dyn["N"]], "bfloat16"]):
    rows, columns = A.shape
    B = T.empty((rows, columns), "bfloat16")
    with T.Kernel(rows, threads=32) as bx:
        for j in T.Parallel(columns):
            B[bx, j] = A[bx, j] * 2.0
    return B


def test_bfloat16_by_bits():
    # 1.0, 2.0, 0.5 become 2.0, 4.0, 1.0.
    bits = np.array([[0x3F80, 0x4000, 0x3F00]], np.uint16)
    result = twice(bits)
    assert result.dtype == np.uint16
    np.testing.assert_array_equal(result, [[0x4000, 0x4080, 0x3F80]])


def test_ml_dtypes():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    a = fresh(3, 5, dtype=ml_dtypes.bfloat16)
    b = twice(a)
    assert b.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(b, a * 2)


def test_float8_by_bits():
    @tile.jit
    def widen(A: T.Tensor((M,), "float8_e4m3fn")):
        B = T.empty((M,), "float32")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(M):
                B[i] = A[i]
        return B

    np.testing.assert_array_equal(
        widen(np.array([0x38, 0x40, 0xB8], np.uint8)), [1.0, 2.0, -1.0]
    )


@pytest.mark.host("copies to a GPU have no negative strides")
def test_strided_and_read_only():
    @tile.jit
    def gather(
        A: T.StridedTensor[
            [T.dyn["M"], T.dyn["N"]], [T.dyn["S"], T.dyn["R"]], "float32"
        ],
    ):
        rows, columns = A.shape
        B = T.empty((rows, columns), "float32")
        with T.Kernel(rows, threads=32) as bx:
            for j in T.Parallel(columns):
                B[bx, j] = A[bx, j]
        return B

    a = fresh(8, 12)
    a.flags.writeable = False
    for view in (a, a.T, a[::2, ::3], a[1:, 2:], a[:, ::-1], a[:0]):
        np.testing.assert_array_equal(gather(view), view)
    assert len(gather._kernels) == 1


def test_dlpack():
    class Wrapper:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **kwargs):
            return self.array.__dlpack__(**kwargs)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    a = fresh(4, 8)
    b = np.full_like(a, np.nan)
    tile.compile(scale)(Wrapper(a), Wrapper(b), 2.0, 0)
    np.testing.assert_array_equal(b, a * 2)


def test_torch():
    torch = pytest.importorskip("torch")
    a = torch.randn(5, 7, dtype=torch.bfloat16)
    b = twice(a)
    assert isinstance(b, torch.Tensor) and torch.equal(b, a * 2)
    assert b.dtype is torch.bfloat16 and b.device == a.device


def test_without_tensors():
    @tile.jit
    def constant():
        A = T.empty((3,), "int64")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(3):
                A[i] = i
        return A

    if not _core.device_count():
        np.testing.assert_array_equal(constant(), [0, 1, 2])


# Code -------------------------------------------------------------------------


def test_stages(kernel):
    expected = {
        "tile": "tile.symbol",
        "bound": "tile.launch",
        "gpu": "gpu.launch_func",
        "nvvm": "nvvm.",
        "ptx": "gpu.binary",
        "host": "llvm.func",
        "cpu": "llvm.func",
    }
    assert set(kernel.stages) == set(expected)
    for stage, text in expected.items():
        assert text in kernel.ir_at(stage), stage
    assert "tile.symbol" not in kernel.ir_at("bound")
    assert kernel.ir_at("tile") == scale.text()
    with pytest.raises(ValueError, match="expected a stage of tile, bound.*got 'end'"):
        kernel.ir_at("end")


def test_source(kernel, tmp_path, capsys):
    ptx = kernel.get_kernel_source()
    host = kernel.get_host_source()
    assert ".entry scale" in ptx and "define" in host
    assert kernel.get_kernel_source(kernel_only=False) == host + "\n" + ptx
    kernel.show_ptx()
    assert capsys.readouterr().out == ptx + "\n"
    kernel.show_source()
    assert capsys.readouterr().out == ptx + "\n"
    kernel.show_source("both")
    assert capsys.readouterr().out == host + "\n" + ptx + "\n"
    kernel.show_source("host")
    assert capsys.readouterr().out == host + "\n"
    kernel.export_ptx(tmp_path / "a.ptx")
    assert (tmp_path / "a.ptx").read_text() == ptx
    kernel.export_sources(tmp_path / "b.ptx", tmp_path / "b.ll")
    assert (tmp_path / "b.ptx").read_text() == ptx
    assert (tmp_path / "b.ll").read_text() == host
    with pytest.raises(ValueError, match="kernel_path, host_path or both"):
        kernel.export_sources()
    with pytest.raises(ValueError, match="expected 'kernel', 'host' or 'both'"):
        kernel.show_source("all")


def test_machine_code(kernel, tmp_path, monkeypatch):
    if shutil.which("nvdisasm") and _core.assembler_name():
        assert "EXIT" in kernel.get_sass()
        kernel.export_sass(tmp_path / "a.sass")
        assert "EXIT" in (tmp_path / "a.sass").read_text()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="nvdisasm, which shows machine code"):
        kernel.show_sass()


def test_chip():
    kernel = tile.compile(scale, target="cuda -arch=sm_90a")
    assert ".target sm_90a" in kernel.get_kernel_source()
    assert kernel.target.chip == "sm_90a"


def test_module_is_the_traced_ir(kernel):
    assert str(kernel.module) == scale.text()
    assert isinstance(kernel.diagnostics, list)


@pytest.mark.skipif(_core.device_count() > 0, reason="for machines without a GPU")
def test_cuda_without_a_gpu():
    kernel = tile.compile(scale, target="cuda")
    a = fresh(2, 8)
    with pytest.raises(RuntimeError):
        kernel(a, a, 1.0, 0)
