"""Programs that work element by element."""

from __future__ import annotations

import numpy as np

import tile
import tile.language as T
from programs import Session, program


@program
def add_broadcast(s: Session) -> None:
    @tile.jit
    def kernel(
        A: T.Tensor[[T.dyn["M"], T.dyn["N"]], T.float32],
        b: T.Tensor[[T.dyn["N"]], T.float32],
    ):
        M, N = A.shape
        C = T.empty((M, N), T.float32)
        with T.Kernel(T.ceildiv(N, 32), T.ceildiv(M, 8), threads=64) as (bx, by):
            for i, j in T.Parallel(8, 32):
                if by * 8 + i < M and bx * 32 + j < N:
                    C[by * 8 + i, bx * 32 + j] = (
                        A[by * 8 + i, bx * 32 + j] + b[bx * 32 + j]
                    )
        return C

    a, b = s.normal(13, 70), s.normal(70)
    s.check(s.call(kernel, a, b), a.astype(float) + b, 1e-6)


@program
def gelu(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32]):
        N = X.shape[0]
        Y = T.empty((N,), T.float32)
        with T.Kernel(T.ceildiv(N, 64), threads=64) as b:
            x = T.alloc_fragment((64,), T.float32)
            T.copy(X[b * 64], x)
            for i in T.Parallel(64):
                inner = 0.7978845608 * (x[i] + 0.044715 * x[i] * x[i] * x[i])
                x[i] = 0.5 * x[i] * (1.0 + T.tanh(inner))
            T.copy(x, Y[b * 64])
        return Y

    x = s.normal(150)
    xx = x.astype(float)
    expected = 0.5 * xx * (1 + np.tanh(0.7978845608 * (xx + 0.044715 * xx**3)))
    s.check(s.call(kernel, x), expected, 1e-5)


@program
def swiglu(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], T.dyn["N"] * 2], T.float32]):
        M, N = X.shape[0], X.shape[1] // 2
        Y = T.empty((M, N), T.float32)
        with T.Kernel(M, threads=32) as row:
            for j in T.Parallel(N):
                gate = X[row, j]
                Y[row, j] = gate * T.sigmoid(gate) * X[row, N + j]
        return Y

    x = s.normal(5, 46)
    a, b = x[:, :23].astype(float), x[:, 23:].astype(float)
    s.check(s.call(kernel, x), a / (1 + np.exp(-a)) * b, 1e-5)


@program
def rotary_embedding(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["S"], 16], T.float32]):
        S = X.shape[0]
        Y = T.empty((S, 16), T.float32)
        with T.Kernel(S, threads=32) as p:
            for j in T.Parallel(8):
                angle = T.cast(p, "float32") * T.exp(T.cast(j, "float32") * -1.1512925)
                c = T.cos(angle)
                n = T.sin(angle)
                Y[p, j] = X[p, j] * c - X[p, j + 8] * n
                Y[p, j + 8] = X[p, j] * n + X[p, j + 8] * c
        return Y

    x = s.normal(20, 16)
    angle = np.arange(20)[:, None] * np.exp(np.arange(8) * -1.1512925)
    c, n, a, b = np.cos(angle), np.sin(angle), x[:, :8], x[:, 8:]
    expected = np.concatenate([a * c - b * n, a * n + b * c], 1)
    s.check(s.call(kernel, x), expected, 1e-5)


