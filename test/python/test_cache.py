"""The cache of compiled kernels on disk: hits, misses, damage, limits."""

from __future__ import annotations

import importlib
import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import tile

import tile.language as T
from tile import _core
from tile.cache import records, store
from tile.errors import CacheWarning, TileWarning

M = T.dynamic("M")
#: `tile.jit` is the function of that name.
impl = sys.modules["tile.jit.impl"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache of its own for each test."""
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    return tmp_path / "cache"


@pytest.fixture
def work(monkeypatch):
    """What was done since: 'trace' and 'compile', once for each time."""
    done: list[str] = []
    trace, compile_ = impl.trace, _core.compile

    def counted_trace(*args, **kwargs):
        done.append("trace")
        return trace(*args, **kwargs)

    def counted_compile(*args, **kwargs):
        done.append("compile")
        return compile_(*args, **kwargs)

    monkeypatch.setattr(impl, "trace", counted_trace)
    monkeypatch.setattr(_core, "compile", counted_compile)
    return done


def numbers(size=37):
    return np.random.default_rng().random(size).astype(np.float32)


FACTOR = 2.0
FACTORS = {"a": [2.0]}


def double(A: T.Tensor((M,), "float32"), block: int = 32):
    B = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, block), threads=32) as bx:
        for i in T.Parallel(block):
            j = bx * block + i
            if j < M:
                B[j] = A[j] * FACTOR
    return B


def use_dict(A: T.Tensor((M,), "float32")):
    with T.Kernel(M, threads=32) as bx:
        A[bx] = A[bx] * FACTORS["a"][0]


def run_double(factor=2.0, **options):
    """A call as another process would make it."""
    a = numbers()
    np.testing.assert_array_equal(
        tile.jit(double, target="cpu", **options)(a), a * np.float32(factor)
    )


def test_a_hit_neither_traces_nor_compiles(work):
    run_double()
    assert work == ["trace", "compile"]
    run_double()
    assert work == ["trace", "compile"]


def test_arguments_and_options_make_other_entries(work):
    run_double()
    a = numbers()
    tile.jit(double, target="cpu")(a, block=16)
    tile.jit(double, target="cpu", pass_configs={"tile.opt_level": 1})(a)
    assert work == ["trace", "compile"] * 3
    tile.jit(double, target="cpu")(a, block=16)
    assert len(work) == 6 and tile.cache.info().entries == 3


def test_captured_values_make_other_entries(work, monkeypatch):
    run_double()
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    run_double(5.0)
    assert len(work) == 4
    monkeypatch.setitem(globals(), "FACTOR", 2.0)
    run_double()
    assert len(work) == 4


def test_contents_of_containers_count(work, monkeypatch):
    a = numbers()
    for factor in (2.0, 3.0, 2.0):
        monkeypatch.setitem(FACTORS, "a", [factor])
        b = a.copy()
        tile.jit(use_dict, target="cpu")(b)
        np.testing.assert_array_equal(b, a * np.float32(factor))
    assert len(work) == 4


@pytest.mark.parametrize("what", ["source", "macro", "class"])
def test_helpers_in_other_modules_count(work, monkeypatch, tmp_path, what):
    text = {
        "source": "import tile.language as T\n@T.macro\ndef f(x):\n    return x * {}\n",
        "macro": "import tile.language as T\nN = {}\n@T.macro\ndef f(x):\n    return x * N\n",
        "class": "class C:\n    N = {}\ndef f(x):\n    return x * C.N\n",
    }[what]
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    name = f"helper_of_{what}"
    for factor in ("2.0", "7.0"):
        (tmp_path / f"{name}.py").write_text(text.format(factor))
        sys.modules.pop(name, None)
        importlib.invalidate_caches()
        helper = importlib.import_module(name)

        def uses_module(A: T.Tensor((M,), "float32")):
            with T.Kernel(M, threads=32) as bx:
                A[bx] = helper.f(A[bx])

        a = numbers()
        b = a.copy()
        tile.jit(uses_module, target="cpu")(b)
        np.testing.assert_array_equal(b, a * np.float32(factor))
    assert work == ["trace", "compile"] * 2


def test_a_changed_compiler_never_hits(work, monkeypatch):
    run_double()
    monkeypatch.setattr("tile.cache.kernels.compiler_id", lambda: "another build")
    run_double()
    assert work == ["trace", "compile"] * 2


def test_the_compiler_is_known_by_its_build():
    libraries = dict(_core.libraries())
    own = [i for path, i in libraries.items() if Path(path).name.startswith("_core")]
    assert own and len(own[0]) >= 16
    assert len(tile.cache.compiler_id()) == 32


def test_lazy_functions_and_compile(work):
    def make(m, dtype="float32"):
        @T.prim_func
        def f(A: T.Tensor((m,), dtype), B: T.Tensor((m,), dtype)):
            with T.Kernel(m, threads=32) as bx:
                B[bx] = A[bx] * 2.0

        return f

    a = numbers()
    for _ in range(2):
        kernel = tile.jit(make, out_idx=-1, target="cpu")(37)
        np.testing.assert_array_equal(kernel(a), a * 2)
        assert kernel.prim_func.name == "f" and kernel.out_idx == [1]
        assert "tile.launch" in kernel.prim_func.script()
        assert "define" in kernel.get_host_source()
        again = tile.compile(make(37), out_idx=[1], target="cpu")
        np.testing.assert_array_equal(again(a), a * 2)
    assert work.count("compile") == 2
    tile.jit(make, out_idx=-1, target="cpu")(38)
    assert work.count("compile") == 3


def test_constants_and_formulas(work):
    def grow(A, scale: int):
        K = T.const("K")
        A: T.Tensor[[K], "float32"]
        B = T.empty((K * 2 + 1,), "float32")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(K * 2 + 1):
                B[i] = A[i % K] * scale
        return B

    for size in (5, 5, 9):
        a = numbers(size)
        found = tile.jit(grow, target="cpu")(a, 3)
        np.testing.assert_array_equal(found, np.resize(a, 2 * size + 1) * 3)
    assert work == ["trace", "compile"] * 2
    # Results whose size is computed from sizes of the call, and scratch memory.
    for _ in range(2):
        a = numbers(12)
        found = tile.jit(halves, target="cpu")(a)
        np.testing.assert_array_equal(found, a[:6] + a[6:])
    assert len(work) == 6


N = T.dynamic("N")


def halves(A: T.Tensor((N * 2,), "float32")):
    B = T.empty((T.ceildiv(N * 2, 2),), "float32")
    with T.Kernel(N, threads=32) as bx:
        B[bx] = A[bx] + A[bx + N]
    return B


def test_warnings_of_the_trace_come_again(work):
    def warns(A: T.Tensor((M,), "float32")):
        with T.Kernel(M, threads=32) as bx:
            K = T.symbolic("M")
            A[bx] = A[bx] + T.float32(0 * K)

    for _ in range(2):
        with pytest.warns(TileWarning, match="T.symbolic is the older name") as found:
            tile.jit(warns, target="cpu")(numbers())
        assert found[0].filename == __file__
    assert work == ["trace", "compile"]


def test_functions_with_a_memory_are_not_stored(work):
    log = []

    def logs(A: T.Tensor((M,), "float32")):
        log.append("traced")
        with T.Kernel(M, threads=32) as bx:
            A[bx] = 1.0

    for _ in range(2):
        tile.jit(logs, target="cpu")(numbers())
    assert log == ["traced"] * 2 and tile.cache.info().entries == 0


def test_what_is_stored_can_be_read(folder):
    run_double()
    files = {p.name: p for p in folder.rglob("*") if p.is_file()}
    assert sorted(files) == ["entry.json", "host.o", "module.mlir", "sizes"]
    record = json.loads(files["entry.json"].read_text())["record"]
    assert record["function"]["name"] == "double" and record["target"] == "cpu"
    assert "func.func @double" in files["module.mlir"].read_text()
    assert files["host.o"].read_bytes()[:4] == b"\x7fELF"
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["entry.json", "host.o", "module.mlir"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "missing", "empty"])
def test_a_damaged_entry_is_made_anew(folder, work, name, damage):
    run_double()
    (file,) = folder.rglob(name)
    data = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "flipped":
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    else:
        file.write_bytes(data[: len(data) // 2] if damage == "cut" else b"")
    with pytest.warns(CacheWarning, match="is damaged and will be made anew"):
        run_double()
    assert work == ["trace", "compile"] * 2
    run_double()
    assert work == ["trace", "compile"] * 2


def test_an_entry_of_another_form_is_made_anew(monkeypatch):
    record_of = records.record_of
    monkeypatch.setattr(records, "record_of", lambda *args: {"other": 1})
    run_double()
    monkeypatch.setattr(records, "record_of", record_of)
    with pytest.warns(CacheWarning, match="diagnostics"):
        run_double()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_double()


def test_code_that_cannot_be_loaded_is_made_anew(folder, monkeypatch):
    files_of = store.save

    def save(key, record, files):
        files_of(key, record, {**files, "host.o": b"no object"})

    monkeypatch.setattr("tile.cache.kernels.store.save", save)
    run_double()
    monkeypatch.setattr("tile.cache.kernels.store.save", files_of)
    with pytest.warns(CacheWarning, match="host.o|object|recogni"):
        run_double()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_double()


def test_info_and_clear(folder):
    assert tile.cache.info().entries == 0
    run_double()
    info = tile.cache.info()
    assert info.folder == folder and info.entries == 1 and info.is_enabled
    assert info.bytes == sum(
        p.stat().st_size for p in folder.rglob("*.*") if p.is_file()
    )
    tile.cache.clear()
    assert tile.cache.info().entries == 0 and tile.cache.info().bytes == 0
    tile.cache.clear()


def test_hits_and_misses_are_counted():
    before = tile.cache.info()
    run_double()
    run_double()
    after = tile.cache.info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 1)


def test_the_least_recently_used_go_first(monkeypatch, work):
    a = numbers()
    calls = [lambda b=b: tile.jit(double, target="cpu")(a, b) for b in (8, 16, 32)]
    for position, call in enumerate(calls):
        call()
        for entry in tile.cache.get_folder().rglob("entry.json"):
            age = entry.stat().st_mtime - 100
            os.utime(entry, (age, age))
    calls[0]()  # now the one used last
    work.clear()
    size = tile.cache.info().bytes // 3
    monkeypatch.setenv("TILE_CACHE_MAX_BYTES", str(3 * size + size // 2))
    tile.jit(double, target="cpu")(a, 64)
    assert tile.cache.info().bytes <= 3 * size + size // 2
    work.clear()
    calls[0]()
    assert work == []
    calls[1]()
    assert work == ["trace", "compile"]


def test_bad_limits_are_refused(monkeypatch):
    monkeypatch.setenv("TILE_CACHE_MAX_BYTES", "4 GB")
    with pytest.raises(ValueError, match="TILE_CACHE_MAX_BYTES.*got '4 GB'"):
        tile.cache.info()


def test_it_can_be_switched_off(folder, work, monkeypatch):
    monkeypatch.setenv("TILE_DISABLE_CACHE", "1")
    run_double()
    assert not tile.cache.is_enabled() and not folder.exists()
    monkeypatch.setattr("tile.cache.settings._switch", [None])
    tile.cache.enable()
    run_double()
    assert tile.cache.info().entries == 1
    tile.cache.disable()
    run_double()
    assert work == ["trace", "compile"] * 3


def test_the_default_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("TILE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tile.cache.get_folder() == tmp_path / "tile"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert tile.cache.get_folder() == tmp_path / "home" / ".cache" / "tile"
