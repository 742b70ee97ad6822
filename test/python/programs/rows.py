"""Attention, norms, reductions and scans."""

from __future__ import annotations

import numpy as np

import tile
import tile.language as T
from programs import Session, program


def softmax(x: np.ndarray) -> np.ndarray:
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def make_attention(heads, kv_heads, d, causal, bm=16, bn=16):
    Q_shape = (T.dynamic("Z"), heads, T.dynamic("S"), d)
    K_shape = (T.dynamic("Z"), kv_heads, T.dynamic("L"), d)

    @T.prim_func
    def attention(
        Q: T.Tensor(Q_shape, "float16"),
        K: T.Tensor(K_shape, "float16"),
        V: T.Tensor(K_shape, "float16"),
        O: T.Tensor(Q_shape, "float32"),
    ):
        Z, S, L = Q.shape[0], Q.shape[2], K.shape[2]
        scale = 1.4426950408889634 / d**0.5
        with T.Kernel(T.ceildiv(S, bm), heads, Z, threads=64) as (bx, h, z):
            q = T.alloc_shared((bm, d), "float16")
            k = T.alloc_shared((bn, d), "float16")
            v = T.alloc_shared((bn, d), "float16")
            p = T.alloc_shared((bm, bn), "float16")
            scores = T.alloc_fragment((bm, bn), "float32")
            out = T.alloc_fragment((bm, d), "float32")
            new_max = T.alloc_fragment((bm,), "float32")
            old_max = T.alloc_fragment((bm,), "float32")
            shrink = T.alloc_fragment((bm,), "float32")
            row_sum = T.alloc_fragment((bm,), "float32")
            total = T.alloc_fragment((bm,), "float32")
            kv = h // (heads // kv_heads)
            T.copy(Q[z, h, bx * bm : (bx + 1) * bm, :], q)
            T.clear(out)
            T.clear(total)
            T.fill(new_max, -T.infinity("float32"))
            tiles = T.ceildiv(L, bn)
            if causal:
                tiles = T.min(tiles, T.ceildiv((bx + 1) * bm, bn))
            for t in T.Pipelined(tiles, num_stages=2):
                T.copy(K[z, kv, t * bn : (t + 1) * bn, :], k)
                T.copy(V[z, kv, t * bn : (t + 1) * bn, :], v)
                T.gemm(q, k, scores, transpose_B=True, clear_accum=True)
                for i, j in T.Parallel(bm, bn):
                    seen = t * bn + j < L and (not causal or t * bn + j <= bx * bm + i)
                    scores[i, j] = T.if_then_else(
                        seen, scores[i, j] * scale, -T.infinity("float32")
                    )
                T.copy(new_max, old_max)
                T.reduce_max(scores, new_max, dim=1, clear=False)
                for i in T.Parallel(bm):
                    shrink[i] = T.exp2(old_max[i] - new_max[i])
                for i, j in T.Parallel(bm, bn):
                    scores[i, j] = T.exp2(scores[i, j] - new_max[i])
                T.reduce_sum(scores, row_sum, dim=1)
                for i in T.Parallel(bm):
                    total[i] = total[i] * shrink[i] + row_sum[i]
                for i, j in T.Parallel(bm, d):
                    out[i, j] *= shrink[i]
                T.copy(scores, p)
                T.gemm(p, v, out)
            for i, j in T.Parallel(bm, d):
                out[i, j] /= total[i]
            T.copy(out, O[z, h, bx * bm : (bx + 1) * bm, :])

    return tile.compile(attention)


