"""Prints, assertions and assumptions."""

from __future__ import annotations

from typing import Any

from tile import _core, ir
from tile.frontend.builder import current, in_kernel
from tile.language.buffer import BufferValue, Region, Var
from tile.language.dtypes import dtype
from tile.language.expr import ExprLike, as_expr, as_number, convert, is_expr
from tile.language.view import kept_view

__all__ = ["assume", "device_assert", "print"]


def emit_assert(condition: ExprLike, message: str) -> None:
    """Stops the kernel, or the host code before it, unless the condition holds."""
    builder = current("An assertion")
    builder.create(
        "tile.assert",
        [convert(condition, dtype("bool")).use()],
        (),
        {"message": ir.string(message.replace("{}", "{ }"))},
    )


def device_assert(
    condition: ExprLike, msg: str = "", no_stack_info: bool = False
) -> None:
    """Stops the kernel with a message unless the condition holds."""
    emit_assert(condition, msg or "device assertion failed")


def assume(condition: ExprLike) -> None:
    """Says that a condition holds, so that the compiler may rely on it.

    In host code it is checked as well.
    """
    builder = current("T.assume")
    if not is_expr(condition):
        if not condition:
            raise AssertionError("T.assume of something that does not hold")
        return
    value = convert(condition, dtype("bool"))
    if builder.find("kernel") is None:
        emit_assert(value, "Assume: the condition does not hold")
    builder.create("tile.assume", [value.use()])


def print(
    obj: Any = None, msg: str = "", warp_group_id: int = 0, warp_id: int = 0
) -> None:
    """Prints a text and a scalar, or each element of a buffer, while the kernel runs.

    Inside T.Parallel every round prints; elsewhere the block prints once.

    Args:
        obj: A scalar; a buffer or a region of static shape, which prints one line an
            element; or None.
        msg: The text; the name of the buffer if left out.
        warp_group_id, warp_id: Which warp prints, in another compiler; no effect.

    Raises:
        ValueError: A buffer inside T.Parallel or of a size not known at compile time,
            anything else that is no scalar.
    """
    builder = in_kernel("T.print")
    operands: list[_core.Value] = []
    if isinstance(obj, (BufferValue, Region)) and not isinstance(obj, Var):
        buffer = obj.buffer if isinstance(obj, Region) else obj
        if builder.scalar_region is not None:
            raise ValueError(
                f"T.print of buffer `{buffer.name}` inside {builder.scalar_region} would "
                "print it in every round; print an element"
            )
        if any(as_number(size) is None for size in obj.shape):
            raise ValueError(
                f"T.print expects a size known at compile time, got buffer "
                f"`{buffer.name}` of shape {obj.shape}"
            )
        operands.append(kept_view(obj) if isinstance(obj, Region) else obj.use())
        msg = msg or buffer.name
    elif obj is not None:
        if not is_expr(obj) and as_number(obj) is None:
            raise ValueError(
                f"T.print expects a scalar, a buffer or None, got {type(obj).__name__}"
            )
        operands.append(as_expr(obj).use())
    builder.create("tile.print", operands, (), {"text": ir.string(msg)})
