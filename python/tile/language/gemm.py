"""The matrix product of tiles."""

from __future__ import annotations

import enum
from typing import Any

from tile import ir
from tile.frontend.builder import block_level
from tile.language.buffer import Region
from tile.language.copy import view_of
from tile.language.dtypes import dtype
from tile.language.region import to_region
from tile.language.expr import convert, is_expr

__all__ = ["GemmWarpPolicy", "gemm"]


class GemmWarpPolicy(enum.IntEnum):
    """How the warps of a block share the tile of a product."""

    Square = 0
    FullRow = 1
    FullCol = 2


def _matrix(value: Any, name: str) -> tuple[Region, tuple[int, int]]:
    region = to_region(value, "T.gemm")
    if region is None:
        raise TypeError(f"T.gemm expects a buffer or a region for {name}, got an element")
    extents = region.extents
    if len(extents) < 2 or any(e != 1 for e in extents[:-2] if isinstance(e, int)):
        raise ValueError(
            f"T.gemm expects {name} as a matrix, with leading sizes of 1, got {extents}"
        )
    rows, columns = extents[-2:]
    if not isinstance(rows, int) or not isinstance(columns, int):
        raise ValueError(f"T.gemm expects sizes of {name} known at compile time")
    return region, (rows, columns)


def gemm(
    A: Any,
    B: Any,
    C: Any,
    transpose_A: bool = False,
    transpose_B: bool = False,
    policy: GemmWarpPolicy = GemmWarpPolicy.Square,
    clear_accum: Any = False,
    k_pack: int = 1,
    mbar: Any = None,
    annotations: Any = None,
) -> None:
    """Adds a product to a tile: ``C += op(A) @ op(B)``, done when it returns.

    Args:
        A: M x K, or K x M with `transpose_A`.
        B: K x N, or N x K with `transpose_B`.
        C: M x N.
        policy: How warps share the tile; a hint.
        clear_accum: Whether C counts as zero before; also an expression.

    Raises:
        AssertionError: Sizes that do not fit together.
        ValueError: Element types that no product takes.
    """
    builder = block_level("T.gemm")
    if mbar is not None:
        raise ValueError("T.gemm takes no mbar: it is done when it returns")
    (a, a_shape), (b, b_shape), (c, (m, n)) = (
        _matrix(x, name) for x, name in ((A, "A"), (B, "B"), (C, "C"))
    )
    m_a, k_a = reversed(a_shape) if transpose_A else a_shape
    k_b, n_b = reversed(b_shape) if transpose_B else b_shape
    assert k_a == k_b, f"T.gemm K shape check failed: K_A = {k_a}, K_B = {k_b}"
    assert m == m_a, f"T.gemm M shape check failed: M_A = {m_a}, M_C = {m}"
    assert n == n_b, f"T.gemm N shape check failed: N_B = {n_b}, N_C = {n}"
    narrow = "float8"
    if a.dtype is not b.dtype and not (
        a.dtype.name.startswith(narrow) and b.dtype.name.startswith(narrow)
    ):
        raise ValueError(
            "Mixed-dtype GEMM only supports f8f6f4 family, got "
            f"A of {a.dtype} and B of {b.dtype}"
        )
    attributes = {}
    if transpose_A:
        attributes["transpose_a"] = ir.unit()
    if transpose_B:
        attributes["transpose_b"] = ir.unit()
    if a.dtype.name == "tfloat32":
        attributes["precision"] = ir.attribute("#tile.precision<tf32>")
    operands = [view_of(x, 2) for x in (a, b, c)]
    if is_expr(clear_accum):
        operands.append(convert(clear_accum, dtype("bool")).use())
    elif clear_accum:
        attributes["clear"] = ir.unit()
    builder.create("tile.gemm", operands, (), attributes)
