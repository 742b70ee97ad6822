#!/usr/bin/env python3
"""Runs expanded math functions on the CPU and compares them with NumPy's in
float64: relative error over a wide range of magnitudes, and special values.

usage: math_accuracy.py (with tile-opt and tile-run in PATH)
"""

import os
import subprocess
import tempfile

import numpy as np

FUNCTIONS = {  # name: (NumPy's, largest magnitude, allowed relative error)
    "sin": (np.sin, 1e14, 5e-7),
    "cos": (np.cos, 1e14, 5e-7),
    "tan": (np.tan, 1e14, 1e-6),
    "sinh": (np.sinh, 89, 1e-6),
    "cosh": (np.cosh, 89, 1e-6),
    "asinh": (np.arcsinh, 3e38, 1e-6),
    "acosh": (np.arccosh, 3e38, 2e-6),
    "atanh": (np.arctanh, 1, 1e-6),
}


def sample(largest):
    rng = np.random.default_rng(0)
    magnitude = np.exp(rng.uniform(np.log(1e-30), np.log(largest), 20000))
    x = (magnitude * rng.choice([-1, 1], magnitude.size)).astype(np.float32)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, np.pi, np.pi / 2, 1, -1, 3e38]
    return np.concatenate([x, np.array(special, np.float32)])


def run(name, x):
    text = f"""
func.func @f(%x: memref<?xf32>, %y: memref<?xf32>) {{
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  tile.launch blocks() in () threads(32) {{
    tile.parallel (%i) in (%n) {{
      %v = memref.load %x[%i] : memref<?xf32>
      %r = math.{name} %v : f32
      memref.store %r, %y[%i] : memref<?xf32>
    }}
  }}
  return
}}"""
    with tempfile.TemporaryDirectory() as folder:
        path = lambda file: os.path.join(folder, file)
        with open(path("f.mlir"), "w") as file:
            file.write(text)
        np.save(path("x.npy"), x)
        subprocess.run(["tile-opt", "--tile-expand-math", path("f.mlir"), "-o", path("g.mlir")], check=True)
        subprocess.run(["tile-run", path("g.mlir"), "--device=cpu", path("x.npy"),
                        f"empty:{x.size}", f"--out=1={path('y.npy')}"], check=True)
        return np.load(path("y.npy"))


failed = False
for name, (function, largest, allowed) in FUNCTIONS.items():
    x = sample(largest)
    y = run(name, x).astype(np.float64)
    with np.errstate(all="ignore"):
        want = function(x.astype(np.float64))
        want = np.where(np.abs(want) > np.finfo(np.float32).max, np.sign(want) * np.inf, want)
        error = np.abs(y - want) / np.maximum(np.abs(want), np.finfo(np.float32).tiny)
    # Beyond the largest magnitude a circular function is only bounded.
    outside = np.isfinite(x) & (np.abs(x) > largest) & (name in ("sin", "cos", "tan"))
    same = (np.isnan(y) & np.isnan(want)) | (y == want) | outside
    error = np.where(same, 0, np.where(np.isnan(error), np.inf, error))
    worst = int(error.argmax())
    print(f"{name}: largest relative error {error.max():.2g} at {x[worst]!r}, "
          f"{y[worst]!r} for {want[worst]!r}")
    failed |= error.max() > allowed
raise SystemExit(int(failed))
