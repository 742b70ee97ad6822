"""Layouts that the author of a kernel writes on its buffers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace
from tile.language.pins import find_thread_values


def test_pins_reach_the_compiler():
    a = np.random.default_rng().standard_normal((32, 64)).astype(np.float16)
    b = poison(a.shape, np.float16)

    def kernel(A, B):
        with T.Kernel(1, threads=64):
            s = T.alloc_shared((32, 64), "float16")
            narrow = T.alloc_shared((32, 64), "float16")
            plain = T.alloc_shared((32, 64), "float16")
            f = T.alloc_fragment((32, 64), "float16")
            T.annotate_layout(
                {
                    s: T.make_full_bank_swizzled_layout(s),
                    # The same as a function of one's own.
                    narrow: lambda i, j: (
                        i,
                        (j // 16) * 16 + ((j // 8) % 2 ^ (i // 4) % 2) * 8 + j % 8,
                    ),
                    plain: T.make_linear_layout(plain),
                    f: T.Fragment((32, 64), lambda i, j: (j, i)),
                }
            )
            T.copy(A, s)
            T.copy(s, narrow)
            T.copy(narrow, plain)
            T.copy(plain, f)
            T.copy(f, B)

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a)
    allocs = re.findall(r"tile\.alloc.*", trace(kernel, a, b).module.text())
    swizzles = [re.findall(r"swizzle\((\d+)\)", alloc) for alloc in allocs]
    assert swizzles == [["128"], ["32"], [], []]
    assert "threads (64):(1), values (32):(64), shape 32x64" in allocs[3]


@pytest.mark.parametrize(
    "shape, threads, layout",
    [
        ((8, 8), 32, "threads (32):(2), values (2):(1), shape 8x8"),
        ((16, 8), 32, "threads (32):(2), values (2,2):(1,64), shape 16x8"),
        ((8, 12), 16, "threads (4,4):(1,24), values (2,3):(12,4), shape 8x12"),
        ((4,), 1, "threads (1):(0), values (4):(1), shape 4"),
    ],
)
def test_sums_of_steps_are_found(shape, threads, layout):
    forward = {
        (8, 8): lambda i, j: (i * 4 + j // 2, j % 2),
        (16, 8): lambda i, j: (i % 8 * 4 + j // 2, i // 8 * 2 + j % 2),
        (8, 12): lambda i, j: (i // 2 * 4 + j % 4, j // 4 * 2 + i % 2),
        (4,): lambda i: (0, i),
    }[shape]
    assert find_thread_values(T.Fragment(shape, forward), threads) == (
        f"#tile.layout<{layout}>"
    )


def test_copies_in_other_threads_are_found():
    fragment = T.Fragment((16,), lambda i, copy: (i + 16 * copy, 0), replicate=2)
    assert find_thread_values(fragment, 32) == (
        "#tile.layout<threads (16,2):(1,0), values (1):(0), shape 16>"
    )


@pytest.mark.parametrize(
    "shape, forward, threads",
    [
        # Exchanged in every other row: no steps.
        ((8, 8), lambda i, j: ((i * 8 + j) ^ (i & 1), 0), 64),
        # Fewer threads than the block has.
        ((8, 8), lambda i, j: (i, j), 64),
        # A slot that no element fills.
        ((8,), lambda i: (i, i % 2), 8),
        # Slots of two numbers.
        ((4, 4), lambda i, j: (0, i, j), 1),
    ],
)
def test_other_layouts_are_left_to_the_compiler(shape, forward, threads):
    assert find_thread_values(T.Fragment(shape, forward), threads) is None
