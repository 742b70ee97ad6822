"""Moving data: copies and fills."""

from __future__ import annotations

from typing import Any, Sequence

from tile import _core, ir
from tile.frontend.builder import block_level
from tile.language.buffer import BufferValue, Element, Extent, Region, Var, _show
from tile.language.expr import ExprLike, as_index, as_number, convert
from tile.language.loop import _mixed_extents

__all__ = ["clear", "copy", "fill"]


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


def _starts(value: Any) -> tuple[BufferValue, list[ExprLike]]:
    if isinstance(value, Element):
        return value.buffer, list(value.indices)
    if isinstance(value, Region):
        return value.buffer, list(value.starts)
    return value, [0] * len(value.shape)


def copy(
    src: Any,
    dst: Any,
    *,
    coalesced_width: int | None = None,
    disable_tma: bool = False,
    eviction_policy: str | None = None,
    prefer_instruction: str | None = None,
    annotations: Any = None,
    loop_layout: Any = None,
    pad: ExprLike | None = None,
) -> None:
    """Copies a tile; the destination can be used right after.

    Each side is a buffer, a region ``A[i:j, k:l]``, or an element ``A[i, k]`` as the
    corner of a tile whose extents the other side gives. Elements of the source
    that lie outside it read as `pad` (0 if left out); those outside the
    destination are dropped. Elements convert to the type of the destination.

    Raises:
        TypeError: A side that is none of these.
        ValueError: Two whole buffers of different shapes, or no extents.
    """
    builder = block_level("T.copy")
    left, right = to_region(src, "T.copy"), to_region(dst, "T.copy")
    if left is None and right is None:
        dst.store(src)
        return
    if isinstance(src, BufferValue) and isinstance(dst, BufferValue):
        if not _compatible(src.shape, dst.shape):
            raise ValueError(
                f"T.copy expects buffers of equal shapes, got {_show(src.shape)} of "
                f"`{src.name}` and {_show(dst.shape)} of `{dst.name}`"
            )
    (src_buffer, src_starts), (dst_buffer, dst_starts) = _starts(src), _starts(dst)
    rank = min(len(src_starts), len(dst_starts))
    extents = _extents(left, right, rank)
    values, static = _mixed_extents(extents)
    src_values = [as_index(i).use() for i in src_starts]
    dst_values = [as_index(i).use() for i in dst_starts]
    operands = [src_buffer.use(), *src_values, dst_buffer.use(), *dst_values, *values]
    sizes = [1, len(src_values), 1, len(dst_values), len(values), 0]
    if pad is not None:
        operands.append(convert(pad, src_buffer.dtype).use())
        sizes[-1] = 1
    builder.create(
        "tile.copy",
        operands,
        (),
        {
            "static_extents": static,
            "operandSegmentSizes": ir.int_array(sizes, "i32"),
        },
    )


def _compatible(a: Sequence[Extent], b: Sequence[Extent]) -> bool:
    """Whether two shapes can be equal, apart from sizes of 1."""
    x = [size for size in a if as_number(size) != 1]
    y = [size for size in b if as_number(size) != 1]
    return len(x) == len(y) and all(
        not (isinstance(m, int) and isinstance(n, int)) or m == n
        for m, n in zip(x, y)
    )


def _extents(left: Region | None, right: Region | None, rank: int) -> list[Extent]:
    """The extents of the copied region: right-aligned, those of the side that has
    them; where both have, the larger, which a size of 1 on one side means."""
    sides = [r.extents[-rank:] if rank else [] for r in (left, right) if r is not None]
    if len(sides) == 1:
        return list(sides[0])
    result: list[Extent] = []
    for x, y in zip(*sides):
        a, b = as_number(x), as_number(y)
        if a is not None and b is not None:
            result.append(max(int(a), int(b)))
        else:
            # A size known at compile time is that of a tile, and elements of it
            # outside the other side are padded or dropped.
            result.append(int(a) if a is not None else (int(b) if b is not None else x))
    return result


def fill(buffer: Any, value: ExprLike) -> None:
    """Sets every element of a buffer or a region."""
    if isinstance(buffer, (Element, Var)):
        buffer.store(value)
        return
    builder = block_level("T.fill")
    region = to_region(buffer, "T.fill")
    assert region is not None
    target = view_of(region)
    x = convert(value, region.buffer.dtype)
    builder.create("tile.fill", [target, x.use()])


def clear(buffer: Any) -> None:
    """Sets every element of a buffer or a region to zero."""
    fill(buffer, 0)


def view_of(region: Region, rank: int | None = None) -> _core.Value:
    """The IR value of a region: the buffer itself, or a subview of it.

    With `rank`, leading dimensions of extent 1 are dropped down to it.
    """
    from tile.language.view import subview

    return subview(region, rank)
