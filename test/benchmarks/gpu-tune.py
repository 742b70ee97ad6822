#!/usr/bin/env python3
"""Tunes a product of matrices on a GPU, and profiles it and a copy.

Prints the table of the tuned configurations, what `do_bench` says of torch.mm
beside torch's own events, and the profiles. `--devices cuda:0,cuda:1` tunes in
processes of their own. Needs a GPU, PyTorch and the `tile` package.
"""

import argparse
import statistics
import time

import torch

import tile
import tile.language as T
from tile.profiler import do_bench, profile

M, N, K = T.dynamic("M, N, K")


def make_matmul(**options):
    configs = [
        {"block_n": n, "stages": s, "threads": t}
        for n, t in ((64, 128), (128, 128), (128, 256), (256, 256))
        for s in (2, 3, 4)
    ]

    @tile.autotune(configs=configs, ref_prog=torch.mm, atol=0.5, **options)
    @tile.jit(target="cuda")
    def matmul(
        A: T.Tensor((M, K), "bfloat16"),
        B: T.Tensor((K, N), "bfloat16"),
        block_n: int = 128,
        stages: int = 3,
        threads: int = 256,
    ):
        C = T.empty((M, N), "bfloat16")
        with T.Kernel(T.ceildiv(M, 128), T.ceildiv(N, block_n), threads=threads) as (
            x,
            y,
        ):
            a = T.alloc_shared((128, 64), "bfloat16")
            b = T.alloc_shared((64, block_n), "bfloat16")
            c = T.alloc_fragment((128, block_n), "float32")
            T.clear(c)
            for k in T.Pipelined(T.ceildiv(K, 64), num_stages=stages):
                T.copy(A[x * 128, k * 64], a)
                T.copy(B[k * 64, y * block_n], b)
                T.gemm(a, b, c)
            T.copy(c, C[x * 128, y * block_n])
        return C

    return matmul


@tile.jit(target="cuda")
def copy(X: T.Tensor((M, N), "float32")):
    Y = T.empty((M, N), "float32")
    with T.Kernel(T.ceildiv(M, 32), T.ceildiv(N, 128), threads=256) as (x, y):
        s = T.alloc_fragment((32, 128), "float32")
        T.copy(X[x * 32, y * 128], s)
        T.copy(s, Y[x * 32, y * 128])
    return Y


def time_by_torch(function, repeats=50):
    """Median of torch's events, with 256 MB written before each run."""
    flush = torch.empty(64 << 20, dtype=torch.int32, device="cuda")
    pairs = []
    for _ in range(10 + repeats):
        pair = [torch.cuda.Event(enable_timing=True) for _ in "ab"]
        flush.zero_()
        pair[0].record()
        function()
        pair[1].record()
        pairs.append(pair)
    torch.cuda.synchronize()
    return statistics.median(start.elapsed_time(end) for start, end in pairs[10:])


def compare_clocks(a, b, matmul):
    """do_bench beside torch's events, for torch.mm and for the tuned kernel."""
    for name, run in (
        ("torch.mm", lambda: torch.mm(a, b)),
        ("tuned kernel", lambda: matmul(a, b)),
    ):
        low, median, high = do_bench(run, quantiles=[0.2, 0.5, 0.8])
        graph = do_bench(run, backend="cudagraph", return_mode="median")
        print(
            f"{name}: do_bench {median:.4f} ms ({low:.4f} to {high:.4f}), in a CUDA "
            f"graph {graph:.4f} ms, torch's events {time_by_torch(run):.4f} ms"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=4096, help="of the matrices")
    parser.add_argument("--devices", help="names with commas between them, or all")
    parser.add_argument("--picture", help="where the rooflines go, without .svg")
    options = parser.parse_args()
    devices = options.devices
    if devices and devices != "all":
        devices = devices.split(",")
    n = options.size
    a, b = (torch.randn(n, n, device="cuda", dtype=torch.bfloat16) for _ in "ab")
    print(torch.cuda.get_device_name(), "torch", torch.__version__)

    matmul = make_matmul(devices=devices, warmup=10, rep=50, progress=True)
    begin = time.monotonic()
    result = matmul.tune(a, b)
    print(f"tuned in {time.monotonic() - begin:.1f} s, stored: {result.is_stored}")
    print(result.table())
    print(f"torch.mm {result.ref_latency:.4f} ms")
    compare_clocks(a, b, matmul)

    x = torch.randn(8192, 8192, device="cuda")
    for name, kernel, arguments in (
        ("matmul", matmul.compile(a, b), (a, b)),
        ("copy", copy, (x,)),
    ):
        found = profile(kernel, *arguments)
        print(found)
        if options.picture and found.work.flops:
            found.save_roofline(f"{options.picture}-{name}.svg")


if __name__ == "__main__":
    main()
