"""A program with a kernel, which the tests of the cache run in other processes.

Prints a line of JSON: whether the result is right, and what the cache says.
"""

from __future__ import annotations

import json
import sys

import numpy as np

import tile

import tile.language as T
from tile import _core

M = T.dynamic("M")
#: `tile.jit` is the function of that name.
impl = sys.modules["tile.jit.impl"]
SCALE = 3.0


@T.macro
def scaled(x):
    return x * SCALE


@tile.jit(target="cpu")
def scale(A: T.Tensor((M,), "float32"), block: int = 64):
    B = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, block), threads=32) as bx:
        for i in T.Parallel(block):
            j = bx * block + i
            if j < M:
                B[j] = scaled(A[j])
    return B


def main(blocks: list[int]) -> None:
    """Runs the kernel for each block size."""
    counts = {"traces": 0, "compilations": 0}
    trace, compile_ = impl.trace, _core.compile

    def counted_trace(*args, **kwargs):
        counts["traces"] += 1
        return trace(*args, **kwargs)

    def counted_compile(*args, **kwargs):
        counts["compilations"] += 1
        return compile_(*args, **kwargs)

    impl.trace, _core.compile = counted_trace, counted_compile
    a = np.random.default_rng().random(101).astype(np.float32)
    right = all(np.array_equal(scale(a, block), a * np.float32(3)) for block in blocks)
    info = tile.cache.info()
    result = {"right": right, "entries": info.entries, "hits": info.hits, **counts}
    print(json.dumps(result))


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [64])
