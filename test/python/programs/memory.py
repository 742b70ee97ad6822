"""Programs about where data lies: strides, views, atomics, gathers."""

from __future__ import annotations

import numpy as np

import tile
import tile.language as T
from programs import Session, program


@program
def transpose_through_shared(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], T.dyn["N"]], T.float32]):
        M, N = X.shape
        Y = T.empty((N, M), T.float32)
        with T.Kernel(T.ceildiv(N, 16), T.ceildiv(M, 16), threads=64) as (bx, by):
            tile_ = T.alloc_shared((16, 16), T.float32)
            flipped = T.alloc_shared((16, 16), T.float32)
            T.copy(X[by * 16, bx * 16], tile_)
            for i, j in T.Parallel(16, 16):
                flipped[j, i] = tile_[i, j]
            T.copy(flipped, Y[bx * 16, by * 16])
        return Y

    x = s.normal(37, 21)
    s.check(s.call(kernel, x), x.T, 0)


@program
def strided_copy(s: Session) -> None:
    shape, strides = [T.dyn["M"], T.dyn["N"]], [T.dyn["S0"], T.dyn["S1"]]

    @tile.jit
    def kernel(X: T.StridedTensor[shape, strides, T.float32]):
        M, N = X.shape
        Y = T.empty((M, N), T.float32)
        with T.Kernel(T.ceildiv(N, 16), T.ceildiv(M, 16), threads=64) as (bx, by):
            t = T.alloc_shared((16, 16), T.float32)
            T.copy(X[by * 16, bx * 16], t)
            T.copy(t, Y[by * 16, bx * 16])
        return Y

    x = s.normal(40, 50)
    for view in (x, x.T, x[::2, ::3], x[3:29, 7:]):
        s.check(s.call(kernel, view), view, 0)


@program
def pointer_arguments(s: Session) -> None:
    @tile.jit
    def kernel(a: T.ptr, b: T.ptr, n: T.int32):
        A = T.make_tensor(a, (n,), T.float32)
        B = T.make_tensor(b, (n,), T.float32)
        with T.Kernel(T.ceildiv(n, 32), threads=32) as block:
            for i in T.Parallel(32):
                if block * 32 + i < n:
                    B[block * 32 + i] = A[block * 32 + i] + 1.0

    a, b = s.normal(70), s.poison(70)
    s.call(kernel, a, b, 70)
    s.check(b, a + 1.0, 1e-6)


@program
def histogram(s: Session) -> None:
    @T.prim_func
    def kernel(
        X: T.Tensor((T.dynamic("N"),), "int32"),
        bins: T.Tensor((16,), "int32"),
    ):
        N = X.shape[0]
        with T.Kernel(T.ceildiv(N, 64), threads=64) as b:
            own = T.alloc_shared((16,), "int32")
            T.clear(own)
            for i in T.Parallel(64):
                if b * 64 + i < N:
                    T.atomic_add(own[X[b * 64 + i]], 1)
            for i in T.Parallel(16):
                T.atomic_add(bins[i], own[i])

    x = s.integers(500, low=0, high=16)
    bins = np.zeros(16, np.int32)
    s.call(tile.compile(kernel), x, bins)
    s.check(bins, np.bincount(x, minlength=16).astype(np.int32))


@program
def compaction_by_atomics(s: Session) -> None:
    @T.prim_func
    def kernel(
        X: T.Tensor((T.dynamic("N"),), "int32"),
        Y: T.Tensor((T.dynamic("N"),), "int32"),
        count: T.Tensor((1,), "int32"),
    ):
        N = X.shape[0]
        with T.Kernel(T.ceildiv(N, 32), threads=32) as b:
            for i in T.Parallel(32):
                if b * 32 + i < N:
                    x = X[b * 32 + i]
                    if x > 0:
                        at = T.atomic_add(count[0], 1, return_prev=True)
                        Y[at] = x

    x = s.integers(100)
    y, count = np.zeros(100, np.int32), np.zeros(1, np.int32)
    s.call(tile.compile(kernel), x, y, count)
    positive = np.sort(x[x > 0])
    s.check(count[0], np.int32(len(positive)))
    s.check(np.sort(y[: count[0]]), positive)


@program
def embedding_lookup(s: Session) -> None:
    @tile.jit
    def kernel(
        table: T.Tensor[[T.dyn["V"], 24], T.float16],
        ids: T.Tensor[[T.dyn["N"]], T.int32],
    ):
        N = ids.shape[0]
        out = T.empty((N, 24), T.float32)
        with T.Kernel(N, threads=32) as n:
            row = T.alloc_fragment((1, 24), T.float32)
            T.copy(table[ids[n] : ids[n] + 1, :], row)
            T.copy(row, out[n, 0])
        return out

    table, ids = s.normal(19, 24, dtype=np.float16), s.integers(11, low=0, high=19)
    s.check(s.call(kernel, table, ids), table[ids], 0)


