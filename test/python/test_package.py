"""The package: what importing costs, compatibility, what a wheel holds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import tile
import tile.language as T
from tile import _core

ROOT = Path(__file__).resolve().parents[2]

#: What issue and README promise, in seconds of CPU time; twice that on a busy
#: machine, whose clock runs more slowly.
IMPORT_TIME = 0.3
LOWERING_TIME = 0.4


def run_python(code: str) -> str:
    """What a new process prints."""
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout


def test_older_names():
    with pytest.warns(tile.TileWarning, match="older name of T.dynamic"):
        a, b = T.symbolic("a, b")
    assert (a.name, b.name) == ("a", "b")


def test_import_is_quick():
    code = (
        "import time; start = time.process_time(); import tile, tile.language;"
        "print(time.process_time() - start); import sys; print('torch' in sys.modules)"
    )
    runs = [run_python(code).split() for _ in range(3)]
    assert min(float(seconds) for seconds, _ in runs) <= IMPORT_TIME
    assert all(torch == "False" for _, torch in runs)


def make_gemm():
    M, N, K = T.dynamic("M, N, K")

    @T.prim_func
    def gemm(
        A: T.Tensor((M, K), "float16"),
        B: T.Tensor((K, N), "float16"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(T.ceildiv(N, 64), T.ceildiv(M, 64), threads=128) as (bx, by):
            a = T.alloc_shared((64, 32), "float16")
            b = T.alloc_shared((32, 64), "float16")
            acc = T.alloc_fragment((64, 64), "float32")
            T.clear(acc)
            for k in T.Pipelined(T.ceildiv(K, 32), num_stages=3):
                T.copy(A[by * 64, k * 32], a)
                T.copy(B[k * 32, bx * 64], b)
                T.gemm(a, b, acc)
            T.copy(acc, C[by * 64, bx * 64])

    return gemm


def test_lowering_is_quick():
    def measure() -> float:
        start = time.process_time()
        gemm = make_gemm()
        ptx = _core.emit_ptx(gemm.module, "gemm", "cuda", "sm_90a")
        seconds = time.process_time() - start
        assert b".entry gemm" in ptx
        return seconds

    assert min(measure() for _ in range(3)) <= LOWERING_TIME


def test_layouts_under_their_other_path():
    import tile.layout

    assert tile.layout.make_swizzled_layout is T.make_swizzled_layout
    assert tile.layout.Layout is T.Layout


def test_compat():
    code = """
import tile.compat
try:
    import tilelang
except ModuleNotFoundError:
    print("not by itself")
tile.compat.install()
tile.compat.install()
import tilelang
import tilelang.language as T
import tilelang.jit
from tilelang.language import dtypes
import tilelang.language.kernel
import tile
print(tilelang is tile, T is tile.language, callable(tile.jit), callable(T.copy))
print(tile.__name__, tile.__spec__.name, T.__spec__.name)
try:
    import tilelang.nothing
except ModuleNotFoundError as error:
    print(error)
tile.compat.uninstall()
try:
    import tilelang
except ModuleNotFoundError:
    print("gone")
"""
    assert run_python(code).splitlines() == [
        "not by itself",
        "True True True True",
        "tile tile tile.language",
        "No module named 'tilelang.nothing'",
        "gone",
    ]


def test_compat_does_not_hide_an_installed_one(tmp_path):
    (tmp_path / "tilelang.py").write_text("mine = True")
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import tile.compat
try:
    tile.compat.install()
except RuntimeError as error:
    print(error)
import tilelang
print(tilelang.mine)
tile.compat.install(replace=True)
import tilelang
print(tilelang is sys.modules["tile"])
tile.compat.uninstall()
import tilelang
print(tilelang.mine)
"""
    assert run_python(code).splitlines() == [
        "tilelang is installed itself; tile.compat.install(replace=True) hides it",
        "True",
        "True",
        "True",
    ]


def test_public_names_exist_and_have_documentation():
    assert tile.__version__
    for name in tile.__all__:
        value = getattr(tile, name)
        assert isinstance(value, str) or value.__doc__, name


def test_wheel_holds_the_package(tmp_path):
    pytest.importorskip("scikit_build_core")
    # Without the extension, whose build takes minutes.
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps"]
        + ["--no-build-isolation", "--disable-pip-version-check", "-w", str(tmp_path)]
        + ["-C", "wheel.cmake=false", str(ROOT)],
        check=True,
        env=os.environ | {"PYTHONPATH": ""},
    )
    (wheel,) = tmp_path.glob("mlir_tile-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    python = ROOT / "python"
    for file in (python / "tile").rglob("*.py"):
        assert file.relative_to(python).as_posix() in names
    assert "tile/py.typed" in names
    strangers = [n for n in names if not n.startswith(("tile/", "mlir_tile-"))]
    assert not strangers
    assert not [n for n in names if "__pycache__" in n or n.endswith(".so")]


def test_types_of_the_extension_are_described():
    stub = Path(_core.__file__).with_name("_core.pyi")
    text = stub.read_text()
    public = [n for n in dir(_core) if not n.startswith("_")]
    missing = [n for n in public if f"{n}" not in text]
    assert not missing
