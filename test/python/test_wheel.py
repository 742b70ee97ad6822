"""The wheel: what is checked of it, and that it works by itself.

To build one takes minutes, so TILE_TEST_WHEEL=1 asks for it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tile import _core

ROOT = Path(__file__).resolve().parents[2]
KERNEL = """
import numpy as np
import tile
import tile.language as T

M = T.dynamic("M")

@tile.jit
def double(A: T.Tensor((M,), "float32")):
    B = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, 32), threads=32) as block:
        for i in T.Parallel(32):
            if block * 32 + i < M:
                B[block * 32 + i] = A[block * 32 + i] * 2
    return B

a = np.random.rand(100).astype(np.float32)
assert (double(a) == a * 2).all()
"""


def check_wheel(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "tools" / "lib" / "check_wheel.py", path],
        capture_output=True,
        text=True,
    )


def pack(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_faults_of_a_wheel_are_found(tmp_path):
    extension = {"tile/_core.so": Path(_core.__file__).read_bytes()}
    name = "mlir_tile-0-cp311-cp311-manylinux_2_4_x86_64.whl"
    found = check_wheel(pack(tmp_path / name, extension))
    assert found.returncode == 1
    problems = found.stderr.splitlines()
    start = "check_wheel.py: tile/_core.so: expected "
    if "libMLIR" in Path("/proc/self/maps").read_text():
        assert any(re.match(start + r"no need of libMLIR\.so", p) for p in problems)
    assert any(p.startswith(start + "no need of version 2.") for p in problems)
    assert "check_wheel.py: missing tile/lib/libtile-runtime.a" in problems


def test_size_and_tag_of_a_wheel_are_checked(tmp_path):
    found = check_wheel(pack(tmp_path / "mlir_tile-0-py3-none-any.whl", {"a": b""}))
    assert "expected a name with a manylinux tag" in found.stderr
    large = {"b": os.urandom(64 * 10**6)}
    found = check_wheel(pack(tmp_path / "x-manylinux_2_36_x86_64.whl", large))
    assert "expected at most 64000000 bytes, found 64" in found.stderr
    assert "expected one extension, found []" in found.stderr


@pytest.mark.skipif(not os.environ.get("TILE_TEST_WHEEL"), reason="takes minutes")
def test_wheel_runs_by_itself(tmp_path):
    subprocess.run(
        ["bash", ROOT / "tools" / "wheel.sh", tmp_path],
        env=os.environ
        | {"PYTHON": sys.executable, "TILE_PIP_OPTIONS": "--no-build-isolation"},
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target"]
        + [place, wheel],
        check=True,
    )
    (tmp_path / "kernel.py").write_text(
        KERNEL + "assert 'libLLVM' not in open('/proc/self/maps').read()\n"
    )
    env = {"PYTHONPATH": str(place), "TILE_DISABLE_CACHE": "1", "PATH": "/usr/bin"}
    subprocess.run([sys.executable, "kernel.py"], cwd=tmp_path, env=env, check=True)


@pytest.mark.parametrize("first", ["tile", "torch", "triton"])
def test_beside_torch_and_triton(first, tmp_path):
    for name in ("torch", "triton"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    (tmp_path / "kernel.py").write_text(
        f"import {first}\nimport torch, triton, triton.language\n" + KERNEL
    )
    subprocess.run([sys.executable, "kernel.py"], cwd=tmp_path, check=True)
