#!/usr/bin/env python3
"""Runs random programs of tile operations and checks what they compute.

    random_tiles.py --count=100               100 programs on the CPU
    random_tiles.py --count=500 --device=cuda -j16
                                              on the GPU, compared with the
                                              reference and with the CPU
    random_tiles.py --compile-only --chip=sm_80,sm_90a
                                              PTX, and ptxas when it is there
    random_tiles.py --seed=7                  program 7 alone, as a failure says

Programs are numbered from --seed on, and each depends on its number alone. They
are made of products, pipelined loops, reductions, scans, transposes, loops over
elements and copies with edges, offsets, strides and conversions; Inputs/tiles.py
makes them. The reference is computed in NumPy, with a bound of the error.
"""

import argparse
import functools
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))

import check  # noqa: E402
import tiles  # noqa: E402


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1, help="how many programs")
    parser.add_argument("--compile-only", action="store_true", help="do not run")
    parser.add_argument("--chip", default="sm_80", metavar="CHIP,...")
    check.add_options(parser)
    options = parser.parse_args()
    options.compile = options.chip if options.compile_only else None
    seeds = range(options.seed, options.seed + options.count)
    programs = [(f"tiles-{n}", functools.partial(tiles.random_program, n)) for n in seeds]

    def explain(program):
        kept = [a for a in sys.argv[1:] if not a.startswith(("--seed", "--count", "-j"))]
        seed = program.name.removeprefix("tiles-")
        again = " ".join([os.path.basename(__file__), f"--seed={seed}", *kept])
        return f"\n    again: {again}\n{program.text()}"

    check.run_all(programs, options, explain)


if __name__ == "__main__":
    main()
