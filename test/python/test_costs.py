"""_core.count_costs, time_passes and the other bindings that the profiler uses."""

from __future__ import annotations

import pytest

import tile
import tile.language as T
from tile import _core

M, N, K = T.dynamic("M, N, K")


def make_gemm(block, depth):
    @T.prim_func
    def gemm(
        A: T.Tensor((M, K), "float16"),
        B: T.Tensor((K, N), "float16"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(T.ceildiv(M, block), T.ceildiv(N, 64), threads=128) as (x, y):
            a = T.alloc_shared((block, depth), "float16")
            b = T.alloc_shared((depth, 64), "float16")
            c = T.alloc_fragment((block, 64), "float32")
            T.clear(c)
            for k in T.Pipelined(T.ceildiv(K, depth), num_stages=2):
                T.copy(A[x * block, k * depth], a)
                T.copy(B[k * depth, y * 64], b)
                T.gemm(a, b, c)
            T.copy(c, C[x * block, y * 64])

    return gemm


def count(function, *arguments):
    return _core.count_costs(function.module, function.name, arguments)


@pytest.mark.parametrize("block, depth", [(32, 16), (64, 32)])
def test_product(block, depth):
    m, n, k = 3 * block, 2 * 64, 4 * depth
    found = count(make_gemm(block, depth), (m, k), (k, n), (m, n))
    assert found["kind"] == "exact"
    assert found["flops"] == 2 * m * n * k
    assert found["global_bytes"] == 2 * (2 * m * k + 3 * k * n) + 4 * m * n
    assert found["read"] == [True, True, False]
    assert found["written"] == [False, False, True]


def test_the_type_of_a_product():
    @T.prim_func
    def product(A: T.Tensor((32, 32), "tfloat32"), C: T.Tensor((32, 32), "float32")):
        with T.Kernel(1, threads=128):
            a = T.alloc_shared((32, 32), "tfloat32")
            c = T.alloc_fragment((32, 32), "float32")
            T.copy(A, a)
            T.clear(c)
            T.gemm(a, a, c)
            T.copy(c, C)

    found = count(product, (32, 32), (32, 32))
    assert found["product_type"] == "tf32"
    assert (
        count(make_gemm(32, 16), (32, 16), (16, 64), (32, 64))["product_type"] == "f16"
    )


def test_edges_count_as_whole_tiles():
    ragged = count(make_gemm(64, 32), (100, 50), (50, 70), (100, 70))
    whole = count(make_gemm(64, 32), (128, 64), (64, 128), (128, 128))
    assert ragged["flops"] == whole["flops"] == 2 * 128 * 64 * 128


@T.prim_func
def triangle(A: T.Tensor((M, 32), "float32")):
    with T.Kernel(M, threads=32) as x:
        s = T.alloc_shared((32,), "float32")
        for i in range(x + 1):
            T.copy(A[i, 0], s)
            for j in T.Parallel(32):
                s[j] = s[j] + T.exp(s[j])


@pytest.mark.parametrize("m", [1, 7])
def test_bounds_that_depend_on_the_block(m):
    found = count(triangle, (m, 32))
    rounds = m * (m + 1) // 2
    assert found["kind"] == "exact"
    assert found["flops"] == 2 * 32 * rounds
    assert found["global_bytes"] == 128 * rounds


@T.prim_func
def branches(A: T.Tensor((M,), "float32"), n: T.int32):
    with T.Kernel(T.ceildiv(M, 32), threads=32) as x:
        for i in T.Parallel(32):
            if x * 32 + i < M:
                A[x * 32 + i] = 1.0
        if x < 1:
            for i in T.Parallel(32):
                A[i] = 2.0
        for i in range(n):
            A[0] = 3.0


def test_branches():
    found = count(branches, (50,), 5)
    assert found["kind"] == "at most"
    # Both blocks are whole, one of them goes into the branch.
    assert found["global_bytes"] == 4 * (64 + 32 + 2 * 5)
    assert found["written"] == [True, False]


@T.prim_func
def collatz(A: T.Tensor((M,), "int32")):
    with T.Kernel(1, threads=32):
        n = T.alloc_var("int32", 0)
        while A[0] > 1:
            A[0] = A[0] // 2
            n += 1


def test_loops_over_data_are_unknown():
    assert count(collatz, (5,))["kind"] == "unknown"


def test_grid_that_nobody_knows():
    @T.prim_func
    def unknown(A: T.Tensor((M,), "int32")):
        with T.Kernel(T.cast(A[0], "index"), threads=32):
            A[0] = 1

    assert count(unknown, (5,))["kind"] == "unknown"


def test_errors():
    with pytest.raises(tile.DiagnosticError, match="undefined function 'nothing'"):
        _core.count_costs(triangle.module, "nothing", [])
    with pytest.raises(
        tile.DiagnosticError, match="expected 1 arguments of 'triangle', found 2"
    ):
        count(triangle, (5, 32), 3)


def test_passes():
    times = _core.time_passes(triangle.module, "tile-to-cpu")
    names = [name for name, _ in times]
    assert "convert-tile-to-cpu" in names and names[0] == "tile-import"
    assert all(ms >= 0 for _, ms in times) and sum(ms for _, ms in times) > 0
    with pytest.raises(tile.DiagnosticError, match="cannot parse the pipeline"):
        _core.time_passes(triangle.module, "no-such-pass")
    with pytest.raises(tile.DiagnosticError, match="unknown chip|chip"):
        _core.time_passes(triangle.module, "tile-to-ptx{chip=sm_1}")
