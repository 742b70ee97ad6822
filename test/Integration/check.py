#!/usr/bin/env python3
"""Runs numeric programs through tile-run and checks what they compute.

    check.py --all                 every program on the CPU, and a summary
    check.py --all --device=cuda   on the GPU, compared with the reference and
                                   with the CPU
    check.py --filter=gemm         those whose name matches the expression
    check.py --compile=sm_80       only compile: PTX, and ptxas when it is there
    check.py --planned             run what the planning passes leave, so that the
                                   CPU executes pipelines and shares memory

Inputs are random from a fixed seed (--seed), outputs are poisoned, and the
reference is computed here in float64 or wider. Needs NumPy and the tools in
PATH (or --tools); nothing else, so the folder can be carried to another machine.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))

import numpy as np  # noqa: E402

import formats  # noqa: E402
import program as prog  # noqa: E402
import suites  # noqa: E402


# The passes up to the conversion to the GPU.
PLANNING = (
    "tile-import,tile-drop-compile-time-arguments,tile-inline-meta,"
    "tile-bind-shapes,inline,symbol-dce,tile-fold-divisibility,canonicalize,"
    "tile-expand-print,tile-expand-votes,tile-isolate-effects,"
    "tile-version-launches,tile-infer-layouts,tile-plan-pipeline,"
    "tile-swizzle-shared,tile-plan-memory,tile-insert-barriers"
)


def find_tool(options, name):
    folder = options.tools
    path = os.path.join(folder, name) if folder else shutil.which(name)
    if not path or not os.path.exists(path):
        sys.exit(f"check.py: error: cannot find {name}; put it in PATH or give --tools")
    return path


def write_source(program, options, folder):
    """Writes the program to a file, after its passes."""
    source = os.path.join(folder, "program.mlir")
    with open(source, "w") as file:
        file.write(program.text())
    stages = [program.passes] if program.passes else []
    if options.planned:
        stages.append([f"--pass-pipeline=builtin.module({PLANNING})"])
    for number, passes in enumerate(stages):
        result = os.path.join(folder, f"after-passes-{number}.mlir")
        tool = find_tool(options, "tile-opt")
        run_tool([tool, source, *passes, "-o", result], options)
        source = result
    if program.file and not stages:
        return program.file
    return source


def run_tool(command, options, what="", either=False):
    """Runs a command that must end well, and gives the first line of its words
    in the error otherwise."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=options.timeout
    )
    if done.returncode:
        words = done.stderr or (done.stdout if either else "")
        lines = words.strip().splitlines() or ["no message"]
        raise RuntimeError((what or f"exit code {done.returncode}: ") + lines[0])


def run_on(program, device, options, folder):
    """Runs the program and gives the arrays of the arguments that are checked."""
    source = write_source(program, options, folder)
    command = [find_tool(options, "tile-run"), source]
    command += [f"--entry={program.entry}", f"--device={device}"]
    outputs = {}
    for i, argument in enumerate(program.arguments):
        if argument.array is None:
            command.append(argument.scalar)
            continue
        path = os.path.join(folder, f"{i}.npy")
        if not os.path.exists(path):
            formats.save(path, argument.type, argument.array)
        command.append(path)
        if argument.checks:
            outputs[i] = os.path.join(folder, f"{device}-{i}.npy")
            command.append(f"--out={i}={outputs[i]}")
    run_tool(command, options)
    return {
        i: formats.load(path, program.arguments[i].type) for i, path in outputs.items()
    }


def check_arrays(program, arrays, what=""):
    results = []
    for i, array in arrays.items():
        for check, _ in program.arguments[i].checks:
            result = check(array)
            result.what = f"{what}argument {i} {result.what}".strip()
            results.append(result)
    return results


def compare_devices(program, cpu, cuda):
    """The GPU's results against those of the CPU, each within the tolerance."""
    results = []
    for i in cpu:
        argument = program.arguments[i]
        for check, tolerance in argument.checks:
            if tolerance is None:
                continue  # both have the bits of the reference
            want = formats.decode(argument.type, cpu[i])
            results.append(
                prog.compare(
                    argument.type, cuda[i], want, 2 * tolerance, f"cuda and cpu, {i}"
                )
            )
    return results


