"""Atomic updates of elements and tiles, in global or shared memory."""

from __future__ import annotations

from typing import Any, Sequence

from tile import ir
from tile.frontend import control
from tile.frontend.builder import block_level, current, in_kernel
from tile.language.arithmetic import binary
from tile.language.buffer import BufferValue, Element, Region, Var
from tile.language.expr import Expr, ExprLike, convert
from tile.language.loop import parallel_nest
from tile.language.region import align, inside

__all__ = [
    "atomic_add",
    "atomic_addx2",
    "atomic_addx4",
    "atomic_and",
    "atomic_exchange",
    "atomic_load",
    "atomic_max",
    "atomic_min",
    "atomic_or",
    "atomic_store",
    "atomic_xor",
]

_TYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32")
_ORDERS = ("relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst")
_LOAD_ORDERS = ("relaxed", "consume", "acquire", "seq_cst")
_STORE_ORDERS = ("relaxed", "release", "seq_cst")
#: The fences that give a relaxed update its order, as LLVM numbers them.
_FENCE_BEFORE = {"release": 5, "acq_rel": 6, "seq_cst": 7}
_FENCE_AFTER = {"consume": 4, "acquire": 4, "acq_rel": 6, "seq_cst": 7}


def _check_order(order: str | None, allowed: Sequence[str], what: str) -> str:
    order = "relaxed" if order is None else order
    if order not in allowed:
        raise ValueError(
            f"{what} does not support memory_order={order!r}, expected one of "
            f"{', '.join(allowed)}"
        )
    return order


def _fence(ordering: int | None) -> None:
    if ordering is not None:
        attributes = {"ordering": ir.integer(ordering)}
        current("A fence").create("llvm.fence", [], (), attributes)


def _check_buffer(buffer: BufferValue, kind: str, what: str) -> None:
    if buffer.scope() not in ("global", "shared", "shared.dyn"):
        raise ValueError(
            f"T.{what} expects a buffer in global or shared memory, got "
            f"`{buffer.name}` in {buffer.scope()!r}"
        )
    names: Sequence[str] = _TYPES
    if kind in ("and", "or", "xor"):
        names = ("int64", "int32")
    if buffer.dtype.name not in names:
        raise TypeError(
            f"T.{what} expects elements of {', '.join(names)}, got {buffer.dtype}"
        )


def _update(kind: str, dst: Element, value: ExprLike, order: str) -> Expr:
    """One atomic update; what the element held before."""
    builder = in_kernel("An atomic update")
    x = convert(value, dst.dtype)
    if builder.thread_code is not None and builder.find("parallel") is None:
        builder.thread_code.enter()
    _fence(_FENCE_BEFORE.get(order))
    old = builder.value(
        "tile.atomic",
        [x.use(), dst.buffer.use(), *dst.index_values()],
        dst.dtype.mlir,
        {"kind": ir.attribute(f"#tile<atomic_kind {kind}>")},
    )
    _fence(_FENCE_AFTER.get(order))
    return Expr(old, dst.dtype)


def _is_tile(value: Any) -> bool:
    return isinstance(value, Region) or (
        isinstance(value, BufferValue) and not isinstance(value, Var)
    )


def _atomic(
    kind: str,
    dst: Any,
    value: Any,
    memory_order: str | None,
    return_prev: bool,
    allowed: Sequence[str] = _ORDERS,
    name: str | None = None,
) -> Expr | None:
    what = name or f"atomic_{kind}"
    order = _check_order(memory_order, allowed, what)
    if isinstance(dst, Var) or not (isinstance(dst, Element) or _is_tile(dst)):
        raise TypeError(
            f"T.{what} expects an element, a region or a buffer to update, got "
            f"{type(dst).__name__}"
        )
    buffer = dst if isinstance(dst, BufferValue) else dst.buffer
    _check_buffer(buffer, kind, what)
    if isinstance(dst, Element) and not _is_tile(value):
        old = _update(kind, dst, value, order)
        return old if return_prev else None
    if return_prev:
        raise NotImplementedError(
            "return_prev is not supported for tile-region-based atomic operations"
        )
    _update_tile(kind, dst, value, order, f"T.{what}")
    return None


def _update_tile(kind: str, dst: Any, value: Any, order: str, what: str) -> None:
    """Updates each element of a tile; elements outside a buffer are left out."""
    builder = block_level(what)
    is_tile = _is_tile(value)
    sides, extents = align([dst, value] if is_tile else [dst], what)
    _fence(_FENCE_BEFORE.get(order))
    for indices in parallel_nest(extents):
        branch = control.Branch(builder, inside(sides, indices, extents))
        if branch.enter(True):
            new = sides[1].at(indices) if is_tile else value
            _update(kind, sides[0].at(indices), new, "relaxed")
        branch.end()
    _fence(_FENCE_AFTER.get(order))


