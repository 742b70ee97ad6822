"""Finding the fastest configuration of a kernel: `autotune`."""

from tile.tune.cases import set_autotune_inputs
from tile.tune.decorator import autotune
from tile.tune.function import AutotunedFunction
from tile.tune.result import Trial, TuneResult

__all__ = [
    "AutotunedFunction",
    "Trial",
    "TuneResult",
    "autotune",
    "set_autotune_inputs",
]