@program
def adam_step(s: Session) -> None:
    @T.prim_func
    def kernel(
        p: T.Tensor((T.dynamic("N"),), "float32"),
        g: T.Tensor((T.dynamic("N"),), "float32"),
        m: T.Tensor((T.dynamic("N"),), "float32"),
        v: T.Tensor((T.dynamic("N"),), "float32"),
        rate: T.float32,
        step: T.int32,
    ):
        N = p.shape[0]
        with T.Kernel(T.ceildiv(N, 64), threads=64) as b:
            for i in T.Parallel(64):
                at = b * 64 + i
                if at < N:
                    m1 = 0.9 * m[at] + 0.1 * g[at]
                    v1 = 0.99 * v[at] + 0.01 * g[at] * g[at]
                    m[at] = m1
                    v[at] = v1
                    t = T.cast(step, "float32")
                    mh = m1 / (1.0 - T.pow(0.9, t))
                    vh = v1 / (1.0 - T.pow(0.99, t))
                    p[at] = p[at] - rate * mh / (T.sqrt(vh) + 1e-8)

    p, g, m = s.normal(100), s.normal(100), s.normal(100)
    v = s.uniform(100)
    m1 = 0.9 * m.astype(float) + 0.1 * g
    v1 = 0.99 * v.astype(float) + 0.01 * g.astype(float) ** 2
    mh, vh = m1 / (1 - 0.9**3), v1 / (1 - 0.99**3)
    expected = p - 0.01 * mh / (np.sqrt(vh) + 1e-8)
    s.call(tile.compile(kernel), p, g, m, v, 0.01, 3)
    s.check(p, expected, 1e-4)
    s.check(m, m1, 1e-5)
    s.check(v, v1, 1e-5)


@program
def quantise_rows(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], 40], T.float32]):
        M = X.shape[0]
        Q = T.empty((M, 40), T.int8)
        scale = T.empty((M,), T.float32)
        with T.Kernel(M, threads=32) as row:
            x = T.alloc_shared((40,), T.float32)
            top = T.alloc_shared((1,), T.float32)
            T.copy(X[row, 0], x)
            T.reduce_absmax(x, top, dim=0)
            scale[row] = top[0] / 127.0
            for j in T.Parallel(40):
                Q[row, j] = T.cast(T.round(x[j] * 127.0 / top[0]), "int8")
        return Q, scale

    x = s.normal(6, 40)
    q, scale = s.call(kernel, x)
    s.check(scale, np.abs(x.astype(float)).max(1) / 127, 1e-6)
    s.check(q * scale[:, None].astype(float), x, 1e-2)


@program
def clamp_and_select(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32], low: T.float32, high: T.float32):
        N = X.shape[0]
        Y = T.empty((N,), T.float32)
        with T.Kernel(T.ceildiv(N, 32), threads=32) as b:
            for i in T.Parallel(32):
                if b * 32 + i < N:
                    x = X[b * 32 + i]
                    inside = low <= x <= high
                    Y[b * 32 + i] = x if inside else T.clamp(x, low, high) * 2.0
        return Y

    x = s.normal(77)
    expected = np.where((x >= -0.5) & (x <= 0.7), x, np.clip(x, -0.5, 0.7) * 2)
    s.check(s.call(kernel, x, -0.5, 0.7), expected, 1e-6)


@program
def mandelbrot(s: Session) -> None:
    @tile.jit
    def kernel(size: int, steps: int):
        counts = T.empty((size, size), T.int32)
        with T.Kernel(size, threads=32) as row:
            for j in T.Parallel(size):
                cr = T.cast(j, "float64") * (3.0 / size) - 2.0
                ci = T.cast(row, "float64") * (2.0 / size) - 1.0
                zr = T.alloc_var("float64", 0.0)
                zi = T.alloc_var("float64", 0.0)
                n = T.alloc_var("int32", 0)
                while n < steps and zr * zr + zi * zi <= 4.0:
                    new = zr * zr - zi * zi + cr
                    zi = 2.0 * zr * zi + ci
                    zr = new
                    n += 1
                counts[row, j] = n
        return counts

    size, steps = 24, 30
    c = (np.arange(size) * (3.0 / size) - 2)[None] + 1j * (
        np.arange(size) * (2.0 / size) - 1
    )[:, None]
    z, n = np.zeros_like(c), np.zeros(c.shape, np.int32)
    for _ in range(steps):
        go = np.abs(z) ** 2 <= 4
        z = np.where(go, z * z + c, z)
        n += go
    found = s.call(kernel, size, steps)
    # A point on the edge may fall on either side.
    assert (found != n).mean() < 0.02
    s.checks += 1


