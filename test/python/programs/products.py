"""Matrix products in many forms."""

from __future__ import annotations

import numpy as np

import tile
import tile.language as T
from programs import Session, program


def make_gemm(dtype, out, ta, tb, bm=32, bn=48, bk=16):
    a_shape = (
        (T.dynamic("K"), T.dynamic("M")) if ta else (T.dynamic("M"), T.dynamic("K"))
    )
    b_shape = (
        (T.dynamic("N"), T.dynamic("K")) if tb else (T.dynamic("K"), T.dynamic("N"))
    )

    @T.prim_func
    def gemm(
        A: T.Tensor(a_shape, dtype),
        B: T.Tensor(b_shape, dtype),
        C: T.Tensor((T.dynamic("M"), T.dynamic("N")), out),
    ):
        M, N, K = C.shape[0], C.shape[1], A.shape[0 if ta else 1]
        with T.Kernel(T.ceildiv(N, bn), T.ceildiv(M, bm), threads=128) as (bx, by):
            As = T.alloc_shared((bk, bm) if ta else (bm, bk), dtype)
            Bs = T.alloc_shared((bn, bk) if tb else (bk, bn), dtype)
            acc = T.alloc_fragment((bm, bn), out)
            T.clear(acc)
            for k in T.Pipelined(T.ceildiv(K, bk), num_stages=2):
                if ta:
                    T.copy(A[k * bk, by * bm], As)
                else:
                    T.copy(A[by * bm, k * bk], As)
                if tb:
                    T.copy(B[bx * bn, k * bk], Bs)
                else:
                    T.copy(B[k * bk, bx * bn], Bs)
                T.gemm(As, Bs, acc, transpose_A=ta, transpose_B=tb)
            T.copy(acc, C[by * bm, bx * bn])

    return tile.compile(gemm)


def check_gemm(s, kernel, a, b, out, tolerance, m, n, ta, tb):
    c = s.poison(m, n, dtype=out)
    s.call(kernel, a, b, c)
    kind = np.int64 if a.dtype.kind == "i" else np.float64
    x, y = a.astype(kind), b.astype(kind)
    expected = (x.T if ta else x) @ (y.T if tb else y)
    s.check(c, expected.astype(out) if a.dtype.kind == "i" else expected, tolerance)


def register_gemm(name, numpy_type, dtype, out, numpy_out, tolerance, ta, tb):
    def body(s: Session) -> None:
        kernel = make_gemm(dtype, out, ta, tb)
        for m, n, k in ((1, 1, 1), (70, 61, 45)):
            a_shape, b_shape = (k, m) if ta else (m, k), (n, k) if tb else (k, n)
            if numpy_type is np.int8:
                a, b = (s.integers(*x, dtype=np.int8) for x in (a_shape, b_shape))
            else:
                a, b = (s.normal(*x, dtype=numpy_type) for x in (a_shape, b_shape))
            check_gemm(s, kernel, a, b, numpy_out, tolerance, m, n, ta, tb)

    body.__name__ = name
    program(body)


for _ta in (False, True):
    for _tb in (False, True):
        _suffix = ("t" if _ta else "n") + ("t" if _tb else "n")
        register_gemm(
            f"gemm_f16_{_suffix}",
            np.float16,
            "float16",
            "float32",
            np.float32,
            1e-5,
            _ta,
            _tb,
        )
register_gemm("gemm_f32", np.float32, "float32", "float32", np.float32, 1e-5, 0, 0)
register_gemm("gemm_f64", np.float64, "float64", "float64", np.float64, 1e-13, 0, 1)
register_gemm("gemm_i8", np.int8, "int8", "int32", np.int32, 0, 0, 1)


