"""Turns the source of a kernel function into a function that traces it.

The control flow becomes calls of the object `__tile__`, a `hooks.Activation`
of the running call; the rest stays Python. No closures are made for the bodies
of branches and loops, so that names behave as they do in Python:

    if c: A                  __b = __tile__.branch(c, names)
    else: B                  if __b.enter(True): A; __b.leave()
                             if __b.enter(False): B; __b.leave()
                             __b.end()
    for x in it: A           for x in __tile__.loop(it, ...): A
    while c: A               for __w in __tile__.while_loop(...):
                                 if __w.test(c): A
    x = e                    x = __tile__.assign("x", e, is_name)
    break                    if __tile__.jump("break"): break

Behind a branch or a loop, a name whose value depends on what was executed is
bound to something that refuses to be used.
"""

from __future__ import annotations

import __future__

import ast
import inspect
import linecache
from types import CellType, CodeType, FunctionType
from typing import Any, Callable

from tile._syntax import compile_module, parse
from tile.frontend.analysis import mangle
from tile.frontend.builder import traced_code
from tile.frontend.transform import TILE, Transformer, place

__all__ = ["Rewritten", "get_source", "mark_traced", "rewrite"]


class Rewritten:
    """A function that traces."""

    def __init__(self, function: FunctionType, code: CodeType) -> None:
        self.function = function
        self.name = function.__name__
        self.code = code

    def bind(self, activation: Any) -> FunctionType:
        """The function with its variables as they are now."""
        function = self.function
        names = function.__code__.co_freevars
        cells = dict(zip(names, function.__closure__ or ()))
        cells[TILE] = CellType(activation)
        result = FunctionType(
            self.code,
            function.__globals__,
            self.name,
            function.__defaults__,
            tuple(cells[name] for name in self.code.co_freevars),
        )
        result.__kwdefaults__ = function.__kwdefaults__
        return result


_cache: dict[CodeType, CodeType] = {}


def rewrite(function: Callable[..., Any]) -> Rewritten:
    """The function that traces `function`; compiled once for each code object.

    Raises OSError when the source is not to be had, SyntaxError for what no
    kernel can do.
    """
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType):
        raise TypeError(f"expected a Python function, got {function!r}")
    code = _cache.get(plain.__code__)
    if code is None:
        code = _cache[plain.__code__] = _compile(plain)
    return Rewritten(plain, code)


def get_source(function: Callable[..., Any]) -> tuple[ast.FunctionDef, str]:
    """The parsed definition of a function, with its lines as in its file.

    Raises OSError when the source is not to be had.
    """
    try:
        code = getattr(inspect.unwrap(function), "__code__", None)
        if code is not None and code.co_filename == "<string>":
            # Python 3.13 takes what stood behind python -c for its source.
            raise OSError("it was made by exec")
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError) as error:
        name = getattr(function, "__name__", repr(function))
        raise OSError(
            f"cannot get the source of `{name}`: a kernel is traced from its source, "
            f"so it must be defined in a file ({error})"
        ) from None
    source = "".join(lines)
    indented = source[:1].isspace()
    # Removing the indentation would also change strings of several lines.
    tree = parse("if True:\n" + source if indented else source)
    assert isinstance(tree, ast.Module)
    ast.increment_lineno(tree, first - 1 - indented)
    node: ast.AST = tree.body[0]
    if indented:
        assert isinstance(node, ast.If)
        node = node.body[0]
    if not isinstance(node, ast.FunctionDef):
        raise TypeError(f"expected a function defined by def, found `{source.strip()}`")
    return node, inspect.getsourcefile(function) or "<unknown>"


def _get_first(arguments: ast.arguments) -> str | None:
    plain = [*arguments.posonlyargs, *arguments.args]
    return plain[0].arg if plain else None


def _strip(node: ast.FunctionDef) -> None:
    """Removes what is evaluated when a function is defined."""
    node.decorator_list = []
    node.returns = None
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    # Defaults are taken from the function itself.
    none = ast.Constant(None)
    node.args.defaults = [none for _ in node.args.defaults]
    node.args.kw_defaults = [none if d else None for d in node.args.kw_defaults]


def _compile(function: FunctionType) -> CodeType:
    node, file = get_source(function)
    linecache.checkcache(file)
    _strip(node)
    mangle(node, function.__qualname__)
    lines = linecache.getlines(file, function.__globals__)
    transformer = Transformer(_get_first(node.args), file, lines)
    node.body = transformer.body(node.body)
    # A function around it makes __tile__ and the closure's names free variables.
    # The function may call itself by a global name, so it gets another one here.
    node.name = "__tile_function"
    free = [TILE, *function.__code__.co_freevars]
    arguments = ast.arguments([], [ast.arg(n) for n in free], None, [], [], None, [])
    outer = ast.FunctionDef("__tile_outer", arguments, [node], [], None)
    if "type_params" in ast.FunctionDef._fields:
        setattr(outer, "type_params", [])  # which older versions do not have
    module = place(ast.Module([outer], []), node)
    ast.fix_missing_locations(module)
    flags = function.__code__.co_flags & __future__.annotations.compiler_flag
    compiled = compile_module(module, file, flags)
    outer_code = next(c for c in compiled.co_consts if isinstance(c, CodeType))
    code = next(
        c
        for c in outer_code.co_consts
        if isinstance(c, CodeType) and c.co_name == node.name
    )
    code = code.replace(co_name=function.__name__, co_qualname=function.__qualname__)
    mark_traced(code)
    return code


def mark_traced(code: CodeType) -> None:
    """Has the lines of a code object shown in locations and errors."""
    _register(code, id(code))


def _register(code: CodeType, root: int) -> None:
    traced_code[code] = root
    for constant in code.co_consts:
        # Functions defined inside are traced, if at all, on their own.
        if isinstance(constant, CodeType) and constant.co_name == "<lambda>":
            _register(constant, root)