def check_program(program, options):
    with tempfile.TemporaryDirectory() as folder:
        cpu = run_on(program, "cpu", options, folder)
        results = check_arrays(program, cpu)
        if options.device == "cuda":
            cuda = run_on(program, "cuda", options, folder)
            results += check_arrays(program, cuda, "cuda ")
            results += compare_devices(program, cpu, cuda)
    if not results:
        raise RuntimeError("nothing is checked")
    return results


def compile_program(program, options):
    """Translates the program to PTX and assembles it."""
    ptxas = shutil.which("ptxas")
    with tempfile.TemporaryDirectory() as folder:
        source = write_source(program, options, folder)
        ptx = os.path.join(folder, "program.ptx")
        for chip in options.compile.split(","):
            translate = [find_tool(options, "tile-translate"), "--tile-to-ptx"]
            commands = [translate + [f"--chip={chip}", source, "-o", ptx]]
            if ptxas:
                cubin = os.path.join(folder, "program.cubin")
                commands.append([ptxas, f"-arch={chip}", ptx, "-o", cubin])
            for command in commands:
                run_tool(command, options, f"{chip}: ", either=True)
    return []


def run_one(program, options):
    """One row of the table: (ok, seconds, text)."""
    start = time.monotonic()
    try:
        run = compile_program if options.compile else check_program
        results = run(program, options)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return False, time.monotonic() - start, str(error)
    seconds = time.monotonic() - start
    if options.compile:
        return True, seconds, options.compile
    failed = [r for r in results if not r.ok]
    if failed:
        lines = [f"{r.what}: {r.note}" for r in failed[:8]]
        more = [f"and {len(failed) - 8} more"] if len(failed) > 8 else []
        return False, seconds, "\n    ".join(lines + more)
    error = max(r.error for r in results)
    used = max(r.used for r in results)
    text = f"{len(results)} outputs, largest error {error:.3g}"
    return True, seconds, text + (f" ({used:.0%} of allowed)" if used else "")


def add_options(parser):
    """The options that every driver of programs has."""
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--planned", action="store_true", help="plan first")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tools", help="folder of tile-run and tile-translate")
    parser.add_argument("--timeout", type=float, default=300, help="seconds a program")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--save", metavar="FOLDER", help="write the programs there")


def run_all(programs, options, explain=lambda program: ""):
    """Runs pairs of a name and a function that makes the program, and ends the
    process. `explain` adds words to a failure."""
    if options.save:
        os.makedirs(options.save, exist_ok=True)
        for name, make in programs:
            with open(os.path.join(options.save, name + ".mlir"), "w") as file:
                file.write(make().text())

    def run(pair):
        program = pair[1]()
        return pair[0], program, run_one(program, options)

    start, failures = time.monotonic(), 0
    width = max(len(name) for name, _ in programs)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, program, (ok, seconds, text) in pool.map(run, programs):
            failures += not ok
            state = "ok  " if ok else "FAIL"
            text += "" if ok else explain(program)
            print(f"{state} {name:<{width}} {seconds:7.2f} s  {text}", flush=True)
    print(
        f"{len(programs) - failures} passed, {failures} failed in "
        f"{time.monotonic() - start:.1f} s (seed {options.seed}, "
        f"{options.compile or options.device})"
    )
    sys.exit(failures > 0)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="every program")
    parser.add_argument("--filter", default="", help="programs whose name matches")
    parser.add_argument("--list", action="store_true", help="print the names only")
    parser.add_argument("--compile", metavar="CHIP,...", help="compile, do not run")
    add_options(parser)
    options = parser.parse_args()

    pattern = re.compile(options.filter)
    programs = [p for p in suites.programs(options.seed) if pattern.search(p[0])]
    if not programs:
        sys.exit(f"check.py: error: no program matches '{options.filter}'")
    if options.list:
        print("\n".join(name for name, _ in programs))
        return
    if not (options.all or options.filter):
        parser.error("expected --all or --filter")
    run_all(programs, options)


if __name__ == "__main__":
    main()
