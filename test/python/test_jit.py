"""tile.jit and T.prim_func: styles, binding of arguments, caching, compiling."""

from __future__ import annotations

import functools
import re
import threading

import numpy as np
import pytest
from helpers import fresh

import tile
import tile.language as T
from tile.jit import JITImpl, JITKernel, PassConfigKey, PrimFunc
from tile.jit.target import Target, parse_target


@tile.jit
def double(A: T.Tensor[[int, int], "float32"], bm: int = 16):
    M, N = A.shape
    B = T.empty((M, N), "float32")
    with T.Kernel(T.ceildiv(M, bm), threads=32) as bx:
        for i, j in T.Parallel(bm, N):
            if bx * bm + i < M:
                B[bx * bm + i, j] = A[bx * bm + i, j] * 2.0
    return B


def make_double(M, N, bm=16):
    @T.prim_func
    def double(A: T.Tensor((M, N), "float32"), B: T.Tensor((M, N), "float32")):
        with T.Kernel(T.ceildiv(M, bm), threads=32) as bx:
            for i, j in T.Parallel(bm, N):
                if bx * bm + i < M:
                    B[bx * bm + i, j] = A[bx * bm + i, j] * 2.0

    return double


lazy_double = tile.jit(make_double, out_idx=-1)


@pytest.mark.parametrize(
    "parameter, kind", [("*rest", "*args"), ("**rest", "**kwargs")]
)
@pytest.mark.parametrize(
    "decorate, body",
    [
        ("tile.jit", "with T.Kernel(1):\n        A[0] = 1"),
        ("tile.lazy_jit", "with T.Kernel(1):\n        A[0] = 1"),
        ("tile.jit", "A: T.Tensor((4,), 'float32')"),
        ("T.prim_func", "pass"),
        ("T.prim_func(generator=True)", "pass"),
    ],
)
def test_kernels_name_their_parameters(decorate, body, parameter, kind, tmp_path):
    """Also a kernel whose annotations are in its body, or that takes no tensors."""
    source = (
        f"@{decorate}\ndef f(A: T.Tensor((4,), 'float32'), {parameter}):\n    {body}\n"
    )
    file = tmp_path / "kernels.py"
    file.write_text(source)
    message = f"f() argument 'rest': a kernel cannot have {kind}; name each parameter"
    with pytest.raises(TypeError, match=re.escape(message)):
        exec(compile(source, str(file), "exec"), {"T": T, "tile": tile})


def test_factories_take_any_arguments():
    @tile.jit(out_idx=-1)
    def make(*shape, **options):
        return make_double(*shape, **options)

    a = fresh(5, 8)
    np.testing.assert_array_equal(make(5, 8, bm=4)(a), a * 2)
    assert make(5, 8, bm=4) is make(5, 8, bm=4) is not make(5, 8)


# Styles -----------------------------------------------------------------------


def test_eager_runs_and_returns():
    a = fresh(37, 21)
    b = double(a)
    assert isinstance(b, np.ndarray) and b.dtype == np.float32
    np.testing.assert_array_equal(b, a * 2)


def test_lazy_gives_a_kernel():
    kernel = lazy_double(37, 21)
    assert isinstance(kernel, JITKernel)
    a = fresh(37, 21)
    np.testing.assert_array_equal(kernel(a), a * 2)


def test_eager_and_lazy_give_the_same_ir():
    eager = double.get_tir(fresh(37, 21))
    lazy = lazy_double.get_tir(37, 21)
    assert isinstance(eager, PrimFunc) and isinstance(lazy, PrimFunc)
    assert eager.text() == lazy.text()
    assert "tile.launch" in eager.text()
    M, N = T.dynamic("M, N")

    @tile.jit
    def eager_(A: T.Tensor((M, 8), "float32"), B: T.Tensor((M, 8), "float32")):
        with T.Kernel(M, threads=32) as bx:
            for j in T.Parallel(8):
                B[bx, j] = A[bx, j] * 2.0

    @T.prim_func
    def lazy_(A: T.Tensor((M, 8), "float32"), B: T.Tensor((M, 8), "float32")):
        with T.Kernel(M, threads=32) as bx:
            for j in T.Parallel(8):
                B[bx, j] = A[bx, j] * 2.0

    assert eager_.get_tir().text() == lazy_.text().replace("lazy_", "eager_")


