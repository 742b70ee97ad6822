"""Moving data: copies and fills."""

from __future__ import annotations

from typing import Any, Sequence

from tile import _core, ir
from tile.frontend import control
from tile.frontend.builder import block_level, in_kernel
from tile.language.buffer import BufferValue, Element, Extent, Region, Var, _show
from tile.language.expr import ExprLike, as_index, as_number, convert
from tile.language.loop import _mixed_extents, parallel_nest, serial_nest
from tile.language.region import Side, align, inside, to_region
from tile.language.view import is_whole, kept_view, subview

__all__ = ["annotate_safe_value", "clear", "copy", "fill", "transpose"]

_EVICTION_POLICIES = ("evict_normal", "evict_first", "evict_last")
_INSTRUCTIONS = ("tma", "cp_async", "sync")


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
    Dimensions that were indexed, not sliced, are left out where the other side has
    none for them: ``T.copy(Q[b, i : i + 64, h, :], tile)``.

    Args:
        coalesced_width: A hint for another compiler; no effect.
        disable_tma: A hint; no effect.
        eviction_policy: 'evict_normal', 'evict_first', 'evict_last'; no effect.
        prefer_instruction: 'tma', 'cp_async' or 'sync'; no effect, the compiler
            chooses how to copy.
        annotations, loop_layout: Hints for another compiler; no effect.
        pad: What elements outside the source read as.

    Raises:
        TypeError: A side that is none of these.
        ValueError: Two whole buffers of different shapes, two regions of different
            shapes, or no extents.
    """
    _check_hints(eviction_policy, prefer_instruction)
    builder = block_level("T.copy")
    if isinstance(src, Element) and isinstance(dst, Element):
        dst.store(src)
        return
    if isinstance(src, BufferValue) and isinstance(dst, BufferValue):
        if not _compatible(src.shape, dst.shape):
            raise ValueError(
                f"T.copy expects buffers of equal shapes, got {_show(src.shape)} of "
                f"`{src.name}` and {_show(dst.shape)} of `{dst.name}`"
            )
    sides, extents = align((src, dst), "T.copy")
    _check_extents(src, dst, sides)
    places = [_place(side) for side in sides]
    # Dimensions that both sides have in front of the tile have one element.
    rank = min(len(starts) for _, starts in places)
    extents = [1] * (rank - len(extents)) + extents
    values, static = _mixed_extents(extents)
    operands: list[_core.Value] = []
    sizes: list[int] = []
    for buffer, starts in places:
        indices = [as_index(i).use() for i in starts]
        operands += [buffer, *indices]
        sizes += [1, len(indices)]
    operands += values
    sizes += [len(values), 0]
    if pad is None:
        pad = builder.data.get("safe_values", {}).get(sides[0].buffer)
    if pad is not None:
        operands.append(convert(pad, sides[0].buffer.dtype).use())
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


def _check_hints(eviction_policy: str | None, prefer_instruction: str | None) -> None:
    for value, name, allowed in (
        (eviction_policy, "eviction_policy", _EVICTION_POLICIES),
        (prefer_instruction, "prefer_instruction", _INSTRUCTIONS),
    ):
        if value is not None and value not in allowed:
            raise ValueError(
                f"T.copy expects {name} as one of {', '.join(allowed)}, got {value!r}"
            )


def _check_extents(src: Any, dst: Any, sides: Sequence[Side]) -> None:
    """Raises ValueError for two regions, or two buffers, of different sizes."""
    pair = (src, dst)
    if not all(isinstance(v, Region) for v in pair) and not all(
        isinstance(v, BufferValue) for v in pair
    ):
        return
    regions = [to_region(v, "T.copy") for v in pair]
    extents = [r.extents for r in regions if r is not None]
    for a, b in zip(sides[0].dims, sides[1].dims):
        x, y = as_number(extents[0][a]), as_number(extents[1][b])
        if x is not None and y is not None and x != y:
            kind = "regions" if isinstance(src, Region) else "buffers"
            raise ValueError(
                f"T.copy expects {kind} of equal shapes, got {_show(src.shape)} of "
                f"`{sides[0].buffer.name}` and {_show(dst.shape)} of "
                f"`{sides[1].buffer.name}`"
            )


def _place(side: Side) -> tuple[_core.Value, list[ExprLike]]:
    """The buffer of a side without dimensions inside the tile that it does not
    extend in, and the corner of the tile in it."""
    rank = len(side.starts)
    first = side.dims[0] if side.dims else rank
    if side.dims == list(range(first, rank)):
        return side.buffer.use(), side.starts
    gaps = [d for d in range(first, rank) if d not in side.dims]
    view = subview(
        Region(
            side.buffer,
            [s if d in gaps else 0 for d, s in enumerate(side.starts)],
            [1 if d in gaps else n for d, n in enumerate(side.buffer.shape)],
            [d not in gaps for d in range(rank)],
        ),
        dims=[d for d in range(rank) if d not in gaps],
    )
    return view, [s for d, s in enumerate(side.starts) if d not in gaps]


def _compatible(a: Sequence[Extent], b: Sequence[Extent]) -> bool:
    """Whether two shapes can be equal, apart from sizes of 1."""
    x = [size for size in a if as_number(size) != 1]
    y = [size for size in b if as_number(size) != 1]
    return len(x) == len(y) and all(
        not (isinstance(m, int) and isinstance(n, int)) or m == n for m, n in zip(x, y)
    )


def fill(buffer: Any, value: ExprLike) -> None:
    """Sets every element of a buffer or a region.

    Elements of a region that lie outside a tensor are left out. Raises ValueError
    inside T.Parallel and T.Threads, except for what is local, or an element.
    """
    if isinstance(buffer, (Element, Var)):
        buffer.store(value)
        return
    builder = in_kernel("T.fill")
    region = to_region(buffer, "T.fill")
    assert region is not None
    x = convert(value, region.buffer.dtype)
    if builder.scalar_region is not None and region.buffer.scope() == "local":
        (side,), extents = align((region,), "T.fill")
        for indices in serial_nest(extents):
            side.at(indices).store(x)
        return
    block_level("T.fill")
    if is_whole(region) or region.buffer.scope() != "global":
        builder.create("tile.fill", [view_of(region), x.use()])
        return
    sides, extents = align((region,), "T.fill")
    for indices in parallel_nest(extents):
        branch = control.Branch(builder, inside(sides, indices, extents))
        if branch.enter(True):
            sides[0].at(indices).store(x)
        branch.end()


def clear(buffer: Any) -> None:
    """Sets every element of a buffer or a region to zero."""
    fill(buffer, 0)


def view_of(region: Region, rank: int | None = None) -> _core.Value:
    """The IR value of a region: the buffer itself, or a subview of it.

    With `rank`, leading dimensions of extent 1 are dropped down to it.
    """
    return subview(region, rank)


def annotate_safe_value(values: dict[BufferValue, ExprLike]) -> None:
    """Says what elements outside a buffer read as in the copies that follow.

    ``T.annotate_safe_value({A: -1.0})``; 0 for other buffers. Raises TypeError for
    a key that is no buffer.
    """
    builder = block_level("T.annotate_safe_value")
    for buffer, value in values.items():
        if not isinstance(buffer, BufferValue):
            raise TypeError(
                "T.annotate_safe_value expects buffers as keys, got "
                f"{type(buffer).__name__}"
            )
        builder.data.setdefault("safe_values", {})[buffer] = value


def transpose(src: Any, dst: Any) -> None:
    """Copies a tile of M x N to one of N x M.

    Elements that lie outside either side are left out. Raises TypeError for an
    element, ValueError for sizes that do not fit.
    """
    builder = block_level("T.transpose")
    regions = [to_region(side, "T.transpose") for side in (src, dst)]
    if any(r is None for r in regions):
        raise TypeError("T.transpose expects buffers or regions, got an element")
    shapes = [list(r.shape) for r in regions if r is not None]
    if len(shapes[0]) != 2 or not _compatible(shapes[0], shapes[1][::-1]):
        raise ValueError(
            f"T.transpose expects sizes M x N and N x M, got {_show(shapes[0])} and "
            f"{_show(shapes[1])}"
        )
    known = [r for r in regions if r is not None]
    if all(is_whole(r) or r.buffer.scope() != "global" for r in known) and all(
        isinstance(n, int) for n in shapes[0]
    ):
        builder.create("tile.transpose", [kept_view(r) for r in known])
        return
    (source,), extents = align((src,), "T.transpose")
    (target,), _ = align((dst,), "T.transpose")
    target.dims.reverse()
    for indices in parallel_nest(extents):
        guard = inside((source, target), indices, extents)
        branch = control.Branch(builder, guard)
        if branch.enter(True):
            target.at(indices).store(source.at(indices))
        branch.end()
