"""Classes of the kernel language: `inline` methods and `meta_class`.

An instance lives while a kernel is traced. Its state are variables and buffers,
which it allocates in ``__init__``; its methods become part of the kernel where
they are called.
"""

from __future__ import annotations

import ast
import functools
import inspect
from types import FunctionType
from typing import Any, Callable, TypeVar

from tile.frontend import hooks
from tile.frontend.builder import current_or_none
from tile.frontend.rewrite import get_source, mark_traced, rewrite
from tile.language.buffer import Var
from tile.language.macro import Macro, bind, nested_call
from tile.language.state import (
    check_assignment,
    construction,
    find_prefix,
    is_constructed,
    name_attribute,
    name_state,
)

__all__ = ["inline", "meta_class", "name_state"]

C = TypeVar("C", bound=type)


class InlineMethod(Macro):
    """A method that is traced into the kernel at each call.

    One that sets attributes is part of the constructor: while that runs, it is
    called as plain Python.
    """

    @functools.cached_property
    def sets_attributes(self) -> bool:
        """Whether its body assigns to attributes."""
        return _Facts(self.function).sets_attributes

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if args and is_constructed(args[0]) and self.sets_attributes:
            return self.function(*args, **kwargs)
        return super().__call__(*args, **kwargs)

    def _outside(self) -> str:
        return (
            f"inline method {self.__qualname__} called outside a kernel: it can only "
            "be used inside @tile.jit or @T.prim_func"
        )

    def __repr__(self) -> str:
        return f"<inline method {self.__qualname__}>"


def inline(func: Callable[..., Any]) -> InlineMethod:
    """Decorator: a method that becomes part of the kernel where it is called.

    ``self`` is bound as usual, so that subclasses can override it. State is read
    by ``self.x[0]`` or ``self.x`` and written by ``self.x[0] = ...``. Raises
    TypeError for what is no plain function.
    """
    if isinstance(func, InlineMethod):
        return func
    if isinstance(func, (staticmethod, classmethod, property)):
        raise TypeError(
            f"expected a function, got {type(func).__name__}; write @inline below it"
        )
    return InlineMethod(func.function if isinstance(func, Macro) else func)


# What the source of a method says --------------------------------------------


class _Facts:
    """Whether a method stores into something, and whether it sets attributes."""

    def __init__(self, function: FunctionType) -> None:
        self.stores = True
        self.sets_attributes = False
        try:
            node, _ = get_source(function)
        except (OSError, TypeError, SyntaxError):
            return
        targets = [t for child in ast.walk(node) for t in _targets(child)]
        inside = [n for target in targets for n in ast.walk(target)]
        self.stores = any(isinstance(n, ast.Subscript) for n in inside)
        self.sets_attributes = any(
            isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
            for n in inside
        )


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return [node.target]
    return []


# Methods without stores ------------------------------------------------------


def _follow(function: FunctionType) -> FunctionType:
    """A plain method that understands conditions of the kernel.

    In a kernel it is traced, so that nothing in it is lost; elsewhere it is the
    function itself. What no kernel can do stays plain Python everywhere.
    """
    signature = inspect.signature(function)
    plain = False

    @functools.wraps(function)
    def method(*args: Any, **kwargs: Any) -> Any:
        nonlocal plain
        builder = current_or_none()
        if builder is not None and not plain:
            try:
                rewrite(function)
            except SyntaxError:
                plain = True
        if builder is None or plain:
            return function(*args, **kwargs)
        bound = bind(signature, function.__name__, args, kwargs)
        for name, value in bound.arguments.items():
            # Assigning to the parameter must not write the variable.
            if isinstance(value, Var):
                bound.arguments[name] = value.load()
        with nested_call(builder, function.__name__):
            return hooks.run(function, bound, function.__name__)

    assert isinstance(method, FunctionType)
    return method


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _treat_methods(cls: type) -> None:
    for name, member in list(vars(cls).items()):
        if _is_dunder(name) or not isinstance(member, FunctionType):
            continue
        if hasattr(member, "__wrapped__"):
            continue  # what another decorator made is its own business
        facts = _Facts(member)
        if facts.stores:
            setattr(cls, name, inline(member))
        elif not facts.sets_attributes and not inspect.isgeneratorfunction(member):
            setattr(cls, name, _follow(member))


# The class -------------------------------------------------------------------


def _wrap_init(cls: Any) -> None:
    own = vars(cls).get("__init__")
    if own is None:
        if any(getattr(base, "_is_meta_class", False) for base in cls.__bases__):
            return  # the base's does it
        original: Any = None
    else:
        original = own
        if isinstance(own, FunctionType):
            mark_traced(own.__code__)
    known: Any = cls.__init__

    @functools.wraps(known)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        with construction(self, find_prefix(known, self, args, kwargs)):
            if original is not None:
                original(self, *args, **kwargs)
            else:
                super(cls, self).__init__(*args, **kwargs)

    cls.__init__ = __init__


def _wrap_setattr(cls: type) -> None:
    if any(getattr(base, "_is_meta_class", False) for base in cls.__bases__):
        return
    original: Any = cls.__setattr__

    def __setattr__(self: Any, name: str, value: Any) -> None:
        check_assignment(self, name, value)
        original(self, name, value)
        name_attribute(self, name, value)

    cls.__setattr__ = __setattr__  # type: ignore[method-assign, assignment]


def _wrap_subclassing(cls: Any) -> None:
    own = vars(cls).get("__init_subclass__")

    def __init_subclass__(sub: Any, /, **kwargs: Any) -> None:
        if own is not None:
            own.__get__(None, sub)(**kwargs)
        else:
            super(cls, sub).__init_subclass__(**kwargs)
        _treat(sub)

    cls.__init_subclass__ = classmethod(__init_subclass__)


def _treat(cls: type) -> None:
    if "_is_meta_class" in vars(cls):
        return
    _wrap_init(cls)
    _wrap_setattr(cls)
    _treat_methods(cls)
    _wrap_subclassing(cls)
    cls._is_meta_class = True  # type: ignore[attr-defined]


def meta_class(cls: C) -> C:
    """Class decorator: a class whose instances are state of a kernel.

    - Methods that store into something (``self.x[0] = ...``) are made `inline`.
      The other plain methods stay functions that can be called anywhere; in a
      kernel they too are traced, so that conditions of the kernel and tile
      operations in them count. Dunders, static and class methods, properties and
      methods marked by `inline` are left alone.
    - Buffers that are bound to attributes are named ``{prefix}_{attribute}`` after
      the constructor's parameter ``prefix``, which leaves attributes with a leading
      underscore out, or ``name``, which drops the underscore.
    - ``_is_meta_class`` is True.

    Subclasses are treated likewise, decorated or not. Raises TypeError for what is
    no class.
    """
    if not isinstance(cls, type):
        raise TypeError(f"expected a class, got {type(cls).__name__}")
    _treat(cls)
    return cls
