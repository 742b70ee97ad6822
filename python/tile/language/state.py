"""The attributes of instances of meta classes: their names, and when they may be
set."""

from __future__ import annotations

import inspect
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, NamedTuple

from tile.frontend.builder import current_or_none
from tile.language.buffer import BufferValue
from tile.language.expr import is_expr

__all__ = ["name_state"]


class Prefix(NamedTuple):
    """How the buffers of an instance are named."""

    text: str
    strips_underscores: bool = False

    def name(self, attribute: str) -> str | None:
        """The name for an attribute, if it gets one."""
        if self.strips_underscores:
            attribute = attribute.lstrip("_")
        if not attribute or attribute.startswith("_"):
            return None
        return f"{self.text}_{attribute}"


class _Constructions(threading.local):
    """The instances whose __init__ runs in this thread."""

    def __init__(self) -> None:
        self.open: list[int] = []


_constructions = _Constructions()


def is_constructed(self: Any) -> bool:
    """Whether the constructor of an instance runs now."""
    return id(self) in _constructions.open


def find_prefix(
    init: Callable[..., Any], self: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Prefix | None:
    """The prefix among the arguments of a constructor; None if there is none."""
    try:
        bound = inspect.signature(init).bind(self, *args, **kwargs)
    except (TypeError, ValueError):
        return None  # the constructor itself will say so
    bound.apply_defaults()
    for parameter, strips in (("prefix", False), ("name", True)):
        text = bound.arguments.get(parameter)
        if isinstance(text, str) and text:
            return Prefix(text, strips)
    return None


def _set_prefix(self: Any, prefix: Prefix | None) -> None:
    try:
        object.__setattr__(self, "_tile_prefix", prefix)
    except (AttributeError, TypeError):
        pass  # an instance without a dict goes without names


def name_state(self: Any, prefix: str) -> None:
    """Sets the prefix of the buffers of an instance, in its constructor.

    For constructors that take it other than as a parameter ``prefix`` or ``name``.
    """
    _set_prefix(self, Prefix(prefix) if prefix else None)


@contextmanager
def construction(self: Any, prefix: Prefix | None) -> Iterator[None]:
    """The time while __init__ of an instance runs.

    A base class's constructor may have a prefix of its own; one without leaves the
    prefix as it is.
    """
    before = getattr(self, "_tile_prefix", None)
    _constructions.open.append(id(self))
    try:
        if prefix is not None:
            _set_prefix(self, prefix)
        yield
        if id(self) not in _constructions.open[:-1]:
            _name_rest(self)
        if before is not None:
            _set_prefix(self, before)
    finally:
        _constructions.open.pop()


def check_assignment(self: Any, name: str, value: Any) -> None:
    """Refuses to set an attribute after construction, in a kernel.

    It would be set once, while the kernel is traced, however often the statement
    is executed.
    """
    if current_or_none() is None or is_constructed(self):
        return
    old = inspect.getattr_static(self, name, None)
    if old is None and (isinstance(value, BufferValue) or not is_expr(value)):
        return
    raise NotImplementedError(
        f"Attribute assignment not supported yet: cannot set `{name}` of "
        f"{type(self).__name__} in a kernel; allocate the state in __init__ by "
        f"T.alloc_var and store it by `.{name}[0] = value`"
    )


def _name_value(value: Any, name: str) -> None:
    rename = getattr(value, "name_if_new", None)
    if rename is not None and isinstance(value, BufferValue):
        rename(name)
    elif isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            if isinstance(item, (BufferValue, list, tuple)):
                _name_value(item, f"{name}_{position}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, BufferValue) and isinstance(key, (str, int)):
                _name_value(item, f"{name}_{key}")


def name_attribute(self: Any, attribute: str, value: Any) -> None:
    """Names the buffers that an attribute holds, if they are new."""
    prefix = getattr(self, "_tile_prefix", None)
    name = prefix.name(attribute) if isinstance(prefix, Prefix) else None
    if name is not None and current_or_none() is not None:
        _name_value(value, name)


def _name_rest(self: Any) -> None:
    """Names what was added to the lists and dicts of an instance."""
    for attribute, value in list(getattr(self, "__dict__", {}).items()):
        if isinstance(value, (list, dict)):
            name_attribute(self, attribute, value)
