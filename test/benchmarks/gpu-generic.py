#!/usr/bin/env python3
"""Times of the generic lowering on a GPU, beside PyTorch's in the same run.

The programs are those of docs/examples and test/Integration/kernels. tile-run
times them with CUDA events, medians over repeats after a warm-up; PyTorch is
timed in the same way. Prints a Markdown table with the largest error against
float64. Needs a GPU, PyTorch and tile-run.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import torch

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
KERNELS = os.path.join(ROOT, "test", "Integration", "kernels")


def time_torch(function, repeats=50):
    """Median time of one call in ms, by CUDA events."""
    for _ in range(5):
        function()
    times = []
    for _ in range(repeats):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in "ab")
        start.record()
        function()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end))
    return float(np.median(times))


def time_tile(options, file, entry, arguments, out):
    """Median time in ms, and the output as an array."""
    with tempfile.TemporaryDirectory() as folder:
        texts = []
        for i, argument in enumerate(arguments):
            if isinstance(argument, np.ndarray):
                path = os.path.join(folder, f"{i}.npy")
                np.save(path, argument)
                argument = path
            texts.append(str(argument))
        result = os.path.join(folder, "out.npy")
        command = [options.tool, file, f"--entry={entry}", "--device=cuda", *texts]
        command += [f"--out={out}={result}", "--time", "--repeat=50"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            sys.exit(done.stderr)
        return float(re.search(r"median ([0-9.]+) ms", done.stdout)[1]), np.load(result)


def gemm(options, m, n, k):
    a, b = (torch.randn(s, device="cuda", dtype=torch.float16) for s in ((m, k), (k, n)))
    file = os.path.join(ROOT, "docs", "examples", "gemm.mlir")
    ours, c = time_tile(options, file, "gemm", [a.cpu().numpy(), b.cpu().numpy(), f"empty:{m}x{n}"], 2)
    rows = np.random.default_rng(0).choice(m, min(m, 64), replace=False)
    exact = (a[rows].double() @ b.double()).cpu().numpy()
    theirs = time_torch(lambda: torch.mm(a, b))
    return f"gemm f16, {m} x {n} x {k}", ours, theirs, np.abs(c[rows] - exact).max()


def persistent(options, m, n, k):
    a, b = (torch.randn(s, device="cuda", dtype=torch.float16) for s in ((m, k), (k, n)))
    file = os.path.join(ROOT, "docs", "examples", "persistent-gemm.mlir")
    workers = 4 * torch.cuda.get_device_properties(0).multi_processor_count
    arguments = [a.cpu().numpy(), b.cpu().numpy(), f"empty:{m}x{n}", workers, 8]
    ours, c = time_tile(options, file, "persistent_gemm", arguments, 2)
    rows = np.random.default_rng(0).choice(m, min(m, 64), replace=False)
    exact = (a[rows].double() @ b.double()).cpu().numpy()
    theirs = time_torch(lambda: torch.mm(a, b))
    return f"persistent gemm f16, {m} x {n} x {k}", ours, theirs, np.abs(c[rows] - exact).max()


def softmax(options, m, n):
    x = torch.randn(m, n, device="cuda")
    file = os.path.join(KERNELS, "softmax.mlir")
    ours, y = time_tile(options, file, "softmax", [x.cpu().numpy(), f"empty:{m}x{n}"], 1)
    exact = torch.softmax(x.double(), 1).cpu().numpy()
    theirs = time_torch(lambda: torch.softmax(x, 1))
    return f"row softmax f32, {m} x {n}", ours, theirs, np.abs(y - exact).max()


def transpose(options, m, n):
    x = torch.randint(-1000, 1000, (m, n), device="cuda", dtype=torch.int32)
    file = os.path.join(KERNELS, "transpose.mlir")
    ours, y = time_tile(options, file, "transpose", [x.cpu().numpy(), f"empty:{n}x{m}"], 1)
    theirs = time_torch(lambda: x.t().contiguous())
    return f"transpose i32, {m} x {n}", ours, theirs, np.abs(y - x.cpu().numpy().T).max()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default="tile-run", help="path of tile-run")
    options = parser.parse_args()
    torch.manual_seed(0)
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}\n")
    print("| program | tile, ms | PyTorch, ms | PyTorch / tile | largest error |")
    print("|---|---|---|---|---|")
    for name, ours, theirs, error in (
        gemm(options, 1000, 777, 513),
        gemm(options, 4096, 4096, 4096),
        persistent(options, 1000, 777, 513),
        persistent(options, 4096, 4096, 4096),
        softmax(options, 1000, 777),
        softmax(options, 8192, 1024),
        transpose(options, 8191, 4097),
    ):
        print(f"| {name} | {ours:.3f} | {theirs:.3f} | {theirs / ours:.2f} | {error:.2g} |")


if __name__ == "__main__":
    main()