@program
def casts_between_types(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[64], T.float32], to: T.dtype):
        Y = T.empty((64,), T.float32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(64):
                Y[i] = T.cast(T.cast(X[i], to), "float32")
        return Y

    x = s.normal(64) * 10
    s.check(s.call(kernel, x, "float16"), x.astype(np.float16), 0)
    s.check(s.call(kernel, x, T.int32), np.trunc(x), 0)
    s.check(s.call(kernel, x, "float64"), x, 0)


@program
def integer_arithmetic(s: Session) -> None:
    @tile.jit
    def kernel(A: T.Tensor[[T.dyn["N"]], T.int32], B: T.Tensor[[T.dyn["N"]], T.int32]):
        N = A.shape[0]
        Y = T.empty((6, N), T.int32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N):
                a = A[i]
                b = B[i]
                Y[0, i] = a // b
                Y[1, i] = a % b
                Y[2, i] = (a ^ b) & 0xFF
                Y[3, i] = a >> 1
                Y[4, i] = -a + b * 3
                Y[5, i] = T.max(a, b) - T.min(a, b)
        return Y

    a, b = s.integers(50, low=-99, high=100), s.integers(50, low=1, high=9)
    b *= np.where(s.integers(50, low=0, high=2) > 0, 1, -1).astype(np.int32)
    expected = np.stack(
        [a // b, a % b, (a ^ b) & 0xFF, a >> 1, b * 3 - a, np.abs(a - b)]
    )
    s.check(s.call(kernel, a, b), expected.astype(np.int32))


@program
def nbody_forces(s: Session) -> None:
    @tile.jit
    def kernel(P: T.Tensor[[T.dyn["N"], 3], T.float32]):
        N = P.shape[0]
        F = T.empty((N, 3), T.float32)
        with T.Kernel(T.ceildiv(N, 32), threads=32) as b:
            for i in T.Parallel(32):
                if b * 32 + i < N:
                    f = T.alloc_local((3,), "float32")
                    for d in range(3):
                        f[d] = 0.0
                    for j in T.serial(N):
                        r2 = T.alloc_var("float32", 0.01)
                        for d in range(3):
                            e = P[j, d] - P[b * 32 + i, d]
                            r2 += e * e
                        for d in range(3):
                            f[d] += (P[j, d] - P[b * 32 + i, d]) * T.rsqrt(r2) / r2
                    for d in range(3):
                        F[b * 32 + i, d] = f[d]
        return F

    p = s.normal(40, 3)
    e = p.astype(float)[None] - p.astype(float)[:, None]
    r2 = (e**2).sum(-1, keepdims=True) + 0.01
    s.check(s.call(kernel, p), (e / r2**1.5).sum(1), 1e-4)


@program
def dropout_by_hash(s: Session) -> None:
    @T.macro
    def mix(x):
        y = (x ^ (x >> 15)) * 0x2C1B3C6D
        return y ^ (y >> 12)

    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32], seed: T.int32):
        N = X.shape[0]
        Y = T.empty((N,), T.float32)
        with T.Kernel(T.ceildiv(N, 64), threads=64) as b:
            for i in T.Parallel(64):
                if b * 64 + i < N:
                    h = mix(T.cast(b * 64 + i, "int32") + seed)
                    Y[b * 64 + i] = X[b * 64 + i] * 2.0 if (h & 1) == 1 else 0.0
        return Y

    def mix_reference(x):
        x = x.astype(np.int32)
        y = ((x ^ (x >> 15)).astype(np.int64) * 0x2C1B3C6D).astype(np.int32)
        return y ^ (y >> 12)

    x = s.normal(130)
    keep = mix_reference(np.arange(130) + 12345) & 1
    s.check(s.call(kernel, x, 12345), x * 2.0 * keep, 1e-6)
