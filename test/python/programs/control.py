"""Programs whose control flow depends on data."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

import tile
import tile.language as T
from programs import Session, program


@program
def collatz(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.int32]):
        N = X.shape[0]
        Y = T.empty((N,), T.int32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N):
                x = T.alloc_var("int32", X[i])
                steps = T.alloc_var("int32")
                while x != 1:
                    if x % 2 == 0:
                        x = x // 2
                    else:
                        x = 3 * x + 1
                    steps += 1
                Y[i] = steps
        return Y

    def reference(x):
        steps = 0
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        return steps

    x = s.integers(30, low=1, high=200)
    expected = np.array([reference(int(v)) for v in x], np.int32)
    s.check(s.call(kernel, x), expected)


@program
def greatest_common_divisor(s: Session) -> None:
    @T.macro
    def gcd(a, b):
        x = T.alloc_var("int32", a)
        y = T.alloc_var("int32", b)
        while y != 0:
            rest = x % y
            x = y
            y = rest
        return x

    @tile.jit
    def kernel(A: T.Tensor[[T.dyn["N"]], T.int32], B: T.Tensor[[T.dyn["N"]], T.int32]):
        N = A.shape[0]
        C = T.empty((N,), T.int32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N):
                C[i] = gcd(A[i], B[i])
        return C

    a, b = s.integers(40, low=1, high=999), s.integers(40, low=0, high=999)
    s.check(s.call(kernel, a, b), np.gcd(a, b))


@program
def binary_search(s: Session) -> None:
    @tile.jit
    def kernel(
        table: T.Tensor[[T.dyn["N"]], T.float32], X: T.Tensor[[T.dyn["M"]], T.float32]
    ):
        N, M = table.shape[0], X.shape[0]
        Y = T.empty((M,), T.int32)
        with T.Kernel(T.ceildiv(M, 32), threads=32) as b:
            for i in T.Parallel(32):
                if b * 32 + i < M:
                    low = T.alloc_var("int32", 0)
                    high = T.alloc_var("int32", N)
                    while low < high:
                        middle = (low + high) // 2
                        if table[middle] < X[b * 32 + i]:
                            low = middle + 1
                        else:
                            high = middle
                    Y[b * 32 + i] = low
        return Y

    table, x = np.sort(s.normal(100)), s.normal(45)
    expected = np.searchsorted(table, x).astype(np.int32)
    s.check(s.call(kernel, table, x), expected)


@program
def first_index_with_break(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], T.dyn["N"]], T.int32], value: T.int32):
        M, N = X.shape
        Y = T.empty((M,), T.int32)
        with T.Kernel(M, threads=32) as row:
            at = T.alloc_var("int32", -1)
            for j in range(N):
                if X[row, j] == value:
                    at = j
                    break
            Y[row] = at
        return Y

    x = s.integers(20, 15, low=0, high=12)
    hit = x == 5
    expected = np.where(hit.any(1), hit.argmax(1), -1).astype(np.int32)
    s.check(s.call(kernel, x, 5), expected)


@program
def sum_with_continue(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32]):
        N = X.shape[0]
        Y = T.empty((2,), T.float32)
        with T.Kernel(1, threads=32):
            total = T.alloc_var("float32")
            count = T.alloc_var("int32")
            for i in T.serial(N):
                if X[i] < 0:
                    continue
                if count >= 10:
                    break
                total += X[i]
                count += 1
            Y[0] = total
            Y[1] = count
        return Y

    x = s.normal(60)
    chosen = x[x >= 0][:10].astype(float)
    s.check(s.call(kernel, x), np.array([chosen.sum(), len(chosen)]), 1e-5)


@program
def primes_by_sieve(s: Session) -> None:
    @tile.jit
    def kernel(n: int):
        P = T.empty((n,), T.int32)
        with T.Kernel(1, threads=32):
            sieve = T.alloc_shared((n,), T.int32)
            for i in T.Parallel(n):
                sieve[i] = T.if_then_else(i >= 2, 1, 0)
            p = T.alloc_var("int32", 2)
            while p * p < n:
                if sieve[p] == 1:
                    for i in T.Parallel(n):
                        if i > p and i % p == 0:
                            sieve[i] = 0
                p += 1
            T.copy(sieve, P)
        return P

    expected = [int(i > 1 and all(i % d for d in range(2, i))) for i in range(60)]
    s.check(s.call(kernel, 60), np.array(expected, np.int32))


@program
def bubble_sort_network(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[32], T.float32]):
        Y = T.empty((32,), T.float32)
        with T.Kernel(1, threads=32):
            x = T.alloc_shared((32,), T.float32)
            T.copy(X, x)
            for step in range(32):
                for i in T.Parallel(16):
                    a = 2 * i + step % 2
                    if a + 1 < 32 and x[a] > x[a + 1]:
                        low = x[a + 1]
                        x[a + 1] = x[a]
                        x[a] = low
            T.copy(x, Y)
        return Y

    x = s.normal(32)
    s.check(s.call(kernel, x), np.sort(x), 0)


@program
def top_k(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], 30], T.float32], k: int = 4):
        M = X.shape[0]
        Y = T.empty((M, k), T.float32)
        I = T.empty((M, k), T.int32)
        with T.Kernel(M, threads=32) as row:
            x = T.alloc_shared((30,), T.float32)
            T.copy(X[row, 0], x)
            for n in T.unroll(k):
                best = T.alloc_var("int32", 0)
                for j in range(1, 30):
                    if x[j] > x[best]:
                        best = j
                Y[row, n] = x[best]
                I[row, n] = best
                x[best] = -T.infinity("float32")
        return Y, I

    x = s.normal(7, 30)
    y, i = s.call(kernel, x)
    order = np.argsort(-x, 1)[:, :4].astype(np.int32)
    s.check(y, np.take_along_axis(x, order, 1), 0)
    s.check(i, order)


@program
def loops_that_count_down(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32]):
        N = X.shape[0]
        Y = T.empty((N,), T.float32)
        with T.Kernel(1, threads=32):
            total = T.alloc_var("float32")
            for i in range(N - 1, -1, -1):
                total = total * 0.5 + X[i]
                Y[i] = total
        return Y

    x = s.normal(25)
    expected, total = np.zeros(25), 0.0
    for i in range(24, -1, -1):
        total = total * 0.5 + float(x[i])
        expected[i] = total
    s.check(s.call(kernel, x), expected, 1e-5)


@program
def compile_time_branches(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[16], T.float32], scale=None, ops: tuple = ()):
        Y = T.empty((16,), T.float32)
        with T.Kernel(1, threads=32):
            y = T.alloc_fragment((16,), T.float32)
            T.copy(X, y)
            for i in T.Parallel(16):
                if scale is not None:
                    y[i] = y[i] * scale
                for op in ops:
                    if op == "abs":
                        y[i] = T.abs(y[i])
                    elif op == "neg":
                        y[i] = -y[i]
            T.copy(y, Y)
        return Y

    x = s.normal(16)
    s.check(s.call(kernel, x), x, 0)
    s.check(s.call(kernel, x, scale=3.0), x * 3.0, 1e-6)
    s.check(s.call(kernel, x, ops=("abs", "neg")), -np.abs(x), 0)


Size = TypeVar("Size")


@program
def type_variable_sizes(s: Session) -> None:
    @tile.jit
    def kernel(A: T.Tensor[[Size, 3], T.float32], B: T.Tensor[[3, Size], T.float32]):
        n = A.shape[0]
        C = T.empty((n, 3), T.float32)
        with T.Kernel(1, threads=32):
            for i, j in T.Parallel(n, 3):
                C[i, j] = A[i, j] - B[j, i]
        return C

    for n in (4, 7):
        a, b = s.normal(n, 3), s.normal(3, n)
        s.check(s.call(kernel, a, b), a - b.T, 0)


@program
def absent_tensor(s: Session) -> None:
    @tile.jit
    def kernel(X, bias=None):
        N = T.const("N")
        X: T.Tensor[[N], T.float32]
        Y = T.empty((N,), T.float32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N):
                Y[i] = X[i] * 2.0
        return Y

    x = s.normal(12)
    s.check(s.call(kernel, x), x * 2.0, 0)


@program
def square_roots_by_newton(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float64]):
        N = X.shape[0]
        Y = T.empty((N,), T.float64)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N):
                r = T.alloc_var("float64", X[i])
                steps = T.alloc_var("int32")
                while T.abs(r * r - X[i]) > 1e-12 * X[i] and not steps >= 60:
                    r = 0.5 * (r + X[i] / r)
                    steps += 1
                Y[i] = r
        return Y

    x = s.uniform(30, low=0.1, high=50).astype(np.float64)
    s.check(s.call(kernel, x), np.sqrt(x), 1e-11)
    assert math.isfinite(float(x.sum()))
