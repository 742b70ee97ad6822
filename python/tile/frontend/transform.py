"""The statements of a kernel function, turned into calls of ``__tile__``.

See `tile.frontend.rewrite` for what becomes what.
"""

from __future__ import annotations

import ast
from typing import Any, NoReturn, Sequence

from tile.frontend.analysis import (
    assigned_names,
    find_jumps,
    has_call,
    is_range_call,
)

__all__ = ["TILE", "Transformer", "place"]

TILE = "__tile__"


def _name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def _constant(value: Any) -> ast.expr:
    return ast.Constant(value)


def _call(method: str, *args: ast.expr, owner: str = TILE) -> ast.Call:
    return ast.Call(ast.Attribute(_name(owner), method, ast.Load()), list(args), [])


def _lambda(body: ast.expr) -> ast.expr:
    arguments = ast.arguments([], [], None, [], [], None, [])
    return ast.Lambda(arguments, body)


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def place(node: Any, like: ast.AST) -> Any:
    """Gives a new node, and what is new inside it, the place of another."""
    for child in ast.walk(node):
        if "lineno" in child._attributes and not hasattr(child, "lineno"):
            ast.copy_location(child, like)
    return node


def _refusal(text: str) -> Any:
    def visit(self: "Transformer", node: ast.AST) -> NoReturn:
        self.refuse(node, text)

    return visit


