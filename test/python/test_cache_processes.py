"""The cache of compiled kernels with several processes, and where disks fail."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tile
import tile.language as T
from tile.cache import store
from tile.errors import CacheError, CacheWarning

PROGRAM = Path(__file__).with_name("cache_program.py")
M = T.dynamic("M")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache of its own for each test."""
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    return tmp_path / "cache"


def start(*arguments, prelude=""):
    """The program in a process of its own."""
    command = [sys.executable, "-W", "error::tile.errors.CacheWarning"]
    if prelude:
        run = f"import runpy, sys; sys.argv = [{str(PROGRAM)!r}, *sys.argv[1:]]\n"
        run += f"{prelude}\nrunpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
        command += ["-c", run]
    else:
        command.append(str(PROGRAM))
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    """What the program printed."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out)


def entries(folder):
    return sorted(p.name for p in folder.glob("kernels/??/*"))


def test_another_process_neither_traces_nor_compiles(folder):
    first = finish(start())
    assert first["right"] and (first["traces"], first["compilations"]) == (1, 1)
    second = finish(start())
    assert second == {**second, "right": True, "traces": 0, "compilations": 0}
    assert second["hits"] == 1 and len(entries(folder)) == 1


def test_another_hash_seed_finds_the_same(folder, monkeypatch):
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        finish(start())
    assert len(entries(folder)) == 1


def test_sixteen_processes_at_once(folder):
    processes = [start(32, 64, 96) for _ in range(16)]
    results = [finish(process) for process in processes]
    assert all(result["right"] for result in results)
    assert len(entries(folder)) == 3
    assert not list((folder / "tmp").glob("*"))
    last = finish(start(32, 64, 96))
    assert last["right"] and last["compilations"] == 0


KILL = """
import os, pathlib, signal
def kill(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{target} = kill
"""


@pytest.mark.parametrize("target", ["os.rename", "pathlib.Path.write_bytes"])
def test_a_process_is_killed_in_the_middle(folder, target):
    process = start(prelude=KILL.format(target=target))
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    assert entries(folder) == [] and len(list((folder / "tmp").glob("*"))) == 1
    result = finish(start())
    assert result["right"] and result["compilations"] == 1
    # What the killed one left is gone, and the entry is whole.
    assert not list((folder / "tmp").glob("*"))
    assert finish(start())["compilations"] == 0


def test_processes_killed_at_any_time(folder):
    processes = [start(32, 64) for _ in range(6)]
    for number, process in enumerate(processes):
        try:
            process.wait(0.3 + 0.1 * number)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
    result = finish(start(32, 64))
    assert result["right"] and result["entries"] == 2


def double(A: T.Tensor((M,), "float32")):
    with T.Kernel(M, threads=32) as bx:
        A[bx] = A[bx] * 2.0


def run_double():
    a = np.random.default_rng().random(37).astype(np.float32)
    b = a.copy()
    tile.jit(double, target="cpu")(b)
    np.testing.assert_array_equal(b, a * 2)


def test_a_named_folder_that_cannot_be_written_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(CacheError, match="cache: .*; set TILE_CACHE_DIR to another"):
        run_double()
    assert issubclass(CacheError, OSError)
    monkeypatch.setenv("TILE_DISABLE_CACHE", "1")
    run_double()


def test_a_default_folder_that_cannot_be_written_is_a_warning(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("TILE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.warns(CacheWarning, match="Not a directory; set TILE_CACHE_DIR"):
        run_double()


def test_a_cache_that_cannot_be_cleared(folder, monkeypatch):
    run_double()

    def refuse(*args):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(store.os, "rename", refuse)
    with pytest.raises(CacheError, match="cannot clear the cache: Operation not"):
        tile.cache.clear()


LIMIT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
"""


def test_a_full_disk(folder):
    assert resource.RLIM_INFINITY in resource.getrlimit(resource.RLIMIT_FSIZE)
    process = start(prelude=LIMIT)
    _, err = process.communicate(timeout=300)
    assert process.returncode != 0
    assert "CacheError: [Errno 27] cannot write the cache: File too large" in err
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    assert finish(start())["right"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_fails_between_files(folder, monkeypatch, code):
    written = []
    write = Path.write_bytes

    def fail(self, data):
        written.append(self.name)
        if self.name == "entry.json":
            raise OSError(code, os.strerror(code), str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(CacheError) as found:
        run_double()
    assert found.value.errno == code and str(folder) in str(found.value.filename)
    assert len(written) == 3
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    monkeypatch.setattr(Path, "write_bytes", write)
    run_double()
    assert len(entries(folder)) == 1
