"""What an instance holds: its attributes, and its slots."""

from __future__ import annotations

from functools import lru_cache
from types import MemberDescriptorType
from typing import Any, Iterator

__all__ = ["state_of"]


@lru_cache(maxsize=1024)
def _slots_of(type_: type) -> tuple[tuple[str, MemberDescriptorType], ...]:
    """The slots by name. Two classes may have one of the same name."""
    return tuple(
        (f"{base.__qualname__}.{name}", slot)
        for base in type_.__mro__
        for name, slot in vars(base).items()
        if isinstance(slot, MemberDescriptorType)
    )


def state_of(value: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of what an instance holds. Slots that are not set are
    left out."""
    yield from getattr(value, "__dict__", {}).items()
    kind: Any = type(value)
    for name, slot in _slots_of(kind):
        try:
            held = slot.__get__(value)
        except AttributeError:
            continue
        yield name, held
