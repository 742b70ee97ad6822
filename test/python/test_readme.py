"""The Python code of README.md runs and gives what the MLIR of README.md gives."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


def read_block() -> str:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert len(blocks) == 1
    return blocks[0]


def test_readme(tmp_path):
    # A kernel needs its source in a file.
    file = tmp_path / "readme.py"
    file.write_text(read_block())
    spec = importlib.util.spec_from_file_location("readme", file)
    readme = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(readme)
    expected = readme.a.astype(np.float64) @ readme.b.astype(np.float64)
    assert readme.c.dtype == np.float32
    np.testing.assert_allclose(readme.c, expected, rtol=1e-4)
    assert ".entry gemm" in readme.ptx
    # One kernel for all sizes.
    c = readme.gemm(readme.a[:99, :33].copy(), readme.b[:33, :77].copy())
    assert c.shape == (99, 77)
    assert len(readme.gemm._kernels) == 1
