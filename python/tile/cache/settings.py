"""Where the cache is, how large it may get, and whether it is used."""

from __future__ import annotations

import errno
import os
import pwd
import warnings
from pathlib import Path

from tile.errors import CacheError, CacheWarning

__all__ = [
    "disable",
    "enable",
    "get_folder",
    "get_max_bytes",
    "is_enabled",
    "is_folder_given",
    "make_folder",
]

_DEFAULT_MAX_BYTES = 4 << 30

#: Whether there was a warning that there is no default folder.
_warned: list[bool] = []

#: What `enable` and `disable` said last; None is what the environment says.
_switch: list[bool | None] = [None]


def enable() -> None:
    """Uses the cache in this process, whatever ``TILE_DISABLE_CACHE`` says."""
    _switch[0] = True


def disable() -> None:
    """Neither reads nor writes the cache in this process from now on."""
    _switch[0] = False


def is_enabled() -> bool:
    """Whether kernels are looked up in the cache and stored there."""
    wanted = _switch[0]
    if wanted is None:
        wanted = os.environ.get("TILE_DISABLE_CACHE", "0") in ("", "0")
    return wanted and (is_folder_given() or _has_default_folder())


def is_folder_given() -> bool:
    """Whether the user named the folder. Then it must work, or there is an error;
    the default one is used where that is possible."""
    return bool(os.environ.get("TILE_CACHE_DIR"))


def _get_home() -> Path | None:
    """The user's folder; None for a user whom the system does not know."""
    home = os.environ.get("HOME")
    if not home:
        try:
            home = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:
            return None
    return Path(home)


def _get_default_folder() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME")
    # What is not absolute is to be ignored, says the rule of these folders.
    if base and os.path.isabs(base):
        return Path(base) / "tile"
    home = _get_home()
    return home / ".cache" / "tile" if home else None


_NO_HOME = (
    "expected a home folder for the cache, found none; set HOME or TILE_CACHE_DIR"
)


def _has_default_folder() -> bool:
    """Whether there is a place for the default folder, with a warning if not."""
    if _get_default_folder() is not None:
        return True
    if not _warned:
        _warned.append(True)
        text = f"{_NO_HOME}, or TILE_DISABLE_CACHE=1 to do without"
        warnings.warn(text, CacheWarning, stacklevel=3)
    return False


def get_folder() -> Path:
    """The folder of the cache, which may not exist yet.

    Raises CacheError where there is no home folder to find it in.
    """
    given = os.environ.get("TILE_CACHE_DIR")
    if not given:
        default = _get_default_folder()
        if default is None:
            raise CacheError(errno.ENOENT, _NO_HOME)
        return default
    if not given.startswith("~"):
        return Path(given).absolute()
    user, _, rest = given.partition("/")
    try:
        home = _get_home() if user == "~" else Path(user).expanduser()
    except RuntimeError:
        home = None
    if home is None:
        text = f"expected TILE_CACHE_DIR to name a folder, got {given!r}: no such home"
        raise CacheError(errno.ENOENT, text)
    return (home / rest).absolute()


def get_max_bytes() -> int:
    """What the cache may hold, in bytes.

    Raises ValueError for a ``TILE_CACHE_MAX_BYTES`` that is no size.
    """
    text = os.environ.get("TILE_CACHE_MAX_BYTES")
    if not text:
        return _DEFAULT_MAX_BYTES
    if not text.isdecimal():
        raise ValueError(
            f"expected TILE_CACHE_MAX_BYTES to be a number of bytes, got {text!r}"
        )
    return int(text)


def make_folder(folder: Path) -> Path:
    """Makes a folder that only the user can enter: it holds machine code.

    Raises OSError where that is not possible.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        for place in (folder, *folder.parents):
            if place.is_symlink() and not place.exists():
                text = f"{place} is a symbolic link to nothing"
                raise OSError(errno.ENOENT, text, str(place)) from None
        if folder.is_dir():
            return folder  # another process made it
        raise NotADirectoryError(
            errno.ENOTDIR, os.strerror(errno.ENOTDIR), error.filename
        ) from None
    return folder
