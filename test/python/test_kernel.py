"""Compiled kernels: checks of arguments and launches, and their code."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from helpers import fresh
from kernel_helpers import M, N, scale

import tile
import tile.language as T
from tile import _core
from tile.errors import ShapeMismatchError


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
    if _core.assembler_name():
        tool = tmp_path / "bin" / "nvdisasm"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\necho no such chip >&2\nexit 1\n")
        tool.chmod(0o755)
        with monkeypatch.context() as changed:
            changed.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
            with pytest.raises(RuntimeError, match="nvdisasm failed: no such chip"):
                kernel.get_sass()
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
