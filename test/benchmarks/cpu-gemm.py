#!/usr/bin/env python3
"""The speed of an f32 product of 1024^3 on the CPU path beside NumPy's.

Both run on one core, in turns; the ratio of the medians is printed. The target
is 0.30. The kernel is the one of docs/examples/gemm.mlir in f32.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import time  # noqa: E402

import numpy as np  # noqa: E402

SIZE, TARGET = 1024, 0.30
EXAMPLE = os.path.join(os.path.dirname(__file__), "../../docs/examples/gemm.mlir")


def time_numpy(a, b, repeats):
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default="tile-run", help="path of tile-run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=5, help="runs in a round")
    options = parser.parse_args()

    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((SIZE, SIZE), np.float32) for _ in "ab")
    with open(EXAMPLE) as file:
        text = file.read().replace("f16", "f32")
    ratios, ours, numpys = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, n) for n in ("a.npy", "b.npy", "c.npy", "k.mlir")]
        np.save(paths[0], a)
        np.save(paths[1], b)
        with open(paths[3], "w") as file:
            file.write(text)
        command = [options.tool, paths[3], "--device=cpu", paths[0], paths[1]]
        command += [f"empty:{SIZE}x{SIZE}", f"--out=2={paths[2]}", "--time"]
        command += [f"--repeat={options.repeat}"]
        for _ in range(options.rounds):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr)
            ours.append(float(re.search(r"median ([0-9.]+) ms", done.stdout)[1]))
            numpys.append(time_numpy(a, b, options.repeat))
            ratios.append(numpys[-1] / ours[-1])
        error = np.abs(np.load(paths[2]) - a.astype(np.float64) @ b).max()
    ratio = statistics.median(ratios)
    gflops = 2 * SIZE**3 / 1e6
    print(
        f"tile {statistics.median(ours):.1f} ms ({gflops / statistics.median(ours):.0f} GFLOP/s), "
        f"NumPy {statistics.median(numpys):.1f} ms, largest error {error:.2g}"
    )
    print(
        f"ratio {ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), target {TARGET:.2f}"
    )
    sys.exit(error > 1e-3)


if __name__ == "__main__":
    main()
