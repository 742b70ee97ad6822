"""Other shapes for the memory of a buffer."""

from __future__ import annotations

import math
from typing import Any, Sequence

from tile import _core, ir
from tile.frontend.builder import current
from tile.language.arithmetic import binary, compare
from tile.language.buffer import (
    SCOPES,
    BufferValue,
    Extent,
    Region,
    Var,
    _show,
    memref_type,
)
from tile.language.debug import emit_assert
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import ExprLike, as_index, as_number, is_expr
from tile.language.region import to_region
from tile.language.view import is_whole

__all__ = ["reshape", "view"]

_DYNAMIC = -(2**63)


def reshape(src: Any, shape: Any) -> BufferValue:
    """The elements of a buffer, in the order of its last dimension, in another shape.

    The result is the same memory: what is written to one is read from the other.

    Args:
        src: A buffer, or a region whose elements lie in a row.
        shape: A size or sizes; one may be -1, which stands for what is left.

    Raises:
        AssertionError: Another number of elements.
        ValueError: A region with gaps, a buffer with strides of its own, a size
            that is negative.
        TypeError: Anything else.
    """
    return _alias(src, shape, None, "T.reshape")


def view(src: Any, shape: Any = None, dtype: AnyDType | None = None) -> BufferValue:
    """The memory of a buffer in another shape or with other elements; see `reshape`.

    With a type of another width and no shape, the last dimension changes. Sizes must
    be known at compile time where the type changes.

    Raises AssertionError when the bits are not as many as those of the buffer.
    """
    return _alias(src, shape, dtype, "T.view")


def _alias(src: Any, shape: Any, element: AnyDType | None, what: str) -> BufferValue:
    if isinstance(src, Var) or not isinstance(src, (BufferValue, Region)):
        raise TypeError(
            f"{what} expects a buffer or a region, got {type(src).__name__}"
        )
    builder = current(what)
    builder.end_threads()
    region = to_region(src, what)
    assert region is not None
    type_ = region.dtype if element is None else dtype(element)
    _check_contiguous(region, what)
    extents = list(region.shape)
    if shape is None:
        sizes = _scaled(extents, region.dtype, type_, what)
    else:
        sizes = _get_sizes(shape, extents, region.dtype, type_, what)
    _check_bits(extents, region.dtype, sizes, type_, what)
    if type_.mlir == region.dtype.mlir:
        value = _reinterpret(region, sizes)
    else:
        value = _change_type(region, sizes, type_, what)
    buffer = region.buffer
    return BufferValue(value, sizes, type_, buffer.scope(), buffer.name)


def _check_contiguous(region: Region, what: str) -> None:
    """Raises ValueError unless the elements of a region lie in a row."""
    buffer = region.buffer
    if buffer._strides is not None:
        raise ValueError(
            f"{what} expects a contiguous buffer, got `{buffer.name}` with strides"
        )
    is_open = False
    for extent, size in zip(region.extents, buffer.shape):
        if is_open and not _same_size(extent, size):
            raise ValueError(
                f"{what} expects elements that lie in a row, got a region of "
                f"`{buffer.name}` with gaps"
            )
        is_open = is_open or as_number(extent) != 1


def _same_size(a: Extent, b: Extent) -> bool:
    return a is b or (isinstance(a, int) and isinstance(b, int) and a == b)


