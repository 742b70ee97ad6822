"""Programs with meta classes, macros and references."""

from __future__ import annotations

import numpy as np

import tile
import tile.language as T
from programs import Session, program


@T.meta_class
class RunningSum:
    """Adds up numbers, with the error of the additions kept."""

    def __init__(self, prefix: str) -> None:
        self.total = T.alloc_var("float32", 0.0)
        self.lost = T.alloc_var("float32", 0.0)
        self.count = T.alloc_var("int32", 0)

    def add(self, x):
        y = x - self.lost[0]
        t = self.total[0] + y
        self.lost[0] = (t - self.total[0]) - y
        self.total[0] = t
        self.bump()

    def bump(self):
        self.count[0] = self.count[0] + 1

    def mean(self):
        return self.total[0] / T.cast(self.count[0], "float32")


@T.meta_class
class PositiveSum(RunningSum):
    """Adds up the positive ones only."""

    def add(self, x):
        if x > 0:
            RunningSum.add.__get__(self)(x)


@program
def running_sums_of_rows(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], T.dyn["N"]], T.float32]):
        M, N = X.shape
        Y = T.empty((M, 2), T.float32)
        with T.Kernel(M, threads=32) as row:
            all_ = RunningSum("all")
            positive = PositiveSum("positive")
            for j in range(N):
                x = X[row, j]
                all_.add(x)
                positive.add(x)
            Y[row, 0] = all_.mean()
            Y[row, 1] = positive.total[0]
        return Y

    x = s.normal(5, 60)
    xx = x.astype(float)
    expected = np.stack([xx.mean(1), np.where(xx > 0, xx, 0).sum(1)], 1)
    s.check(s.call(kernel, x), expected, 1e-5)


@T.meta_class
class Random:
    """A linear congruential generator."""

    def __init__(self, prefix: str, seed) -> None:
        self.state = T.alloc_var("int32", seed)

    def next(self):
        self.state[0] = (self.state[0] * 1103515245 + 12345) & 0x7FFFFFFF
        return self.state[0] >> 16


@program
def two_random_generators(s: Session) -> None:
    @T.prim_func
    def kernel(Y: T.Tensor((8, 2), "int32"), seed: T.int32):
        with T.Kernel(1, threads=32):
            a = Random("a", seed)
            b = Random("b", seed + 1)
            for i in range(8):
                Y[i, 0] = a.next()
                Y[i, 1] = b.next()

    y = s.poison(8, 2, dtype=np.int32)
    s.call(tile.compile(kernel), y, 42)
    states, expected = [42, 43], []
    for _ in range(8):
        states = [int(np.int64(x * 1103515245 + 12345) & 0x7FFFFFFF) for x in states]
        expected.append([x >> 16 for x in states])
    s.check(y, np.array(expected, np.int32))


@T.meta_class
class Rows:
    """Deals out rows of a matrix, from both ends in turn."""

    def __init__(self, prefix: str, rows) -> None:
        self.low = T.alloc_var("int32", 0)
        self.high = T.alloc_var("int32", rows - 1)
        self.turn = T.alloc_var("int32", 0)

    def more(self):
        return self.low[0] <= self.high[0]

    def take(self, out: T.Ref):
        if self.turn[0] == 0:
            out = self.low[0]
            self.low[0] += 1
        else:
            out = self.high[0]
            self.high[0] -= 1
        self.turn[0] = 1 - self.turn[0]


@program
def rows_from_both_ends(s: Session) -> None:
    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], 8], T.float32]):
        M = X.shape[0]
        Y = T.empty((M, 8), T.float32)
        with T.Kernel(1, threads=32):
            rows = Rows("rows", M)
            at = T.alloc_var("int32")
            n = T.alloc_var("int32")
            while rows.more():
                rows.take(at)
                T.copy(X[at : at + 1, :], Y[n : n + 1, :])
                n += 1
        return Y

    x = s.normal(7, 8)
    order = [0, 6, 1, 5, 2, 4, 3]
    s.check(s.call(kernel, x), x[order], 0)


@program
def visits_of_the_scheduler(s: Session) -> None:
    @T.prim_func
    def kernel(
        visits: T.Tensor((T.dynamic("M"), T.dynamic("N")), "int32"), workers: T.int32
    ):
        M, N = visits.shape
        with T.Kernel(workers, threads=32) as worker:
            sched = T.PersistentTileScheduler(
                "sched", M, N, num_workers=workers, swizzle_size=4, column_major=False
            )
            sched.init(worker)
            while sched.valid():
                T.atomic_add(visits[sched.m_idx[0], sched.n_idx[0]], 1)
                sched.next_tile()

    compiled = tile.compile(kernel)
    for m, n, workers in ((1, 1, 3), (5, 7, 4), (16, 3, 60)):
        visits = np.zeros((m, n), np.int32)
        s.call(compiled, visits, workers)
        s.check(visits, np.ones((m, n), np.int32))


@program
def macros_with_references(s: Session) -> None:
    @T.macro
    def swap(a: T.Ref, b: T.Ref):
        old = a
        a = b
        b = old

    @T.macro
    def order(buffer, i, j):
        if buffer[i] > buffer[j]:
            swap(buffer[i], buffer[j])

    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["M"], 4], T.int32]):
        M = X.shape[0]
        Y = T.empty((M, 4), T.int32)
        with T.Kernel(M, threads=32) as row:
            x = T.alloc_local((4,), "int32")
            for i in range(4):
                x[i] = X[row, i]
            for a, b in ((0, 1), (2, 3), (0, 2), (1, 3), (1, 2)):
                order(x, a, b)
            for i in range(4):
                Y[row, i] = x[i]
        return Y

    x = s.integers(9, 4)
    s.check(s.call(kernel, x), np.sort(x, 1))


@program
def macro_that_recurses(s: Session) -> None:
    @T.macro
    def tree_sum(buffer, low, high):
        if high - low == 1:
            return buffer[low]
        middle = (low + high) // 2
        return tree_sum(buffer, low, middle) + tree_sum(buffer, middle, high)

    @tile.jit
    def kernel(X: T.Tensor[[13], T.float32]):
        Y = T.empty((1,), T.float32)
        with T.Kernel(1, threads=32):
            x = T.alloc_shared((13,), "float32")
            T.copy(X, x)
            Y[0] = tree_sum(x, 0, 13)
        return Y

    x = s.normal(13)
    s.check(s.call(kernel, x), [x.astype(float).sum()], 1e-6)


@program
def polynomial_by_horner(s: Session) -> None:
    @T.macro
    def horner(x, coefficients):
        y = T.alloc_var("float32", 0.0)
        for c in coefficients:
            y = y * x + c
        return y

    @tile.jit
    def kernel(X: T.Tensor[[T.dyn["N"]], T.float32], coefficients: tuple = (1.0, 0.0)):
        N = X.shape[0]
        Y = T.empty((N,), T.float32)
        with T.Kernel(1, threads=32):
            for i in T.Parallel(N):
                Y[i] = horner(X[i], coefficients)
        return Y

    x = s.normal(20)
    for c in ((2.0, -1.0, 0.5), (1.0,)):
        s.check(s.call(kernel, x, coefficients=c), np.polyval(c, x.astype(float)), 1e-5)
