"""Entries on disk.

    kernels/ab/abcd.../entry.json   what the entry is, with a hash of each file
                       module.mlir  the IR as traced
                       host.o       the host code with its kernels
    tmp/...                         entries that are being written or removed
    sizes                           the bytes of each entry that was stored

An entry is a folder. It is written under another name and renamed, so that it is
there as a whole or not at all, whichever processes run at once and wherever one of
them ends. A file that was changed behind that is found by its hash.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping

from tile.cache import settings
from tile.errors import CacheError, CacheWarning

__all__ = ["CacheInfo", "StoredEntry", "clear", "count", "info", "load", "save"]

_FORMAT = 1
#: What a process that was killed left is removed after this time, in seconds.
_MAX_AGE_S = 3600.0
#: What is left of the limit when entries were removed, so that this happens seldom.
_TRIMMED_PERCENT = 90

_lock = threading.Lock()
_counts = {"hits": 0, "misses": 0}


@dataclass(frozen=True)
class CacheInfo:
    """What the cache holds, and what this process found in it.

    ``entries`` and ``bytes`` are those of all processes, ``hits`` and ``misses``
    those of this one. ``max_bytes`` is what the cache may hold.
    """

    folder: Path
    is_enabled: bool
    entries: int
    bytes: int
    max_bytes: int
    hits: int
    misses: int


@dataclass(frozen=True)
class StoredEntry:
    """An entry that was read: what it says of itself, and its files by name."""

    record: dict[str, Any]
    files: dict[str, bytes]


def count(what: str) -> None:
    """Counts one of the hits or misses of this process."""
    with _lock:
        _counts[what] += 1


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _place(folder: Path, key: str) -> Path:
    return folder / "kernels" / key[:2] / key


def _where() -> str:
    """Where a process id means one process: containers may share a host name."""
    parts = [os.uname().nodename]
    try:
        parts.append(os.readlink("/proc/self/ns/pid"))
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text())
    except OSError:
        pass  # the name has to do
    return f"{parts[0]}.{_sum(' '.join(parts).encode())[:16]}"


def _new_place(folder: Path) -> Path:
    """A name for what is being written or removed; it says by whom."""
    return folder / "tmp" / f"{_where()}.{os.getpid()}.{os.urandom(8).hex()}"


def _is_left(work: Path) -> bool:
    """Whether nobody works there any more. Raises FileNotFoundError."""
    where, _, rest = work.name.rpartition(".")[0].rpartition(".")
    if where == _where() and rest.isdecimal():
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
    return time.time() - work.stat().st_mtime > _MAX_AGE_S


def _encode(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, indent=1).encode()


# Reading ------------------------------------------------------------------


def load(key: str) -> StoredEntry | None:
    """The entry of a key; None when there is none.

    A damaged one is removed with a CacheWarning, and then there is none.
    """
    place = _place(settings.get_folder(), key)
    try:
        entry = _read(place)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        if os.path.lexists(place):
            _drop(place, f"{error.strerror}: {Path(error.filename).name}")
        elif not isinstance(error, FileNotFoundError):
            _refuse(error, "read", place)
        return None
    except OSError as error:
        _refuse(error, "read", place)
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _drop(place, str(error))
        return None
    try:
        os.utime(place / "entry.json")  # the time of its last use
    except OSError:
        pass
    return entry


def _read(place: Path) -> StoredEntry:
    """Reads an entry. Raises ValueError and the like for what is none."""
    outer = json.loads((place / "entry.json").read_bytes())
    record = outer["record"]
    if outer["sha256"] != _sum(_encode(record)):
        raise ValueError("entry.json does not have its hash")
    files = {}
    for name, expected in record["files"].items():
        files[name] = (place / name).read_bytes()
        if _sum(files[name]) != expected:
            raise ValueError(f"{name} does not have its hash")
    return StoredEntry(record, files)


def drop(key: str, why: str) -> None:
    """Removes an entry that cannot be used, with a CacheWarning."""
    _drop(_place(settings.get_folder(), key), why)


def _drop(place: Path, why: str) -> None:
    warnings.warn(
        f"an entry of the cache is damaged and will be made anew: {place}: {why}",
        CacheWarning,
        stacklevel=2,
    )
    try:
        _remove(settings.get_folder(), place)
    except OSError as error:
        _refuse(error, "remove", place)


# Writing ------------------------------------------------------------------


def save(key: str, record: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Stores an entry, unless there is one already.

    Raises CacheError where a folder that the user named cannot be written; for the
    default one there is a CacheWarning.
    """
    folder = settings.get_folder()
    place = _place(folder, key)
    sums = {name: _sum(data) for name, data in files.items()}
    full = {"format": _FORMAT, "key": key, **record, "files": sums}
    outer = {"record": full, "sha256": _sum(_encode(full))}
    work = _new_place(folder)
    try:
        settings.make_folder(folder)
        settings.make_folder(work)
        for name, data in files.items():
            (work / name).write_bytes(data)
        (work / "entry.json").write_bytes(_encode(outer))
        place.parent.mkdir(parents=True, exist_ok=True)
        size = sum(file.stat().st_size for file in work.iterdir())
        _publish(work, place)
        _remove_left(folder)
        if not _note_size(folder, size):
            _trim(folder)
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        _refuse(error, "write", place)