def check_attention(s, heads, kv_heads, causal, length, keys):
    kernel = make_attention(heads, kv_heads, 16, causal)
    q = s.normal(2, heads, length, 16, dtype=np.float16)
    k, v = (s.normal(2, kv_heads, keys, 16, dtype=np.float16) for _ in "kv")
    o = s.poison(2, heads, length, 16)
    s.call(kernel, q, k, v, o)
    kk, vv = (np.repeat(x.astype(float), heads // kv_heads, 1) for x in (k, v))
    scores = np.einsum("zhid,zhjd->zhij", q.astype(float), kk) / 4
    if causal:
        scores = np.where(np.tril(np.ones((length, keys), bool)), scores, -np.inf)
    s.check(o, softmax(scores) @ vv, 2e-3)


@program
def attention_plain(s: Session) -> None:
    check_attention(s, 2, 2, False, 37, 51)


@program
def attention_causal(s: Session) -> None:
    check_attention(s, 2, 2, True, 45, 45)


@program
def attention_grouped_queries(s: Session) -> None:
    check_attention(s, 4, 2, True, 17, 17)


@program
def row_softmax(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], T.dyn["N"]], T.float32], bn: int = 128):
        M, N = X.shape
        Y = T.empty((M, N), T.float32)
        with T.Kernel(M, threads=64) as row:
            x = T.alloc_fragment((1, bn), T.float32)
            top = T.alloc_fragment((1,), T.float32)
            total = T.alloc_fragment((1,), T.float32)
            for j in T.Parallel(bn):
                x[0, j] = X[row, j] if j < N else -T.infinity(T.float32)
            T.reduce_max(x, top, dim=1)
            for i, j in T.Parallel(1, bn):
                x[i, j] = T.exp(x[i, j] - top[i])
            T.reduce_sum(x, total, dim=1)
            for i, j in T.Parallel(1, bn):
                x[i, j] = x[i, j] / total[i]
            T.copy(x, Y[row, 0])
        return Y

    x = s.normal(9, 100)
    s.check(s.call(kernel, x), softmax(x.astype(float)), 1e-5)


@program
def layer_norm(s: Session) -> None:
    @tile.jit
    def kernel(X, weight, bias, eps: float = 1e-5):
        M, N = T.const("M, N")
        X: T.Tensor[[M, N], T.float32]
        weight: T.Tensor[[N], T.float32]
        bias: T.Tensor[[N], T.float32]
        Y = T.empty((M, N), T.float32)
        with T.Kernel(T.ceildiv(M, 4), threads=64) as b:
            x = T.alloc_shared((4, N), T.float32)
            square = T.alloc_shared((4, N), T.float32)
            mean = T.alloc_shared((4,), T.float32)
            var = T.alloc_shared((4,), T.float32)
            T.copy(X[b * 4, 0], x)
            T.reduce_sum(x, mean, dim=1)
            for i, j in T.Parallel(4, N):
                square[i, j] = (x[i, j] - mean[i] / N) * (x[i, j] - mean[i] / N)
            T.reduce_sum(square, var, dim=1)
            for i, j in T.Parallel(4, N):
                normal = (x[i, j] - mean[i] / N) * T.rsqrt(var[i] / N + eps)
                if b * 4 + i < M:
                    Y[b * 4 + i, j] = normal * weight[j] + bias[j]
        return Y

    x, w, b = s.normal(10, 77), s.normal(77), s.normal(77)
    xx = x.astype(float)
    normal = (xx - xx.mean(1, keepdims=True)) / np.sqrt(xx.var(1, keepdims=True) + 1e-5)
    s.check(s.call(kernel, x, w, b), normal * w + b, 1e-5)


@program
def rms_norm(s: Session) -> None:
    @T.prim_func
    def kernel(
        X: T.Tensor((T.dynamic("M"), T.dynamic("N")), "float16"),
        Y: T.Tensor((T.dynamic("M"), T.dynamic("N")), "float16"),
    ):
        M, N = X.shape
        with T.Kernel(M, threads=32) as row:
            x = T.alloc_fragment((32,), "float32")
            total = T.alloc_fragment((1,), "float32")
            T.clear(total)
            for t in T.serial(T.ceildiv(N, 32)):
                T.copy(X[row, t * 32], x)
                for i in T.Parallel(32):
                    x[i] = x[i] * x[i]
                T.reduce_sum(x, total, dim=0, clear=False)
            scale = T.rsqrt(total[0] / N + 1e-6)
            for t in T.serial(T.ceildiv(N, 32)):
                T.copy(X[row, t * 32], x)
                for i in T.Parallel(32):
                    x[i] = x[i] * scale
                T.copy(x, Y[row, t * 32])

    x = s.normal(6, 75, dtype=np.float16)
    y = s.poison(6, 75, dtype=np.float16)
    s.call(tile.compile(kernel), x, y)
    xx = x.astype(float)
    s.check(y, xx / np.sqrt((xx**2).mean(1, keepdims=True) + 1e-6), 2e-3)


