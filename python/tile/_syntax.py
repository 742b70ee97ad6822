"""Syntax trees, made by one thread at a time.

CPython before 3.11.8 and 3.12.2 counts in one place how deep all threads are in
making them, so that a change of threads ends in "SystemError: AST constructor
recursion depth mismatch" (gh-106905).
"""

from __future__ import annotations

import ast
import threading
from types import CodeType

__all__ = ["compile_module", "parse"]

_lock = threading.RLock()


def parse(source: str, mode: str = "exec") -> ast.AST:
    """The tree of `source`, as `ast.parse` gives it.

    Raises SyntaxError.
    """
    with _lock:
        return ast.parse(source, mode=mode)


def compile_module(module: ast.Module, file: str, flags: int) -> CodeType:
    """The code of a module whose statements are in `file`."""
    with _lock:
        code = compile(module, file, "exec", flags, dont_inherit=True)
    assert isinstance(code, CodeType)
    return code
