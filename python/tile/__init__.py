"""Tile-level GPU kernels in Python, compiled by MLIR.

``import tile.language as T`` is the kernel language; `tile.jit` and `tile.compile`
make callable kernels of functions.
"""

# The extension module may lie in a build folder, apart from these files.
__path__ = __import__("pkgutil").extend_path(__path__, __name__)

from tile import language
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

__version__ = "0.1.0"

__all__ = [
    "DiagnosticError",
    "JITImpl",
    "JITKernel",
    "JITNoBuilderError",
    "PassConfigKey",
    "PrimFunc",
    "Target",
    "TileWarning",
    "__version__",
    "compile",
    "jit",
    "language",
    "lazy_jit",
    "par_compile",
]