def _publish(work: Path, place: Path) -> None:
    """Gives an entry its name; another one of that name is as good."""
    try:
        os.rename(work, place)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        shutil.rmtree(work, ignore_errors=True)


def _refuse(error: OSError, what: str, place: Path) -> None:
    text = (
        f"cannot {what} the cache: {error.strerror or error}; set TILE_CACHE_DIR to "
        "another folder, or TILE_DISABLE_CACHE=1 to do without"
    )
    if settings.is_folder_given():
        raise CacheError(error.errno, text, str(place)) from None
    warnings.warn(f"{text}: {place}", CacheWarning, stacklevel=2)


# Removing -----------------------------------------------------------------


def _delete(path: Path) -> None:
    """Removes a file or a folder, as far as that is possible."""
    try:
        path.unlink()
    except (IsADirectoryError, PermissionError):
        shutil.rmtree(path, ignore_errors=True)
    except FileNotFoundError:
        pass  # another process was faster


def _remove(folder: Path, place: Path) -> None:
    """Removes an entry, for other processes all at once."""
    away = _new_place(folder)
    away.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(place, away)
    except FileNotFoundError:
        return  # another process was faster
    _delete(away)


def _entries(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """The time of its last use, the bytes and the place of each entry."""
    for place in (folder / "kernels").glob("??/*"):
        try:
            size, used = _measure(place)
        except FileNotFoundError:
            continue  # another process removed it
        yield used, size, place


def _measure(place: Path) -> tuple[int, float]:
    """The bytes of an entry and the time of its last use: 0 for a damaged one."""
    try:
        with os.scandir(place) as items:
            stats = {i.name: i.stat(follow_symlinks=False) for i in items}
    except NotADirectoryError:
        return place.lstat().st_size, 0.0
    used = stats["entry.json"].st_mtime if "entry.json" in stats else 0.0
    return sum(stat.st_size for stat in stats.values()), used


def _remove_left(folder: Path) -> None:
    for work in (folder / "tmp").glob("*"):
        try:
            if _is_left(work):
                _delete(work)
        except FileNotFoundError:
            continue


def _note_size(folder: Path, size: int) -> bool:
    """Notes an entry that was stored; False where the limit may be exceeded.

    To look at every entry takes seconds where there are thousands of them.
    """
    try:
        noted = (folder / "sizes").read_bytes()
        with open(folder / "sizes", "ab", buffering=0) as file:
            file.write(f"{size}\n".encode())
        return sum(map(int, noted.split())) + size <= settings.get_max_bytes()
    except (FileNotFoundError, ValueError):
        return False


def _trim(folder: Path) -> None:
    """Removes those used least recently until the rest fits well."""
    limit = settings.get_max_bytes()
    entries = sorted(_entries(folder), key=lambda entry: entry[0])
    total = sum(size for _, size, _ in entries)
    aim = limit if total <= limit else limit * _TRIMMED_PERCENT // 100
    for _, size, place in entries:
        if total <= aim:
            break
        _remove(folder, place)
        total -= size
    work = _new_place(folder)
    work.write_text(f"{total}\n")
    os.replace(work, folder / "sizes")


def clear() -> None:
    """Removes everything from the cache on disk, results of `tile.autotune` too. What
    is in memory stays.

    Raises CacheError where that is not possible.
    """
    folder = settings.get_folder()
    try:
        for _, _, place in list(_entries(folder)):
            _remove(folder, place)
        _remove_left(folder)
        (folder / "sizes").unlink(missing_ok=True)
        for result in (folder / "tune").glob("*"):
            _delete(result)
    except OSError as error:
        text = f"cannot clear the cache: {error.strerror or error}"
        raise CacheError(error.errno, text, str(folder)) from None


def info() -> CacheInfo:
    """What the cache on disk holds, in bytes, and what this process found there."""
    folder = settings.get_folder()
    sizes = [size for _, size, _ in _entries(folder)]
    with _lock:
        hits, misses = _counts["hits"], _counts["misses"]
    return CacheInfo(
        folder,
        settings.is_enabled(),
        len(sizes),
        sum(sizes),
        settings.get_max_bytes(),
        hits,
        misses,
    )
