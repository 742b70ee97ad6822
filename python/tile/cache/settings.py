"""Where the cache is, how large it may get, and whether it is used."""

from __future__ import annotations

import os
from pathlib import Path

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
    if _switch[0] is not None:
        return _switch[0]
    return os.environ.get("TILE_DISABLE_CACHE", "0") in ("", "0")


def is_folder_given() -> bool:
    """Whether the user named the folder. Then it must work, or there is an error;
    the default one is used where that is possible."""
    return bool(os.environ.get("TILE_CACHE_DIR"))


def get_folder() -> Path:
    """The folder of the cache, which may not exist yet."""
    given = os.environ.get("TILE_CACHE_DIR")
    if given:
        return Path(given).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    # What is not absolute is to be ignored, says the rule of these folders.
    root = Path(base) if base and os.path.isabs(base) else Path("~/.cache").expanduser()
    return root / "tile"


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
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
