"""Code of single threads, the order of blocks and warps, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import check_gpu, poison, run, trace


def test_strided_sum():
    x = np.random.default_rng().integers(-9, 9, 1000).astype(np.float32)
    out, total = poison(64), np.zeros(1, np.float32)

    def kernel(X, O, S):
        with T.Kernel(1, threads=64):
            sums = T.alloc_local((2,), "float32")
            for t in T.Threads():
                T.clear(sums)
                for i in T.serial(t, 1000, 64):
                    sums[i // 64 % 2] += X[i]
            T.sync_threads()
            for t in T.Threads():
                O[t] = sums[0] + sums[1]
                T.atomic_add(S[0], O[t])

    run(kernel, x, out, total)
    padded = np.append(x, np.zeros(24, np.float32)).reshape(-1, 64)
    np.testing.assert_array_equal(out, padded.sum(0))
    assert total[0] == x.sum()


def test_numbers_of_threads():
    out = poison((4, 2, 8), "int32")

    def kernel(O):
        with T.Kernel(1, threads=(8, 2, 4)):
            for tx, ty, tz in T.Threads():
                a, b, c = T.get_thread_bindings()
                if ty == 1:
                    continue
                O[tz, ty, tx] = T.get_thread_binding() + 100 * b + 10000 * c + a * 0
            for tx, ty, tz in T.Threads():
                if ty == 1:
                    O[tz, ty, tx] = tx + 100 * T.get_thread_binding(1) + 10000 * tz

    run(kernel, out)
    z, y, x = np.meshgrid(*map(np.arange, (4, 2, 8)), indexing="ij")
    np.testing.assert_array_equal(out, x + 100 * y + 10000 * z)


def test_threads_between_tile_operations():
    a, b = np.arange(64, dtype=np.float32), poison(64)

    def kernel(A, B):
        with T.Kernel(1, threads=64):
            s = T.alloc_shared(64, "float32")
            r = T.alloc_shared(64, "float32")
            T.copy(A, s)
            for t in T.Threads():
                r[t] = s[63 - t]
            T.copy(r, B)

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a[::-1])


def test_errors():
    def in_threads(statement):
        def kernel(A):
            with T.Kernel(1, threads=32):
                for t in T.Threads():
                    statement(A, t)

        return kernel

    def nested(A):
        with T.Kernel(1, threads=32):
            for t in T.Threads():
                for i in T.Parallel(4):
                    A[i] = t

    def pipelined(A):
        with T.Kernel(1, threads=32):
            for t in T.Threads():
                for i in T.Pipelined(4):
                    A[i] = t

    def twice(A):
        with T.Kernel(1, threads=32):
            for t in T.Threads():
                for u in T.Threads():
                    A[t] = u

    def left(A):
        with T.Kernel(1, threads=32):
            for t in T.Threads():
                if t > 3:
                    break
                A[t] = t

    a = np.zeros(32, np.float32)
    for kernel, match in (
        (in_threads(lambda A, t: T.clear(A)), "T.fill is an .* inside T.Threads"),
        (in_threads(lambda A, t: T.sync_threads()), "T.sync_threads .* T.Threads"),
        (in_threads(lambda A, t: T.alloc_shared(4)), "cannot be used inside T.Threads"),
        (in_threads(lambda A, t: T.print(A)), "T.Threads would print it"),
        (nested, "T.Parallel cannot stand inside T.Threads"),
        (pipelined, "T.Pipelined cannot stand inside T.Threads"),
        (twice, "T.Threads .* cannot be used inside T.Threads"),
        (left, "break cannot leave T.Threads"),
    ):
        with pytest.raises(ValueError, match=match):
            trace(kernel, a)


@pytest.mark.parametrize("order", ["row", "column"])
@pytest.mark.parametrize("panel", [1, 3, 10])
def test_swizzle_visits_each_block_once(order, panel):
    visits = np.zeros((7, 5), np.int32)

    def kernel(V):
        with T.Kernel(5, 7, threads=32) as (bx, by):
            T.use_swizzle(panel, order)
            T.atomic_add(V[by, bx], 1)

    run(kernel, visits)
    assert (visits == 1).all()
    text = str(trace(kernel, visits).module)
    assert f"swizzle({panel}, {order})" in text


@pytest.mark.parametrize("grid", [(4,), (2, 2, 2)])
def test_swizzle_of_other_grids_does_nothing(grid):
    out = np.zeros(1, np.int32)

    def kernel(O):
        with T.Kernel(*grid, threads=32):
            T.use_swizzle(2)
            T.atomic_add(O[0], 1)

    run(kernel, out)
    assert out[0] == np.prod(grid)
    assert "swizzle" not in str(trace(kernel, out).module)


@pytest.mark.parametrize("policy", ["FullRow", "FullCol", "Square"])
def test_policy_is_kept(policy):
    def kernel(A):
        with T.Kernel(1, threads=128):
            s = T.alloc_shared((64, 64), "float16")
            c = T.alloc_fragment((64, 64))
            T.copy(A, s)
            T.gemm(s, s, c, policy=T.GemmWarpPolicy[policy], clear_accum=True)

    traced = trace(kernel, np.zeros((64, 64), np.float16))
    names = {"FullRow": "policy(full_row)", "FullCol": "policy(full_col)"}
    assert names.get(policy, "tile.gemm") in str(traced.module)
    assert "policy" not in str(traced.module) or policy != "Square"
    check_gpu(traced)
