"""Kernels on a GPU: tensors of torch and CuPy, copies of NumPy's, streams."""

from __future__ import annotations

import numpy as np
import pytest
from cuda_helpers import K, M, N, add_one, gemm

import tile
import tile.language as T
from tile import _core

pytestmark = pytest.mark.skipif(_core.device_count() == 0, reason="needs a GPU")


def random(*shape):
    return np.random.default_rng().standard_normal(shape).astype(np.float16)


def test_numpy_is_copied():
    impl = tile.jit(gemm.func.orig_func, target="cuda")
    a, b = random(100, 70), random(70, 90)
    c = impl(a, b)
    assert isinstance(c, np.ndarray)
    np.testing.assert_allclose(c, a.astype(float) @ b.astype(float), atol=1e-3)
    x = np.arange(300, dtype=np.float32)
    tile.jit(add_one.func.orig_func, target="cuda")(x)
    np.testing.assert_array_equal(x, np.arange(300) + 1)


@tile.jit(target="cuda")
def persistent_gemm(
    A: T.Tensor((M, K), "float16"), B: T.Tensor((K, N), "float16"), workers: int
):
    C = T.empty((M, N), "float32")
    with T.Kernel(workers, threads=128) as worker:
        sched = T.PersistentTileScheduler(
            "sched",
            T.ceildiv(M, 64),
            T.ceildiv(N, 64),
            num_workers=workers,
            swizzle_size=2,
        )
        a_tile = T.alloc_shared((64, 32), "float16")
        b_tile = T.alloc_shared((32, 64), "float16")
        acc = T.alloc_fragment((64, 64), "float32")
        sched.init(worker)
        while sched.valid():
            T.clear(acc)
            for k in T.Pipelined(T.ceildiv(K, 32), num_stages=3):
                T.copy(A[sched.m_idx * 64, k * 32], a_tile)
                T.copy(B[k * 32, sched.n_idx * 64], b_tile)
                T.gemm(a_tile, b_tile, acc)
            T.copy(acc, C[sched.m_idx * 64, sched.n_idx * 64])
            sched.next_tile()
    return C


def test_persistent_gemm_is_the_plain_one():
    plain = tile.jit(gemm.func.orig_func, target="cuda")
    for rows, columns, depth, workers in [(300, 500, 128, 7), (64, 64, 32, 3)]:
        a, b = random(rows, depth), random(depth, columns)
        np.testing.assert_array_equal(persistent_gemm(a, b, workers), plain(a, b))


def test_code_of_single_threads():
    @tile.jit(target="cuda")
    def sums(A: T.Tensor((M, 256), "float32"), B: T.Tensor((M,), "float32")):
        with T.Kernel(M, threads=256) as row:
            tx = T.get_thread_binding()
            s = T.alloc_shared(256, "float32")
            s[tx] = A[row, tx]
            lane = tx % 32
            T.sync_threads()
            for i in T.serial(8):
                half = T.shift_right(128, i)
                if tx < half:
                    s[tx] += s[tx + half]
                T.sync_threads()
            if lane == tx and tx == 0:
                B[row] = s[0]

    a = np.random.default_rng().integers(-9, 9, (37, 256)).astype(np.float32)
    b = np.full(37, np.nan, np.float32)
    sums(a, b)
    np.testing.assert_array_equal(b, a.sum(1))


def test_without_tensors_is_torch():
    torch = pytest.importorskip("torch")

    @tile.jit
    def count():
        A = T.empty((300,), "int32")
        with T.Kernel(1, threads=32):
            for i in T.Parallel(300):
                A[i] = i
        return A

    result = count()
    assert result.is_cuda and torch.equal(result.cpu(), torch.arange(300).int())


def test_torch():
    torch = pytest.importorskip("torch")
    a = torch.from_numpy(random(1000, 513)).cuda()
    b = torch.from_numpy(random(513, 777)).cuda()
    c = gemm(a, b)
    assert c.is_cuda and c.shape == (1000, 777)
    assert torch.allclose(c, a.float() @ b.float(), atol=1e-2)
    # The same kernel object runs NumPy arrays on the CPU.
    d = gemm(a.cpu().numpy(), b.cpu().numpy())
    np.testing.assert_allclose(d, c.cpu().numpy(), atol=1e-2)
    with pytest.raises(ValueError, match="'B': device_type mismatch.*cuda:0, got: cpu"):
        gemm(a, b.cpu())
    with pytest.raises(ValueError, match="expected: cpu, got: cuda:0"):
        tile.jit(gemm.func.orig_func, target="cpu")(a, b)


def test_the_current_stream_is_used():
    torch = pytest.importorskip("torch")
    stream = torch.cuda.Stream()
    x = torch.zeros(1 << 20, device="cuda")
    add_one(x)
    torch.cuda.synchronize()
    with torch.cuda.stream(stream):
        torch.cuda._sleep(100_000_000)
        x.zero_()
        for _ in range(20):
            add_one(x)
        # Still asleep: what was launched has not run.
        assert not stream.query()
    stream.synchronize()
    assert (x == 20).all()


def test_a_graph_captures_calls():
    torch = pytest.importorskip("torch")
    x = torch.zeros(1000, device="cuda")
    add_one(x)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        add_one(x)
        add_one(x)
    x.zero_()
    for _ in range(3):
        graph.replay()
    torch.cuda.synchronize()
    assert (x == 6).all()


def test_cupy():
    cupy = pytest.importorskip("cupy")
    a, b = cupy.asarray(random(100, 70)), cupy.asarray(random(70, 90))
    c = gemm(a, b)
    assert isinstance(c, cupy.ndarray)
    expected = a.get().astype(float) @ b.get().astype(float)
    np.testing.assert_allclose(c.get(), expected, atol=1e-3)
    strided = cupy.zeros((64, 2), "float32")[:, 0]
    with pytest.raises(ValueError, match="contiguous"):
        add_one(strided)


def test_host_checks_come_first():
    torch = pytest.importorskip("torch")
    a = torch.zeros((64, 32), dtype=torch.float16, device="cuda")
    with pytest.raises(RuntimeError, match="gemm.*'B'"):
        gemm(a, a)
    torch.cuda.synchronize()


def test_source_is_for_the_device():
    info = _core.device_info(0)
    assert f".target {info['chip']}" in gemm.get_kernel_source()
