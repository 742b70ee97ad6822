"""Reductions and scans of tiles along one dimension."""

from __future__ import annotations

from typing import Any, Sequence

from tile import ir
from tile.frontend.builder import block_level
from tile.language.alloc import alloc_fragment
from tile.language.arithmetic import binary
from tile.language.buffer import BufferValue, Element, Region
from tile.language.copy import copy
from tile.language.region import to_region
from tile.language.dtypes import dtype
from tile.language.expr import Expr, as_number, convert
from tile.language.loop import serial_nest
from tile.language.math import abs
from tile.language.numeric import max, min
from tile.language.view import kept_view

__all__ = [
    "cummax",
    "cumsum",
    "reduce_absmax",
    "reduce_abssum",
    "reduce_bitand",
    "reduce_bitor",
    "reduce_bitxor",
    "reduce_max",
    "reduce_min",
    "reduce_sum",
]

_BITWISE = ("and", "or", "xor")


def _get_tile(value: Any, what: str, role: str) -> tuple[Region, tuple[int, ...]]:
    """A region and its shape, which must be known while tracing."""
    region = to_region(value, what)
    if region is None:
        raise TypeError(
            f"{what} expects a buffer or a region as {role}, got an element"
        )
    shape = []
    for size in region.shape:
        number = as_number(size)
        if number is None:
            raise ValueError(f"{what} expects sizes of {role} known at compile time")
        shape.append(int(number))
    return region, tuple(shape)


def _get_dim(dim: Any, shape: Sequence[int], what: str) -> int:
    if not isinstance(dim, int) or isinstance(dim, bool):
        raise TypeError(f"{what} expects an int as dim, got {type(dim).__name__}")
    if not -len(shape) <= dim < len(shape):
        raise ValueError(
            f"{what}: Dimension {dim} is out of bounds for buffer with shape "
            f"{list(shape)}"
        )
    return dim % len(shape)


def _is_local(*regions: Region) -> bool:
    return any(r.buffer.scope() == "local" for r in regions)


def _check_local(what: str, *regions: Region) -> None:
    scopes = [r.buffer.scope() for r in regions]
    if any(s != "local" for s in scopes):
        raise ValueError(
            f"{what} expects both buffers in the scope 'local', or none, got "
            f"{' and '.join(map(repr, scopes))}"
        )


# Reductions ---------------------------------------------------------------


def _reduce(
    kind: str,
    src: Any,
    dst: Any,
    dim: int,
    clear: bool,
    nan_propagate: bool = False,
) -> None:
    name = f"bit{kind}" if kind in _BITWISE else kind
    what = f"T.reduce_{name}"
    builder = block_level(what)
    source, shape = _get_tile(src, what, "src")
    target, result = _get_tile(dst, what, "dst")
    dim = _get_dim(dim, shape, what)
    dropped = [*shape[:dim], *shape[dim + 1 :]]
    kept = [*shape[:dim], 1, *shape[dim + 1 :]]
    if list(result) not in (dropped, kept):
        raise ValueError(
            f"Invalid reduce output shape, buffer shape is {list(shape)}, "
            f"dim is {dim}, output shape is {list(result)}, expected shapes are "
            f"{dropped} or {kept}"
        )
    for region, role in ((source, "src"), (target, "dst")):
        _check_type(kind, region.dtype, role, what)
    kind = _kind_of_bool(kind, target.dtype, what)
    if _is_local(source, target):
        _check_local(what, source, target)
        _reduce_local(kind, source, target, dim, clear, len(result) == len(shape))
        return
    attributes = {
        "kind": ir.attribute(f"#tile<reduce_kind {kind}>"),
        "dim": ir.integer(dim),
    }
    if not clear:
        attributes["accumulate"] = ir.unit()
    if not nan_propagate and target.dtype.is_float and kind in ("max", "min", "absmax"):
        attributes["ignore_nan"] = ir.unit()
    views = [_in_type(source, shape, target.dtype), kept_view(target)]
    builder.create("tile.reduce", views, (), attributes)


