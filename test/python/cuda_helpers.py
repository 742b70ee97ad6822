"""Kernels that the tests with a GPU call."""

from __future__ import annotations

import tile
import tile.language as T

M, N, K = T.dynamic("M, N, K")


@tile.jit
def gemm(A: T.Tensor((M, K), "float16"), B: T.Tensor((K, N), "float16")):
    C = T.empty((M, N), "float32")
    with T.Kernel(T.ceildiv(N, 64), T.ceildiv(M, 64), threads=128) as (bx, by):
        a_tile = T.alloc_shared((64, 32), "float16")
        b_tile = T.alloc_shared((32, 64), "float16")
        acc = T.alloc_fragment((64, 64), "float32")
        T.clear(acc)
        for k in T.Pipelined(T.ceildiv(K, 32), num_stages=3):
            T.copy(A[by * 64, k * 32], a_tile)
            T.copy(B[k * 32, bx * 64], b_tile)
            T.gemm(a_tile, b_tile, acc)
        T.copy(acc, C[by * 64, bx * 64])
    return C


@tile.jit
def add_one(A: T.Tensor((M,), "float32")):
    with T.Kernel(T.ceildiv(M, 128), threads=128) as bx:
        for i in T.Parallel(128):
            if bx * 128 + i < M:
                A[bx * 128 + i] += 1.0
