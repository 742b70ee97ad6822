"""Where the cache is: homes that do not exist, links to nothing, bad limits."""

from __future__ import annotations

import os
import pwd
import warnings

import numpy as np
import pytest

import tile
import tile.language as T
from tile import _core
from tile.cache import settings
from tile.errors import CacheError, CacheWarning


def double(A: T.Tensor((4,), "float32")):
    with T.Kernel(1, threads=32):
        for i in T.Parallel(4):
            A[i] = A[i] * 2


def run_double():
    a = np.ones(4, np.float32)
    tile.jit(double, target="cpu")(a)
    assert a[0] == 2


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Nothing that says where the cache is."""
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    for name in ("TILE_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "_warned", [])


@pytest.fixture
def unknown_user(monkeypatch):
    """A user without an entry, as in containers with any user id."""

    def refuse(uid):
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr(pwd, "getpwuid", refuse)


@pytest.mark.usefixtures("unknown_user")
def test_without_a_home_there_is_one_warning_and_no_cache():
    with pytest.warns(CacheWarning, match="expected a home folder .*, found none; set"):
        run_double()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_double()
    assert not tile.cache.is_enabled()
    with pytest.raises(CacheError, match="expected a home folder .*, found none"):
        tile.cache.info()


@pytest.mark.usefixtures("unknown_user")
def test_without_a_home_a_named_folder_works(tmp_path, monkeypatch):
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "cache"))
    run_double()
    assert tile.cache.info().entries == 1


@pytest.mark.parametrize("given", ["~", "~/x"])
@pytest.mark.usefixtures("unknown_user")
def test_a_named_folder_in_no_home_is_an_error(given, monkeypatch):
    monkeypatch.setenv("TILE_CACHE_DIR", given)
    with pytest.raises(CacheError, match=f"TILE_CACHE_DIR to .*, got '{given}'"):
        run_double()


def test_a_folder_of_no_user_is_an_error(monkeypatch):
    monkeypatch.setenv("TILE_CACHE_DIR", "~nouser/x")
    with pytest.raises(CacheError, match="TILE_CACHE_DIR to .*, got '~nouser/x'"):
        run_double()


def test_an_empty_home_counts_as_none(tmp_path, monkeypatch):
    user = pwd.getpwuid(os.getuid())
    monkeypatch.setenv("HOME", "")
    assert str(tile.cache.get_folder()) == f"{user.pw_dir}/.cache/tile"
    monkeypatch.setenv("TILE_CACHE_DIR", "~/x")
    assert str(tile.cache.get_folder()) == f"{user.pw_dir}/x"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tile.cache.get_folder() == tmp_path / "x"


@pytest.mark.parametrize("below", ["", "below"])
def test_a_link_to_nothing_is_named(below, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "link" / below))
    with pytest.raises(CacheError, match="link is a symbolic link to nothing; set"):
        run_double()


def test_a_file_as_a_folder_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(CacheError, match="Not a directory; set TILE_CACHE_DIR"):
        run_double()


def test_a_bad_limit_is_found_before_compiling(tmp_path, monkeypatch):
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TILE_CACHE_MAX_BYTES", "1e9")
    done = []
    compile_ = _core.compile

    def counted(*args, **kwargs):
        done.append(args)
        return compile_(*args, **kwargs)

    monkeypatch.setattr(_core, "compile", counted)
    with pytest.raises(ValueError, match="TILE_CACHE_MAX_BYTES .*, got '1e9'"):
        run_double()
    assert done == []
