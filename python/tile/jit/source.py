"""What the source of a function says before anything of it runs."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from typing import Any, Callable

from tile.frontend.rewrite import get_source

__all__ = ["SourceFacts", "read_source"]

#: What only the body of a kernel contains.
_KERNEL_NAMES = {"Kernel", "ClusterKernel", "empty", "const"}


@dataclass(frozen=True)
class SourceFacts:
    """What `read_source` finds.

    ``has_prim_func`` is whether it defines a function decorated by prim_func,
    ``uses_kernel`` whether its own statements launch a kernel, ``returns_value``
    whether it returns something, ``body_annotated`` the parameters that a
    statement of the body annotates, and ``text`` the source itself.
    """

    has_prim_func: bool
    uses_kernel: bool
    returns_value: bool
    body_annotated: frozenset[str]
    text: str


def _last_name(node: ast.expr) -> str | None:
    """``c`` of ``a.b.c``, ``c`` and ``c(...)``."""
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.has_prim_func = self.uses_kernel = self.returns_value = False
        self.annotated: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        names = [_last_name(d) for d in node.decorator_list]
        self.has_prim_func |= "prim_func" in names
        if "macro" in names:
            return
        inner = _Reader()
        for statement in node.body:
            inner.visit(statement)
        self.has_prim_func |= inner.has_prim_func

    def visit_Call(self, node: ast.Call) -> None:
        self.uses_kernel |= _last_name(node) in _KERNEL_NAMES
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        self.returns_value |= node.value is not None
        self.generic_visit(node)


def read_source(function: Callable[..., Any]) -> SourceFacts:
    """Reads the source of a function. Raises OSError when there is none."""
    node, _ = get_source(inspect.unwrap(function))
    parameters = {
        a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    }
    reader = _Reader()
    for statement in node.body:
        reader.visit(statement)
    annotated = {
        statement.target.id
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
        and statement.value is None
        and isinstance(statement.target, ast.Name)
    }
    return SourceFacts(
        reader.has_prim_func,
        reader.uses_kernel,
        reader.returns_value,
        frozenset(annotated & parameters),
        ast.unparse(node),
    )
