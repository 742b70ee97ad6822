"""Compiling several kernels at once, and the bar that shows it."""

from __future__ import annotations

import importlib.util
import threading
import time

import numpy as np
import pytest

import tile
import tile.language as T
from tile import TileWarning, _core
from tile.jit.parallel import run_all
from tile.jit.progress import Progress

M = T.dynamic("M")


@tile.jit(target="cpu")
def scale(A: T.Tensor((M,), "float32"), by: int, block: int = 32):
    if by == 13:
        raise ValueError("unlucky")
    B = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, block), threads=32) as x:
        for i in T.Parallel(block):
            if x * block + i < M:
                B[x * block + i] = A[x * block + i] * by
    return B


A = T.Tensor((M,), "float32")


@pytest.mark.host("the kernels are for the CPU")
def test_order():
    configs = [{"A": A, "by": n, "block": b} for n in range(4) for b in (16, 64)]
    kernels = scale.par_compile(configs, num_workers=3)
    x = np.arange(100, dtype=np.float32)
    for config, kernel in zip(configs, kernels, strict=True):
        assert np.array_equal(kernel(x), x * config["by"])
    assert kernels.errors == {}
    assert scale.par_compile([(A, 2, 16)])[0] is kernels[4]


def test_errors_are_kept_for_each():
    configs = [{"A": A, "by": n} for n in (1, 13, 2, 13)]
    with pytest.warns(TileWarning, match="compiling number [13] failed: unlucky") as w:
        kernels = scale.par_compile(configs, ignore_error=True)
    assert len(w) == 2 and w[0].filename == __file__
    assert [k is None for k in kernels] == [False, True, False, True]
    assert sorted(kernels.errors) == [1, 3]
    assert all(isinstance(e, ValueError) for e in kernels.errors.values())
    with pytest.raises(ValueError, match="unlucky") as error:
        scale.par_compile(configs, num_workers=1)
    assert error.value.__notes__[-1] == "while compiling number 1"


def test_functions_that_fail():
    def make(threads):
        @T.prim_func
        def f(A: T.Tensor((8,), "float32")):
            with T.Kernel(1, threads=threads):
                A[0] = 1.0

        return f

    with pytest.warns(TileWarning):
        kernels = tile.par_compile(
            [make(32), make(64)],
            target="cuda -arch=sm_1",
            ignore_error=True,
        )
    assert list(kernels) == [None, None]
    assert isinstance(kernels.errors[0], tile.DiagnosticError)
    with pytest.raises(ValueError, match="Invalid config type: expected a dict or"):
        scale.par_compile(["x"])
    with pytest.raises(ValueError, match="expected at least 1 worker, got 0"):
        run_all([lambda: 1], 0)
    assert run_all([]) == []


def test_what_has_not_begun_is_given_up():
    begun = []

    def fail():
        raise KeyError("first")

    def work():
        begun.append(None)
        time.sleep(0.005)

    with pytest.raises(KeyError):
        run_all([fail, *[work] * 1000], 1)
    assert len(begun) < 1000


def test_jobs_run_at_the_same_time():
    meeting = threading.Barrier(3, timeout=20)
    assert sorted(run_all([meeting.wait] * 3, 3)) == [0, 1, 2]


def test_compiling_lets_other_threads_run():
    """While one thread compiles, another one counts."""

    @T.prim_func
    def product(A: T.Tensor((256, 256), "float16"), C: T.Tensor((256, 256), "float32")):
        with T.Kernel(2, threads=128) as x:
            a = T.alloc_shared((128, 32), "float16")
            b = T.alloc_shared((32, 256), "float16")
            c = T.alloc_fragment((128, 256), "float32")
            T.clear(c)
            for k in T.Pipelined(8, num_stages=2):
                T.copy(A[x * 128, k * 32], a)
                T.copy(A[k * 32, 0], b)
                T.gemm(a, b, c)
            T.copy(c, C[x * 128, 0])

    counts, is_over = [0], threading.Event()

    def count():
        while not is_over.is_set():
            counts[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    try:
        module = product.module
        before = counts[0]
        _core.compile(module, "product", "cuda", "sm_90a", 3)
        # With Python's lock held it could count for a switch interval or two.
        assert counts[0] - before > 1000
        before = counts[0]
        _core.emit_ptx(module, "product", "cuda", "sm_90a", 3)
        assert counts[0] - before > 1000
    finally:
        is_over.set()
        thread.join()


# Bars -----------------------------------------------------------------------


def test_bar_without_tqdm(capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm", None)
    with Progress(2, "tuning", show=True) as bar:
        bar.step("best 1 ms")
        bar.step()
    text = capsys.readouterr().err
    assert "tuning: 1/2" in text and "tuning: 2/2" in text
    assert text.count("best 1 ms") == 2 and text.endswith("\n")


@pytest.mark.skipif(
    importlib.util.find_spec("tqdm") is None, reason="tqdm is not installed"
)
def test_bar_of_tqdm(capsys):
    with Progress(2, "tuning", show=True) as bar:
        bar.step("best 1 ms")
        bar.step()
    text = capsys.readouterr().err
    assert "tuning: 100%" in text and "2/2" in text and "best 1 ms" in text


def test_no_bar_away_from_a_terminal(capsys):
    run_all([lambda: 1, lambda: 2])
    run_all([lambda: 1, lambda: 2], progress=False)
    assert capsys.readouterr().err == ""
    run_all([lambda: 1, lambda: 2], progress=True)
    assert "compiling" in capsys.readouterr().err