class Transformer(ast.NodeTransformer):
    """Rewrites the body of one function.

    ``first`` is the name of its first parameter, which super() needs. Raises
    SyntaxError for what no kernel can do.
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

    # Statements -----------------------------------------------------------

    def body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block. What follows a branch that may leave the
        loop runs only if it did not."""
        result: list[ast.stmt] = []
        for position, statement in enumerate(statements):
            jumps = isinstance(statement, (ast.If, ast.With)) and find_jumps(
                [statement]
            )
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
            rest = statements[position + 1 :]
            if isinstance(statement, (ast.Break, ast.Continue)):
                if rest:
                    warning = ast.Expr(_call("unreachable"))
                    result.insert(-1, place(warning, rest[0]))
                break
            if jumps and rest:
                result += self._guarded(rest)
                break
        return result

    def _guarded(self, rest: list[ast.stmt]) -> list[ast.stmt]:
        guard = self._fresh("guard")
        inner = self.body(rest)
        inner.append(place(ast.Expr(_call("leave", owner=guard)), rest[-1]))
        return [
            place(_assign(guard, _call("guard")), rest[0]),
            place(ast.If(_call("enter", owner=guard), inner, []), rest[0]),
        ]

    def _rebind(self, names: list[str], owner: str) -> list[ast.stmt]:
        """Binds anew the names whose value depends on what was executed."""
        result: list[ast.stmt] = []
        for name in names:
            test = _call("changed", _constant(name), owner=owner)
            value = _call("value", _constant(name), owner=owner)
            result.append(ast.If(test, [_assign(name, value)], []))
        return result

    def visit_If(self, node: ast.If) -> list[ast.stmt]:
        branch = self._fresh("branch")
        names = assigned_names([*node.body, *node.orelse])
        first = assigned_names(node.body)
        listed = _constant(tuple(names))
        result: list[ast.stmt] = [
            _assign(branch, _call("branch", self.visit(node.test), listed))
        ]
        for taken, statements in ((True, node.body), (False, node.orelse)):
            if not statements:
                continue
            inner: list[ast.stmt] = []
            for name in [] if taken else first:
                test = _call("restored", _constant(name), owner=branch)
                value = _call("before", _constant(name), owner=branch)
                inner.append(ast.If(test, [_assign(name, value)], []))
            inner += self.body(statements)
            inner.append(ast.Expr(_call("leave", owner=branch)))
            result.append(
                ast.If(_call("enter", _constant(taken), owner=branch), inner, [])
            )
        result.append(ast.Expr(_call("end", owner=branch)))
        result += self._rebind(names, branch)
        return [place(s, node) for s in result]

    def _loop_body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        result = self.body(statements)
        self.carried.pop()
        return result

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        if node.orelse:
            self.refuse(node.orelse[0], "a for loop of a kernel has no else part")
        loop, item = self._fresh("loop"), self._fresh("item")
        jumps = _constant(tuple(sorted(find_jumps(node.body))))
        iterable = self.visit(node.iter)
        if is_range_call(node.iter):
            iterable.func = place(_call("range_", iterable.func), node.iter)
        binding = place(ast.Assign([node.target], _name(item)), node.target)
        names = assigned_names([binding, *node.body])
        self.carried.append(frozenset(names))
        inner = self._assignment(binding, is_loop=True)
        inner += self._loop_body(node.body)
        listed = _constant(tuple(names))
        result = [
            _assign(loop, _call("loop", iterable, jumps, listed)),
            ast.For(ast.Name(item, ast.Store()), _name(loop), inner, []),
            *self._rebind(names, loop),
        ]
        return [place(s, node) for s in result]

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        if node.orelse:
            self.refuse(node.orelse[0], "a while loop of a kernel has no else part")
        loop, item = self._fresh("while"), self._fresh("round")
        jumps = _constant(tuple(sorted(find_jumps(node.body))))
        names = assigned_names([node])
        self.carried.append(frozenset(names))
        test = _call("test", self.visit(node.test), owner=item)
        inner: list[ast.stmt] = [ast.If(test, self._loop_body(node.body), [])]
        listed = _constant(tuple(names))
        result = [
            _assign(loop, _call("while_loop", jumps, listed)),
            ast.For(ast.Name(item, ast.Store()), _name(loop), inner, []),
            *self._rebind(names, loop),
        ]
        return [place(s, node) for s in result]

    def visit_With(self, node: ast.With) -> ast.stmt:
        inner: list[ast.stmt] = []
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
            if item.optional_vars is None:
                continue
            temporary = self._fresh("with")
            target = item.optional_vars
            binding = place(ast.Assign([target], _name(temporary)), target)
            inner += self._assignment(binding, is_loop=True)
            item.optional_vars = place(ast.Name(temporary, ast.Store()), target)
        node.body = inner + self.body(node.body)
        return node

    def visit_Break(self, node: ast.Break) -> list[ast.stmt]:
        return self._jump("break", node)

    def visit_Continue(self, node: ast.Continue) -> list[ast.stmt]:
        return self._jump("continue", node)

    def _jump(self, kind: str, node: ast.stmt) -> list[ast.stmt]:
        test = _call("jump", _constant(kind))
        statement = ast.Break() if kind == "break" else ast.Continue()
        return [place(ast.If(test, [statement], []), node)]

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        value = self.visit(node.value) if node.value else _constant(None)
        return [place(ast.Return(_call("leave_function", value)), node)]

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        source = _constant(ast.unparse(node.test))
        message = self.visit(node.msg) if node.msg else _constant(None)
        call = _call("check", self.visit(node.test), message, source)
        return [place(ast.Expr(call), node)]

    def visit_Raise(self, node: ast.Raise) -> list[ast.stmt]:
        self.generic_visit(node)
        return [place(ast.Expr(_call("before_raise")), node), node]

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.refuse(target, "a kernel can delete names only")
            result.append(ast.Expr(_call("forget", _constant(target.id))))
        return [*(place(s, node) for s in result), node]

    visit_Try = visit_TryStar = _refusal("a kernel cannot have try statements")
    visit_Match = _refusal("a kernel cannot have match statements; use if and elif")
    visit_Global = _refusal("a kernel cannot assign to global names")
    visit_Nonlocal = _refusal(
        "a kernel cannot assign to names of the function around it"
    )
    visit_Yield = visit_YieldFrom = _refusal("a kernel cannot yield")
    visit_Await = visit_AsyncFor = visit_AsyncWith = visit_AsyncFunctionDef = (
        _refusal("a kernel cannot be asynchronous")
    )

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return node  # a macro is rewritten when it is called

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        return node

    # Assignments ----------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self._assignment(node)

    @staticmethod
    def _is_place(node: ast.expr) -> bool:
        """Whether an expression names a variable that was there before."""
        return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))

    def _assignment(self, node: ast.Assign, is_loop: bool = False) -> list[ast.stmt]:
        """Evaluates the right side once, then binds the targets in order."""
        is_name = self._is_place(node.value) and not is_loop
        loads = self._loads(node)
        value = node.value if is_loop else self.visit(node.value)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            return [place(self._bind(node.targets[0], value, is_name), node)]
        if len(node.targets) > 1 and is_name:
            value = _call("read", value)
        temporary = self._fresh("value")
        result: list[ast.stmt] = [_assign(temporary, value)]
        for target in node.targets:
            result += self._unpack(target, _name(temporary), is_name, loads)
        return [place(s, node) for s in result]

    def _loads(self, node: ast.Assign) -> tuple[bool, ...] | None:
        """Which parts of a tuple on the right side name variables."""
        if isinstance(node.value, (ast.Tuple, ast.List)):
            return tuple(self._is_place(e) for e in node.value.elts)
        return None

    def _unpack(
        self,
        target: ast.expr,
        value: ast.expr,
        is_name: bool,
        loads: tuple[bool, ...] | None = None,
    ) -> list[ast.stmt]:
        if isinstance(target, ast.Name):
            return [self._bind(target, value, is_name)]
        if isinstance(target, (ast.Tuple, ast.List)):
            return self._unpack_all(target, value, loads)
        if isinstance(target, ast.Subscript):
            return [ast.Assign([self._subscript(target, ast.Store())], value)]
        if isinstance(target, ast.Attribute):
            owner = self.visit(target.value)
            call = _call("set_attribute", owner, _constant(target.attr), value)
            return [ast.Expr(call)]
        self.refuse(target, f"cannot assign to {ast.unparse(target)} in a kernel")

    def _unpack_all(
        self,
        target: ast.Tuple | ast.List,
        value: ast.expr,
        loads: tuple[bool, ...] | None,
    ) -> list[ast.stmt]:
        # All values are read before a target is bound, as in a swap.
        parts = self._fresh("parts")
        starred = [i for i, e in enumerate(target.elts) if isinstance(e, ast.Starred)]
        count = _constant(len(target.elts))
        star = _constant(starred[0] if starred else None)
        call = _call("unpack", value, count, star, _constant(loads))
        result: list[ast.stmt] = [_assign(parts, call)]
        for i, element in enumerate(target.elts):
            inner = element.value if isinstance(element, ast.Starred) else element
            item = ast.Subscript(_name(parts), _constant(i), ast.Load())
            result += self._unpack(inner, item, False)
        return result

    def _bind(self, target: ast.Name, value: ast.expr, is_name: bool) -> ast.stmt:
        call = _call("assign", _constant(target.id), value, _constant(is_name))
        return _assign(target.id, call)

    def _subscript(self, node: ast.Subscript, ctx: ast.expr_context) -> ast.Subscript:
        return ast.Subscript(self.visit(node.value), self.visit(node.slice), ctx)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        if node.value is not None:
            plain = ast.Assign([node.target], node.value)
            return self._assignment(place(plain, node))
        if not isinstance(node.target, ast.Name):
            return []
        # An argument may be annotated in the body: `A: T.Tensor[[M, N], f16]`.
        name = _constant(node.target.id)
        call = _call("annotate", name, self.visit(node.annotation))
        test = _call("is_bound", name)
        bind = _assign(node.target.id, call)
        return [place(ast.If(test, [bind], []), node)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        op = _constant(type(node.op).__name__)
        if isinstance(node.target, ast.Name):
            name = _constant(node.target.id)
            old = self.visit(place(_name(node.target.id), node.target))
            call = _call("augment", name, self._early(old, node.value), op)
            call.args.append(self.visit(node.value))
            return [place(_assign(node.target.id, call), node)]
        value = self.visit(node.value)
        if isinstance(node.target, ast.Attribute):
            owner = self.visit(node.target.value)
            attribute = _constant(node.target.attr)
            call = _call("augment_attribute", owner, attribute, op, value)
            return [place(ast.Expr(call), node)]
        assert isinstance(node.target, ast.Subscript)
        # The buffer and the indices are evaluated once.
        owner_name, key_name = self._fresh("owner"), self._fresh("key")
        element = ast.Subscript(_name(owner_name), _name(key_name), ast.Load())
        target = ast.Subscript(_name(owner_name), _name(key_name), ast.Store())
        old = self._early(element, node.value)
        result: list[ast.stmt] = [
            _assign(owner_name, self.visit(node.target.value)),
            _assign(key_name, _call("key", self.visit(node.target.slice))),
            ast.Assign([target], _call("combine", old, op, value)),
        ]
        return [place(s, node) for s in result]

    # Expressions ----------------------------------------------------------

    def _early(self, value: ast.expr, other: ast.expr) -> ast.expr:
        """Reads a variable now, where computing `other` may change it."""
        return place(_call("read", value), value) if has_call(other) else value

    def _later(self, node: ast.expr) -> ast.expr:
        """An expression that is computed only where it counts."""
        self.is_lazy += 1
        result = _lambda(self.visit(node))
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
                part = _lambda(_call(method, part.body, result))
            result = part
        assert result is not None
        return place(_call(method, left, result), node)  # type: ignore[no-any-return]

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left = self._early(self.visit(node.left), node.right)
        result = ast.BinOp(left, node.op, self.visit(node.right))
        return place(result, node)  # type: ignore[no-any-return]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return place(_call("not_", operand), node)  # type: ignore[no-any-return]
        result = ast.UnaryOp(node.op, operand)
        return place(result, node)  # type: ignore[no-any-return]

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        ops = [_constant(type(op).__name__) for op in node.ops]
        if len(node.ops) == 1:
            right = node.comparators[0]
            left = self._early(self.visit(node.left), right)
            call = _call("compare", ops[0], left, self.visit(right))
            return place(call, node)  # type: ignore[no-any-return]
        # a < b < c reads b once.
        operands = [self._later(e) for e in (node.left, *node.comparators)]
        call = _call(
            "chain", ast.List(ops, ast.Load()), ast.List(operands, ast.Load())
        )
        return place(call, node)  # type: ignore[no-any-return]

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.visit(node.test)
        call = _call("choose", test, self._later(node.body), self._later(node.orelse))
        return place(call, node)  # type: ignore[no-any-return]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        if self.is_lazy:
            self.refuse(
                node,
                f"`{node.target.id} :=` in a part of a condition that may not be "
                "executed; assign before",
            )
        is_name = _constant(self._is_place(node.value))
        name = _constant(node.target.id)
        value = _call("assign", name, self.visit(node.value), is_name)
        return place(ast.NamedExpr(node.target, value), node)  # type: ignore

    def visit_Name(self, node: ast.Name) -> ast.expr:
        is_own = not any(node.id in names for names in self.hidden)
        if isinstance(node.ctx, ast.Load) and is_own:
            if any(node.id in names for names in self.carried):
                call = _call("use", _constant(node.id), node)
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
                node.args = [_name("__class__"), _name(self.first)]
        return place(node, node)  # type: ignore[no-any-return]

    def _if_then_else(self, node: ast.Call) -> ast.expr:
        # T.if_then_else(c, a, b) computes only the value that it takes.
        condition, true, false = node.args
        call = _call(
            "if_then_else",
            self.visit(node.func),
            self.visit(condition),
            self._later(true),
            self._later(false),
        )
        return place(call, node)  # type: ignore[no-any-return]
