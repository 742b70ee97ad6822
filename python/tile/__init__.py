"""Tile-level GPU kernels in Python, compiled by MLIR.

``import tile.language as T`` is the kernel language; `tile.jit` and `tile.compile`
make callable kernels of functions.
"""

# The extension module may lie in a build folder, apart from these files.
__path__ = __import__("pkgutil").extend_path(__path__, __name__)

from typing import TYPE_CHECKING, Any

from tile import cache, language
from tile.errors import DiagnosticError, JITNoBuilderError, TileWarning
from tile.jit import (
    JITImpl,
    JITKernel,
    PassConfigKey,
    PrimFunc,
    Target,
    compile,
    jit,
    lazy_jit,
    par_compile,
)

if TYPE_CHECKING:
    from tile import profiler, tune
    from tile.profiler import TensorSupplyType
    from tile.tune import autotune, set_autotune_inputs

__version__ = "0.1.0"

__all__ = [
    "DiagnosticError",
    "JITImpl",
    "JITKernel",
    "JITNoBuilderError",
    "PassConfigKey",
    "PrimFunc",
    "Target",
    "TensorSupplyType",
    "TileWarning",
    "__version__",
    "autotune",
    "cache",
    "compile",
    "jit",
    "language",
    "lazy_jit",
    "par_compile",
    "profiler",
    "set_autotune_inputs",
    "tune",
]

# Modules that few programs need are loaded when they are first asked for.
_LAZY = {
    "autotune": "tile.tune",
    "set_autotune_inputs": "tile.tune",
    "tune": "tile.tune",
    "TensorSupplyType": "tile.profiler",
    "profiler": "tile.profiler",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'tile' has no attribute {name!r}")
    module = __import__("importlib").import_module(_LAZY[name])
    return module if module.__name__ == f"tile.{name}" else getattr(module, name)