def factory_without_a_kernel(M):
    return make_double(M, 4)


def nested_with_parentheses(M):
    @T.prim_func()
    def f(A: T.Tensor((M,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = 1.0

    return f


calls = []


def with_side_effect(A):
    calls.append("traced")
    A: T.Tensor[[int], "float32"]
    with T.Kernel(1, threads=32):
        A[0] = 1.0


@pytest.mark.parametrize(
    "function, mode",
    [
        (make_double, "lazy"),
        (factory_without_a_kernel, "lazy"),
        (nested_with_parentheses, "lazy"),
        (double.func.orig_func, "eager"),
        (with_side_effect, "eager"),
    ],
)
def test_style_is_decided_by_the_source(function, mode):
    calls.clear()
    impl = tile.jit(function)
    assert isinstance(impl, JITImpl) and impl.mode == mode
    assert impl.__name__ == function.__name__
    assert not calls


def test_lazy_jit_is_eager():
    assert tile.lazy_jit(double.func.orig_func).mode == "eager"
    assert tile.lazy_jit()(double.func.orig_func).mode == "eager"


def test_jit_of_a_prim_func():
    function = make_double(8, 8)
    impl = tile.jit(function)
    kernel = impl()
    assert isinstance(kernel, JITKernel) and impl() is kernel
    with pytest.raises(TypeError, match="compiled without arguments"):
        impl(1)


def test_lazy_must_return_a_prim_func():
    def nothing(M):
        return None

    impl = tile.jit(nothing)
    assert impl.mode == "lazy"
    with pytest.raises(TypeError, match="expected nothing to return a T.prim_func"):
        impl(3)


def test_out_idx_in_eager_style():
    with pytest.raises(ValueError, match="out_idx is only supported in lazy mode"):
        tile.jit(double.func.orig_func, out_idx=-1)


# Caching and binding ----------------------------------------------------------


def test_one_kernel_for_equal_calls():
    a = fresh(37, 21)
    kernel = double.compile(a)
    assert double.compile(a, 16) is kernel
    assert double.compile(A=a, bm=16) is kernel
    assert double.compile(bm=np.int64(16), A=fresh(37, 21)) is kernel
    assert double.compile(T.Tensor((37, 21), "float32")) is kernel
    assert double.compile(a, 32) is not kernel
    assert double.compile(fresh(38, 21)) is not kernel


def test_lazy_keys_freeze_values():
    made = []

    def make(options, names=("a",), kind="float32"):
        made.append(options)
        return make_double(options["M"], 4)

    impl = tile.jit(make)
    kernel = impl({"M": 8})
    assert impl({"M": 8}, ("a",)) is kernel
    assert impl(options={"M": 8}, names=("a",), kind="float32") is kernel
    assert impl({"M": 8}, ["a"]) is not kernel
    assert len(made) == 2


def test_factories_may_take_any_arguments():
    def make(*sizes, **options):
        return make_double(*sizes, **options)

    impl = tile.jit(make, out_idx=-1)
    kernel = impl(4, 8, bm=4)
    assert impl(4, 8, bm=4) is kernel and impl(4, 8, bm=8) is not kernel
    a = fresh(4, 8)
    np.testing.assert_array_equal(kernel(a), a * 2)


@pytest.mark.parametrize(
    "args, kwargs, message",
    [
        ((), {}, "missing 1 required argument: 'A'"),
        ((1, 2, 3), {}, "takes 2 positional arguments but 3 were given"),
        ((1,), {"A": 2}, "multiple values for argument 'A'"),
        ((1,), {"block": 2}, "unexpected keyword argument 'block'"),
        ((1,), {}, "argument 'A'"),
    ],
)
def test_arguments_that_do_not_fit(args, kwargs, message):
    with pytest.raises(TypeError, match=message):
        double(*args, **kwargs)


def test_annotations_are_shown():
    assert "A_shape_0$" in repr(double.func.annot.annots["A"])
    assert double.annot is double.func.annot
    assert double.annot.ker_arg_names == ["A"]


# T.const and annotations in the body ------------------------------------------


@tile.jit
def transpose(A, block=8):
    M, N = T.const("M, N")
    A: T.Tensor[[M, N], "float32"]
    B = T.empty((N, M), "float32")
    with T.Kernel(M, threads=32) as bx:
        for j in T.Parallel(N):
            B[j, bx] = A[bx, j]
    return B


def test_const():
    a = fresh(5, 9)
    np.testing.assert_array_equal(transpose(a), a.T)
    kernel = transpose.compile(a)
    assert transpose.compile(M=5, N=9) is kernel
    assert transpose.compile(T.Tensor((5, 9), "float32")) is kernel
    assert transpose.compile(M=6, N=9) is not kernel
    assert "memref<5x9xf32>" in transpose.get_tir(M=5, N=9).text()


def test_const_is_a_number_in_the_body():
    seen = []

    @tile.jit
    def kernel(A, B):
        M = T.const("M")
        A: T.Tensor[[M, 4], "float32"]
        seen.append(M)
        K = M * 2
        B: T.Tensor[[K, 4], "float32"]
        for i in range(M):
            pass
        with T.Kernel(1, threads=32):
            tile_ = T.alloc_shared((M, 4), "float32")
            T.copy(A, tile_)
            T.copy(tile_, B[0:M, 0:4])
            T.copy(tile_, B[M:K, 0:4])

    a, b = fresh(3, 4), np.full((6, 4), np.nan, np.float32)
    assert kernel(a, b) is None
    np.testing.assert_array_equal(b, np.concatenate([a, a]))
    assert seen[-1] == 3
    with pytest.raises(ValueError, match="argument 'B' size 0: expected 6, found 5"):
        kernel(a, b[:5])


def test_const_errors():
    a = fresh(4, 4)
    with pytest.raises(
        ValueError, match="Cannot find value for constexpr variable `M`"
    ):
        transpose.compile()
    with pytest.raises(TypeError, match="unexpected keyword argument 'Q'"):
        transpose.compile(a, Q=3)
    with pytest.raises(TypeError, match="argument 'M': expected an int, got 'x'"):
        transpose.compile(M="x", N=3)
    with pytest.raises(TypeError, match="expected a tensor, found str"):
        transpose("x")
    with pytest.raises(ValueError, match="rank of more than 1, found rank 1"):
        transpose(a[0])
    with pytest.raises(TypeError, match="dtype mismatch"):
        transpose(a.astype(np.float64))

    @tile.jit
    def indirect(A):
        M = T.const("M")
        A: T.Tensor[[M * 2, 4], "float32"]
        with T.Kernel(1, threads=32):
            A[0, 0] = 1.0

    with pytest.raises(RuntimeError, match="`M` is not used in any buffer shape"):
        indirect(a)

    @tile.jit
    def late(A):
        A: T.Tensor[[4, 4], "float32"]
        M = T.const("M")
        with T.Kernel(1, threads=32):
            A[0, 0] = 1.0

    with pytest.raises(RuntimeError, match="`M` is not used in any buffer shape"):
        late(a)

    with pytest.raises(tile.JITNoBuilderError, match="T.const"):
        T.const("M")
    with pytest.raises(tile.JITNoBuilderError, match="T.const"):

        @T.prim_func
        def lazy(A):
            M = T.const("M")
            A: T.Tensor[[M], "float32"]

    @tile.jit
    def nameless(A):
        M = T.const(" ")
        A: T.Tensor[[4, 4], "float32"]
        with T.Kernel(1, threads=32):
            A[0, 0] = 1.0

    with pytest.raises(ValueError, match="at least one name"):
        nameless(a)


def test_use_before_the_body_annotates():
    @tile.jit
    def early(A):
        M = A.shape[0]
        A: T.Tensor[[4, 4], "float32"]
        with T.Kernel(1, threads=32):
            A[0, 0] = 1.0

    with pytest.raises(AttributeError, match="`A` is used before the body annotates"):
        early(fresh(4, 4))


def test_body_annotations_in_a_prim_func():
    @T.prim_func
    def inside(A, B: T.Tensor((4,), "float32")):
        A: T.Tensor((4,), "float32")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(4):
                B[i] = A[i]

    @T.prim_func
    def outside(A: T.Tensor((4,), "float32"), B: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(4):
                B[i] = A[i]

    assert inside.text().replace("inside", "outside") == outside.text()


# T.prim_func ------------------------------------------------------------------


def test_prim_func():
    function = make_double(4, 5)
    assert isinstance(function, PrimFunc)
    assert [a.name for a in function.arguments] == ["A", "B"]
    assert function.name == function.__name__ == "double"
    assert str(function) == function.script() == function.text()
    assert "loc(" in function.text(locations=True)
    assert repr(function) == "<prim_func double>"
    with pytest.raises(TypeError, match="tile.compile\\(double\\)"):
        function(1)


def test_prim_func_must_be_known():
    with pytest.raises(ValueError, match="Cannot create PrimFunc for `f`") as info:

        @T.prim_func
        def f(A: T.Tensor[[int], "float32"], n: int):
            pass

    assert "A_shape_0$" in str(info.value)
    assert str(info.value).endswith("Unknown Args: ['A', 'n']")


def test_generator():
    @T.prim_func(generator=True)
    def double(A: T.Tensor[[int, int], "float32"], bm: int = 16):
        M, N = A.shape
        B = T.empty((M, N), "float32")
        with T.Kernel(T.ceildiv(M, bm), threads=32) as bx:
            for i, j in T.Parallel(bm, N):
                if bx * bm + i < M:
                    B[bx * bm + i, j] = A[bx * bm + i, j] * 2.0
        return B

    made = double(T.Tensor((37, 21), "float32"))
    assert made.text() == lazy_double.get_tir(37, 21).text()
    assert made.out_idx == [-1]
    assert double(fresh(37, 21), bm=8).text() != made.text()
    assert "double" in repr(double)
    with pytest.raises(TypeError, match="missing 1 required argument"):
        double()


def test_other_threads_may_compile_and_call():
    function = make_double(8, 8)
    text = function.text()
    found = []

    def work():
        kernel = tile.compile(function, out_idx=[1])
        a = fresh(8, 8)
        found.append(np.array_equal(kernel(a), a * 2))
        found.append(str(function.module) == text)
        found.append(make_double(8, 8).text() == text)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 12


# Compiling --------------------------------------------------------------------


def test_par_compile():
    kernels = double.par_compile(
        [{"A": T.Tensor((m, 5), "float32")} for m in range(1, 6)]
        + [(T.Tensor((3, 5), "float32"), 8)],
        num_workers=3,
    )
    assert len({id(kernel) for kernel in kernels}) == 6
    for m, kernel in enumerate(kernels[:5], 1):
        a = fresh(m, 5)
        assert double.compile(a) is kernel
        np.testing.assert_array_equal(kernel(a), a * 2)
    functions = tile.par_compile([make_double(m, 3) for m in (2, 4)], out_idx=-1)
    a = fresh(4, 3)
    np.testing.assert_array_equal(functions[1](a), a * 2)
    assert tile.par_compile([]) == []


def test_par_compile_errors():
    good = {"A": T.Tensor((3, 5), "float32")}
    bad = {"A": T.Tensor((3, 5), "float16")}
    with pytest.raises(ValueError, match="Invalid config type"):
        double.par_compile([3])
    with pytest.raises(ValueError, match="at least 1 worker"):
        double.par_compile([good], num_workers=0)
    with pytest.raises(TypeError, match="dtype mismatch"):
        double.par_compile([good, bad])
    with pytest.warns(tile.TileWarning, match="compiling number 1 failed"):
        kernels = double.par_compile([good, bad], ignore_error=True)
    assert isinstance(kernels[0], JITKernel) and kernels[1] is None


def test_compile_takes_prim_funcs():
    with pytest.raises(TypeError, match="expected a T.prim_func, got function"):
        tile.compile(make_double)


def test_kernel_source():
    a = fresh(3, 4)
    assert ".entry double" in double.get_kernel_source(a)
    assert "define" in double.get_kernel_source(a, kernel_only=False)


def test_options():
    a = fresh(4, 4)
    for level in (0, 3):
        impl = tile.jit(
            double.func.orig_func,
            pass_configs={
                PassConfigKey.OPT_LEVEL: level,
                "tl.disable_tma_lower": True,
            },
            target="cpu",
            execution_backend="tvm_ffi",
        )
        np.testing.assert_array_equal(impl(a), a * 2)


@pytest.mark.host("it expects the target auto")
def test_verbose_and_debug_files(caplog, tmp_path):
    folder = tmp_path / "new" / "files"
    with caplog.at_level("INFO", "tile"):
        impl = tile.jit(make_double, verbose=True, debug_root_path=folder)
        kernel = impl(4, 4)
    (record,) = caplog.records
    assert "compiled <kernel double(A, B) for auto> in" in record.getMessage()
    assert sorted(f.name for f in folder.iterdir()) == [
        "double.ll",
        "double.mlir",
        "double.ptx",
    ]
    assert (folder / "double.mlir").read_text() == kernel.prim_func.text()
    assert (folder / "double.ptx").read_text() == kernel.get_kernel_source()


@pytest.mark.parametrize(
    "options, message",
    [
        ({"pass_configs": {"nothing": 1}}, "unknown pass config 'nothing'"),
        ({"pass_configs": {"tile.opt_level": 4}}, "opt_level from 0 to 3, got 4"),
        ({"compile_flags": ["-O3"]}, "compile_flags are for nvcc"),
        ({"target": "rocm"}, "target 'auto', 'cpu' or 'cuda', got 'rocm'"),
        ({"target": "cuda -code=sm_90"}, "no target option but arch, got -code"),
        ({"target": {"kind": "cuda", "keys": 1}}, "no target option but arch"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        tile.jit(make_double, **options)


@pytest.mark.host("it expects the target auto")
def test_targets(monkeypatch):
    assert parse_target("cuda -arch=sm_90a") == Target("cuda", "sm_90a")
    assert parse_target({"kind": "cuda", "arch": "sm_80"}) == Target("cuda", "sm_80")
    assert parse_target("llvm") == parse_target("c") == Target("cpu")
    assert (
        str(Target("cuda", "sm_80")) == "cuda -arch=sm_80" and str(Target()) == "auto"
    )
    assert parse_target(None) == Target("auto")
    monkeypatch.setenv("TILE_DEFAULT_TARGET", "cpu")
    assert parse_target(None) == Target("cpu")
    assert Target("auto").resolve(on_cuda=False) == Target("cpu")
    with pytest.raises(TypeError, match="expected a target as a string"):
        parse_target(3)


def test_source_is_needed():
    namespace = {"T": T}
    exec("def f(A):\n    pass", namespace)
    with pytest.raises(OSError):
        tile.jit(namespace["f"])


@pytest.mark.parametrize("value", [3, functools.partial(int, 2)])
def test_jit_of_what_is_no_function(value):
    with pytest.raises(TypeError, match="tile.jit expects a function, got"):
        tile.jit(value)


def test_a_sum_of_sizes():
    X, Y = T.dynamic("X, Y")

    @tile.jit
    def kernel(A: T.Tensor((X + Y,), "float32"), B: T.Tensor((X,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = Y

    a = np.zeros(9, np.float32)
    kernel(a, np.zeros(4, np.float32))
    assert a[0] == 5