def atomic_add(
    dst: Any,
    value: Any,
    memory_order: str | None = None,
    return_prev: bool = False,
    use_tma: bool = False,
) -> Expr | None:
    """Adds to an element, or to each element of a tile, as one indivisible step.

    Inside T.Parallel every round does it; elsewhere the block does it once.

    Args:
        dst: An element, or the corner of a tile whose extents `value` gives; a region
            or a buffer. In global or shared memory, of float64, float32, float16,
            bfloat16, int64 or int32.
        value: A scalar, or a tile. Elements outside either side are left out.
        memory_order: 'relaxed' (also if left out), 'consume', 'acquire', 'release',
            'acq_rel' or 'seq_cst': how other accesses are ordered around it.
        return_prev: Whether to return what the element held before.
        use_tma: A hint for another compiler; no effect.

    Returns:
        What the element held before, with `return_prev`; else None.

    Raises:
        ValueError: An unknown order, a buffer in another scope.
        TypeError: Another element type, a `dst` that is no place.
        NotImplementedError: `return_prev` of a tile.
    """
    return _atomic("add", dst, value, memory_order, return_prev)


def atomic_max(
    dst: Any, value: Any, memory_order: str | None = None, return_prev: bool = False
) -> Expr | None:
    """Replaces an element by the larger of it and a value; see `atomic_add`.

    NaN if either is NaN.
    """
    return _atomic("max", dst, value, memory_order, return_prev)


def atomic_min(
    dst: Any, value: Any, memory_order: str | None = None, return_prev: bool = False
) -> Expr | None:
    """Replaces an element by the smaller of it and a value; see `atomic_add`.

    NaN if either is NaN.
    """
    return _atomic("min", dst, value, memory_order, return_prev)


def atomic_and(
    dst: Any, value: Any, memory_order: str | None = None, return_prev: bool = False
) -> Expr | None:
    """Keeps the bits that an element has in common with a value; see `atomic_add`."""
    return _atomic("and", dst, value, memory_order, return_prev)


def atomic_or(
    dst: Any, value: Any, memory_order: str | None = None, return_prev: bool = False
) -> Expr | None:
    """Sets the bits of a value in an element; see `atomic_add`."""
    return _atomic("or", dst, value, memory_order, return_prev)


def atomic_xor(
    dst: Any, value: Any, memory_order: str | None = None, return_prev: bool = False
) -> Expr | None:
    """Flips the bits of a value in an element; see `atomic_add`."""
    return _atomic("xor", dst, value, memory_order, return_prev)


def atomic_exchange(
    dst: Any, value: Any, memory_order: str | None = None, return_prev: bool = True
) -> Expr | None:
    """Replaces an element by a value, and returns what it held before."""
    return _atomic("exchange", dst, value, memory_order, return_prev)


def atomic_store(dst: Any, value: Any, memory_order: str = "seq_cst") -> None:
    """Writes an element as one indivisible step: 'relaxed', 'release', 'seq_cst'."""
    _atomic("exchange", dst, value, memory_order, False, _STORE_ORDERS, "atomic_store")


def atomic_load(src: Any, memory_order: str = "seq_cst") -> Expr:
    """Reads an element as one indivisible step: 'relaxed', 'consume', 'acquire' or
    'seq_cst'.

    Raises TypeError for anything but an element, ValueError for another order.
    """
    if not isinstance(src, Element) or isinstance(src.buffer, Var):
        raise TypeError(f"T.atomic_load expects an element, got {type(src).__name__}")
    # Adding -0 changes no float, not even -0 itself.
    zero = -0.0 if src.dtype.is_float else 0
    result = _atomic("add", src, zero, memory_order, True, _LOAD_ORDERS, "atomic_load")
    assert result is not None
    return result


def _add_vector(dst: Any, value: Any, count: int, return_prev: bool) -> None:
    what = f"T.atomic_addx{count}"
    if return_prev:
        raise NotImplementedError(f"return_prev is not supported for {what}")
    for side in (dst, value):
        if not isinstance(side, Element) or isinstance(side.buffer, Var):
            raise TypeError(
                f"{what} expects the first of {count} elements on both sides, got "
                f"{type(side).__name__}"
            )
    for offset in range(count):
        target, source = (
            Element(s.buffer, [*s.indices[:-1], binary("+", s.indices[-1], offset)])
            for s in (dst, value)
        )
        _atomic("add", target, source, None, False)


def atomic_addx2(dst: Any, value: Any, return_prev: bool = False) -> None:
    """Adds two elements in a row to two others, each as one indivisible step.

    Both sides are the first of the elements, ``C[i, 2 * j]``.
    """
    _add_vector(dst, value, 2, return_prev)


def atomic_addx4(dst: Any, value: Any, return_prev: bool = False) -> None:
    """Adds four elements in a row to four others, each as one indivisible step."""
    _add_vector(dst, value, 4, return_prev)
