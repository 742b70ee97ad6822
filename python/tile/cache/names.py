"""The names that code uses, and the libraries that values come from."""

from __future__ import annotations

import ast
import dis
import inspect
import os
import site
import sys
import sysconfig
import textwrap
from functools import lru_cache
from types import CodeType
from typing import Iterator

from tile._syntax import parse

__all__ = [
    "attribute_names",
    "global_names",
    "library_version",
    "may_fill",
    "names_in_constants",
]


#: A function that calls one of these may fill a list or a dict of its own.
_MUTATORS = frozenset(
    "add append clear extend insert pop popitem remove setdefault update".split()
)


def may_fill(attributes: frozenset[str]) -> bool:
    """Whether a function that uses these attributes seems to fill lists or dicts,
    such as a log of its calls."""
    return not _MUTATORS.isdisjoint(attributes)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function and those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _loaded_names(code: CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        operation = instruction.opname
        if operation in ("LOAD_GLOBAL", "LOAD_NAME") or "GLOBALS" in operation:
            yield str(instruction.argval)


def _names_in_text(node: ast.AST) -> Iterator[str]:
    """The names in an annotation, also in one that is written as text."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            try:
                yield from _names_in_text(parse(inner.value, "eval"))
            except SyntaxError:
                pass


def _annotated_names(code: CodeType) -> Iterator[str]:
    """The names in annotations, which are not always evaluated where they stand."""
    try:
        tree = parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(tree):
        annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
        if isinstance(annotation, ast.AST):
            yield from _names_in_text(annotation)


@lru_cache(maxsize=4096)
def global_names(code: CodeType) -> tuple[str, ...]:
    """The names that a function and those inside it may look up as globals."""
    names = dict.fromkeys(name for c in _codes(code) for name in _loaded_names(c))
    names.update(dict.fromkeys(_annotated_names(code)))
    return tuple(names)


@lru_cache(maxsize=4096)
def attribute_names(code: CodeType) -> frozenset[str]:
    """The names that they may look up in modules and other objects."""
    return frozenset(name for c in _codes(code) for name in c.co_names)


def _texts(constant: object) -> Iterator[str]:
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, (tuple, frozenset)):
        for item in constant:
            yield from _texts(item)


@lru_cache(maxsize=4096)
def names_in_constants(code: CodeType) -> frozenset[str]:
    """The texts in them that may be names, for example for `getattr`."""
    texts = (text for c in _codes(code) for text in _texts(c.co_consts))
    return frozenset(text for text in texts if text.isidentifier())


@lru_cache(maxsize=None)
def _library_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    folders = [paths[k] for k in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [*site.getsitepackages(), site.getusersitepackages()]
    return tuple(os.path.join(os.path.realpath(f), "") for f in folders)


@lru_cache(maxsize=None)
def library_version(module: str) -> str | None:
    """The version of the installed library that a module belongs to.

    None for a module of the user, which may change without a new version. This
    package is a library, whose version the compiler's id is part of every key.
    """
    top = module.partition(".")[0]
    if top == "__main__" or not top:
        return None
    if top == "tile":
        return "tile"
    if top in sys.stdlib_module_names or top in sys.builtin_module_names:
        return sys.version
    found = sys.modules.get(top)
    file = getattr(found, "__file__", None)
    if file is None or not os.path.realpath(file).startswith(_library_folders()):
        return None
    version = getattr(found, "__version__", None)
    return str(version) if version else str(os.stat(file).st_mtime_ns)
