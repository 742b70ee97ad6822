"""Statements that open regions, with the names that they bind."""

from __future__ import annotations

from typing import Any, Iterator, Sequence

from tile.frontend import control
from tile.frontend.builder import Builder
from tile.frontend.names import BranchNames, LoopNames, Names

__all__ = ["Branch", "LoopStatement"]


class Branch(control.Branch):
    """An if statement, and the names that its sides bind."""

    def __init__(
        self, builder: Builder, condition: Any, names: Names, assigned: Sequence[str]
    ) -> None:
        super().__init__(builder, condition)
        self._bound: BranchNames | None = None
        self._is_open = False
        if self.operation is not None:
            self._bound = BranchNames(names, assigned)

    def enter(self, taken: bool) -> bool:
        """Whether the statements of this side are to run now."""
        entered = super().enter(taken)
        if self._bound is not None:
            self._bound.enter()
            self._is_open = True
        return entered

    def leave(self) -> None:
        """Closes the side that is open."""
        if self._bound is not None and self._is_open:
            self._is_open = False
            self._bound.leave()
        super().leave()

    def end(self) -> None:
        """Ends the statement."""
        super().end()
        if self._bound is not None:
            self._bound.close()

    def restored(self, name: str) -> bool:
        """Whether a name means again what it meant before the statement."""
        return self._bound is not None and self._bound.restored(name)

    def before(self, name: str) -> Any:
        """What that is."""
        assert self._bound is not None
        return self._bound.before(name)

    def changed(self, name: str) -> bool:
        """Whether a name has to be bound anew behind the statement."""
        return self._bound is not None and self._bound.changed(name)

    def value(self, name: str) -> Any:
        """What it is bound to there."""
        assert self._bound is not None
        return self._bound.value(name)


class LoopStatement:
    """A loop, and the names that its body binds."""

    def __init__(
        self,
        names: Names,
        loops: list[control.Loop],
        loop: control.Loop,
        assigned: Sequence[str],
        is_static: bool,
    ) -> None:
        self._names = names
        self._loops = loops
        self._loop = loop
        self._assigned = assigned
        self._is_static = is_static
        self._bound: LoopNames | None = None

    def __iter__(self) -> Iterator[Any]:
        self._loops.append(self._loop)
        if not self._is_static:
            self._bound = LoopNames(self._names, self._assigned)
        yield from self._loop
        if self._bound is not None:
            self._bound.close()
        self._loops.pop()

    def changed(self, name: str) -> bool:
        """Whether a name has to be bound anew behind the loop."""
        return self._bound is not None and self._bound.changed(name)

    def value(self, name: str) -> Any:
        """What it is bound to there."""
        assert self._bound is not None
        return self._bound.value(name)
