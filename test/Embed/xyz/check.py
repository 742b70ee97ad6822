"""Makes the inputs of network.mlir, or compares its results with NumPy's.

usage: check.py make | compare
"""

import sys

import numpy as np

NAMES = ["x", "w0", "b0", "w1", "b1"]
SHAPES = [(77, 100), (100, 70), (70,), (70, 30), (30,)]


def main(command):
    if command == "make":
        rng = np.random.default_rng(7)
        for name, shape in zip(NAMES, SHAPES):
            np.save(name + ".npy", rng.standard_normal(shape).astype(np.float32))
        return 0
    x, w0, b0, w1, b1 = (np.load(name + ".npy").astype(np.float64) for name in NAMES)
    y = np.maximum(np.maximum(x @ w0 + b0, 0) @ w1 + b1, 0)
    found, sums = np.load("y.npy"), np.load("sums.npy")
    error = max(np.abs(found - y).max(), np.abs(sums - y.sum(1)).max())
    print(f"largest error {error:.2g} in {found.shape} and {sums.shape}")
    return not error < 1e-2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
