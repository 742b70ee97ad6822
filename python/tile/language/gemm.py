"""The matrix product of tiles."""

from __future__ import annotations

import enum
from typing import Any

from tile import ir
from tile.frontend.builder import block_level
from tile.language.buffer import Region, _show
from tile.language.dtypes import dtype
from tile.language.region import to_region
from tile.language.view import subview
from tile.language.expr import as_number, convert, is_expr

__all__ = ["GemmWarpPolicy", "gemm"]


class GemmWarpPolicy(enum.IntEnum):
    """How the warps of a block share the tile of a product."""

    Square = 0
    FullRow = 1
    FullCol = 2


_FLOAT8 = ("float8_e4m3fn", "float8_e4m3", "float8_e5m2")
#: The types of C that go with a type of A and B.
_ACCUMULATORS = {
    "float64": ("float64",),
    "float32": ("float32",),
    "tfloat32": ("float32",),
    "float16": ("float32", "float16"),
    "bfloat16": ("float32",),
    "int8": ("int32",),
    **{name: ("float32", "float16") for name in _FLOAT8},
}


def _matrix(value: Any, name: str) -> tuple[Region, list[int], tuple[int, int]]:
    """A region, its two dimensions that are the matrix, and their sizes."""
    region = to_region(value, "T.gemm")
    if region is None:
        raise TypeError(
            f"T.gemm expects a buffer or a region for {name}, got an element"
        )
    dims = [d for d, kept in enumerate(region.kept) if kept]
    extents = [region.extents[d] for d in dims]
    if len(extents) < 2 or any(as_number(e) != 1 for e in extents[:-2]):
        raise ValueError(
            f"T.gemm expects {name} as a matrix, with leading sizes of 1, got "
            f"{_show(extents)}"
        )
    rows, columns = extents[-2:]
    if not isinstance(rows, int) or not isinstance(columns, int):
        raise ValueError(f"T.gemm expects sizes of {name} known at compile time")
    return region, dims[-2:], (rows, columns)


def _check_size(dim: str, one: tuple[str, int], other: tuple[str, int]) -> None:
    if one[1] != other[1]:
        raise AssertionError(
            f"T.gemm {dim} shape check failed: {one[0]} = {one[1]}, "
            f"{other[0]} = {other[1]}"
        )


def _check_types(a: dtype, b: dtype, c: dtype) -> None:
    if a is not b and not (a.name in _FLOAT8 and b.name in _FLOAT8):
        raise ValueError(
            f"Mixed-dtype GEMM only supports f8f6f4 family, got A of {a} and B of {b}"
        )
    allowed = _ACCUMULATORS.get(a.name, ())
    if not allowed:
        raise ValueError(
            f"T.gemm expects A and B of {', '.join(_ACCUMULATORS)}, got {a}"
        )
    if c.name not in allowed:
        raise ValueError(
            f"T.gemm expects C of {' or '.join(allowed)} for A and B of {a}, got {c}"
        )


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

    f32 is multiplied as it is, by threads; tensor cores take ``tfloat32`` instead, of
    whose numbers 10 bits of mantissa count.

    Args:
        A: M x K, or K x M with `transpose_A`.
        B: K x N, or N x K with `transpose_B`.
        C: M x N.
        policy: How warps should share the tile; it changes no result.
        clear_accum: Whether C counts as zero before; also an expression.

    Raises:
        AssertionError: Sizes that do not fit together.
        ValueError: Element types that no product takes, an unknown policy.
    """
    builder = block_level("T.gemm")
    if mbar is not None:
        raise ValueError("T.gemm takes no mbar: it is done when it returns")
    for name, flag in (("transpose_A", transpose_A), ("transpose_B", transpose_B)):
        if flag not in (True, False):
            raise TypeError(f"T.gemm expects {name} as a bool, got {flag!r}")
    (a, a_dims, a_shape), (b, b_dims, b_shape), (c, c_dims, (m, n)) = (
        _matrix(x, name) for x, name in ((A, "A"), (B, "B"), (C, "C"))
    )
    m_a, k_a = reversed(a_shape) if transpose_A else a_shape
    k_b, n_b = reversed(b_shape) if transpose_B else b_shape
    _check_size("K", ("K_A", k_a), ("K_B", k_b))
    _check_size("M", ("M_A", m_a), ("M_C", m))
    _check_size("N", ("N_B", n_b), ("N_C", n))
    _check_types(a.dtype, b.dtype, c.dtype)
    attributes = {}
    if transpose_A:
        attributes["transpose_a"] = ir.unit()
    if transpose_B:
        attributes["transpose_b"] = ir.unit()
    if a.dtype.name == "tfloat32":
        attributes["precision"] = ir.attribute("#tile<precision tf32>")
    if GemmWarpPolicy(policy) is not GemmWarpPolicy.Square:
        name = "full_row" if policy == GemmWarpPolicy.FullRow else "full_col"
        attributes["policy"] = ir.attribute(f"#tile<gemm_policy {name}>")
    sides = ((a, a_dims), (b, b_dims), (c, c_dims))
    operands = [subview(region, dims=dims) for region, dims in sides]
    if is_expr(clear_accum):
        operands.append(convert(clear_accum, dtype("bool")).use())
    elif clear_accum:
        attributes["clear"] = ir.unit()
    builder.create("tile.gemm", operands, (), attributes)
