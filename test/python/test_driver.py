"""Kernels for GPUs with a driver that needs no GPU, or fails, or is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from exchange import STREAM

import tile
import tile.language as T
from tile import _core, errors

#: In a build tree, beside the extension.
FAKE = Path(_core.__file__).parents[2] / "lib"
needs_fake = pytest.mark.skipif(
    not (FAKE / "libtile-fake-cuda.so").exists(),
    reason="needs the build tree's driver for tests",
)

PROGRAM = """
import os
import numpy as np
import tile
import tile.language as T
from exchange import CudaExchanged
from tile import errors

M = T.dynamic("M")

@tile.jit(target=os.environ.get("TARGET", "cuda -arch=sm_90"))
def double(A: T.Tensor((M,), "float32")):
    with T.Kernel(M, threads=32) as bx:
        A[bx] = A[bx] * 2.0

def attempt(*args):
    try:
        double(*args)
    except RuntimeError as error:
        print(type(error).__module__, type(error).__name__, error, flush=True)

"""


def run(code, tmp_path, driver="libtile-fake-cuda.so", **variables):
    """The lines that a process prints with such a driver."""
    file = tmp_path / "program.py"
    file.write_text(PROGRAM + code)
    environment = {
        **os.environ,
        "TILE_CUDA_DRIVER": str(FAKE / driver),
        "TILE_ASSEMBLER": "driver",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
        **variables,
    }
    done = subprocess.run(
        [sys.executable, str(file)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


ARRAY = "attempt(np.ones(3, np.float32))"


def test_no_driver(tmp_path):
    (line,) = run(ARRAY, tmp_path, driver="absent.so")
    assert line.startswith("tile.errors NoDeviceError ")
    assert "cannot open the CUDA driver: " in line
    assert line.endswith("; target='cpu' runs kernels without a GPU")


@needs_fake
def test_no_device(tmp_path):
    (line,) = run(ARRAY, tmp_path, FAKE_NO_DEVICE="1")
    assert line.startswith("tile.errors NoDeviceError failed to initialize the CUDA")


@needs_fake
def test_no_memory(tmp_path):
    *_, line = run(ARRAY, tmp_path, FAKE_NO_MEMORY="1")
    assert line == (
        "tile.errors DeviceMemoryError failed to allocate 12 bytes on the device: "
        "CUDA_ERROR_OUT_OF_MEMORY (out of memory)"
    )


@needs_fake
def test_an_old_driver(tmp_path):
    code = "attempt(CudaExchanged(np.ones(3, np.float32)))"
    *_, line = run(code, tmp_path, FAKE_OLD_PTX="1")
    assert line.startswith("tile.errors DriverTooOldError double(): failed to load")
    assert "CUDA_ERROR_UNSUPPORTED_PTX_VERSION" in line


@needs_fake
def test_native_launches_use_the_stream_of_the_tensors(tmp_path):
    code = """
a = CudaExchanged(np.ones(3, np.float32))
double(a)
def refuse(*args):
    raise AssertionError("not native")
double._call = refuse
double(a)
double(CudaExchanged(np.ones(5, np.float32)))
double(CudaExchanged(np.ones(0, np.float32)))
"""
    lines = [line for line in run(code, tmp_path) if line.startswith("launch")]
    grids = [line.split("grid ")[1].split(" block")[0] for line in lines]
    streams = [line.split("stream ")[1].split()[0] for line in lines]
    assert grids == ["3 1 1", "3 1 1", "5 1 1"]
    assert streams == ["0", str(STREAM), str(STREAM)]


@needs_fake
def test_the_current_device_stays(tmp_path):
    code = """
import ctypes
from tile import _core
from tile.profiler import do_bench
driver = ctypes.CDLL(os.environ["TILE_CUDA_DRIVER"])

def current():
    context = ctypes.c_void_p()
    driver.cuCtxGetCurrent(ctypes.byref(context))
    return context.value

arrays = [CudaExchanged(np.ones(3, np.float32)) for _ in range(2)]
arrays[1].device_index = 1
assert current() is None
for array in arrays * 2:
    double(array)
    assert current() is None
contexts = []
for device in range(2):
    _core.device_enter(device)
    contexts.append(current())
assert len(set(contexts)) == 2 and None not in contexts
for array in arrays * 2:
    double(array)
    assert current() == contexts[1]
do_bench(lambda: contexts.append(current()), device="cuda:0", n_repeat=3)
assert set(contexts[2:]) == {contexts[1], current()} == {contexts[1]}
"""
    assert [x for x in run(code, tmp_path, FAKE_DEVICES="2") if "error" in x] == []


ASSEMBLER = """#!/bin/sh
echo assembled >> "$0.log"
while [ "$1" != "-o" ] && [ "$1" != "--output-file" ]; do shift; done
printf '\\177ELF kernel' > "$2"
"""


@needs_fake
def test_kernels_are_assembled_once_for_all_processes(tmp_path):
    ptxas = tmp_path / "ptxas"
    ptxas.write_text(ASSEMBLER)
    ptxas.chmod(0o755)
    variables = {
        "TILE_ASSEMBLER": "ptxas",
        "TILE_PTXAS": str(ptxas),
        "TILE_CACHE_DIR": str(tmp_path / "cache"),
        "TILE_DISABLE_CACHE": "0",
    }
    code = "double(CudaExchanged(np.ones(3, np.float32)))\n"
    code += "print(tile.cache.info().hits)"
    variables["TARGET"] = "cuda"  # of the chip of the device that there is
    for hits in ("0", "1"):
        *lines, found = run(code, tmp_path, **variables)
        assert found == hits
        assert "load cubin" in lines and "load ptx" not in lines
    assert (tmp_path / "ptxas.log").read_text() == "assembled\n"
    (file,) = tmp_path.rglob("host.o")
    assert b"\177ELF kernel" in file.read_bytes()
    # Another assembler finds nothing of this one.
    ptxas.write_text(ASSEMBLER + "# a later version\n")
    assert run(code, tmp_path, **variables)[-1] == "0"


def test_named_errors():
    for text, kind in (
        ("x: CUDA_ERROR_OUT_OF_MEMORY (y)", errors.DeviceMemoryError),
        ("missing function 'f' in the CUDA driver, which is too old", None),
        ("the CUDA driver is too old for clusters", None),
        ("the CUDA driver reports no device", errors.NoDeviceError),
        ("anything else", RuntimeError),
    ):
        error = errors.runtime_error(text)
        assert type(error) is (kind or errors.DriverTooOldError)
        assert str(error).startswith(text)
    assert issubclass(errors.DeviceMemoryError, MemoryError)


def test_unknown_options():
    with pytest.raises(TypeError, match=r"tile.jit\(\) got an unknown option 'outidx'"):
        tile.jit(outidx=1)
    with pytest.raises(TypeError, match="tile.lazy_jit.*expected one of out_idx, "):
        tile.lazy_jit(fast=True)

    @T.prim_func
    def f(A: T.Tensor((4,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = 1.0

    with pytest.raises(TypeError, match=r"tile.compile\(\) got an unknown option"):
        tile.compile(f, optlevel=3)
    with pytest.raises(ValueError, match="unknown pass config 'tile.fast'"):
        tile.compile(f, pass_configs={"tile.fast": 1})
    with pytest.raises(ValueError, match="expected no target option but arch"):
        tile.compile(f, target="cuda -cpu=2")
