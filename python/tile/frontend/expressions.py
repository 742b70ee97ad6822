"""The expressions of a kernel function, turned into calls of ``__tile__``."""

from __future__ import annotations

import ast
from typing import Any, NoReturn, Sequence

from tile.frontend.analysis import assigned_names, has_call

__all__ = [
    "TILE",
    "ExpressionTransformer",
    "make_assign",
    "make_call",
    "make_constant",
    "make_lambda",
    "make_name",
    "place",
]

TILE = "__tile__"


def make_name(identifier: str) -> ast.expr:
    """Reads a name."""
    return ast.Name(identifier, ast.Load())


def make_constant(value: Any) -> ast.expr:
    """A value of Python's own."""
    return ast.Constant(value)


def make_call(method: str, *args: ast.expr, owner: str = TILE) -> ast.Call:
    """Calls a method of the activation, or of another name."""
    return ast.Call(ast.Attribute(make_name(owner), method, ast.Load()), list(args), [])


def make_lambda(body: ast.expr) -> ast.expr:
    """An expression that is computed later."""
    arguments = ast.arguments([], [], None, [], [], None, [])
    return ast.Lambda(arguments, body)


def make_assign(name: str, value: ast.expr) -> ast.stmt:
    """Binds a name."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def place(node: Any, like: ast.AST) -> Any:
    """Gives a new node, and what is new inside it, the place of another.

    Where the other is new itself, both get theirs with the statement around them.
    """
    if not hasattr(like, "lineno"):
        return node
    child: Any
    for child in ast.walk(node):
        if "lineno" in child._attributes and not hasattr(child, "lineno"):
            ast.copy_location(child, like)
            # Python says that a call of a method happens in the last line of what
            # names the method; that of a statement with a body is in the body.
            if child.end_lineno != child.lineno:
                child.end_lineno = child.lineno
                child.end_col_offset = child.col_offset
    return node


class ExpressionTransformer(ast.NodeTransformer):
    """Rewrites expressions.

    ``first`` is the name of the function's first parameter, which super() needs.
    """

    def __init__(self, first: str | None, file: str, lines: Sequence[str]) -> None:
        self.first = first
        self.file = file
        self.lines = lines
        self.count = 0
        #: The names that the loops around bind.
        self.carried: list[frozenset[str]] = []
        #: The names that lambdas and comprehensions around bind.
        self.hidden: list[frozenset[str]] = []
        self.is_lazy = 0

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Raises SyntaxError at the place of a node."""
        line = getattr(node, "lineno", 1)
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        column = getattr(node, "col_offset", 0) + 1
        raise SyntaxError(message, (self.file, line, column, text))

    def _fresh(self, kind: str) -> str:
        self.count += 1
        return f"__tile_{kind}{self.count}"

    @staticmethod
    def _is_place(node: ast.expr) -> bool:
        """Whether an expression names a variable that was there before."""
        return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))

    # Expressions ----------------------------------------------------------

    def _early(self, value: ast.expr, other: ast.expr) -> ast.expr:
        """Reads a variable now, where computing `other` may change it."""
        return place(make_call("read", value), value) if has_call(other) else value

    def _later(self, node: ast.expr) -> ast.expr:
        """An expression that is computed only where it counts."""
        self.is_lazy += 1
        result = make_lambda(self.visit(node))
        self.is_lazy -= 1
        return result

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        method = "and_" if isinstance(node.op, ast.And) else "or_"
        first, *others = node.values
        left = self.visit(first)
        result: ast.expr | None = None
        for value in reversed(others):
            part = self._later(value)
            assert isinstance(part, ast.Lambda)
            if result is not None:
                part = make_lambda(make_call(method, part.body, result))
            result = part
        assert result is not None
        call = make_call(method, left, result)
        return place(call, node)  # type: ignore[no-any-return]

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left = self._early(self.visit(node.left), node.right)
        result = ast.BinOp(left, node.op, self.visit(node.right))
        return place(result, node)  # type: ignore[no-any-return]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            call = make_call("not_", operand)
            return place(call, node)  # type: ignore[no-any-return]
        result = ast.UnaryOp(node.op, operand)
        return place(result, node)  # type: ignore[no-any-return]

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        ops = [make_constant(type(op).__name__) for op in node.ops]
        if len(node.ops) == 1:
            right = node.comparators[0]
            left = self._early(self.visit(node.left), right)
            call = make_call("compare", ops[0], left, self.visit(right))
            return place(call, node)  # type: ignore[no-any-return]
        # a < b < c reads b once.
        operands = [self._later(e) for e in (node.left, *node.comparators)]
        call = make_call(
            "chain", ast.List(ops, ast.Load()), ast.List(operands, ast.Load())
        )
        return place(call, node)  # type: ignore[no-any-return]

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.visit(node.test)
        true, false = self._later(node.body), self._later(node.orelse)
        call = make_call("choose", test, true, false)
        return place(call, node)  # type: ignore[no-any-return]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        if self.is_lazy:
            self.refuse(
                node,
                f"`{node.target.id} :=` in a part of a condition that may not be "
                "executed; assign before",
            )
        is_name = make_constant(self._is_place(node.value))
        name = make_constant(node.target.id)
        value = make_call("assign", name, self.visit(node.value), is_name)
        return place(ast.NamedExpr(node.target, value), node)  # type: ignore

    def visit_Name(self, node: ast.Name) -> ast.expr:
        is_own = not any(node.id in names for names in self.hidden)
        if isinstance(node.ctx, ast.Load) and is_own:
            if any(node.id in names for names in self.carried):
                call = make_call("use", make_constant(node.id), node)
                return place(call, node)  # type: ignore[no-any-return]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        arguments = node.args
        names = [a.arg for a in ast.walk(arguments) if isinstance(a, ast.arg)]
        node.args.defaults = [self.visit(d) for d in arguments.defaults]
        node.args.kw_defaults = [d and self.visit(d) for d in arguments.kw_defaults]
        self.hidden.append(frozenset(names))
        node.body = self.visit(node.body)
        self.hidden.pop()
        return node

    def _comprehension(self, node: Any) -> ast.expr:
        targets = [g.target for g in node.generators]
        names = assigned_names([ast.Expr(t) for t in targets])
        self.hidden.append(frozenset(names))
        self.generic_visit(node)
        self.hidden.pop()
        return node  # type: ignore[no-any-return]

    visit_ListComp = visit_SetComp = visit_DictComp = _comprehension
    visit_GeneratorExp = _comprehension

    def visit_Call(self, node: ast.Call) -> ast.expr:
        func = node.func
        name = getattr(func, "attr", getattr(func, "id", None))
        starred = any(isinstance(a, ast.Starred) for a in node.args)
        if name == "if_then_else" and len(node.args) == 3 and not starred:
            if not node.keywords:
                return self._if_then_else(node)
        self.generic_visit(node)
        if isinstance(func, ast.Name) and func.id == "super" and not node.args:
            # Inside a lambda it would not find the class.
            if self.first is not None:
                node.args = [make_name("__class__"), make_name(self.first)]
        return place(node, node)  # type: ignore[no-any-return]

    def _if_then_else(self, node: ast.Call) -> ast.expr:
        # T.if_then_else(c, a, b) computes only the value that it takes.
        condition, true, false = node.args
        call = make_call(
            "if_then_else",
            self.visit(node.func),
            self.visit(condition),
            self._later(true),
            self._later(false),
        )
        return place(call, node)  # type: ignore[no-any-return]
