"""Turns the source of a kernel function into a function that traces it.

The control flow becomes calls of the object `__tile__`, a `hooks.Activation`
of the running call; the rest stays Python. No closures are made for the bodies
of branches and loops, so that names behave as they do in Python:

    if c: A                  __b = __tile__.branch(c)
    else: B                  if __b.enter(True): A; __b.leave()
                             if __b.enter(False): B; __b.leave()
                             __b.end()
    for x in it: A           for x in __tile__.loop(it): A
    while c: A               for __w in __tile__.while_loop(...):
                                 if __w.test(c): A
    x = e                    x = __tile__.assign("x", e, is_name)
    break                    if __tile__.leave_loop("break"): break
"""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from types import CellType, CodeType, FunctionType
from typing import Any, Callable

from tile.frontend.builder import traced_code

__all__ = ["Rewritten", "rewrite"]

_TILE = "__tile__"


def _name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def _call(method: str, *args: ast.expr, owner: str = _TILE) -> ast.Call:
    return ast.Call(ast.Attribute(_name(owner), method, ast.Load()), list(args), [])


def _constant(value: Any) -> ast.expr:
    return ast.Constant(value)


def _lambda(body: ast.expr) -> ast.expr:
    arguments = ast.arguments([], [], None, [], [], None, [])
    return ast.Lambda(arguments, body)


