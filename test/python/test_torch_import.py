"""`tile.torch` where torch is missing or too old."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )


def test_without_torch():
    found = run("import sys; sys.modules['torch'] = None; import tile.torch")
    assert found.returncode == 1
    message = "ImportError: tile.torch needs torch 2.4 or later, which is missing"
    assert found.stderr.splitlines()[-1] == message


def test_with_an_old_torch():
    found = run("""
import sys, types
torch = sys.modules["torch"] = types.ModuleType("torch")
torch.library, torch.__version__ = types.ModuleType("library"), "1.13"
import tile.torch
""")
    message = "ImportError: tile.torch needs torch 2.4 or later, found torch 1.13"
    assert found.stderr.splitlines()[-1] == message


KERNELS = """
import torch, tile, tile.language as T, tile.torch
M = T.dynamic("M")

@tile.jit(target="cpu")
def f(X: T.Tensor((M,), "float32")):
    Y = T.empty((M,), "float32")
    with T.Kernel(M, threads=32) as bx:
        Y[bx] = X[bx] * 2
    return Y

@tile.jit(target="cpu")
def g(grad_Y: T.Tensor((M,), "float32")):
    grad_X = T.empty((M,), "float32")
    with T.Kernel(M, threads=32) as bx:
        grad_X[bx] = grad_Y[bx] * 2
    return grad_X

op = tile.torch.custom_op("tile_test::f", f, backward=g)
x = torch.ones(3, requires_grad=True)
op(x).sum().backward()
print(x.grad.tolist())
"""


@pytest.mark.parametrize("is_kept", [False, True])
def test_operators_end_with_the_interpreter(tmp_path, is_kept):
    """Torch lets go of nothing: of operators it must not have the kernels, and of
    other functions it keeps them quietly."""
    pytest.importorskip("torch", reason="torch is not installed")
    file = tmp_path / "kernels.py"
    keep = "tile.torch.custom_op('tile_test::g', g, fake=lambda x: torch.empty_like(x))"
    file.write_text(KERNELS + keep * is_kept)
    env = {**os.environ, "TILE_LEAK_WARNINGS": "1"}
    if is_kept:
        del env["TILE_LEAK_WARNINGS"]
    found = subprocess.run(
        [sys.executable, file], capture_output=True, text=True, check=False, env=env
    )
    assert found.stdout == "[2.0, 2.0, 2.0]\n"
    assert "leaked" not in found.stderr
