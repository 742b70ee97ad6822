"""Code of single threads that begins with T.get_thread_binding, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace


def numbers(*shape):
    return np.random.default_rng().integers(-9, 9, shape).astype(np.float32)


def test_branches_on_the_number():
    a, b = numbers(128), poison(128)

    def kernel(A, B):
        with T.Kernel(1, threads=128):
            tx = T.get_thread_binding()
            s = T.alloc_shared(128, "float32")
            T.copy(A, s)
            if tx < 32:
                s[tx] = s[tx] + tx
            elif tx == 40:
                s[tx] = -1
            T.copy(s, B)

    run(kernel, a, b)
    a[:32] += np.arange(32)
    a[40] = -1
    np.testing.assert_array_equal(b, a)


def test_product_with_a_vector():
    """The form of a matrix-vector product whose threads share the rows."""
    n, k, block_n, parts, step = 48, 256, 16, 8, 4
    a, b, c = numbers(k), numbers(n, k), poison(n)

    def kernel(A, B, C):
        with T.Kernel(n // block_n, threads=(block_n, parts)) as bn:
            tn = T.get_thread_binding(0)
            tk = T.get_thread_binding(1)
            a_local = T.alloc_local((step,), "float32")
            b_local = T.alloc_local((step,), "float32")
            sums = T.alloc_shared((block_n,), "float32")
            total = T.alloc_local((1,), "float32")
            if tk == 0:
                sums[tn] = 0
            T.clear(total)
            for bk in T.serial(k // (parts * step)):
                for i in T.vectorized(step):
                    a_local[i] = A[bk * parts * step + tk * step + i]
                    b_local[i] = B[bn * block_n + tn, bk * parts * step + tk * step + i]
                for i in T.serial(step):
                    total[0] += a_local[i] * b_local[i]
            T.sync_threads()
            T.atomic_add(sums[tn], total[0])
            T.sync_threads()
            if tk == 0:
                C[bn * block_n + tn] = sums[tn]

    run(kernel, a, b, c)
    np.testing.assert_array_equal(c, b @ a)


def test_product_of_packed_numbers():
    """Each thread unpacks a part between the copies and the product of a round."""
    m, n, k, threads = 32, 32, 64, 64
    random = np.random.default_rng()
    a = random.integers(-4, 4, (m, k)).astype(np.float16)
    packed = random.integers(-128, 128, (n, k // 2)).astype(np.int8)
    c = poison((m, n))

    def kernel(A, Q, C):
        with T.Kernel(1, threads=threads):
            tx = T.get_thread_binding()
            a_tile = T.alloc_shared((m, 32), "float16")
            q_tile = T.alloc_shared((n, 16), "int8")
            b_tile = T.alloc_shared((n, 32), "float16")
            words = T.alloc_local((4,), "int8")
            values = T.alloc_local((8,), "float16")
            acc = T.alloc_fragment((m, n), "float32")
            T.clear(acc)
            for ko in T.Pipelined(k // 32, num_stages=2):
                T.copy(A[0, ko * 32], a_tile)
                T.copy(Q[0, ko * 16], q_tile)
                for i in T.serial(n * 16 // (threads * 4)):
                    for v in T.vectorized(4):
                        index = i * threads * 4 + tx * 4 + v
                        words[v] = q_tile[index // 16, index % 16]
                    for v in T.serial(8):
                        word = words[v // 2]
                        values[v] = word & 15 if v % 2 == 0 else (word >> 4) & 15
                    for v in T.vectorized(8):
                        index = i * threads * 8 + tx * 8 + v
                        b_tile[index // 32, index % 32] = values[v]
                T.gemm(a_tile, b_tile, acc, transpose_B=True)
            T.copy(acc, C)

    run(kernel, a, packed, c)
    b = np.stack([packed & 15, (packed >> 4) & 15], -1).reshape(n, k)
    np.testing.assert_array_equal(c, a.astype(np.float32) @ b.astype(np.float32).T)


def test_tree_with_synchronisation_in_a_loop():
    a, total = numbers(256), poison(1)

    def kernel(A, S):
        with T.Kernel(1, threads=256):
            tx = T.get_thread_binding()
            s = T.alloc_shared(256, "float32")
            s[tx] = A[tx]
            T.sync_threads()
            for i in T.serial(8):
                half = T.shift_right(128, i)
                if tx < half:
                    s[tx] += s[tx + half]
                T.sync_threads()
            if tx == 0:
                S[0] = s[0]

    run(kernel, a, total)
    assert total[0] == a.sum()


def test_values_outlive_a_synchronisation():
    """What is pure is computed again; what was read is kept by each thread."""
    a, b = numbers(64), poison((2, 64))

    def kernel(A, B):
        with T.Kernel(2, threads=64) as bx:
            tx = T.get_thread_binding()
            s = T.alloc_shared(64, "float32")
            lane, warp = tx % 32, tx // 32
            row = bx * 1
            old = A[tx]
            v = T.alloc_var("int32", tx * 2)
            s[tx] = old * 2
            T.sync_threads()
            mirrored = s[63 - tx]
            T.clear(s)
            for i in T.serial(2):
                T.sync_threads()
                if i == 1:
                    B[row, warp * 32 + lane] = mirrored + old + v + i

    run(kernel, a, b)
    expected = a[::-1] * 2 + a + 2 * np.arange(64) + 1
    np.testing.assert_array_equal(b, np.stack([expected] * 2))


def test_uniform_values_reach_tile_operations():
    a, b = numbers(4, 64), poison((4, 64))

    def kernel(A, B):
        with T.Kernel(4, threads=64) as bx:
            tx = T.get_thread_binding()
            s = T.alloc_shared((1, 64), "float32")
            s[0, tx] = 1
            row = (bx + 1) % 4
            T.copy(A[row, 0], s)
            s[0, tx] += tx
            T.copy(s, B[row, 0])

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a + np.arange(64))


def test_loops_that_a_thread_leaves():
    a, b, c = numbers(64), poison(64), poison(64)

    def kernel(A, B, C):
        with T.Kernel(1, threads=64):
            tx = T.get_thread_binding()
            count = T.alloc_var("int32", 0)
            for i in T.serial(64):
                if i > tx:
                    break
                if A[i] < 0:
                    continue
                count += 1
            B[tx] = count
            T.sync_threads()
            while count > 3:
                count -= 2
            C[tx] = count if tx % 2 == 0 else -count

    run(kernel, a, b, c)
    counts = np.cumsum(a >= 0)
    np.testing.assert_array_equal(b, counts)
    left = np.where(counts > 3, 2 + counts % 2, counts)
    np.testing.assert_array_equal(c, np.where(np.arange(64) % 2, -left, left))


def test_every_thread_updates():
    total = np.zeros(2, np.int32)

    def kernel(S):
        with T.Kernel(3, threads=32):
            T.get_thread_binding()
            T.atomic_add(S[0], 1)
            for i in T.Parallel(7):
                T.atomic_add(S[1], 1)

    run(kernel, total)
    np.testing.assert_array_equal(total, [96, 21])


def test_several_kernels():
    a = np.zeros(64, np.int32)

    def kernel(A):
        with T.Kernel(1, threads=64):
            A[T.get_thread_binding()] = 1
        with T.Kernel(1, threads=(16, 4)):
            x, y = T.get_thread_bindings()
            A[y * 16 + x] += 10 * y + x

    run(kernel, a)
    np.testing.assert_array_equal(a, 1 + np.arange(64) // 16 * 10 + np.arange(64) % 16)


@T.macro
def add_in_tree(s, tx, half):
    if tx < half:
        s[tx] += s[tx + half]
    T.sync_threads()
    return s[0]


def test_macros():
    a, b = numbers(32), poison(32)

    def kernel(A, B):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            s = T.alloc_shared(32, "float32")
            s[tx] = A[tx]
            T.sync_threads()
            for half in [16, 8, 4, 2, 1]:
                first = add_in_tree(s, tx, half)
                B[tx] = first

    run(kernel, a, b)
    np.testing.assert_array_equal(b, np.full(32, a.sum()))


def in_code(statement):
    def kernel(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            s = T.alloc_shared(32, "float32")
            statement(A, s, tx)

    return kernel


@pytest.mark.parametrize(
    "statement, match",
    [
        (lambda A, s, tx: T.copy(A[tx], s), "tile.copy .* the number of a thread"),
        (lambda A, s, tx: T.fill(s, tx), "tile.fill .* the number of a thread"),
        (lambda A, s, tx: A.__setitem__(slice(0, 4), s[tx]), "the number of a thread"),
    ],
)
def test_tile_operations_take_no_number(statement, match):
    with pytest.raises(ValueError, match=match):
        trace(in_code(statement), np.zeros(32, np.float32))


def test_errors():
    def copies(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            s = T.alloc_shared(32, "float32")
            if tx < 3:
                T.copy(A, s)

    def loop(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            s = T.alloc_shared(32, "float32")
            A[tx] = 1
            for i in T.serial(3):
                T.copy(A, s)

    def parallel(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            for i in T.Parallel(32):
                A[i] = tx

    def nested(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            if tx < 3:
                for i in T.Parallel(4):
                    A[i] = 1

    def shared(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            if tx < 3:
                T.alloc_shared(4, "float32")

    a = np.zeros(32, np.float32)
    for kernel, match in (
        (copies, "T.copy is an .* inside code of single threads, which begins"),
        (loop, "T.copy .* T.sync_threads.. in front of the loop or branch ends it"),
        (parallel, "the number of a thread, .* cannot be used inside T.Parallel"),
        (nested, "T.Parallel cannot stand inside code of single threads"),
        (shared, "T.alloc_shared cannot be used inside code of single threads"),
    ):
        with pytest.raises(ValueError, match=match):
            trace(kernel, a)


def test_scopes_of_numbers():
    def used_outside(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
        with T.Kernel(1, threads=32):
            A[tx] = 1

    def used_behind_the_loop(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            keep = []
            for i in T.serial(3):
                keep.append(A[tx] + 0)
            A[tx] = keep[0]

    def returns(A):
        with T.Kernel(1, threads=32):
            tx = T.get_thread_binding()
            if tx == 0:
                return

    def dimension(A):
        with T.Kernel(1, threads=32):
            T.get_thread_binding(1)

    a = np.zeros(32, np.float32)
    for error, kernel, match in (
        (RuntimeError, used_outside, "outside its defining region"),
        (RuntimeError, used_behind_the_loop, "outside its defining region"),
        (NotImplementedError, returns, "return inside control flow"),
        (IndexError, dimension, "expected a dimension below 1, got 1"),
    ):
        with pytest.raises(error, match=match):
            trace(kernel, a)
