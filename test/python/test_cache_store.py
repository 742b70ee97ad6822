"""Entries on disk: damaged ones, those of other containers, how often all are read."""

from __future__ import annotations

import os

import pytest

import tile
from tile.cache import store
from tile.errors import CacheWarning

KEY = "ab" * 32


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache of its own for each test."""
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    return tmp_path / "cache"


def save(key=KEY, data=b"y"):
    store.save(key, {}, {"x": data})


def without_record(place):
    (place / "entry.json").unlink()


def folder_as_record(place):
    (place / "entry.json").unlink()
    (place / "entry.json").mkdir()


def folder_as_file(place):
    (place / "x").unlink()
    (place / "x").mkdir()


def file_as_entry(place):
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    place.write_text("y")


DAMAGES = [without_record, folder_as_record, folder_as_file, file_as_entry]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_place_is_mended(folder, damage):
    save()
    damage(folder / "kernels" / "ab" / KEY)
    assert tile.cache.info().entries == 1 and tile.cache.info().bytes > 0
    with pytest.warns(CacheWarning, match="is damaged and will be made anew"):
        assert store.load(KEY) is None
    assert tile.cache.info().entries == 0
    assert list((folder / "tmp").iterdir()) == []
    save()
    assert store.load(KEY) is not None


@pytest.mark.parametrize("name", ["entry.json", "x"])
def test_changed_files_are_told(folder, name):
    save()
    place = folder / "kernels" / "ab" / KEY / name
    data = place.read_bytes()
    place.write_bytes(data.replace(b'"x"', b'"z"') if name == "entry.json" else b"z")
    with pytest.warns(CacheWarning, match=f"{name} does not have its hash"):
        assert store.load(KEY) is None


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_place_is_cleared(folder, damage):
    save()
    damage(folder / "kernels" / "ab" / KEY)
    tile.cache.clear()
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    assert tile.cache.info().entries == 0


def test_damaged_entries_go_first(folder, monkeypatch):
    save("cd" * 32, bytes(1000))
    save(KEY, bytes(1000))
    without_record(folder / "kernels" / "ab" / KEY)
    monkeypatch.setenv("TILE_CACHE_MAX_BYTES", "3000")
    save("ef" * 32, bytes(1000))
    assert sorted(p.name[:2] for p in folder.glob("kernels/*/*")) == ["cd", "ef"]


def test_folders_among_tuned_results_are_cleared(folder):
    (folder / "tune" / "sub").mkdir(parents=True)
    (folder / "tune" / "a.json").write_text("{}")
    tile.cache.clear()
    assert list((folder / "tune").iterdir()) == []


def test_what_another_container_writes_stays(folder, monkeypatch):
    # No process has the greatest id there is, plus one.
    gone = 1 << 22
    monkeypatch.setattr(os, "getpid", lambda: gone)
    ours = store._new_place(folder)
    readlink = os.readlink
    monkeypatch.setattr(os, "readlink", lambda p: "pid:[1]")
    theirs = store._new_place(folder)
    monkeypatch.setattr(os, "readlink", readlink)
    for work in (ours, theirs):
        work.mkdir(parents=True)
    save()
    assert theirs.exists() and not ours.exists()


def test_a_save_does_not_look_at_every_entry(folder, monkeypatch):
    looks = []
    entries = store._entries

    def counted(folder):
        looks.append(folder)
        return entries(folder)

    monkeypatch.setattr(store, "_entries", counted)
    for i in range(20):
        save(f"{i:064}", bytes(1000))
    assert len(looks) == 1  # the first, which does not know what is there
    (folder / "sizes").write_text("no number")
    save(KEY, bytes(1000))
    assert len(looks) == 2


def test_what_is_trimmed_leaves_room(folder, monkeypatch):
    for i in range(20):
        save(f"{i:064}", bytes(1000))
    size = tile.cache.info().bytes // 20
    monkeypatch.setenv("TILE_CACHE_MAX_BYTES", str(20 * size))
    save(KEY, bytes(1000))
    assert tile.cache.info().entries == 18
    assert int((folder / "sizes").read_text()) == tile.cache.info().bytes
