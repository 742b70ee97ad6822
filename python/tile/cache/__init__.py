"""The cache of compiled kernels on disk.

A kernel that was compiled once, by any process of the user, is loaded and not
traced again. What it is known by is in `tile.cache.digest`; how it lies on disk in
`tile.cache.store`. Environment variables say where and how much:

    TILE_CACHE_DIR        the folder; the default is tile in the user's cache folder
    TILE_CACHE_MAX_BYTES  what it may hold, in bytes; the default is 4 GiB
    TILE_DISABLE_CACHE    1 to neither read nor write it
"""

from tile.cache.build_id import compiler_id
from tile.cache.settings import disable, enable, get_folder, is_enabled
from tile.cache.store import CacheInfo, clear, info

__all__ = [
    "CacheInfo",
    "clear",
    "compiler_id",
    "disable",
    "enable",
    "get_folder",
    "info",
    "is_enabled",
]
