"""Times, profiles and tuning on a GPU."""

from __future__ import annotations

import pytest

import tile
import tile.language as T
from tile import _core
from tile.profiler import do_bench, profile

pytestmark = pytest.mark.skipif(_core.device_count() == 0, reason="needs a GPU")

M, N, K = T.dynamic("M, N, K")


@tile.jit
def matmul(
    A: T.Tensor((M, K), "bfloat16"), B: T.Tensor((K, N), "bfloat16"), block: int = 64
):
    C = T.empty((M, N), "bfloat16")
    with T.Kernel(T.ceildiv(M, 128), T.ceildiv(N, block), threads=128) as (x, y):
        a = T.alloc_shared((128, 64), "bfloat16")
        b = T.alloc_shared((64, block), "bfloat16")
        c = T.alloc_fragment((128, block), "float32")
        T.clear(c)
        for k in T.Pipelined(T.ceildiv(K, 64), num_stages=3):
            T.copy(A[x * 128, k * 64], a)
            T.copy(B[k * 64, y * block], b)
            T.gemm(a, b, c)
        T.copy(c, C[x * 128, y * block])
    return C


@pytest.fixture
def square():
    torch = pytest.importorskip("torch")
    return torch.randn(1024, 1024, device="cuda", dtype=torch.bfloat16)


def test_profile(square):
    found = profile(matmul, square, square)
    (launch,) = found.launches
    assert launch.grid == (8, 16, 1) and launch.registers_per_thread > 0
    assert 0 < launch.occupancy_percent <= 100
    assert launch.shared_bytes_per_block > 0 and launch.blocks_per_multiprocessor > 0
    assert found.work.flops == 2 * 1024**3 and found.work.product_dtype == "bf16"
    assert 0 < found.flop_percent < 100 and 0 < found.bandwidth_percent
    assert {"trace", "tile", "gpu", "nvvm", "ptx", "host"} <= set(found.compile_ms)
    assert "L2 flushed" in str(found)


def test_times_agree(square):
    import torch

    run = lambda: matmul(square, square)  # noqa: E731
    by_calls = do_bench(run, return_mode="median")
    by_graph = do_bench(run, return_mode="median", backend="cudagraph")
    assert by_calls < 1.5 * by_graph and by_graph < 1.5 * by_calls
    # The host's part of a call is not in the time, however long it is.
    torch.cuda.synchronize()
    slow = do_bench(lambda: (sum(range(30_000)), run()), return_mode="median")
    assert slow < 1.5 * by_calls


def test_check_and_tune(square):
    import torch

    options = {"ref_prog": torch.mm, "atol": 0.5, "progress": False, "rep": 5}
    configs = [{"block": 64}, {"block": 128}]
    tuned = tile.autotune(configs=configs, **options)(matmul)
    assert torch.allclose(tuned(square, square), square @ square, atol=0.5, rtol=0.02)
    assert all(t.device == "cuda:0" for t in tuned.get_tuner_result().trials)
    apart = tile.autotune(configs=configs, devices=["cuda:0"], **options)(matmul)
    assert apart.tune(square, square).best.latency_ms > 0
    matmul.compile(square, square).get_profiler().assert_allclose(
        torch.mm, [square, square], atol=0.5
    )
