"""Compiling and calling kernels."""

from tile.jit.config import PassConfigKey
from tile.jit.impl import JITImpl, compile, jit, lazy_jit, par_compile
from tile.jit.kernel import JITKernel
from tile.jit.prim_func import PrimFunc, prim_func
from tile.jit.target import Target

__all__ = [
    "JITImpl",
    "JITKernel",
    "PassConfigKey",
    "PrimFunc",
    "Target",
    "compile",
    "jit",
    "lazy_jit",
    "par_compile",
    "prim_func",
]