def _scaled(extents: list[Extent], old: dtype, new: dtype, what: str) -> list[Extent]:
    """The sizes with the last one as large as the new type makes it."""
    if old.bits == new.bits:
        return extents
    last = as_number(extents[-1]) if extents else None
    if last is None or last * old.bits % new.bits != 0:
        raise AssertionError(
            f"{what} shape check failed: a last size of {_show(extents)} of {old} "
            f"gives no whole number of {new}"
        )
    return [*extents[:-1], int(last) * old.bits // new.bits]


def _get_sizes(
    shape: Any, extents: Sequence[Extent], old: dtype, new: dtype, what: str
) -> list[Extent]:
    sizes: list[Any] = list(shape) if isinstance(shape, (tuple, list)) else [shape]
    for i, size in enumerate(sizes):
        number = as_number(size)
        if number is None and not is_expr(size):
            raise TypeError(f"{what} expects sizes, got {type(size).__name__}")
        if number is not None:
            if number < -1 or isinstance(number, (float, bool)):
                raise ValueError(f"{what} expects sizes of at least 0, got {size!r}")
            sizes[i] = int(number)
    unknown = [i for i, size in enumerate(sizes) if as_number(size) == -1]
    if len(unknown) > 1:
        raise ValueError(f"{what} expects at most one size of -1, got {shape}")
    if unknown:
        rest = _product(sizes[: unknown[0]] + sizes[unknown[0] + 1 :])
        total = _product(extents)
        if isinstance(rest, int) and isinstance(total, int):
            bits = rest * new.bits
            if not bits or total * old.bits % bits != 0:
                raise AssertionError(_message(extents, old, sizes, new, what))
            sizes[unknown[0]] = total * old.bits // bits
        else:
            sizes[unknown[0]] = binary("//", total, rest)
    return sizes


def _product(sizes: Sequence[Extent]) -> Extent:
    if all(isinstance(s, int) for s in sizes):
        return math.prod(sizes)
    result: Extent = 1
    for size in sizes:
        result = size if isinstance(result, int) and result == 1 else result * size
    return result


def _message(
    extents: Sequence[Extent],
    old: dtype,
    sizes: Sequence[Extent],
    new: dtype,
    what: str,
) -> str:
    return (
        f"{what} shape check failed: {_show(extents)} of {old} and {_show(sizes)} of "
        f"{new} do not have the same number of bits"
    )


def _check_bits(
    extents: Sequence[Extent],
    old: dtype,
    sizes: Sequence[Extent],
    new: dtype,
    what: str,
) -> None:
    total, count = _product(extents), _product(sizes)
    message = _message(extents, old, sizes, new, what)
    if isinstance(total, int) and isinstance(count, int):
        if total * old.bits != count * new.bits:
            raise AssertionError(message)
    elif total is not count:
        emit_assert(compare("==", total * old.bits, count * new.bits), message)


def _times(x: ExprLike, y: Extent) -> ExprLike:
    a, b = as_number(x), as_number(y)
    return int(a) * int(b) if a is not None and b is not None else binary("*", x, y)


def _mixed(values: Sequence[Extent]) -> tuple[list[int], list[_core.Value]]:
    numbers = [as_number(v) for v in values]
    static = [_DYNAMIC if n is None else int(n) for n in numbers]
    dynamic = [as_index(v).use() for v, n in zip(values, numbers) if n is None]
    return static, dynamic


def _reinterpret(region: Region, sizes: Sequence[Extent]) -> _core.Value:
    """The memory of a region as a buffer of contiguous sizes."""
    buffer = region.buffer
    offset: ExprLike = 0
    for start, stride in zip(region.starts, buffer.strides):
        if as_number(start) != 0:
            part = _times(start, stride)
            offset = part if as_number(offset) == 0 else binary("+", offset, part)
    strides: list[Extent] = []
    step: Extent = 1
    for size in reversed(sizes):
        strides.insert(0, step)
        step = size if isinstance(step, int) and step == 1 else step * size
    parts = [_mixed(p) for p in ([offset], sizes, strides)]
    statics = [[_show_number(n) for n in static] for static, _ in parts]
    shape = "".join(f"{n}x" for n in statics[1])
    space = SCOPES[buffer.scope()]
    suffix = f", #tile.scope<{space}>" if space else ""
    layout = ""
    if statics[0] != ["0"] or "?" in statics[1]:
        layout = f", strided<[{', '.join(statics[2])}], offset: {statics[0][0]}>"
    values = [v for _, dynamic in parts for v in dynamic]
    return current("A view").value(
        "memref.reinterpret_cast",
        [buffer.use(), *values],
        f"memref<{shape}{buffer.dtype.mlir}{layout}{suffix}>",
        {
            "static_offsets": ir.int_array(parts[0][0]),
            "static_sizes": ir.int_array(parts[1][0]),
            "static_strides": ir.int_array(parts[2][0]),
            "operandSegmentSizes": ir.int_array(
                [1, *(len(dynamic) for _, dynamic in parts)], "i32"
            ),
        },
    )


def _show_number(number: int) -> str:
    return "?" if number == _DYNAMIC else str(number)


def _change_type(
    region: Region, sizes: Sequence[Extent], type_: dtype, what: str
) -> _core.Value:
    """The memory of a whole buffer as elements of another type."""
    buffer = region.buffer
    if not is_whole(region):
        raise ValueError(
            f"{what} with another type expects a whole buffer, got a region of "
            f"`{buffer.name}`"
        )
    if not all(isinstance(n, int) for n in [*buffer.shape, *sizes]):
        raise ValueError(
            f"{what} with another type expects sizes known at compile time, got "
            f"{_show(buffer.shape)} and {_show(sizes)}"
        )
    if buffer.scope() == "local" and type_.bits > buffer.dtype.bits:
        raise ValueError(
            f"{what} of a local buffer of {buffer.dtype} expects elements that are no "
            f"wider, got {type_}"
        )
    result = memref_type(sizes, type_, buffer.scope())
    return current("A view").value("tile.view", [buffer.use()], result)