@program
def gemm_bias_relu_residual(s: Session) -> None:
    @tile.jit
    def kernel(A, B, bias, R, bm: int = 32):
        M, N, K = T.const("M, N, K")
        A: T.Tensor[[M, K], T.float16]
        B: T.Tensor[[K, N], T.float16]
        bias: T.Tensor[[N], T.float32]
        R: T.Tensor[[M, N], T.float32]
        C = T.empty((M, N), T.float32)
        with T.Kernel(T.ceildiv(N, 32), T.ceildiv(M, bm), threads=64) as (bx, by):
            As = T.alloc_shared((bm, 32), T.float16)
            Bs = T.alloc_shared((32, 32), T.float16)
            r = T.alloc_shared((bm, 32), T.float32)
            b = T.alloc_shared((32,), T.float32)
            acc = T.alloc_fragment((bm, 32), T.float32)
            for k in T.Pipelined(T.ceildiv(K, 32), num_stages=2):
                T.copy(A[by * bm, k * 32], As)
                T.copy(B[k * 32, bx * 32], Bs)
                T.gemm(As, Bs, acc, clear_accum=k == 0)
            T.copy(R[by * bm, bx * 32], r)
            T.copy(bias[bx * 32], b)
            for i, j in T.Parallel(bm, 32):
                acc[i, j] = T.max(acc[i, j] + b[j], 0) + r[i, j]
            T.copy(acc, C[by * bm, bx * 32])
        return C

    m, n, k = 50, 45, 70
    a, b = s.normal(m, k, dtype=np.float16), s.normal(k, n, dtype=np.float16)
    bias, r = s.normal(n), s.normal(m, n)
    for bm in (32, 16):
        c = s.call(kernel, a, b, bias, r, bm=bm)
        product = a.astype(float) @ b.astype(float) + bias
        s.check(c, np.maximum(product, 0) + r, 1e-5)


@program
def gemm_split_k(s: Session) -> None:
    @T.prim_func
    def kernel(
        A: T.Tensor((T.dynamic("M"), T.dynamic("K")), "float16"),
        B: T.Tensor((T.dynamic("K"), T.dynamic("N")), "float16"),
        C: T.Tensor((T.dynamic("M"), T.dynamic("N")), "float32"),
        parts: T.int32,
    ):
        M, K = A.shape
        N = B.shape[1]
        with T.Kernel(T.ceildiv(N, 32), T.ceildiv(M, 32), threads=64) as (bx, by):
            zero = T.alloc_fragment((32, 32), "float32")
            T.clear(zero)
            T.copy(zero, C[by * 32, bx * 32])
        with T.Kernel(T.ceildiv(N, 32), T.ceildiv(M, 32), parts, threads=64) as (
            bx,
            by,
            bz,
        ):
            As = T.alloc_shared((32, 16), "float16")
            Bs = T.alloc_shared((16, 32), "float16")
            acc = T.alloc_fragment((32, 32), "float32")
            T.clear(acc)
            tiles = T.ceildiv(K, 16)
            for k in T.serial(bz, tiles, parts):
                T.copy(A[by * 32, k * 16], As)
                T.copy(B[k * 16, bx * 32], Bs)
                T.gemm(As, Bs, acc)
            for i, j in T.Parallel(32, 32):
                if by * 32 + i < M and bx * 32 + j < N:
                    T.atomic_add(C[by * 32 + i, bx * 32 + j], acc[i, j])

    compiled = tile.compile(kernel)
    a, b = s.normal(40, 99, dtype=np.float16), s.normal(99, 37, dtype=np.float16)
    for parts in (1, 3, 9):
        c = s.poison(40, 37)
        s.call(compiled, a, b, c, parts)
        s.check(c, a.astype(float) @ b.astype(float), 1e-5)


