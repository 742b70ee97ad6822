#===- quickstart.py - the gemm example by every way there is ---------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Compiles docs/examples/gemm.mlir to PTX, assembles it where ptxas is present,
runs it on the CPU and on a GPU where there is one, and compares each result
with a reference in float64.

usage: quickstart.py SOURCE_DIR [BUILD_DIR]
"""

import os
import re
import shutil
import subprocess
import sys
import time

import numpy as np

# No size is a multiple of the tile's, so every edge is ragged.
M, N, K = 1000, 777, 513
CHIPS = ("sm_80", "sm_90a")


class Failure(Exception):
    """Ends the program; the text is one line for the user."""


def run(*command):
    """Runs a command and returns its process with the time it took."""
    start = time.monotonic()
    process = subprocess.run(command, capture_output=True, text=True)
    return process, time.monotonic() - start


def first_line(text):
    return (text.strip().splitlines() or ["no message"])[0]


def row(what, text):
    print(f"{what:14s} {text}", flush=True)


def find_ptxas():
    folders = [os.path.join(os.environ[name], "bin")
               for name in ("CUDA_HOME", "CUDA_PATH") if os.environ.get(name)]
    return shutil.which("ptxas") or shutil.which(
        "ptxas", path=os.pathsep.join(folders + ["/usr/local/cuda/bin"]))


class Quickstart:
    def __init__(self, source, build):
        self.example = os.path.join(source, "docs", "examples", "gemm.mlir")
        self.bin = os.path.join(build, "bin")
        self.work = os.path.join(build, "quickstart")
        os.makedirs(self.work, exist_ok=True)

    def tool(self, name):
        return os.path.join(self.bin, name)

    def file(self, name):
        return os.path.join(self.work, name)

    def compile(self, chip, ptxas):
        path = self.file(f"gemm.{chip}.ptx")
        process, seconds = run(self.tool("tile-translate"), "--tile-to-ptx",
                               f"--chip={chip}", self.example, "-o", path)
        if process.returncode:
            raise Failure(f"tile-translate failed: {first_line(process.stderr)}")
        row(f"PTX {chip}", f"{seconds:.2f} s, {path}")
        if not ptxas:
            return
        process, seconds = run(ptxas, f"-arch={chip}", path, "-o",
                               self.file(f"gemm.{chip}.cubin"))
        if not process.returncode:
            row("", f"accepted by ptxas, {seconds:.2f} s")
        elif re.search(r"gpu-name|\.version", process.stdout + process.stderr):
            row("", f"left out: this ptxas is too old for {chip}")
        else:
            raise Failure("ptxas failed: "
                          + first_line(process.stderr or process.stdout))

    def make_input(self):
        random = np.random.default_rng(7)
        a = random.standard_normal((M, K)).astype(np.float16)
        b = random.standard_normal((K, N)).astype(np.float16)
        np.save(self.file("a.npy"), a)
        np.save(self.file("b.npy"), b)
        a, b = a.astype(np.float64), b.astype(np.float64)
        self.reference = a @ b
        # Whatever the order, K sums in f32 are at most this far off.
        self.allowed = K * 2.0 ** -24 * (abs(a) @ abs(b))
        row("Input", f"A {M} x {K}, B {K} x {N}, f16, seeded random")

    def execute(self, device):
        """Runs the kernel; returns whether there is such a device."""
        result = self.file(f"c.{device}.npy")
        process, seconds = run(
            self.tool("tile-run"), self.example, "--entry=gemm",
            f"--device={device}", self.file("a.npy"), self.file("b.npy"),
            f"empty:{M}x{N}", f"--out=2={result}", "--time", "--repeat=5")
        if process.returncode:
            problem = first_line(process.stderr)
            if device == "cuda" and "no GPU to run on" in problem:
                return False
            raise Failure(f"tile-run failed: {problem}")
        error = abs(np.load(result) - self.reference)
        # Written so that NaN fails.
        if not (error <= self.allowed).all():
            at = np.unravel_index(np.argmax(~(error <= self.allowed)),
                                  error.shape)
            raise Failure(f"wrong result on {device} at {tuple(map(int, at))}: "
                          f"expected {self.reference[at]:.7g}, "
                          f"got {np.load(result)[at]:.7g}")
        name = "GPU" if device == "cuda" else "CPU"
        row(name, f"largest error {error.max():.2g} against float64 (at least "
            f"{self.allowed.min():.2g} allowed)")
        row("", f"{first_line(process.stdout)}, {seconds:.2f} s with compiling")
        return True


def main(source, build=None):
    start = Quickstart(source, build or os.path.join(source, "build/release"))
    left_out = []
    ptxas = find_ptxas()
    for chip in CHIPS:
        start.compile(chip, ptxas)
    if not ptxas:
        left_out.append("ptxas (no CUDA toolkit found)")
    start.make_input()
    start.execute("cpu")
    if not start.execute("cuda"):
        left_out.append("the run on a GPU (none found)")
    if left_out:
        row("Left out", ", ".join(left_out))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Failure as failure:
        print(f"quickstart.py: error: {failure}", file=sys.stderr)
        sys.exit(1)