def _check_type(kind: str, type_: dtype, role: str, what: str) -> None:
    if kind in _BITWISE and type_.is_float:
        raise ValueError(
            f"{what} requires an integer/bool buffer as {role}, got {type_}"
        )


def _kind_of_bool(kind: str, type_: dtype, what: str) -> str:
    """The reduction of bool that a name for numbers means."""
    if not type_.is_bool or kind in _BITWISE:
        return kind
    if kind in ("sum", "abssum"):
        raise ValueError(f"{what} expects a dst that can hold a count, got bool")
    return "and" if kind == "min" else "or"


def _in_type(region: Region, shape: Sequence[int], type_: dtype) -> Any:
    """The view of a region, or of a copy of it in another type."""
    if region.dtype.mlir == type_.mlir:
        return kept_view(region)
    converted = alloc_fragment(shape, type_)
    copy(region, converted)
    return converted.use()


def _combine(kind: str, x: Any, y: Any) -> Expr:
    """Two elements as a reduction in local scope combines them."""
    operators = {"sum": "+", "abssum": "+", "and": "&", "or": "|", "xor": "^"}
    if kind in operators:
        result: Expr = binary(operators[kind], x, abs(y) if kind == "abssum" else y)
        return result
    if kind == "absmax":
        return max(x, abs(y))  # type: ignore[no-any-return]
    return max(x, y) if kind == "max" else min(x, y)  # type: ignore[no-any-return]


def _element(region: Region, indices: Sequence[Any]) -> Element:
    """The element of a region at indices of its sliced dimensions."""
    rest = iter(indices)
    places = [
        binary("+", start, next(rest)) if kept else start
        for start, kept in zip(region.starts, region.kept)
    ]
    return Element(region.buffer, places)


def _reduce_local(
    kind: str, src: Region, dst: Region, dim: int, clear: bool, keeps: bool
) -> None:
    """The reduction of a thread's own array."""
    shape = [int(s) for s in src.shape]
    others = shape[:dim] + shape[dim + 1 :]

    def target(outer: Sequence[Any]) -> Element:
        places = [*outer[:dim], 0, *outer[dim:]] if keeps else outer
        return _element(dst, places)

    def source(outer: Sequence[Any], at: Any) -> Expr:
        value = _element(src, [*outer[:dim], at, *outer[dim:]])
        return convert(value, dst.dtype)

    for outer in serial_nest(others):
        if clear:
            first = source(outer, 0)
            is_absolute = kind in ("abssum", "absmax")
            target(outer).store(abs(first) if is_absolute else first)
        for (at,) in serial_nest([shape[dim] - clear]):
            value = source(outer, binary("+", at, int(clear)))
            target(outer).store(_combine(kind, target(outer).load(), value))


def reduce_sum(
    src: Any, dst: Any, dim: int = -1, clear: bool = True, batch: int = 1
) -> None:
    """Sums the elements of a tile along one dimension.

    Floats narrower than float32 are summed in float32 and rounded once. Elements
    convert to the type of `dst` first.

    Args:
        src: The tile, a buffer or a region of static shape.
        dst: A tile of the shape of `src` without the dimension, or with 1 there.
        dim: The dimension; a negative one counts from the last.
        clear: Whether the result replaces `dst`, or is added to it.
        batch: How many reductions share a barrier in another compiler; no effect.

    Raises:
        ValueError: Another shape of `dst`, a dimension out of bounds, an element
            type that the reduction does not take.
    """
    _reduce("sum", src, dst, dim, clear)


def reduce_max(
    src: Any,
    dst: Any,
    dim: int = -1,
    clear: bool = True,
    batch: int = 1,
    nan_propagate: bool = False,
) -> None:
    """The largest elements of a tile along one dimension; see `reduce_sum`.

    NaN is left out, unless `nan_propagate` makes it the result. Bool counts as 0
    and 1.
    """
    _reduce("max", src, dst, dim, clear, nan_propagate)


