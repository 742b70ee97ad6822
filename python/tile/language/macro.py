"""Functions of the kernel language that are inlined where they are called."""

from __future__ import annotations

import functools
import inspect
from contextlib import contextmanager
from types import FunctionType, MethodType
from typing import Any, Callable, Iterator, Mapping, overload

from tile.annotations.base import ArgVarTable
from tile.annotations.buffer import BufferAnnot
from tile.annotations.hints import get_hints
from tile.errors import JITNoBuilderError
from tile.frontend import hooks
from tile.frontend.builder import Builder, current_or_none
from tile.language.buffer import BufferValue, Element, ElementRef, Region, Var
from tile.language.buffer import VarElement

__all__ = ["Macro", "Ref", "macro"]

#: How deep calls may be nested; each takes several frames of Python's own stack.
_MAX_DEPTH = 100


class Ref:
    """Annotates a parameter of a macro that is passed by reference.

    The argument is a variable, an element or a region of a buffer; assigning to
    the parameter writes it. Its indices are those of the time of the call.
    """

    def __new__(cls) -> "Ref":
        raise TypeError("T.Ref is an annotation and has no instances")


def _is_ref(annotation: Any, function: Callable[..., Any]) -> bool:
    if not isinstance(annotation, str):
        return annotation is Ref
    # `from __future__ import annotations` leaves the text.
    names = dict(inspect.getclosurevars(function).nonlocals)
    try:
        found = eval(annotation, function.__globals__, names)
    except Exception:  # noqa: BLE001 - a name that exists for type checkers only
        return annotation.strip("'\" ").split(".")[-1] == "Ref"
    return _is_ref(found, function)


@contextmanager
def nested_call(builder: Builder, name: str) -> Iterator[None]:
    """Counts how deep calls are nested. Raises RecursionError when too deep."""
    depth = builder.data.get("call_depth", 0) + 1
    if depth > _MAX_DEPTH:
        raise RecursionError(
            f"`{name}` is called more than {_MAX_DEPTH} calls deep: a macro is "
            "inlined, so its recursion must end by a condition that is known while "
            "the kernel is traced"
        )
    builder.data["call_depth"] = depth
    try:
        yield
    finally:
        builder.data["call_depth"] = depth - 1


def _by_value(value: Any) -> Any:
    """The value of now of an element or a variable; others pass through."""
    return value.load() if isinstance(value, (Element, Var)) else value


class Macro:
    """A function that is traced into the kernel at each call.

    Called inside a kernel it takes scalars by value, read once at the call, and
    buffers and Python objects as they are. It returns what its body returns.

    Raises on a call:
        JITNoBuilderError: No kernel is being traced.
        TypeError: Arguments that do not fit the parameters.
        ValueError: A value for a parameter annotated by `T.Ref`.
        RecursionError: Calls nested too deep.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        if not isinstance(function, FunctionType):
            raise TypeError(
                f"expected a function defined by def, got {type(function).__name__}"
            )
        if hasattr(function, "__wrapped__"):
            raise TypeError(
                f"`{function.__name__}` is already wrapped by another decorator, "
                "which would be lost; write this one next to the def"
            )
        functools.update_wrapper(self, function)
        self.function = function
        self.signature = inspect.signature(function)

    __name__: str
    __qualname__: str

    @functools.cached_property
    def references(self) -> frozenset[str]:
        """The parameters that are passed by reference."""
        return frozenset(
            name
            for name, parameter in self.signature.parameters.items()
            if _is_ref(parameter.annotation, self.function)
        )

    @functools.cached_property
    def annotations(self) -> dict[str, BufferAnnot]:
        """The parameters annotated as buffers, such as ``T.SharedBuffer[shape, dt]``.

        A placeholder, ``T.SharedBuffer(shape, dt)``, is for the reader only.
        """
        try:
            hints = get_hints(self.function)
        except Exception:
            # Text that means nothing here is for the reader too.
            return {}
        return {n: a for n, a in hints.items() if isinstance(a, BufferAnnot)}

    def _outside(self) -> str:
        return (
            f"Macro `{self.__name__}` can only be used inside @tile.jit or "
            "@T.prim_func"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        builder = current_or_none()
        if builder is None:
            raise JITNoBuilderError(self._outside())
        bound = bind(self.signature, self.__name__, args, kwargs)
        table = ArgVarTable()
        for name, value in bound.arguments.items():
            if name in self.annotations and isinstance(value, BufferValue):
                self.annotations[name].check_buffer(name, value, table)
            bound.arguments[name] = self._pass(name, value)
        with nested_call(builder, self.__name__):
            return hooks.run(self.function, bound, self.__name__)

    def _pass(self, name: str, value: Any) -> Any:
        if name in self.references:
            return self._pass_reference(name, value)
        kind = self.signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            return tuple(map(_by_value, value))
        if kind is inspect.Parameter.VAR_KEYWORD:
            return {key: _by_value(v) for key, v in value.items()}
        return _by_value(value)

    def _pass_reference(self, name: str, value: Any) -> Any:
        if isinstance(value, VarElement):
            return value.buffer
        if isinstance(value, Element):
            return ElementRef(value.buffer, value.indices)
        if isinstance(value, (BufferValue, Region)):
            return value
        if value is None and self.signature.parameters[name].default is None:
            return None
        raise ValueError(
            f"To pass as reference, argument `{name}` is expected to be a variable or "
            f"a buffer region, got {value!r}"
        )

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<macro {self.__qualname__}>"


def bind(
    signature: inspect.Signature,
    name: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> inspect.BoundArguments:
    """Binds the arguments of a call with defaults. Raises TypeError, naming it."""
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}(): {error}") from None
    bound.apply_defaults()
    return bound


@overload
def macro(func: Callable[..., Any]) -> Macro: ...


@overload
def macro(
    func: None = None, *, hygienic: bool = True
) -> Callable[[Callable[..., Any]], Macro]: ...


def macro(func: Callable[..., Any] | None = None, *, hygienic: bool = True) -> Any:
    """Decorator: a function of the kernel language that kernels call.

    Its body becomes part of the kernel at each call, so it may contain anything
    that a kernel may. Names belong to the call. Parameters annotated by `T.Ref`
    are passed by reference.

    Raises:
        TypeError: What is decorated is no plain function.
        ValueError: ``hygienic=False``, which would look names up at the call.
    """
    if not hygienic:
        raise ValueError(
            "T.macro is always hygienic: names are those of where it is defined"
        )
    if func is None:
        return Macro
    return func if isinstance(func, Macro) else Macro(func)
