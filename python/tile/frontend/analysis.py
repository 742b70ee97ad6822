"""What the statements of a function do: which jumps they make, which names they
bind."""

from __future__ import annotations

import ast
from typing import Iterable

__all__ = ["assigned_names", "find_jumps", "has_call", "is_range_call", "mangle"]


class _Jumps(ast.NodeVisitor):
    """Whether statements leave or continue the loop that they stand in."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_Break(self, node: ast.Break) -> None:
        self.found.add("break")

    def visit_Continue(self, node: ast.Continue) -> None:
        self.found.add("continue")

    def _skip(self, node: ast.AST) -> None:
        pass

    visit_For = visit_While = visit_FunctionDef = visit_ClassDef = _skip
    visit_Lambda = _skip


def find_jumps(statements: Iterable[ast.stmt]) -> set[str]:
    """'break' and 'continue', where they concern the loop around the statements."""
    jumps = _Jumps()
    for statement in statements:
        jumps.visit(statement)
    return jumps.found


class _Assigned(ast.NodeVisitor):
    """The names that statements bind, other than inside nested functions."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.found[node.id] = None

    def visit_comprehension(self, node: ast.comprehension) -> None:
        # Its target belongs to the comprehension alone.
        self.visit(node.iter)
        for condition in node.ifs:
            self.visit(condition)

    def _skip(self, node: ast.AST) -> None:
        pass

    visit_FunctionDef = visit_ClassDef = visit_Lambda = _skip


def assigned_names(statements: Iterable[ast.stmt]) -> list[str]:
    """The names that statements bind, in order."""
    assigned = _Assigned()
    for statement in statements:
        assigned.visit(statement)
    return list(assigned.found)


def has_call(node: ast.AST) -> bool:
    """Whether an expression calls something, which may change variables."""
    return any(isinstance(child, ast.Call) for child in ast.walk(node))


def is_range_call(node: ast.expr) -> bool:
    """Whether an expression is ``range(...)``."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "range"
    )


class _Mangler(ast.NodeTransformer):
    def __init__(self, owner: str) -> None:
        self.prefix = "_" + owner.lstrip("_")

    def _mangle(self, name: str) -> str:
        if name.startswith("__") and not name.endswith("__"):
            return self.prefix + name
        return name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._mangle(node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        self.generic_visit(node)
        node.attr = self._mangle(node.attr)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._mangle(node.arg)
        return node


def mangle(node: ast.AST, qualified_name: str) -> None:
    """Spells private names (``__x``) of a method as its class body does."""
    parts = qualified_name.split(".")
    if len(parts) > 1 and parts[-2] != "<locals>" and parts[-2].strip("_"):
        _Mangler(parts[-2]).visit(node)
