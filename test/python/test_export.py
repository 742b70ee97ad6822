"""Kernels for programs in C: what is written, and that C can call it."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess

import numpy as np
import pytest
import test_docs

import tile
import tile.language as T
from tile import _core, ir
from tile.jit.export import find_runtime

M, N = T.dynamic("M, N")


@T.prim_func
def scale(
    A: T.Tensor((M, N), "float16"),
    factor: T.float32,
    B: T.Tensor((M, N), "float32"),
):
    with T.Kernel(M, threads=64) as row:
        for column in T.Parallel(N):
            B[row, column] = A[row, column] * factor


class Tensor(ctypes.Structure):
    """A tile_tensor_2d."""

    _fields_ = [
        ("data", ctypes.c_void_p),
        ("sizes", ctypes.c_int64 * 2),
        ("strides", ctypes.c_int64 * 2),
    ]


def view(array: np.ndarray) -> Tensor:
    strides = [stride // array.itemsize for stride in array.strides]
    return Tensor(array.ctypes.data, tuple(array.shape), tuple(strides))


def load(path, name: str):
    """The function of a library, with a call that raises its errors."""
    library = ctypes.CDLL(str(path))
    function, error = getattr(library, name), getattr(library, name + "_error")
    error.restype = ctypes.c_char_p

    def call(a, factor, b):
        arguments = [view(x) if x is not None else None for x in (a, b)]
        pointers = [ctypes.byref(x) if x else None for x in arguments]
        if function(pointers[0], ctypes.c_float(factor), pointers[1]):
            raise RuntimeError(error().decode())

    return call


def test_shared_library(tmp_path):
    kernel = tile.compile(scale, target="cpu")
    paths = kernel.export(tmp_path / "new" / "folder")
    assert {kind: path.name for kind, path in paths.items()} == {
        "c-header": "scale.h",
        "object": "scale.o",
        "shared": "libscale.so",
        "runtime": "libtile-runtime.a",
    }
    assert all(path.stat().st_size for path in paths.values())
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 4
    call = load(paths["shared"], "scale")
    for shape in [(1, 1), (7, 130), (0, 5)]:
        a = np.random.rand(*shape).astype(np.float16)
        b = np.full(shape, np.nan, np.float32)
        call(a, 2.5, b)
        np.testing.assert_array_equal(b, a.astype(np.float32) * np.float32(2.5))
    with pytest.raises(RuntimeError, match="'B': size 1: expected 4, which is N"):
        call(a[:, :4], 1.0, np.zeros((0, 5), np.float32))
    with pytest.raises(RuntimeError, match="argument #0 'A'.*expected a tensor"):
        call(None, 1.0, np.zeros((1, 5), np.float32))


def test_links_and_pipes_stay(tmp_path):
    kernel = tile.compile(scale, target="cpu")
    (tmp_path / "kept").mkdir()
    (tmp_path / "scale.h").symlink_to("kept/renamed.h")
    kernel.export(tmp_path, ["c-header"])
    assert (tmp_path / "scale.h").is_symlink()
    text = (tmp_path / "kept" / "renamed.h").read_bytes()
    assert text.startswith(b"/* scale for programs")

    os.mkfifo(tmp_path / "piped.h")
    pipe = os.open(tmp_path / "piped.h", os.O_RDWR | os.O_NONBLOCK)
    try:
        kernel.export(tmp_path, ["c-header"], name="piped")
        assert os.read(pipe, 1 << 16).startswith(b"/* piped for programs")
    finally:
        os.close(pipe)
    assert (tmp_path / "piped.h").is_fifo()


def test_object_from_c(tmp_path):
    compiler = shutil.which("cc") or shutil.which("clang-22")
    if compiler is None:
        pytest.skip("no C compiler")
    kernel = tile.compile(scale, target="cpu")
    paths = kernel.export(tmp_path, ["c-header", "object"], "scale_all", cpu="native")
    (tmp_path / "main.c").write_text("""
