"""Kernels on two GPUs: at once, captured in graphs, timed, tuned, in processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
if torch.cuda.device_count() < 2:
    pytest.skip("needs two GPUs", allow_module_level=True)

import tile
import tile.language as T
from tile.profiler import do_bench

EXAMPLE = Path(__file__).parents[2] / "docs/examples/tensor_parallel.py"
DEVICES = ["cuda:0", "cuda:1"]

M, N, K = T.dynamic("M, N, K")


def matmul(A: T.Tensor((M, K), "float16"), B: T.Tensor((K, N), "float16"), block=128):
    C = T.empty((M, N), "float32")
    with T.Kernel(T.ceildiv(N, block), T.ceildiv(M, 128), threads=128) as (bx, by):
        a_tile = T.alloc_shared((128, 64), "float16")
        b_tile = T.alloc_shared((64, block), "float16")
        acc = T.alloc_fragment((128, block), "float32")
        T.clear(acc)
        for k in T.Pipelined(T.ceildiv(K, 64), num_stages=3):
            T.copy(A[by * 128, k * 64], a_tile)
            T.copy(B[k * 64, bx * block], b_tile)
            T.gemm(a_tile, b_tile, acc)
        T.copy(acc, C[by * 128, bx * block])
    return C


gemm = tile.jit(matmul)


def make(m, n, k, device):
    return [torch.randn(s, device=device).half() for s in ((m, k), (k, n))]


def close(c, a, b):
    return torch.allclose(c.double(), a.double() @ b.double(), atol=1e-2, rtol=1e-3)


# Tensor maps and copies of single elements.
SIZES = [(256, 384, 512), (100, 33, 70), (1000, 777, 513)]


def test_in_turns():
    for sizes in SIZES * 2:
        for device in DEVICES:
            a, b = make(*sizes, device)
            c = gemm(a, b)
            assert c.device == torch.device(device) and close(c, a, b)
            assert torch.cuda.current_device() == 0


def test_threads_at_once():
    failed = []

    def run(device):
        torch.cuda.set_device(device)
        stream = torch.cuda.Stream(device)
        with torch.cuda.stream(stream):
            for sizes in SIZES * 10:
                a, b = make(*sizes, device)
                if not close(gemm(a, b), a, b):
                    failed.append((device, sizes))

    threads = [threading.Thread(target=run, args=[d]) for d in DEVICES * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_a_graph_on_each():
    for device in DEVICES:
        with torch.cuda.device(device):
            a, b = make(256, 384, 512, device)
            gemm(a, b)
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                c = gemm(a, b)
            a.copy_(torch.randn_like(a))
            graph.replay()
            assert close(c, a, b)


def test_tensors_of_two_devices_are_refused():
    (a, _), (_, b) = (make(128, 128, 128, device) for device in DEVICES)
    with pytest.raises((TypeError, ValueError, RuntimeError), match="cuda"):
        gemm(a, b)


def test_times_on_each():
    times = []
    for device in DEVICES:
        a, b = make(2048, 2048, 2048, device)
        times.append(do_bench(lambda: gemm(a, b), return_mode="median", device=device))
    assert max(times) < 1.5 * min(times)


def test_tuning_on_all():
    configs = [{"block": block} for block in (32, 64, 128, 256)]
    tuned = tile.autotune(configs=configs, devices="all", ref_prog=torch.mm)(gemm)
    a, b = make(512, 512, 512, "cuda:1")
    result = tuned.tune(a, b)
    assert {trial.device for trial in result.trials} == set(DEVICES)
    assert all(trial.status in ("ok", "slower") for trial in result.trials), result
    assert close(tuned(a, b), a, b)


def test_a_process_for_each():
    sizes = [1001, 514, 2050, 333]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node=2", str(EXAMPLE), *map(str, sizes)]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "NCCL_NVLS_ENABLE": "0"}
    found = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=env
    )
    assert found.returncode == 0, found.stderr
    line = r"2 processes \(nccl\), 1001 x 514 x 2050 x 333: largest error .*\n"
    assert re.fullmatch(line, found.stdout)
