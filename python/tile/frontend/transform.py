"""The statements of a kernel function, turned into calls of ``__tile__``.

See `tile.frontend.rewrite` for what becomes what.
"""

from __future__ import annotations

import ast
from typing import Any, NoReturn

from tile.frontend.analysis import assigned_names, find_jumps, is_range_call
from tile.frontend.expressions import (
    TILE,
    ExpressionTransformer,
    make_assign,
    make_call,
    make_constant,
    make_name,
    place,
)

__all__ = ["TILE", "Transformer", "place"]


def _refusal(text: str) -> Any:
    def visit(self: "Transformer", node: ast.AST) -> NoReturn:
        self.refuse(node, text)

    return visit


class Transformer(ExpressionTransformer):
    """Rewrites the body of one function.

    ``first`` is the name of its first parameter, which super() needs. Raises
    SyntaxError for what no kernel can do.
    """

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
                    warning = ast.Expr(make_call("unreachable"))
                    result.insert(-1, place(warning, rest[0]))
                break
            if jumps and rest:
                result += self._guarded(rest)
                break
        return result

    def _guarded(self, rest: list[ast.stmt]) -> list[ast.stmt]:
        guard = self._fresh("guard")
        inner = self.body(rest)
        inner.append(place(ast.Expr(make_call("leave", owner=guard)), rest[-1]))
        return [
            place(make_assign(guard, make_call("guard")), rest[0]),
            place(ast.If(make_call("enter", owner=guard), inner, []), rest[0]),
        ]

    def _rebind(self, names: list[str], owner: str) -> list[ast.stmt]:
        """Binds anew the names whose value depends on what was executed."""
        result: list[ast.stmt] = []
        for name in names:
            test = make_call("changed", make_constant(name), owner=owner)
            value = make_call("value", make_constant(name), owner=owner)
            result.append(ast.If(test, [make_assign(name, value)], []))
        return result

    def visit_If(self, node: ast.If) -> list[ast.stmt]:
        branch = self._fresh("branch")
        names = assigned_names([*node.body, *node.orelse])
        first = assigned_names(node.body)
        listed = make_constant(tuple(names))
        result: list[ast.stmt] = [
            make_assign(branch, make_call("branch", self.visit(node.test), listed))
        ]
        for taken, statements in ((True, node.body), (False, node.orelse)):
            if not statements:
                continue
            inner: list[ast.stmt] = []
            for name in [] if taken else first:
                test = make_call("restored", make_constant(name), owner=branch)
                value = make_call("before", make_constant(name), owner=branch)
                inner.append(ast.If(test, [make_assign(name, value)], []))
            inner += self.body(statements)
            inner.append(ast.Expr(make_call("leave", owner=branch)))
            test = make_call("enter", make_constant(taken), owner=branch)
            result.append(ast.If(test, inner, []))
        result.append(ast.Expr(make_call("end", owner=branch)))
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
        jumps = make_constant(tuple(sorted(find_jumps(node.body))))
        iterable = self.visit(node.iter)
        if is_range_call(node.iter):
            iterable.func = place(make_call("range_", iterable.func), node.iter)
        binding = place(ast.Assign([node.target], make_name(item)), node.target)
        names = assigned_names([binding, *node.body])
        self.carried.append(frozenset(names))
        inner = self._assignment(binding, is_loop=True)
        inner += self._loop_body(node.body)
        listed = make_constant(tuple(names))
        result = [
            make_assign(loop, make_call("loop", iterable, jumps, listed)),
            ast.For(ast.Name(item, ast.Store()), make_name(loop), inner, []),
            *self._rebind(names, loop),
        ]
        return [place(s, node) for s in result]

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        if node.orelse:
            self.refuse(node.orelse[0], "a while loop of a kernel has no else part")
        loop, item = self._fresh("while"), self._fresh("round")
        jumps = make_constant(tuple(sorted(find_jumps(node.body))))
        names = assigned_names([node])
        self.carried.append(frozenset(names))
        test = make_call("test", self.visit(node.test), owner=item)
        inner: list[ast.stmt] = [ast.If(test, self._loop_body(node.body), [])]
        listed = make_constant(tuple(names))
        result = [
            make_assign(loop, make_call("while_loop", jumps, listed)),
            ast.For(ast.Name(item, ast.Store()), make_name(loop), inner, []),
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
            binding = place(ast.Assign([target], make_name(temporary)), target)
            inner += self._assignment(binding, is_loop=True)
            item.optional_vars = place(ast.Name(temporary, ast.Store()), target)
        node.body = inner + self.body(node.body)
        return node

    def visit_Break(self, node: ast.Break) -> list[ast.stmt]:
        return self._jump("break", node)

    def visit_Continue(self, node: ast.Continue) -> list[ast.stmt]:
        return self._jump("continue", node)

    def _jump(self, kind: str, node: ast.stmt) -> list[ast.stmt]:
        test = make_call("jump", make_constant(kind))
        statement = ast.Break() if kind == "break" else ast.Continue()
        return [place(ast.If(test, [statement], []), node)]

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        value = self.visit(node.value) if node.value else make_constant(None)
        return [place(ast.Return(make_call("leave_function", value)), node)]

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        source = make_constant(ast.unparse(node.test))
        message = self.visit(node.msg) if node.msg else make_constant(None)
        call = make_call("check", self.visit(node.test), message, source)
        return [place(ast.Expr(call), node)]

    def visit_Raise(self, node: ast.Raise) -> list[ast.stmt]:
        self.generic_visit(node)
        return [place(ast.Expr(make_call("before_raise")), node), node]

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.refuse(target, "a kernel can delete names only")
            result.append(ast.Expr(make_call("forget", make_constant(target.id))))
        return [*(place(s, node) for s in result), node]

    visit_Try = visit_TryStar = _refusal("a kernel cannot have try statements")
    visit_Match = _refusal("a kernel cannot have match statements; use if and elif")
    visit_Global = _refusal("a kernel cannot assign to global names")
    visit_Nonlocal = _refusal(
        "a kernel cannot assign to names of the function around it"
    )
    visit_Yield = visit_YieldFrom = _refusal("a kernel cannot yield")
    visit_Await = visit_AsyncFor = visit_AsyncWith = visit_AsyncFunctionDef = _refusal(
        "a kernel cannot be asynchronous"
    )

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return node  # a macro is rewritten when it is called

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        return node

    # Assignments ----------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self._assignment(node)

    def _assignment(self, node: ast.Assign, is_loop: bool = False) -> list[ast.stmt]:
        """Evaluates the right side once, then binds the targets in order."""
        is_name = self._is_place(node.value) and not is_loop
        loads = self._loads(node)
        value = node.value if is_loop else self.visit(node.value)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            return [place(self._bind(node.targets[0], value, is_name), node)]
        if len(node.targets) > 1 and is_name:
            value = make_call("read", value)
        temporary = self._fresh("value")
        result: list[ast.stmt] = [make_assign(temporary, value)]
        for target in node.targets:
            result += self._unpack(target, make_name(temporary), is_name, loads)
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
            call = make_call("set_attribute", owner, make_constant(target.attr), value)
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
        count = make_constant(len(target.elts))
        star = make_constant(starred[0] if starred else None)
        call = make_call("unpack", value, count, star, make_constant(loads))
        result: list[ast.stmt] = [make_assign(parts, call)]
        for i, element in enumerate(target.elts):
            inner = element.value if isinstance(element, ast.Starred) else element
            item = ast.Subscript(make_name(parts), make_constant(i), ast.Load())
            result += self._unpack(inner, item, False)
        return result

    def _bind(self, target: ast.Name, value: ast.expr, is_name: bool) -> ast.stmt:
        name, by_name = make_constant(target.id), make_constant(is_name)
        return make_assign(target.id, make_call("assign", name, value, by_name))

    def _subscript(self, node: ast.Subscript, ctx: ast.expr_context) -> ast.Subscript:
        return ast.Subscript(self.visit(node.value), self.visit(node.slice), ctx)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        if node.value is not None:
            plain = ast.Assign([node.target], node.value)
            return self._assignment(place(plain, node))
        if not isinstance(node.target, ast.Name):
            return []
        # An argument may be annotated in the body: `A: T.Tensor[[M, N], f16]`.
        name = make_constant(node.target.id)
        call = make_call("annotate", name, self.visit(node.annotation))
        test = make_call("is_bound", name)
        bind = make_assign(node.target.id, call)
        return [place(ast.If(test, [bind], []), node)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        op = make_constant(type(node.op).__name__)
        if isinstance(node.target, ast.Name):
            name = make_constant(node.target.id)
            old = self.visit(place(make_name(node.target.id), node.target))
            call = make_call("augment", name, self._early(old, node.value), op)
            call.args.append(self.visit(node.value))
            return [place(make_assign(node.target.id, call), node)]
        value = self.visit(node.value)
        if isinstance(node.target, ast.Attribute):
            owner = self.visit(node.target.value)
            attribute = make_constant(node.target.attr)
            call = make_call("augment_attribute", owner, attribute, op, value)
            return [place(ast.Expr(call), node)]
        assert isinstance(node.target, ast.Subscript)
        # The buffer and the indices are evaluated once.
        owner_name, key_name = self._fresh("owner"), self._fresh("key")
        element = ast.Subscript(make_name(owner_name), make_name(key_name), ast.Load())
        target = ast.Subscript(make_name(owner_name), make_name(key_name), ast.Store())
        old = self._early(element, node.value)
        result: list[ast.stmt] = [
            make_assign(owner_name, self.visit(node.target.value)),
            make_assign(key_name, make_call("key", self.visit(node.target.slice))),
            ast.Assign([target], make_call("combine", old, op, value)),
        ]
        return [place(s, node) for s in result]