def register_reduction(name, reduce, reference, dim, dtype="float32"):
    def body(s: Session) -> None:
        shape = (12, 20)
        out_shape = tuple(n for d, n in enumerate(shape) if d != dim % 2)

        @tile.jit
        def kernel(X: T.Tensor[shape, dtype]):
            Y = T.empty(out_shape, dtype)
            with T.Kernel(1, threads=64):
                x = T.alloc_shared(shape, dtype)
                y = T.alloc_shared(out_shape, dtype)
                T.copy(X, x)
                reduce(x, y, dim=dim)
                T.copy(y, Y)
            return Y

        if dtype == "int32":
            x = s.integers(*shape)
            s.check(s.call(kernel, x), reference(x, dim).astype(np.int32))
        else:
            x = s.normal(*shape)
            s.check(s.call(kernel, x), reference(x.astype(float), dim), 1e-5)

    body.__name__ = name
    program(body)


register_reduction("reduce_sum_rows", T.reduce_sum, lambda x, d: x.sum(d), 1)
register_reduction("reduce_sum_columns", T.reduce_sum, lambda x, d: x.sum(d), 0)
register_reduction("reduce_max_rows", T.reduce_max, lambda x, d: x.max(d), -1)
register_reduction("reduce_min_ints", T.reduce_min, lambda x, d: x.min(d), 0, "int32")
register_reduction("reduce_absmax", T.reduce_absmax, lambda x, d: np.abs(x).max(d), 1)
register_reduction("reduce_abssum", T.reduce_abssum, lambda x, d: np.abs(x).sum(d), 1)
register_reduction(
    "reduce_xor", T.reduce_bitxor, lambda x, d: np.bitwise_xor.reduce(x, d), 1, "int32"
)


@program
def cumulative_sum(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[int, int], T.float32], reverse: bool = False):
        M, N = X.shape
        Y = T.empty((M, N), T.float32)
        with T.Kernel(1, threads=64):
            x = T.alloc_shared((M, N), T.float32)
            T.copy(X, x)
            T.cumsum(x, dim=1, reverse=reverse)
            T.copy(x, Y)
        return Y

    x = s.normal(5, 33)
    s.check(s.call(kernel, x), x.astype(float).cumsum(1), 1e-5)
    backwards = x.astype(float)[:, ::-1].cumsum(1)[:, ::-1]
    s.check(s.call(kernel, x, reverse=True), backwards, 1e-5)


@program
def cross_entropy(s: Session) -> None:
    @tile.jit
    def kernel(
        X: T.Tensor[[T.dyn["M"], 50], T.float32],
        target: T.Tensor[[T.dyn["M"]], T.int32],
    ):
        M = X.shape[0]
        loss = T.empty((M,), T.float32)
        with T.Kernel(M, threads=32) as row:
            x = T.alloc_shared((50,), T.float32)
            top = T.alloc_shared((1,), T.float32)
            total = T.alloc_shared((1,), T.float32)
            T.copy(X[row, 0], x)
            T.reduce_max(x, top, dim=0)
            chosen = x[target[row]]
            for j in T.Parallel(50):
                x[j] = T.exp(x[j] - top[0])
            T.reduce_sum(x, total, dim=0)
            loss[row] = T.log(total[0]) + top[0] - chosen
        return loss

    x, t = s.normal(13, 50), s.integers(13, low=0, high=50)
    expected = -np.log(softmax(x.astype(float)))[np.arange(13), t]
    s.check(s.call(kernel, x, t), expected, 1e-5)


@program
def prefix_sum_over_blocks(s: Session) -> None:
    @T.prim_func
    def kernel(
        X: T.Tensor((T.dynamic("N"),), "float32"),
        sums: T.Tensor((T.ceildiv(T.dynamic("N"), 32),), "float32"),
        Y: T.Tensor((T.dynamic("N"),), "float32"),
    ):
        N = X.shape[0]
        blocks = T.ceildiv(N, 32)
        with T.Kernel(blocks, threads=32) as b:
            x = T.alloc_shared((32,), "float32")
            T.copy(X[b * 32], x)
            T.cumsum(x)
            T.copy(x, Y[b * 32])
            sums[b] = x[31]
        with T.Kernel(1, threads=32):
            carry = T.alloc_var("float32", 0.0)
            for b in T.serial(blocks):
                old = sums[b]
                sums[b] = carry
                carry += old
        with T.Kernel(blocks, threads=32) as b:
            for i in T.Parallel(32):
                if b * 32 + i < N:
                    Y[b * 32 + i] = Y[b * 32 + i] + sums[b]

    compiled = tile.compile(kernel)
    for n in (1, 32, 100):
        x, sums, y = s.normal(n), s.poison(-(-n // 32)), s.poison(n)
        s.call(compiled, x, sums, y)
        s.check(y, x.astype(float).cumsum(), 1e-5)
