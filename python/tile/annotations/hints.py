"""The annotations of a function as objects, whether written as text or not."""

from __future__ import annotations

import builtins
import inspect
from typing import Any, Callable, Mapping

from tile.language.dtypes import dtype

__all__ = ["get_hints"]


def _namespace(
    function: Callable[..., Any], enclosing: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The names that an annotation of `function` may use.

    Python keeps a variable of an outer function only when the body uses it, so
    `enclosing` has the local variables of the place of definition.
    """
    names: dict[str, Any] = dict(vars(builtins))
    names.update(getattr(function, "__globals__", {}))
    names.update(enclosing or {})
    closure = getattr(function, "__closure__", None) or ()
    code = getattr(function, "__code__", None)
    for name, cell in zip(getattr(code, "co_freevars", ()), closure):
        try:
            names[name] = cell.cell_contents
        except ValueError:
            # Not bound yet.
            continue
    return names


def _evaluate(text: str, names: dict[str, Any], function: str, parameter: str) -> Any:
    try:
        return eval(text, names)
    except NameError as error:
        try:
            return dtype(text)
        except TypeError:
            raise NameError(
                f"{function}: the annotation {text!r} of parameter `{parameter}` "
                f"cannot be evaluated: {error}"
            ) from None


def get_hints(
    function: Callable[..., Any], enclosing: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The annotation of each annotated parameter of `function`.

    Args:
        enclosing: The local variables where the function is defined.

    Raises:
        NameError: An annotation written as text that uses an unknown name.
    """
    function = inspect.unwrap(function)
    hints = {}
    names: dict[str, Any] | None = None
    for name, hint in getattr(function, "__annotations__", {}).items():
        if name == "return":
            continue
        # An annotation that is text in the text of an annotation is read twice.
        while isinstance(hint, str):
            names = names if names is not None else _namespace(function, enclosing)
            hint = _evaluate(hint, names, function.__name__, name)
        hints[name] = hint
    return hints
