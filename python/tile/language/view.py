"""Views: parts of buffers as buffers."""

from __future__ import annotations

from tile import _core, ir
from tile.frontend.builder import current
from tile.language.buffer import SCOPES, Region
from tile.language.expr import as_index, as_number

_DYNAMIC = -(2**63)


def is_whole(region: Region) -> bool:
    """Whether a region is all of its buffer."""
    return all(as_number(s) == 0 for s in region.starts) and all(
        e is s or (isinstance(e, int) and isinstance(s, int) and e == s)
        for e, s in zip(region.extents, region.buffer.shape)
    )


def kept_view(region: Region) -> _core.Value:
    """A region as an IR value, without the dimensions that were indexed."""
    return subview(region, dims=[d for d, kept in enumerate(region.kept) if kept])


def subview(
    region: Region, rank: int | None = None, dims: list[int] | None = None
) -> _core.Value:
    """A region as an IR value, without its leading dimensions beyond `rank`, or
    with the dimensions `dims` only."""
    buffer = region.buffer
    full = len(buffer.shape)
    kept = dims
    if kept is None:
        kept = list(range(full - (full if rank is None else rank), full))
    if is_whole(region) and len(kept) == full:
        return buffer.use()
    builder = current("A view")
    offsets, sizes, values = [], [], []
    size_values = []
    for start in region.starts:
        number = as_number(start)
        offsets.append(_DYNAMIC if number is None else int(number))
        if number is None:
            values.append(as_index(start).use())
    for extent in region.extents:
        number = as_number(extent)
        sizes.append(_DYNAMIC if number is None else int(number))
        if number is None:
            size_values.append(as_index(extent).use())
    strides = [s if isinstance(s, int) else None for s in buffer.strides]
    offset: int | None = 0
    for o, s in zip(offsets, strides):
        if offset is None or (o != 0 and (o == _DYNAMIC or s is None)):
            offset = None
        elif o != 0:
            offset += o * s  # type: ignore[operator]
    shape = "".join(f"{'?' if sizes[d] == _DYNAMIC else sizes[d]}x" for d in kept)
    layout = ", ".join("?" if strides[d] is None else str(strides[d]) for d in kept)
    where = "?" if offset is None else str(offset)
    space = SCOPES[buffer.scope()]
    suffix = f", #tile.scope<{space}>" if space else ""
    type_ = (
        f"memref<{shape}{buffer.dtype.mlir}, "
        f"strided<[{layout}], offset: {where}>{suffix}>"
    )
    return builder.value(
        "memref.subview",
        [buffer.use(), *values, *size_values],
        type_,
        {
            "static_offsets": ir.int_array(offsets),
            "static_sizes": ir.int_array(sizes),
            "static_strides": ir.int_array([1] * full),
            "operandSegmentSizes": ir.int_array(
                [1, len(values), len(size_values), 0], "i32"
            ),
        },
    )
