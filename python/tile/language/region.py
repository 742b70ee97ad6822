"""How two sides of an operation on tiles fit together.

A side is a buffer, a region, or an element as the corner of a tile whose extents
the other side gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

from tile.language.arithmetic import binary, compare
from tile.language.buffer import BufferValue, Element, Extent, Region
from tile.language.expr import Expr, ExprLike, as_expr, as_number

__all__ = ["Side", "align", "inside", "to_region"]


@dataclass
class Side:
    """Where a tile lies in a buffer: its corner, and the dimensions it extends in."""

    buffer: BufferValue
    starts: list[ExprLike]
    dims: list[int]

    def at(self, indices: Sequence[ExprLike]) -> Element:
        """The element of the tile at its own indices."""
        places = list(self.starts)
        for dim, index in zip(self.dims, indices, strict=True):
            start = places[dim]
            places[dim] = index if as_number(start) == 0 else binary("+", start, index)
        return Element(self.buffer, places)


def to_region(value: Any, what: str) -> Region | None:
    """The region that a buffer or a slice stands for; None for an element, whose
    extents the other side gives. Raises TypeError for anything else."""
    if isinstance(value, Region):
        return value
    if isinstance(value, Element):
        return None
    if isinstance(value, BufferValue):
        rank = len(value.shape)
        return Region(value, [0] * rank, list(value.shape), [True] * rank)
    raise TypeError(
        f"{what} expects a buffer, a region or an element, got {type(value).__name__}"
    )


def align(values: Sequence[Any], what: str) -> tuple[list[Side], list[Extent]]:
    """Two sides, or one, that cover one tile, and the extents of the tile.

    The dimensions that were sliced go together. Where their numbers differ,
    sizes of 1 are left out of the longer side, or else the last dimensions go
    together. Of two sizes the larger counts.

    One of them has extents. Raises TypeError for what is no side.
    """
    regions = [to_region(v, what) for v in values]
    known = [r for r in regions if r is not None]
    assert known, "expected a side that has extents"
    dims = [_kept(r) for r in known]
    if len(dims) == 2 and len(dims[0]) != len(dims[1]):
        dims = _fit(known, dims)
    rank = min(len(d) for d in dims)
    if len(known) < len(values):
        element = next(v for v in values if isinstance(v, Element))
        rank = min(rank, len(element.indices))
    dims = [d[len(d) - rank :] for d in dims]
    sizes = [[r.extents[i] for i in d] for r, d in zip(known, dims)]
    extents = [_larger(pair) for pair in zip(*sizes)]
    sides, rest = [], iter(dims)
    for value, region in zip(values, regions):
        if region is None:
            count = len(value.indices)
            last = list(range(count - rank, count))
            sides.append(Side(value.buffer, list(value.indices), last))
        else:
            sides.append(Side(region.buffer, list(region.starts), next(rest)))
    return sides, extents


def _kept(region: Region) -> list[int]:
    return [d for d, kept in enumerate(region.kept) if kept]


def _fit(regions: Sequence[Region], dims: list[list[int]]) -> list[list[int]]:
    """Leaves sizes of 1 out of the longer side; else takes all dimensions."""
    longer = 0 if len(dims[0]) > len(dims[1]) else 1
    surplus = len(dims[longer]) - len(dims[1 - longer])
    units = [d for d in dims[longer] if as_number(regions[longer].extents[d]) == 1]
    if len(units) >= surplus:
        dropped = units[:surplus]
        dims[longer] = [d for d in dims[longer] if d not in dropped]
        return dims
    return [list(range(len(r.extents))) for r in regions]


def _larger(sizes: Sequence[Extent]) -> Extent:
    """The larger of two sizes. One that is known at compile time is that of a tile,
    and elements of it outside the other side are padded or dropped."""
    numbers = [int(n) for n in map(as_number, sizes) if n is not None]
    return max(numbers) if numbers else sizes[0]


def inside(
    sides: Sequence[Side], indices: Sequence[Expr], extents: Sequence[Extent]
) -> Any:
    """Whether the elements at these indices lie in their buffers: an expression, or
    True where that is known."""
    result: Any = True
    for side in sides:
        places = side.at(indices).indices
        for dim, (place, size) in enumerate(zip(places, side.buffer.shape)):
            extent = 1
            if dim in side.dims:
                extent = extents[side.dims.index(dim)]
            for condition in _bounds(side.starts[dim], place, extent, size):
                result = condition if result is True else binary("&", result, condition)
    return result


def _bounds(
    start: ExprLike, place: ExprLike, extent: Extent, size: Extent
) -> list[Any]:
    """The conditions of one index that are not known to hold."""
    first, count, limit = as_number(start), as_number(extent), as_number(size)
    conditions: list[Any] = []
    is_nonnegative = first >= 0 if first is not None else as_expr(start).is_nonnegative
    if not is_nonnegative:
        conditions.append(compare(">=", place, 0))
    if first is not None and count is not None and limit is not None:
        fits = first + count <= limit
    else:
        fits = first == 0 and extent is size
    if not fits:
        conditions.append(compare("<", place, size))
    return conditions