#include "scale_all.h"
#include <stdio.h>
int main(void) {
  uint16_t a[3] = {0x3c00, 0x4000, 0xbc00}; /* 1, 2, -1 */
  float b[3];
  tile_tensor_2d from = {a, {1, 3}, {0}}, to = {b, {1, 3}, {0}};
  if (scale_all(&from, 0.5f, &to))
    return puts(scale_all_error()), 1;
  return printf("%g %g %g\\n", b[0], b[1], b[2]), 0;
}
""")
    program = tmp_path / "main"
    subprocess.run(
        [compiler, "-std=c11", "-Wall", "-Werror", "main.c", paths["object"]]
        + [paths["runtime"], "-lm", "-o", program],
        cwd=tmp_path,
        check=True,
    )
    found = subprocess.run([program], capture_output=True, text=True, check=True)
    assert found.stdout == "0.5 1 -0.5\n"


def test_the_program_of_the_page(tmp_path):
    compiler = shutil.which("cc") or shutil.which("clang-22")
    if compiler is None:
        pytest.skip("no C compiler")
    page = (test_docs.DOCS / "Deployment.md").read_text()
    blocks = test_docs.write_code(page, tmp_path / "page.py")
    names = {"__name__": "page", "__file__": str(tmp_path / "page.py")}
    test_docs.run_block(blocks[0], tmp_path / "page.py", names)
    folder = names["folder"]
    (program,) = re.findall(r"^```c\n(.*?)^```$", page, re.M | re.S)
    (folder / "main.c").write_text(program)
    (shell,) = re.findall(r"^```console\n(\$ cc.*?)^```$", page, re.M | re.S)
    *commands, _ = re.findall(r"^\$ (.*)$", shell, re.M)
    expected = "".join(re.findall(r"^[^$].*\n", shell, re.M))
    for command in commands:
        words = [compiler, *command.split()[1:]]
        subprocess.run(words, cwd=folder, check=True)
        found = subprocess.run(
            ["./main"],
            cwd=folder,
            env={"LD_LIBRARY_PATH": str(folder)},
            check=True,
            capture_output=True,
            text=True,
        )
        assert found.stdout == expected
    shutil.rmtree(folder)


def test_header_names_what_is_passed(tmp_path):
    paths = tile.compile(scale, target="cpu").export(tmp_path, ["c-header"])
    text = paths["c-header"].read_text()
    assert " *   A       M x N of f16\n" in text
    assert " *   B       M x N of f32, written\n" in text
    assert "int scale(const tile_tensor_2d *A,\n" in text


def test_for_a_gpu(tmp_path):
    kernel = tile.compile(scale, target="cuda -arch=sm_90a")
    paths = kernel.export(tmp_path)
    assert "void *stream" in paths["c-header"].read_text()
    assert ".target sm_90a" in paths["ptx"].read_text()
    assert b".target sm_90a" in paths["object"].read_bytes()
    assert paths["shared"].exists()


def test_mistakes(tmp_path, monkeypatch):
    kernel = tile.compile(scale, target="cpu")
    with pytest.raises(ValueError, match="expected kinds among 'c-header'.*'exe'"):
        kernel.export(tmp_path, ["exe"])
    with pytest.raises(TypeError, match="got the string 'object'"):
        kernel.export(tmp_path, "object")
    with pytest.raises(ValueError, match="a kernel for cuda for 'ptx', got cpu"):
        kernel.export(tmp_path, ["ptx"])
    with pytest.raises(RuntimeError, match="expected a name that C can give"):
        kernel.export(tmp_path, name="a-b")
    with pytest.raises(RuntimeError, match="unknown CPU 'z80'"):
        kernel.export(tmp_path, ["object"], cpu="z80")
    monkeypatch.setenv("TILE_LINKER", "absent-linker")
    with pytest.raises(RuntimeError, match="cannot find the linker 'absent-linker'"):
        kernel.export(tmp_path)
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError):
        kernel.export(tmp_path / "file", ["object"])


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    kernel = tile.compile(scale, target="cpu")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        kernel.export(tmp_path, ["object"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text, problem",
    [
        ("%a: vector<4xf32>", "argument 0 of function 'f': unsupported type vector"),
        ("%a: memref<*xf32>", "expected a tensor of known rank, found memref"),
        (
            "%a: memref<4xf32, affine_map<(d0) -> (d0 mod 2)>>",
            "expected a tensor with strides, found memref<4xf32, affine_map",
        ),
    ],
)
def test_arguments_that_c_cannot_pass(text, problem):
    source = f"func.func @f({text}) {{ return }}"
    module = _core.Module.parse(ir.context(), source, "f")
    with pytest.raises(RuntimeError, match=problem):
        _core.emit_c_header(module, "f")
    with pytest.raises(RuntimeError, match="expected a function 'g' with a body"):
        _core.emit_object(module, "g")


@pytest.mark.parametrize("name", ["expf", "malloc", "memcpy", "main", "free"])
def test_names_of_functions_of_c_for_a_gpu(name):
    source = scale.text().replace("@scale", f"@{name}")
    module = _core.Module.parse(ir.context(), source, "f")
    assert _core.compile(module, name, "cuda", "sm_80", 3, False)


def test_the_runtime_needs_only_the_c_library():
    nm = shutil.which("nm") or shutil.which("llvm-nm-22")
    if nm is None:
        pytest.skip("no nm")
    found = subprocess.run(
        [nm, "-u", find_runtime()], capture_output=True, text=True, check=True
    )
    names = [line.split()[-1] for line in found.stdout.splitlines() if " U " in line]
    assert "malloc" in names
    strangers = ("_Z", "LLVM", "mlir", "__cxa_throw", "_Unwind", "Py")
    assert not [name for name in names if name.startswith(strangers)]
