"""Whether any or all elements of a tile are set."""

from __future__ import annotations

from typing import Any

from tile import ir
from tile.frontend import control
from tile.frontend.builder import Builder, in_kernel
from tile.language.buffer import Region
from tile.language.dtypes import dtype
from tile.language.expr import Expr, as_index, convert
from tile.language.loop import _mixed_extents, serial_nest
from tile.language.region import align, to_region

__all__ = ["all_of", "any_of"]


def _vote(name: str, tile: Any) -> Expr:
    what = f"T.{name}_of"
    builder = in_kernel(what)
    region = to_region(tile, what)
    if region is None:
        raise TypeError(f"{what} expects a buffer or a region, got an element")
    if region.buffer.scope() == "local" or builder.scalar_region is not None:
        return _vote_alone(builder, name, region)
    values, static = _mixed_extents(region.extents)
    indices = [as_index(s).use() for s in region.starts]
    vote = builder.value(
        f"tile.{name}",
        [region.buffer.use(), *indices, *values],
        "i1",
        {
            "static_extents": static,
            "operandSegmentSizes": ir.int_array([1, len(indices), len(values)], "i32"),
        },
    )
    return Expr(vote, dtype("bool"))


def _vote_alone(builder: Builder, name: str, region: Region) -> Expr:
    """The answer of one thread, by a loop of its own."""
    (side,), extents = align((region,), f"T.{name}_of")
    flag = control.make_flag(builder, name)
    for indices in serial_nest(extents):
        is_set = convert(side.at(indices), dtype("bool"))
        flag.store(flag.load() | (is_set if name == "any" else ~is_set))
    found = flag.load()
    return found if name == "any" else ~found


def any_of(tile: Any) -> Expr:
    """Whether an element of a buffer or a region is not zero; NaN is not zero.

    The whole block gets the answer; inside T.Parallel, and for a local buffer, each
    thread finds its own. Elements outside a buffer do not count, but inside T.Parallel
    there must be none. Raises TypeError for an element.
    """
    return _vote("any", tile)


def all_of(tile: Any) -> Expr:
    """Whether no element of a buffer or a region is zero; see `any_of`."""
    return _vote("all", tile)
