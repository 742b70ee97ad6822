"""Options of a compilation."""

from __future__ import annotations

from enum import Enum
from typing import Any, Mapping

__all__ = ["PassConfigKey", "get_opt_level"]


class PassConfigKey(str, Enum):
    """Names of options in ``pass_configs``.

    Only ``OPT_LEVEL`` changes what this compiler does. The others are the names
    that TileLang programs use to steer its passes; none of them may change a
    result, so here they are taken and have no effect.
    """

    OPT_LEVEL = "tile.opt_level"
    TL_SIMPLIFY = "tl.Simplify"
    TL_DISABLE_WARP_SPECIALIZED = "tl.disable_warp_specialized"
    TL_DISABLE_TMA_LOWER = "tl.disable_tma_lower"
    TL_DISABLE_SAFE_MEMORY_ACCESS = "tl.disable_safe_memory_legalize"
    TL_DISABLE_VECTORIZE_256 = "tl.disable_vectorize_256"
    TL_DISABLE_THREAD_STORAGE_SYNC = "tl.disable_thread_storage_sync"
    TL_DISABLE_SHUFFLE_ELECT = "tl.disable_shuffle_elect"
    TL_DISABLE_DYNAMIC_TAIL_SPLIT = "tl.disable_dynamic_tail_split"
    TL_DISABLE_FAST_MATH = "tl.disable_fast_math"
    TL_ENABLE_FAST_MATH = "tl.enable_fast_math"
    TL_ENABLE_AGGRESSIVE_SHARED_MEMORY_MERGE = (
        "tl.enable_aggressive_shared_memory_merge"
    )
    TL_ENABLE_PTXAS_VERBOSE_OUTPUT = "tl.enable_ptxas_verbose_output"
    TL_PTXAS_REGISTER_USAGE_LEVEL = "tl.ptxas_register_usage_level"
    TL_CONFIG_INDEX_BITWIDTH = "tl.config_index_bitwidth"
    TL_DEBUG_MERGE_SHARED_MEMORY_ALLOCATIONS = (
        "tl.debug_merge_shared_memory_allocations"
    )


_KEYS = {key.value: key for key in PassConfigKey}


def get_opt_level(configs: Mapping[Any, Any]) -> int:
    """LLVM's optimisation level, 0 to 3.

    Raises ValueError for unknown keys and other levels.
    """
    level = 3
    for key, value in configs.items():
        name = key.value if isinstance(key, PassConfigKey) else str(key)
        if name not in _KEYS:
            raise ValueError(f"unknown pass config {name!r}")
        if name == PassConfigKey.OPT_LEVEL.value:
            level = value
    if not isinstance(level, int) or not 0 <= level <= 3:
        raise ValueError(f"expected an opt_level from 0 to 3, got {level!r}")
    return level