def reduce_min(
    src: Any,
    dst: Any,
    dim: int = -1,
    clear: bool = True,
    batch: int = 1,
    nan_propagate: bool = False,
) -> None:
    """The smallest elements of a tile along one dimension; see `reduce_max`."""
    _reduce("min", src, dst, dim, clear, nan_propagate)


def reduce_abssum(
    src: Any, dst: Any, dim: int = -1, clear: bool = True, batch: int = 1
) -> None:
    """Sums absolute values along one dimension; see `reduce_sum`."""
    _reduce("abssum", src, dst, dim, clear)


def reduce_absmax(
    src: Any,
    dst: Any,
    dim: int = -1,
    clear: bool = True,
    batch: int = 1,
    nan_propagate: bool = False,
) -> None:
    """The largest absolute values along one dimension; see `reduce_max`.

    What `dst` held counts as it is, not by its absolute value.
    """
    _reduce("absmax", src, dst, dim, clear, nan_propagate)


def reduce_bitand(
    src: Any, dst: Any, dim: int = -1, clear: bool = True, batch: int = 1
) -> None:
    """The bits that all elements of integers or bool have; see `reduce_sum`."""
    _reduce("and", src, dst, dim, clear)


def reduce_bitor(
    src: Any, dst: Any, dim: int = -1, clear: bool = True, batch: int = 1
) -> None:
    """The bits that some element of integers or bool has; see `reduce_sum`."""
    _reduce("or", src, dst, dim, clear)


def reduce_bitxor(
    src: Any, dst: Any, dim: int = -1, clear: bool = True, batch: int = 1
) -> None:
    """The bits that an odd number of elements have; see `reduce_sum`."""
    _reduce("xor", src, dst, dim, clear)


# Scans --------------------------------------------------------------------


def _scan(kind: str, src: Any, dst: Any, dim: int, reverse: bool) -> None:
    what = f"T.cum{kind}"
    builder = block_level(what)
    if dst is None:
        dst = src
    source, shape = _get_tile(src, what, "src")
    target, result = _get_tile(dst, what, "dst")
    dim = _get_dim(dim, shape, what)
    if shape != result:
        raise ValueError(
            f"{what} expects src and dst of one shape, got {list(shape)} and "
            f"{list(result)}"
        )
    if source.dtype.is_bool or target.dtype.is_bool:
        raise ValueError(f"{what} expects numbers, got bool")
    if _is_local(source, target):
        _check_local(what, source, target)
    attributes = {
        "kind": ir.attribute(f"#tile<scan_kind {kind}>"),
        "dim": ir.integer(dim),
    }
    if reverse:
        attributes["reverse"] = ir.unit()
    views = [_in_type(source, shape, target.dtype), kept_view(target)]
    if dst is src:
        views[1] = views[0]
    builder.create("tile.scan", views, (), attributes)


def cumsum(
    src: Any,
    dst: BufferValue | Region | None = None,
    dim: int = 0,
    reverse: bool = False,
) -> None:
    """Running sums along one dimension, each with the element at its own place.

    Args:
        src: The tile, a buffer or a region of static shape.
        dst: Where the sums go; `src` itself if left out.
        dim: The dimension; a negative one counts from the last.
        reverse: Whether to sum from the last element towards the first.

    Raises:
        ValueError: A dimension out of bounds, shapes that differ.
    """
    _scan("sum", src, dst, dim, reverse)


def cummax(
    src: Any,
    dst: BufferValue | Region | None = None,
    dim: int = 0,
    reverse: bool = False,
) -> None:
    """Running maxima along one dimension; NaN from the first NaN on.

    See `cumsum`.
    """
    _scan("max", src, dst, dim, reverse)