@program
def sparse_rows(s: Session) -> None:
    @tile.jit
    def kernel(
        start: T.Tensor[[T.dyn["M"] + 1], T.int32],
        column: T.Tensor[[T.dyn["E"]], T.int32],
        value: T.Tensor[[T.dyn["E"]], T.float32],
        x: T.Tensor[[T.dyn["N"]], T.float32],
    ):
        M = start.shape[0] - 1
        y = T.empty((M,), T.float32)
        with T.Kernel(T.ceildiv(M, 32), threads=32) as b:
            for i in T.Parallel(32):
                if b * 32 + i < M:
                    total = T.alloc_var("float32", 0.0)
                    for e in T.serial(start[b * 32 + i], start[b * 32 + i + 1]):
                        total += value[e] * x[column[e]]
                    y[b * 32 + i] = total
        return y

    dense = s.normal(20, 30) * (s.uniform(20, 30) < 0.2)
    rows, columns = np.nonzero(dense)
    start = np.searchsorted(rows, np.arange(21)).astype(np.int32)
    x = s.normal(30)
    y = s.call(
        kernel,
        start,
        columns.astype(np.int32),
        dense[rows, columns].astype(np.float32),
        x,
    )
    s.check(y, dense.astype(float) @ x, 1e-5)


@program
def stencil_with_halo(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], T.dyn["N"]], T.float32]):
        M, N = X.shape
        Y = T.empty((M, N), T.float32)
        with T.Kernel(T.ceildiv(N, 16), T.ceildiv(M, 8), threads=64) as (bx, by):
            x = T.alloc_shared((10, 18), T.float32)
            T.copy(X[by * 8 - 1, bx * 16 - 1], x)
            for i, j in T.Parallel(8, 16):
                if by * 8 + i < M and bx * 16 + j < N:
                    Y[by * 8 + i, bx * 16 + j] = (
                        x[i, j + 1] + x[i + 2, j + 1] + x[i + 1, j] + x[i + 1, j + 2]
                    ) / 4 - x[i + 1, j + 1]
        return Y

    x = s.normal(19, 45)
    p = np.pad(x.astype(float), 1)
    around = (p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]) / 4
    s.check(s.call(kernel, x), around - x, 1e-5)


@program
def game_of_life(s: Session) -> None:
    @T.prim_func
    def kernel(
        X: T.Tensor((T.dynamic("M"), T.dynamic("N")), "int32"),
        Y: T.Tensor((T.dynamic("M"), T.dynamic("N")), "int32"),
    ):
        M, N = X.shape
        with T.Kernel(M, threads=32) as i:
            for j in T.Parallel(N):
                n = T.alloc_var("int32", 0)
                for di, dj in T.grid(3, 3):
                    if di != 1 or dj != 1:
                        n += X[(i + di - 1 + M) % M, (j + dj - 1 + N) % N]
                alive = X[i, j] == 1
                Y[i, j] = 1 if n == 3 or (alive and n == 2) else 0

    x = s.integers(12, 17, low=0, high=2)
    y = s.poison(12, 17, dtype=np.int32)
    s.call(tile.compile(kernel), x, y)
    n = sum(
        np.roll(x, (a, b), (0, 1)) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b
    )
    s.check(y, ((n == 3) | ((x == 1) & (n == 2))).astype(np.int32))


@program
def view_as_other_shape(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[64], T.float32]):
        Y = T.empty((4, 16), T.float32)
        with T.Kernel(1, threads=32):
            x = T.alloc_shared((64,), T.float32)
            T.copy(X, x)
            square = T.reshape(x, (4, 16))
            for i, j in T.Parallel(4, 16):
                Y[i, j] = square[i, j] * 2.0
        return Y

    x = s.normal(64)
    s.check(s.call(kernel, x), x.reshape(4, 16) * 2, 1e-6)


@program
def several_launches_with_scratch(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32]):
        N = X.shape[0]
        scratch = T.empty((T.ceildiv(N, 32),), T.float32)
        Y = T.empty((N,), T.float32)
        with T.Kernel(T.ceildiv(N, 32), threads=32) as b:
            x = T.alloc_shared((32,), T.float32)
            top = T.alloc_shared((1,), T.float32)
            for i in T.Parallel(32):
                x[i] = X[b * 32 + i] if b * 32 + i < N else -1e30
            T.reduce_max(x, top, dim=0)
            scratch[b] = top[0]
        with T.Kernel(T.ceildiv(N, 32), threads=32) as b:
            top = T.alloc_var("float32", -1e30)
            for k in T.serial(T.ceildiv(N, 32)):
                top = T.max(top, scratch[k])
            for i in T.Parallel(32):
                if b * 32 + i < N:
                    Y[b * 32 + i] = X[b * 32 + i] - top
        return Y, scratch

    x = s.normal(100)
    y, _ = s.call(kernel, x)
    s.check(y, x - x.max(), 1e-6)


@program
def output_of_formula_shape(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32]):
        N = X.shape[0]
        Y = T.empty((N * 2 + 1,), T.float32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N * 2 + 1):
                Y[i] = 0.0 if i % 2 == 0 else X[i // 2]
        return Y

    for n in (1, 9):
        x = s.normal(n)
        expected = np.zeros(2 * n + 1)
        expected[1::2] = x
        s.check(s.call(kernel, x), expected, 0)
