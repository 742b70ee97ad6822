"""Tile schedulers: over all workers every tile is computed exactly once."""

from __future__ import annotations

import itertools
import random
import re

import numpy as np
import pytest
from helpers import poison, run, trace

import tile
import tile.language as T
from tile.language.tile_schedule import BaseTileScheduler, PersistentTileScheduler

CASES = [
    # m, n, workers, swizzle, column_major, cluster
    (1, 1, 1, 1, True, 1),
    (3, 5, 4, 2, True, 1),
    (5, 3, 4, 2, False, 1),
    (7, 9, 13, 4, True, 2),
    (8, 9, 5, 16, False, 2),
    (0, 4, 3, 2, True, 1),
    (4, 0, 3, 2, False, 1),
    (2, 2, 9, 3, True, 2),
]


def random_cases(count: int) -> list[tuple]:
    choose = random.Random(7)
    return [
        (
            choose.randrange(12),
            choose.randrange(12),
            choose.randint(1, 17),
            choose.randint(1, 6),
            choose.random() < 0.5,
            choose.randint(1, 2),
        )
        for _ in range(count)
    ]


def order_of(m, n, swizzle, column_major, cluster):
    """The tiles in the order of their numbers, group by group."""
    rows = -(-m // cluster)
    length, across = (rows, n) if column_major else (n, rows)
    result = []
    for first in range(0, across, swizzle):
        group = range(first, min(first + swizzle, across))
        for fast, slow in itertools.product(range(length), group):
            result.append((fast, slow) if column_major else (slow, fast))
    return result


@pytest.mark.parametrize("case", CASES + random_cases(40))
def test_coord_in_python(case):
    m, n, workers, swizzle, column_major, cluster = case
    scheduler = PersistentTileScheduler(
        m, n, workers, swizzle, column_major, cluster, stateful=False
    )
    expected = order_of(m, n, swizzle, column_major, cluster)
    assert scheduler.num_tiles() == len(expected)
    assert [scheduler.coord(t) for t in range(len(expected))] == expected
    scheduler.coord(10**6)  # must not divide by zero


@pytest.mark.parametrize("case", CASES + random_cases(8))
@pytest.mark.parametrize("is_dynamic", [False, True])
def test_every_tile_once(case, is_dynamic):
    m, n, workers, swizzle, column_major, cluster = case
    rows = -(-m // cluster)

    def kernel(S, V, W, I):
        with T.Kernel(workers) as bx:
            sizes = (S[0], S[1]) if is_dynamic else (m, n)
            sched = PersistentTileScheduler(
                "sched",
                *sizes,
                num_workers=workers,
                swizzle_size=swizzle,
                column_major=column_major,
                cluster_size=cluster,
            )
            sched.init(bx)
            while sched.valid():
                V[sched.m_idx, sched.n_idx] += 1
                W[sched.m_idx[0], sched.n_idx[0]] = sched.linear_idx
                I[sched.m_idx, sched.n_idx[0]] = sched.current_iter
                sched.next_tile()

    shape = (max(rows, 1), max(n, 1))
    visits, number = np.zeros(shape, np.int32), poison(shape, np.int32)
    rounds = poison(shape, np.int32)
    run(
        kernel, np.array([m, n], np.int32), visits, number, rounds, gpu=case == CASES[3]
    )
    if rows * n == 0:
        assert not visits.any()
        return
    assert (visits == 1).all()
    for t, place in enumerate(order_of(m, n, swizzle, column_major, cluster)):
        assert number[place] == t and rounds[place] == t // workers


@pytest.mark.parametrize("workers", [1, 4, 40])
def test_base_counts_row_by_row(workers):
    def kernel(V):
        with T.Kernel(workers) as bx:
            sched = BaseTileScheduler("s", 3, 4, num_workers=workers)
            sched.init(bx)
            while sched.valid():
                V[sched.m_idx, sched.n_idx] = sched.linear_idx
                sched.next_tile()

    v = poison((3, 4), np.int32)
    run(kernel, v)
    assert v.ravel().tolist() == list(range(12))


def test_names_in_the_ir():
    def kernel(V):
        with T.Kernel(2) as bx:
            a = PersistentTileScheduler("sched", 3, 4, num_workers=2)
            b = PersistentTileScheduler(3, 4, num_workers=2, name="sched")
            PersistentTileScheduler(3, 4, prefix="none", stateful=False)
            PersistentTileScheduler(3, 4)
            a.init(bx)
            while a.valid():
                b.init(a.linear_idx)
                V[b.m_idx, b.n_idx] = 1
                a.next_tile()

    text = trace(kernel, np.zeros((3, 4), np.int32)).module.text()
    fields = ["m_idx", "n_idx", "linear_idx", "current_iter"]
    assert re.findall(r'name\("(\w+)"\)', text) == [
        *(f"sched_{f}" for f in fields),
        *(f"sched_{f}_1" for f in fields),
    ]
    assert "scf.while" in text


def test_stateless_coord_in_a_kernel():
    def kernel(V):
        with T.Kernel(12) as bx:
            sched = PersistentTileScheduler(3, 4, swizzle_size=2, stateful=False)
            m, n = sched.coord(bx)
            V[m, n] = bx

    v = poison((3, 4), np.int32)
    run(kernel, v)
    assert [tuple(np.argwhere(v == t)[0]) for t in range(12)] == order_of(
        3, 4, 2, True, 1
    )
    assert "alloc_var" not in trace(kernel, v).module.text()


def test_users_can_derive():
    class Reversed(PersistentTileScheduler):
        """Walks the tiles backwards, and counts the tiles of even rows."""

        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            self.even = T.alloc_var("int32", 0)

        def coord(self, tile_id):
            return super().coord(self.num_tiles() - 1 - tile_id)

        def update_current_idx(self, tile_id):
            super().update_current_idx(tile_id)
            if self.valid() and self.m_idx % 2 == 0:
                self.even[0] += 1

    def kernel(V, E):
        with T.Kernel(3) as bx:
            sched = Reversed("r", 4, 5, num_workers=3, swizzle_size=3)
            sched.init(bx)
            while sched.valid():
                V[sched.m_idx, sched.n_idx] = sched.linear_idx
                sched.next_tile()
            E[bx] = sched.even

    v, e = poison((4, 5), np.int32), poison(3, np.int32)
    run(kernel, v, e)
    order = order_of(4, 5, 3, True, 1)[::-1]
    assert [v[place] for place in order] == list(range(20))
    assert e.tolist() == [
        sum(order[t][0] % 2 == 0 for t in range(w, 20, 3)) for w in range(3)
    ]
    assert 'name("r_even")' in trace(kernel, v, e).module.text()


def test_persistent_gemm():
    M, N, K, size = 100, 70, 48, 32

    @T.prim_func
    def gemm(
        A: T.Tensor((M, K), "float16"),
        B: T.Tensor((K, N), "float16"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(5, threads=128) as worker:
            sched = T.PersistentTileScheduler(
                "sched",
                T.ceildiv(M, size),
                T.ceildiv(N, size),
                num_workers=5,
                swizzle_size=2,
            )
            As = T.alloc_shared((size, 16), "float16")
            Bs = T.alloc_shared((16, size), "float16")
            acc = T.alloc_fragment((size, size), "float32")
            sched.init(worker)
            while sched.valid():
                T.clear(acc)
                for k in T.Pipelined(K // 16, num_stages=2):
                    T.copy(A[sched.m_idx * size, k * 16], As)
                    T.copy(B[k * 16, sched.n_idx * size], Bs)
                    T.gemm(As, Bs, acc)
                T.copy(acc, C[sched.m_idx * size, sched.n_idx * size])
                sched.next_tile()

    generator = np.random.default_rng()
    a = generator.standard_normal((M, K)).astype(np.float16)
    b = generator.standard_normal((K, N)).astype(np.float16)
    c = poison((M, N))
    kernel = tile.compile(gemm)
    kernel(a, b, c)
    np.testing.assert_allclose(c, a.astype(np.float32) @ b, rtol=1e-4, atol=1e-3)
    assert ".entry" in kernel.get_kernel_source()


@pytest.mark.parametrize(
    "args, options, error, message",
    [
        ((3,), {}, TypeError, "missing the argument 'num_n_tiles'"),
        ((), {"num_n_tiles": 2}, TypeError, "missing the argument 'num_m_tiles'"),
        ((3, 4), {"num_n_tiles": 2}, TypeError, "two values for 'num_n_tiles'"),
        ((3, 4), {"swizzel": 2}, TypeError, "unexpected argument 'swizzel'"),
        ((3,) * 8, {}, TypeError, "expects at most 7"),
        (("p", 3, 4), {"prefix": "q"}, TypeError, "two values for prefix"),
        ((3, 4), {"num_workers": 0}, ValueError, "num_workers of at least 1, got 0"),
        ((3, 4), {"swizzle_size": -1}, ValueError, "swizzle_size of at least 1"),
        ((3, 4), {"cluster_size": 0}, ValueError, "cluster_size of at least 1"),
    ],
)
def test_bad_arguments(args, options, error, message):
    with pytest.raises(error, match=message):
        PersistentTileScheduler(*args, stateful=False, **options)


def test_default_workers():
    alone = PersistentTileScheduler(3, 4, stateful=False)
    pairs = PersistentTileScheduler(3, 4, cluster_size=2, stateful=False)
    assert alone.num_workers >= 1
    assert pairs.num_workers == max(alone.num_workers // 2, 1)
