"""The example of a tensor-parallel product: two processes and gloo."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
dist = pytest.importorskip("torch.distributed")

EXAMPLE = Path(__file__).parents[2] / "docs/examples/tensor_parallel.py"

pytestmark = [
    pytest.mark.host("gloo is for tensors of the CPU"),
    pytest.mark.skipif(
        not dist.is_available() or not dist.is_gloo_available(),
        reason="torch has no gloo",
    ),
]


def launch(*sizes):
    """The line that the first of two processes prints."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node=2", EXAMPLE, *map(str, sizes)]
    # Without GPUs also where there are some.
    env = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    found = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=env
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_two_processes():
    # Odd, so that the processes have parts of different size.
    sizes = [random.randrange(1, 400, 2) for _ in range(4)]
    shape = " x ".join(map(str, sizes))
    line = rf"2 processes \(gloo\), {shape}: largest error \S+, 0\.\d\d of what .*\n"
    assert re.fullmatch(line, launch(*sizes))


def test_a_process_without_columns():
    assert "5 x 7 x 1 x 9: largest error" in launch(5, 7, 1, 9)


def test_errors_are_found():
    spec = importlib.util.spec_from_file_location("tensor_parallel", EXAMPLE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    x, w1, w2 = (torch.randn(9, 9).half() for _ in range(3))
    y = (x.double() @ w1.double()).relu() @ w2.double()
    assert example.check(y, x, w1, w2).startswith("largest error 0")
    y[3, 4] += 1
    with pytest.raises(SystemExit, match="the largest error is .* times"):
        example.check(y, x, w1, w2)
    y[3, 4] = torch.nan
    with pytest.raises(SystemExit, match="the largest error is nan times"):
        example.check(y, x, w1, w2)