@program
def gemm_batched(s: Session) -> None:
    @tile.jit
    def kernel(
        A: T.Tensor[[int, int, int], T.float32], B: T.Tensor[[int, int, int], T.float32]
    ):
        Z, M, K = A.shape
        N = B.shape[2]
        C = T.empty((Z, M, N), T.float32)
        with T.Kernel(T.ceildiv(N, 16), T.ceildiv(M, 16), Z, threads=32) as (bx, by, z):
            As = T.alloc_shared((16, 16), T.float32)
            Bs = T.alloc_shared((16, 16), T.float32)
            acc = T.alloc_fragment((16, 16), T.float32)
            T.clear(acc)
            for k in range(T.ceildiv(K, 16)):
                T.copy(A[z, by * 16, k * 16], As)
                T.copy(B[z, k * 16, bx * 16], Bs)
                T.gemm(As, Bs, acc)
            T.copy(acc, C[z, by * 16, bx * 16])
        return C

    a, b = s.normal(3, 20, 33), s.normal(3, 33, 18)
    s.check(s.call(kernel, a, b), a.astype(float) @ b, 1e-5)


@program
def gemm_persistent(s: Session) -> None:
    @T.prim_func
    def kernel(
        A: T.Tensor((T.dynamic("M"), T.dynamic("K")), "float16"),
        B: T.Tensor((T.dynamic("K"), T.dynamic("N")), "float16"),
        C: T.Tensor((T.dynamic("M"), T.dynamic("N")), "float32"),
    ):
        M, K = A.shape
        N = B.shape[1]
        workers = 5
        with T.Kernel(workers, threads=64) as worker:
            As = T.alloc_shared((16, 16), "float16")
            Bs = T.alloc_shared((16, 16), "float16")
            acc = T.alloc_fragment((16, 16), "float32")
            sched = T.PersistentTileScheduler(
                "sched", T.ceildiv(M, 16), T.ceildiv(N, 16), workers, swizzle_size=3
            )
            sched.init(worker)
            while sched.valid():
                m = sched.m_idx[0]
                n = sched.n_idx[0]
                T.clear(acc)
                for k in T.Pipelined(T.ceildiv(K, 16), num_stages=2):
                    T.copy(A[m * 16, k * 16], As)
                    T.copy(B[k * 16, n * 16], Bs)
                    T.gemm(As, Bs, acc)
                T.copy(acc, C[m * 16, n * 16])
                sched.next_tile()

    compiled = tile.compile(kernel)
    for m, n, k in ((70, 85, 20), (5, 7, 100), (160, 16, 3)):
        a, b = s.normal(m, k, dtype=np.float16), s.normal(k, n, dtype=np.float16)
        c = s.poison(m, n)
        s.call(compiled, a, b, c)
        s.check(c, a.astype(float) @ b.astype(float), 1e-5)


@program
def gemv(s: Session) -> None:
    @tile.jit
    def kernel(
        A: T.Tensor[[T.dyn["M"], T.dyn["K"]], T.float32],
        x: T.Tensor[[T.dyn["K"]], T.float32],
    ):
        M, K = A.shape
        y = T.empty((M,), T.float32)
        with T.Kernel(T.ceildiv(M, 8), threads=32) as b:
            a = T.alloc_shared((8, 32), T.float32)
            v = T.alloc_shared((32,), T.float32)
            part = T.alloc_fragment((8, 32), T.float32)
            total = T.alloc_fragment((8,), T.float32)
            T.clear(total)
            for k in T.serial(T.ceildiv(K, 32)):
                T.copy(A[b * 8, k * 32], a)
                T.copy(x[k * 32], v)
                for i, j in T.Parallel(8, 32):
                    part[i, j] = a[i, j] * v[j]
                T.reduce_sum(part, total, dim=1, clear=False)
            T.copy(total, y[b * 8])
        return y

    a, x = s.normal(37, 101), s.normal(101)
    s.check(s.call(kernel, a, x), a.astype(float) @ x, 1e-5)


