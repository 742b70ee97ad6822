"""All programs: pairs of a name and a function that makes the program."""

import functools

import atomics
import convert
import copies
import fuzz
import gemm
import kernels
import objects
import reduce


def programs(seed):
    result = []
    for suite in (gemm, copies, convert, reduce, atomics, kernels, objects, fuzz):
        for name, make in suite.PROGRAMS.items():
            result.append((name, functools.partial(make, seed)))
    return result
