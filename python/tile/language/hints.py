"""Hints to the compiler. They are checked, and change no result."""

from __future__ import annotations

import math
from typing import Any, Mapping

from tile import ir
from tile.frontend.builder import in_kernel
from tile.language.alloc import Allocation
from tile.language.buffer import BufferValue
from tile.language.kernel import _launch
from tile.language.layout import Fragment, Layout
from tile.language.pins import find_swizzle, find_thread_values

__all__ = [
    "annotate_consumer_reg_alloc",
    "annotate_l2_hit_ratio",
    "annotate_layout",
    "annotate_min_blocks_per_sm",
    "annotate_producer_reg_dealloc",
    "annotate_restrict_buffers",
    "disable_warp_group_reg_alloc",
    "no_set_max_nreg",
    "use_swizzle",
]


def use_swizzle(panel_size: int, order: str = "row", enable: bool = True) -> None:
    """Asks for an order of the blocks in which those that run at once lie in a panel.

    It holds for the whole kernel; a grid that has not two dimensions, or has clusters,
    keeps its order.

    Args:
        panel_size: Rows or columns of blocks in a panel, at least 1.
        order: 'row' or 'column': what a panel consists of.
        enable: Whether to do it.

    Raises:
        ValueError: A panel of less than one, another order.
        TypeError: A `panel_size` that is no int.
    """
    if not isinstance(panel_size, int) or isinstance(panel_size, bool):
        raise TypeError(
            f"T.use_swizzle expects panel_size as an int, got {panel_size!r}"
        )
    if panel_size < 1:
        raise ValueError(
            f"T.use_swizzle expects panel_size of at least 1, got {panel_size}"
        )
    if order not in ("row", "column"):
        raise ValueError(
            f"T.use_swizzle expects the order 'row' or 'column', got {order!r}"
        )
    launch = _launch("T.use_swizzle")
    has_clusters = any(n != 1 for n in launch.cluster)
    if enable and len(launch.grid) == 2 and not has_clusters:
        assert launch.operation is not None
        attribute = ir.attribute(f"#tile.swizzle<{panel_size}, {order}>")
        launch.operation.set_attribute("swizzle", attribute)


def annotate_layout(layouts: Mapping[BufferValue, Any]) -> None:
    """Says how elements of buffers should lie: ``{buffer: layout}``.

    A layout is a `Layout`, or a function of the indices, for a shared buffer; a
    `Fragment` for a fragment. It must map no two elements to one place. The compiler
    keeps a swizzled layout of a shared buffer, and the layout of a fragment for all
    threads of the block whose threads and slots each run through it in steps; others
    are checked, and the compiler chooses.

    Raises:
        TypeError: A key that is no buffer, a value that is no layout.
        ValueError: Two elements in one place, a layout of another shape.
    """
    in_kernel("T.annotate_layout")
    for buffer, layout in layouts.items():
        if not isinstance(buffer, BufferValue):
            raise TypeError(
                "T.annotate_layout expects buffers as keys, got "
                f"{type(buffer).__name__}"
            )
        if buffer.scope() == "local.fragment":
            if not isinstance(layout, Fragment):
                raise TypeError(
                    f"T.annotate_layout expects a T.Fragment for fragment "
                    f"`{buffer.name}`, got {type(layout).__name__}"
                )
        elif isinstance(layout, Fragment):
            raise TypeError(
                f"T.annotate_layout expects a T.Layout for buffer `{buffer.name}` in "
                f"{buffer.scope()!r}, got a T.Fragment"
            )
        elif not isinstance(layout, Layout):
            if not callable(layout):
                raise TypeError(
                    "T.annotate_layout expects a T.Layout or a function for buffer "
                    f"`{buffer.name}`, got {type(layout).__name__}"
                )
            layout = Layout(buffer.shape, layout)
        layout.check(buffer)
        if isinstance(buffer, Allocation):
            _pin(buffer, layout)


def _pin(buffer: Allocation, layout: Layout) -> None:
    """Writes a layout that the compiler can keep on the allocation."""
    if isinstance(layout, Fragment):
        text = find_thread_values(
            layout, math.prod(_launch("T.annotate_layout").threads)
        )
        if text:
            buffer.operation.set_attribute("tile.layout", ir.attribute(text))
    elif swizzle := find_swizzle(layout, buffer):
        buffer.operation.set_attribute("swizzle", ir.attribute(f"{swizzle} : i64"))


def annotate_l2_hit_ratio(ratios: Mapping[BufferValue, float]) -> None:
    """Says which part of the reads of a tensor should stay in the L2 cache.

    The compiler makes no use of it. Raises TypeError for a key that is no tensor,
    ValueError for a ratio outside 0 to 1.
    """
    in_kernel("T.annotate_l2_hit_ratio")
    for buffer, ratio in ratios.items():
        if not isinstance(buffer, BufferValue) or buffer.scope() != "global":
            raise TypeError(
                f"T.annotate_l2_hit_ratio expects tensors as keys, got {buffer!r}"
            )
        if not 0 <= ratio <= 1:
            raise ValueError(
                f"T.annotate_l2_hit_ratio expects a ratio of 0 to 1, got {ratio}"
            )


def annotate_restrict_buffers(*buffers: BufferValue) -> None:
    """Says that tensors may overlap others. The compiler assumes nothing else.

    Raises TypeError for anything but a buffer.
    """
    in_kernel("T.annotate_restrict_buffers")
    for buffer in buffers:
        if not isinstance(buffer, BufferValue):
            raise TypeError(
                "T.annotate_restrict_buffers expects buffers, got "
                f"{type(buffer).__name__}"
            )


def annotate_min_blocks_per_sm(count: int) -> None:
    """Says how many blocks should run on one multiprocessor; no effect.

    Raises ValueError for a count of less than one.
    """
    in_kernel("T.annotate_min_blocks_per_sm")
    if not isinstance(count, int) or count < 1:
        raise ValueError(
            f"T.annotate_min_blocks_per_sm expects at least 1 block, got {count!r}"
        )


def _check_registers(count: int, what: str) -> None:
    in_kernel(what)
    if not isinstance(count, int) or not 24 <= count <= 256 or count % 8:
        raise ValueError(
            f"{what} expects 24 to 256 registers, a multiple of 8, got {count!r}"
        )


def annotate_producer_reg_dealloc(count: int = 24) -> None:
    """Says how many registers warps that load keep; the compiler decides by itself."""
    _check_registers(count, "T.annotate_producer_reg_dealloc")


def annotate_consumer_reg_alloc(count: int = 240) -> None:
    """Says how many registers warps that compute get; the compiler decides by
    itself."""
    _check_registers(count, "T.annotate_consumer_reg_alloc")


def no_set_max_nreg() -> None:
    """Asks for no change of the registers of warps; no effect."""
    in_kernel("T.no_set_max_nreg")


def disable_warp_group_reg_alloc() -> None:
    """Asks for no change of the registers of warps; no effect."""
    in_kernel("T.disable_warp_group_reg_alloc")
