"""Loops over tiles that a fixed number of blocks share out."""

from __future__ import annotations

from typing import Any, Sequence

from tile.frontend import control
from tile.frontend.builder import Builder
from tile.language.expr import Expr, ExprLike, as_index, as_number
from tile.language.loop import LoopSpec, _serial
from tile.language.numeric import max, min

__all__ = ["Persistent"]


def Persistent(
    domain: Sequence[ExprLike],
    wave_size: ExprLike,
    index: ExprLike,
    group_size: int = 8,
) -> LoopSpec:
    """A loop over the tiles of one worker: ``for bm, bn in T.Persistent([m, n], 132,
    block_id):``.

    All workers together visit every tile of the domain once. A worker takes every
    `wave_size`-th one. Tiles come in groups of `group_size` along the last dimension,
    so that those computed at one time lie close together.

    Args:
        domain: The number of tiles in each dimension; numbers or expressions.
        wave_size: The number of workers, at least 1.
        index: Which worker this is, from 0 on.
        group_size: Tiles of the last dimension in a group.

    Raises:
        TypeError: No dimensions.
        ValueError: A group or a wave of less than one.
    """
    if not isinstance(domain, (tuple, list)) or not domain:
        raise TypeError(f"T.Persistent expects a list of sizes, got {domain!r}")
    for value, name in ((group_size, "group_size"), (wave_size, "wave_size")):
        number = as_number(value)
        if number is not None and number < 1:
            raise ValueError(f"T.Persistent expects {name} of at least 1, got {value}")
    if as_number(group_size) is None:
        raise TypeError("T.Persistent expects group_size as an int")
    return LoopSpec(
        lambda b, jumps: _Persistent(b, jumps, domain, wave_size, index, group_size),
        "T.Persistent",
    )


class _Persistent(control.Loop):
    """A loop over numbers of tiles, whose variables are the places of the tiles."""

    def __init__(
        self,
        builder: Builder,
        jumps: Sequence[str],
        domain: Sequence[ExprLike],
        wave_size: ExprLike,
        index: ExprLike,
        group_size: int,
    ) -> None:
        self.builder = builder
        self.domain = [as_index(n) for n in domain]
        self.group_size = group_size
        total = self.domain[0]
        for size in self.domain[1:]:
            total = total * size
        self.loop = _serial(builder, jumps, index, total, wave_size)

    def __iter__(self) -> Any:
        for number in self.loop:
            place = self._find(number)
            yield place if len(place) > 1 else place[0]

    def _find(self, number: Expr) -> tuple[Expr, ...]:
        """Where the tile of a number lies."""
        *others, last = self.domain
        rest = as_index(1)
        for size in others:
            rest = rest * size
        in_group = rest * self.group_size
        group = number // in_group
        first = group * self.group_size
        # The last group may be smaller. It has at least one, where there is a tile.
        width = max(min(last - first, self.group_size), 1)
        within = number - group * in_group
        column = first + within % width
        within = within // width
        place: list[Expr] = [column]
        for size in reversed(others):
            place.insert(0, within % size)
            within = within // size
        return tuple(place)

    def jump(self, kind: str) -> bool:
        return self.loop.jump(kind)

    def guard(self) -> control.Guard:
        return self.loop.guard()