@program
def matrix_power(s: Session) -> None:
    @tile.jit
    def kernel(A: T.Tensor[[16, 16], T.float64], n: T.int32):
        R = T.empty((16, 16), T.float64)
        with T.Kernel(1, threads=32):
            base = T.alloc_shared((16, 16), T.float64)
            result = T.alloc_shared((16, 16), T.float64)
            acc = T.alloc_fragment((16, 16), T.float64)
            T.copy(A, base)
            for i, j in T.Parallel(16, 16):
                result[i, j] = 1.0 if i == j else 0.0
            left = T.alloc_var("int32", n)
            while left > 0:
                if left % 2 == 1:
                    T.gemm(result, base, acc, clear_accum=True)
                    T.copy(acc, result)
                T.gemm(base, base, acc, clear_accum=True)
                T.copy(acc, base)
                left = left // 2
            T.copy(result, R)
        return R

    a = s.normal(16, 16, dtype=np.float64) / 4
    for n in (0, 1, 2, 13):
        s.check(s.call(kernel, a, n), np.linalg.matrix_power(a, n), 1e-12)


@program
def convolution(s: Session) -> None:
    @tile.jit
    def kernel(
        X: T.Tensor[[int, int, int], T.float32],
        W: T.Tensor[[3, 3, int, int], T.float32],
    ):
        H, Wd, C = X.shape
        F = W.shape[3]
        Y = T.empty((H, Wd, F), T.float32)
        with T.Kernel(T.ceildiv(Wd, 16), H, threads=32) as (bx, y):
            x = T.alloc_shared((16, 8), T.float32)
            w = T.alloc_shared((8, 8), T.float32)
            acc = T.alloc_fragment((16, 8), T.float32)
            T.clear(acc)
            for dy, dx in T.grid(3, 3):
                for c in T.serial(T.ceildiv(C, 8)):
                    T.clear(x)
                    if y + dy - 1 >= 0 and y + dy - 1 < H:
                        T.copy(X[y + dy - 1, bx * 16 + dx - 1, c * 8], x)
                    T.copy(W[dy, dx, c * 8, 0], w)
                    T.gemm(x, w, acc)
            T.copy(acc, Y[y, bx * 16, 0])
        return Y

    x, w = s.normal(9, 21, 5), s.normal(3, 3, 5, 7)
    padded = np.pad(x.astype(float), ((1, 1), (1, 1), (0, 0)))
    expected = sum(
        padded[dy : dy + 9, dx : dx + 21] @ w[dy, dx]
        for dy in range(3)
        for dx in range(3)
    )
    s.check(s.call(kernel, x, w), expected, 1e-5)


@program
def dequant_gemm(s: Session) -> None:
    @tile.jit
    def kernel(
        A: T.Tensor[[T.dyn["M"], 64], T.float16],
        Q: T.Tensor[[64, T.dyn["N"]], T.int8],
        scale: T.Tensor[[T.dyn["N"]], T.float32],
    ):
        M, N = A.shape[0], Q.shape[1]
        C = T.empty((M, N), T.float32)
        with T.Kernel(T.ceildiv(N, 16), T.ceildiv(M, 16), threads=32) as (bx, by):
            a = T.alloc_shared((16, 64), T.float16)
            q = T.alloc_shared((64, 16), T.int8)
            b = T.alloc_shared((64, 16), T.float16)
            sc = T.alloc_shared((16,), T.float32)
            acc = T.alloc_fragment((16, 16), T.float32)
            T.copy(A[by * 16, 0], a)
            T.copy(Q[0, bx * 16], q)
            T.copy(scale[bx * 16], sc)
            for i, j in T.Parallel(64, 16):
                b[i, j] = T.cast(q[i, j], "float16")
            T.gemm(a, b, acc, clear_accum=True)
            for i, j in T.Parallel(16, 16):
                acc[i, j] *= sc[j]
            T.copy(acc, C[by * 16, bx * 16])
        return C

    a = s.normal(21, 64, dtype=np.float16)
    q, scale = s.integers(64, 35, low=-127, high=128, dtype=np.int8), s.uniform(35)
    expected = (a.astype(float) @ q.astype(float)) * scale
    s.check(s.call(kernel, a, q, scale), expected, 1e-5)
