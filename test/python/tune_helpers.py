"""Functions that the tests of tile.autotune tune."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

import tile
import tile.language as T
from tile.tune import autotune
from tile.tune import trial as trial_module

M, N = T.dynamic("M, N")
BLOCKS = [{"block": 16}, {"block": 32}, {"block": 64}]
QUICK = {"warmup": 0, "rep": 1, "progress": False}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    return tmp_path / "cache"


def double_in_numpy(X):
    return 2 * X


def make_double(configs=BLOCKS, **options):
    """A function whose block of 48 gives wrong results, whose block of 33 does not
    compile, and which knows how often it was traced."""
    traced = []

    @autotune(configs=configs, **{**QUICK, **options})
    @tile.jit(target="cpu")
    def double(X: T.Tensor((M,), "float32"), block: int = 8, factor: int = 2):
        traced.append(block)
        if block == 33:
            raise ValueError("33 is odd")
        Y = T.empty((M,), "float32")
        with T.Kernel(T.ceildiv(M, block), threads=32) as x:
            for i in T.Parallel(block):
                if x * block + i < M:
                    Y[x * block + i] = X[x * block + i] * (3 if block == 48 else factor)
        return Y

    double.traced = traced
    return double


@autotune(configs=BLOCKS, ref_prog=double_in_numpy, **QUICK)
@tile.jit(target="cpu")
def stored_double(X: T.Tensor((M,), "float32"), block: int = 8):
    Y = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, block), threads=32) as x:
        for i in T.Parallel(block):
            if x * block + i < M:
                Y[x * block + i] = X[x * block + i] * 2.0
    return Y


@pytest.fixture
def x():
    return np.random.default_rng().standard_normal(100).astype(np.float32)


def fake_times(monkeypatch, times, samples=3):
    """Makes each measurement give the next of these milliseconds; those asked for."""
    limits = []
    left = list(times)

    def measure(func, warmup, rep, device=None, early_stop_ms=None, **_):
        func()
        limits.append(early_stop_ms)
        ms = left.pop(0)
        is_complete = early_stop_ms is None or ms <= early_stop_ms
        return tile.profiler.Times((ms,) * samples, "fake", is_complete)

    monkeypatch.setattr(trial_module, "measure", measure)
    return limits


def copy_strided(X):
    return X + 1


def make_strided(**options):
    @autotune(configs={"block": [16, 32]}, **{**QUICK, **options})
    @tile.jit(target="cpu")
    def step(X: T.StridedTensor((M, 4), (8, 2), "float32"), block: int = 8):
        Y = T.empty((M, 4), "float32")
        with T.Kernel(T.ceildiv(M, block), threads=32) as b:
            for i, j in T.Parallel(block, 4):
                if b * block + i < M:
                    Y[b * block + i, j] = X[b * block + i, j] + 1.0
        return Y

    return step


def make_lazy(**options):
    @autotune(configs={"block": [16, 32]}, **{**QUICK, **options})
    @tile.jit(out_idx=[-1], target="cpu")
    def factory(size: int, block: int = 8):
        @T.prim_func
        def shift(
            X: T.Tensor((size,), "float32"),
            n: T.Tensor((1,), "int32"),
            Y: T.Tensor((size,), "float32"),
        ):
            with T.Kernel(T.ceildiv(size, block), threads=32) as x:
                for i in T.Parallel(block):
                    if x * block + i < size:
                        Y[x * block + i] = X[x * block + i] + n[0]

        return shift

    return factory


def kill_for_one_block(results, expected):
    """A check that ends its process where a result says so."""
    if results[0][0] == 3:
        os.kill(os.getpid(), signal.SIGKILL)
