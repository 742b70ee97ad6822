"""All programs: pairs of a name and a function that makes the program."""

import functools

import atomics
import convert
import copies
import epilogue
import fragments
import fuzz
import gemm
import kernels
import linalg
import objects
import pipeline
import reduce
import scan
import simt
import swizzle
import tma
import traps
import vectors
import votes
import schedulers

SUITES = (
    gemm, epilogue, fragments, copies, vectors, convert, reduce, scan, votes, swizzle, simt,
    atomics, kernels, objects, schedulers, linalg, pipeline, tma, traps, fuzz,
)  # fmt: skip


def programs(seed):
    result = []
    for suite in SUITES:
        for name, make in suite.PROGRAMS.items():
            result.append((name, functools.partial(make, seed)))
    return result
