"""A kernel that the tests of compiled kernels call."""

from __future__ import annotations

import tile.language as T

M, N = T.dynamic("M, N")


@T.prim_func
def scale(
    A: T.Tensor((M, 8), "float32"),
    B: T.Tensor((M, 8), "float32"),
    s: T.float32,
    n: T.int32,
):
    with T.Kernel(M, threads=32) as bx:
        for j in T.Parallel(8):
            B[bx, j] = A[bx, j] * s + n
