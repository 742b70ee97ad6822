"""What names are bound to while a function is traced.

A name of a kernel is bound once: its value is part of the IR, where control flow
decides at run time what is executed. The body of a branch or of a loop is traced
once, so a name that it binds anew would have the wrong value behind it, or in
the next round. Such a use is found here and refused.
"""

from __future__ import annotations

from typing import Any, Iterable, NoReturn

from tile.language.expr import Operators, as_number

__all__ = ["BranchNames", "LoopNames", "Names", "Unusable"]

_HINT = "Use T.alloc_var to carry a value out of a branch or a loop"


def _outside(name: str) -> RuntimeError:
    return RuntimeError(
        f"Immutable variable `{name}` is used outside its defining region! {_HINT}"
    )


class Unusable(Operators):
    """Stands for a value that depends on what is executed at run time.

    Every use of it raises RuntimeError with the name.
    """

    __slots__ = ("_tile_name",)

    def __init__(self, name: str) -> None:
        self._tile_name = name

    def load(self) -> NoReturn:
        """Raises RuntimeError."""
        raise _outside(self._tile_name)

    def __getattr__(self, name: str) -> NoReturn:
        raise _outside(self._tile_name)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise _outside(self._tile_name)

    __bool__ = __index__ = __iter__ = __len__ = _refuse
    __getitem__ = __setitem__ = __call__ = __enter__ = __contains__ = _refuse
    __str__ = __format__ = __int__ = __float__ = _refuse
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Unusable({self._tile_name})"


def is_same(a: Any, b: Any) -> bool:
    """Whether it makes no difference which of two values a name is bound to."""
    if a is b:
        return True
    x, y = as_number(a), as_number(b)
    if x is not None and y is not None:
        return type(x) is type(y) and x == y
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(is_same, a, b))
    return False


_UNBOUND = object()


class Names:
    """The names of one running call."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = dict(values)
        #: The names bound so far in each open region.
        self._written: list[set[str]] = []
        self._loops: list[LoopNames] = []

    def bind(self, name: str, value: Any) -> None:
        """Notes that a name has a new value."""
        self.values[name] = value
        for written in self._written:
            written.add(name)

    def forget(self, name: str) -> None:
        """Notes that a name has no value any more."""
        self.values.pop(name, None)

    def read(self, name: str) -> None:
        """Notes that the value of a name is used."""
        for loop in self._loops:
            if name not in loop.written:
                loop.reads.add(name)


class LoopNames:
    """The names that the body of a loop binds."""

    def __init__(self, names: Names, assigned: Iterable[str]) -> None:
        self.names = names
        self.written: set[str] = set()
        self.reads: set[str] = set()
        self._before = {n: names.values.get(n, _UNBOUND) for n in assigned}
        self._after: dict[str, Any] = {}
        names._written.append(self.written)
        names._loops.append(self)

    def close(self) -> None:
        """After the body. Raises RuntimeError for what one round needs from the
        round before."""
        # Regions close in the order they opened.
        self.names._written.pop()
        self.names._loops.pop()
        carried = sorted(
            n
            for n in self.reads & self.written
            if not is_same(self._before.get(n), self.names.values.get(n))
        )
        if carried:
            raise RuntimeError(
                f"Immutable variable `{carried[0]}` is re-bound in a loop that uses "
                "its value of the round before; use T.alloc_var for a variable that "
                "changes at run time"
            )
        for name, before in self._before.items():
            if name not in self.written or before is _UNBOUND:
                continue
            if not is_same(before, self.names.values.get(name)):
                self._after[name] = Unusable(name)
                self.names.bind(name, self._after[name])

    def changed(self, name: str) -> bool:
        """Whether the name has to be bound anew behind the loop."""
        return name in self._after

    def value(self, name: str) -> Any:
        """What it is bound to there."""
        return self._after[name]


class BranchNames:
    """The names that the two sides of an if statement bind."""

    def __init__(self, names: Names, assigned: Iterable[str]) -> None:
        self.names = names
        self._before = {n: names.values.get(n, _UNBOUND) for n in assigned}
        self._sides: list[dict[str, Any]] = []
        self._written: set[str] = set()
        self._loops = [(loop, set(loop.written)) for loop in names._loops]
        self._after: dict[str, Any] = {}

    def enter(self) -> None:
        """Begins a side: names mean what they meant before the statement."""
        self._written = set()
        self.names._written.append(self._written)
        for name, value in self._before.items():
            if value is not _UNBOUND:
                self.names.values[name] = value
        for loop, written in self._loops:
            self._keep(loop, written)

    @staticmethod
    def _keep(loop: LoopNames, written: set[str]) -> None:
        # What the other side binds is not bound on this one.
        loop.written.clear()
        loop.written.update(written)

    def leave(self) -> None:
        """Ends a side."""
        self.names._written.pop()
        self._sides.append(
            {n: self.names.values[n] for n in self._written if n in self._before}
        )

    def restored(self, name: str) -> bool:
        """Whether the first side bound a name that the second may read."""
        bound = any(name in side for side in self._sides)
        return bound and self._before[name] is not _UNBOUND

    def before(self, name: str) -> Any:
        """What it was bound to before."""
        return self._before[name]

    def close(self) -> None:
        """After the statement: a name keeps what both ways give it."""
        bound = {name for side in self._sides for name in side}
        for name in sorted(bound):
            values = [side.get(name, self._before[name]) for side in self._sides]
            if len(values) == 1:
                values.append(self._before[name])
            known = [v for v in values if v is not _UNBOUND]
            same = all(is_same(known[0], v) for v in known[1:])
            self._after[name] = known[0] if same else Unusable(name)
            self.names.bind(name, self._after[name])

    def changed(self, name: str) -> bool:
        """Whether the name has to be bound anew behind the statement."""
        return name in self._after

    def value(self, name: str) -> Any:
        """What it is bound to there."""
        return self._after[name]