class _Jumps(ast.NodeVisitor):
    """Whether statements leave or continue the loop that they stand in."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_Break(self, node: ast.Break) -> None:
        self.found.add("break")

    def visit_Continue(self, node: ast.Continue) -> None:
        self.found.add("continue")

    def visit_For(self, node: ast.For) -> None:
        for statement in node.orelse:
            self.visit(statement)

    def visit_While(self, node: ast.While) -> None:
        for statement in node.orelse:
            self.visit(statement)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        pass

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass


def _find_jumps(statements: list[ast.stmt]) -> set[str]:
    jumps = _Jumps()
    for statement in statements:
        jumps.visit(statement)
    return jumps.found


class _Transformer(ast.NodeTransformer):
    """Rewrites the body of one function."""

    def __init__(self) -> None:
        self.count = 0

    def _fresh(self, kind: str) -> str:
        self.count += 1
        return f"__tile_{kind}{self.count}"

    # Statements -----------------------------------------------------------

    def body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block. What follows a branch that may leave the
        loop runs only if it did not."""
        result: list[ast.stmt] = []
        for position, statement in enumerate(statements):
            jumps = isinstance(statement, ast.If) and _find_jumps([statement])
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
            rest = statements[position + 1 :]
            if isinstance(statement, (ast.Break, ast.Continue)):
                if rest:
                    warning = ast.Expr(_call("unreachable"))
                    result.insert(-1, _at(warning, rest[0]))
                break
            if jumps and rest:
                guard = self._fresh("guard")
                result.append(_at(_assign(guard, _call("guard")), rest[0]))
                inner = self.body(rest)
                inner.append(_at(ast.Expr(_call("leave", owner=guard)), rest[-1]))
                test = ast.If(_call("enter", owner=guard), inner, [])
                result.append(_at(test, rest[0]))
                break
        return result

    def visit_If(self, node: ast.If) -> list[ast.stmt]:
        branch = self._fresh("branch")
        result: list[ast.stmt] = [_assign(branch, _call("branch", self.visit(node.test)))]
        for taken, statements in ((True, node.body), (False, node.orelse)):
            if not statements:
                continue
            inner = self.body(statements)
            jumps = bool(inner) and isinstance(inner[-1], (ast.Break, ast.Continue))
            if not jumps:
                inner.append(ast.Expr(_call("leave", owner=branch)))
            result.append(
                ast.If(_call("enter", _constant(taken), owner=branch), inner, [])
            )
        result.append(ast.Expr(_call("end", owner=branch)))
        return [_at(s, node) for s in result]

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        if node.orelse:
            raise SyntaxError("a for loop of a kernel has no else part")
        item = self._fresh("item")
        jumps = _constant(tuple(sorted(_find_jumps(node.body))))
        binding = _at(ast.Assign([node.target], _name(item)), node.target)
        inner = self._assignment(binding, is_loop=True)
        inner += self.body(node.body)
        loop = ast.For(
            ast.Name(item, ast.Store()),
            _call("loop", self.visit(node.iter), jumps),
            inner,
            [],
        )
        return [_at(loop, node)]

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        if node.orelse:
            raise SyntaxError("a while loop of a kernel has no else part")
        loop = self._fresh("while")
        jumps = _constant(tuple(sorted(_find_jumps(node.body))))
        test = _call("test", self.visit(node.test), owner=loop)
        inner: list[ast.stmt] = [ast.If(test, self.body(node.body), [])]
        result = ast.For(
            ast.Name(loop, ast.Store()), _call("while_loop", jumps), inner, []
        )
        return [_at(result, node)]

    def visit_Break(self, node: ast.Break) -> list[ast.stmt]:
        return self._jump("break", node)

    def visit_Continue(self, node: ast.Continue) -> list[ast.stmt]:
        return self._jump("continue", node)

    def _jump(self, kind: str, node: ast.stmt) -> list[ast.stmt]:
        test = _call("jump", _constant(kind))
        statement = ast.Break() if kind == "break" else ast.Continue()
        return [_at(ast.If(test, [statement], []), node)]

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        value = self.visit(node.value) if node.value else _constant(None)
        return [_at(ast.Return(_call("leave_function", value)), node)]

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        message = self.visit(node.msg) if node.msg else _constant(None)
        source = _constant(ast.unparse(node.test))
        call = _call("check", self.visit(node.test), message, source)
        return [_at(ast.Expr(call), node)]

    # Assignments ----------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self._assignment(node)

    def _assignment(self, node: ast.Assign, is_loop: bool = False) -> list[ast.stmt]:
        """Evaluates the right side once, then binds the targets in order."""
        is_name = isinstance(node.value, (ast.Name, ast.Attribute)) and not is_loop
        value = node.value if is_loop else self.visit(node.value)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            return [_at(self._bind(node.targets[0], value, is_name), node)]
        temporary = self._fresh("value")
        result: list[ast.stmt] = [_assign(temporary, value)]
        for target in node.targets:
            result += self._unpack(target, _name(temporary), is_name)
        return [_at(s, node) for s in result]

    def _unpack(
        self, target: ast.expr, value: ast.expr, is_name: bool
    ) -> list[ast.stmt]:
        if isinstance(target, ast.Name):
            return [self._bind(target, value, is_name)]
        if isinstance(target, (ast.Tuple, ast.List)):
            # All values are read before a target is bound, as in a swap.
            parts = self._fresh("parts")
            starred = [
                i for i, e in enumerate(target.elts) if isinstance(e, ast.Starred)
            ]
            count = _constant(len(target.elts))
            star = _constant(starred[0] if starred else None)
            result: list[ast.stmt] = [
                _assign(parts, _call("unpack", value, count, star))
            ]
            for i, element in enumerate(target.elts):
                inner = element.value if isinstance(element, ast.Starred) else element
                item = ast.Subscript(_name(parts), _constant(i), ast.Load())
                result += self._unpack(inner, item, False)
            return result
        if isinstance(target, ast.Subscript):
            new = ast.Assign([self._subscript(target, ast.Store())], value)
            return [new]
        if isinstance(target, ast.Attribute):
            owner = self.visit(target.value)
            call = _call("set_attribute", owner, _constant(target.attr), value)
            return [ast.Expr(call)]
        raise SyntaxError(f"cannot assign to {ast.unparse(target)} in a kernel")

    def _bind(self, target: ast.Name, value: ast.expr, is_name: bool) -> ast.stmt:
        call = _call("assign", _constant(target.id), value, _constant(is_name))
        return _assign(target.id, call)

    def _subscript(self, node: ast.Subscript, ctx: ast.expr_context) -> ast.Subscript:
        return ast.Subscript(self.visit(node.value), self.visit(node.slice), ctx)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        if node.value is not None:
            plain = ast.Assign([node.target], node.value)
            return self._assignment(_at(plain, node))
        if not isinstance(node.target, ast.Name):
            return []
        # An argument may be annotated in the body: `A: T.Tensor[[M, N], f16]`.
        call = _call(
            "annotate", _constant(node.target.id), self.visit(node.annotation)
        )
        return [_at(_assign(node.target.id, call), node)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        op = _constant(type(node.op).__name__)
        value = self.visit(node.value)
        if isinstance(node.target, ast.Name):
            name = _constant(node.target.id)
            old = _name(node.target.id)
            call = _call("augment", name, old, op, value)
            return [_at(_assign(node.target.id, call), node)]
        if isinstance(node.target, ast.Attribute):
            owner = self.visit(node.target.value)
            call = _call(
                "augment_attribute", owner, _constant(node.target.attr), op, value
            )
            return [_at(ast.Expr(call), node)]
        assert isinstance(node.target, ast.Subscript)
        # The buffer and the indices are evaluated once.
        owner_name, key_name = self._fresh("owner"), self._fresh("key")
        element = ast.Subscript(_name(owner_name), _name(key_name), ast.Load())
        target = ast.Subscript(_name(owner_name), _name(key_name), ast.Store())
        result: list[ast.stmt] = [
            _assign(owner_name, self.visit(node.target.value)),
            _assign(key_name, self.visit(node.target.slice)),
            ast.Assign([target], _call("combine", element, op, value)),
        ]
        return [_at(s, node) for s in result]

    # Expressions ----------------------------------------------------------

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        method = "and_" if isinstance(node.op, ast.And) else "or_"
        result = self.visit(node.values[-1])
        for value in reversed(node.values[:-1]):
            result = _call(method, self.visit(value), _lambda(result))
        return _at(result, node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return _at(_call("not_", operand), node)
        return _at(ast.UnaryOp(node.op, operand), node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if len(node.ops) == 1:
            return self.generic_visit(node)  # type: ignore[return-value]
        # a < b < c reads b once.
        operands = [self.visit(node.left), *map(self.visit, node.comparators)]
        ops = [_constant(type(op).__name__) for op in node.ops]
        call = _call(
            "chain",
            ast.List(ops, ast.Load()),
            ast.List([_lambda(o) for o in operands], ast.Load()),
        )
        return _at(call, node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        call = _call(
            "choose",
            self.visit(node.test),
            _lambda(self.visit(node.body)),
            _lambda(self.visit(node.orelse)),
        )
        return _at(call, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        # T.if_then_else(c, a, b) computes only the value that it takes.
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        starred = any(isinstance(a, ast.Starred) for a in node.args)
        if name != "if_then_else" or len(node.args) != 3 or node.keywords or starred:
            return self.generic_visit(node)  # type: ignore[return-value]
        condition, true, false = map(self.visit, node.args)
        call = _call(
            "if_then_else",
            self.visit(node.func),
            condition,
            _lambda(true),
            _lambda(false),
        )
        return _at(call, node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        # range() of a kernel takes expressions, and makes a loop of the IR.
        if node.id == "range" and isinstance(node.ctx, ast.Load):
            return _at(_call("range_", _name("range")), node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return node  # a macro or helper is rewritten when it is called

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        raise SyntaxError("a kernel cannot define async functions")

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        return node


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _at(node: Any, place: ast.AST) -> Any:
    """Gives a new node, and what is new inside it, the place of another."""
    for child in ast.walk(node):
        if "lineno" in child._attributes and not hasattr(child, "lineno"):
            ast.copy_location(child, place)
    return node


class Rewritten:
    """A function that traces: `call(activation, *args, **kwargs)`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        function = inspect.unwrap(function)
        if not isinstance(function, FunctionType):
            raise TypeError(f"expected a Python function, got {function!r}")
        self.function = function
        self.name = function.__name__
        self.code = _compile(function)

    def bind(self, activation: Any) -> FunctionType:
        """The function with its variables as they are now."""
        cells = dict(
            zip(self.function.__code__.co_freevars, self.function.__closure__ or ())
        )
        cells[_TILE] = CellType(activation)
        # A name that the class body defines, as super() needs.
        closure = tuple(cells[name] for name in self.code.co_freevars)
        result = FunctionType(
            self.code,
            self.function.__globals__,
            self.name,
            self.function.__defaults__,
            closure,
        )
        result.__kwdefaults__ = self.function.__kwdefaults__
        return result


_cache: dict[CodeType, Rewritten] = {}


def rewrite(function: Callable[..., Any]) -> Rewritten:
    """The function that traces `function`; made once for each code object.

    Raises OSError when the source is not to be had, SyntaxError for what no
    kernel can do.
    """
    code = inspect.unwrap(function).__code__
    found = _cache.get(code)
    if found is None or found.function is not function:
        rewritten = Rewritten(function) if found is None else _copy(found, function)
        _cache[code] = rewritten
        return rewritten
    return found


def _copy(found: Rewritten, function: Callable[..., Any]) -> Rewritten:
    """The same code for another function made from it, with its own closure."""
    result = object.__new__(Rewritten)
    result.function = inspect.unwrap(function)  # type: ignore[assignment]
    result.name, result.code = found.name, found.code
    return result


def get_source(function: Callable[..., Any]) -> tuple[ast.FunctionDef, str]:
    """The parsed definition of a function, with its lines as in its file."""
    lines, first = inspect.getsourcelines(function)
    source = textwrap.dedent("".join(lines))
    tree = ast.parse(source)
    ast.increment_lineno(tree, first - 1)
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef):
        raise TypeError(f"expected the definition of a function, found {source!r}")
    return node, inspect.getsourcefile(function) or "<unknown>"


def _compile(function: FunctionType) -> CodeType:
    node, file = get_source(function)
    transformer = _Transformer()
    try:
        node.body = transformer.body(node.body)
    except SyntaxError as error:
        raise SyntaxError(f"{file}:{node.lineno}: in {node.name}: {error}") from None
    node.decorator_list = []
    node.returns = None
    for argument in (
        node.args.posonlyargs
        + node.args.args
        + node.args.kwonlyargs
        + [a for a in (node.args.vararg, node.args.kwarg) if a]
    ):
        argument.annotation = None
    # Defaults are taken from the function itself.
    none = ast.Constant(None)
    node.args.defaults = [none for _ in node.args.defaults]
    node.args.kw_defaults = [none if d else None for d in node.args.kw_defaults]
    # A function around it makes __tile__ and the closure's names free variables.
    free = [_TILE, *function.__code__.co_freevars]
    arguments = ast.arguments(
        [], [ast.arg(n) for n in free], None, [], [], None, []
    )
    outer = ast.FunctionDef("__tile_outer", arguments, [node], [], None)
    if "type_params" in ast.FunctionDef._fields:
        outer.type_params = []  # type: ignore[attr-defined]
    module = ast.Module([outer], [])
    _at(module, node)
    ast.fix_missing_locations(module)
    compiled = compile(module, file, "exec")
    linecache.checkcache(file)
    outer_code = next(c for c in compiled.co_consts if isinstance(c, CodeType))
    code = next(
        c
        for c in outer_code.co_consts
        if isinstance(c, CodeType) and c.co_name == node.name
    )
    _register(code, id(code))
    return code


def _register(code: CodeType, root: int) -> None:
    traced_code[code] = root
    for constant in code.co_consts:
        # Functions defined inside are traced, if at all, on their own.
        if isinstance(constant, CodeType) and constant.co_name == "<lambda>":
            _register(constant, root)
