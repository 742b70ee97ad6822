"""The names of `tile.tune` where TileLang has them."""

from tile.tune import AutotunedFunction, autotune, set_autotune_inputs

__all__ = ["AutotunedFunction", "autotune", "set_autotune_inputs"]
