"""Prints, assertions and assumptions."""

from __future__ import annotations

from typing import Any

from tile import ir
from tile.frontend.builder import current
from tile.language.dtypes import dtype
from tile.language.expr import ExprLike, as_expr, as_number, convert, is_expr

__all__ = ["assume", "device_assert"]


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
