#!/usr/bin/env python3
"""CPU time from IR to PTX of kernels with more and more operations.

Each kernel repeats one kind of operation, or one of each, in one launch. Prints
a Markdown table of seconds with the time per operation between the last two
sizes over that between the first two: 1 is linear. Needs tile-translate.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile

THREADS, ROWS, COLUMNS = 128, 32, 64
FRAGMENT = f"memref<{ROWS}x{COLUMNS}xf32, #tile.scope<fragment>>"
SHARED = f"memref<{ROWS}x{COLUMNS}xf32, #tile.scope<shared>>"
HALF = f"memref<{ROWS}x{COLUMNS}xf16, #tile.scope<shared>>"
ACC = f"memref<{ROWS}x{ROWS}xf32, #tile.scope<fragment>>"
SUMS = f"memref<{ROWS}xf32, #tile.scope<fragment>>"
TURNED = f"memref<{COLUMNS}x{ROWS}xf32, #tile.scope<fragment>>"
GLOBAL = "memref<?x?xf32>"


def loop(*body, tile="%t", type=FRAGMENT):
    return [
        f"tile.parallel (%i, %j) in ({ROWS}, {COLUMNS}) {{",
        f"  %v = memref.load {tile}[%i, %j] : {type}",
        *("  " + line for line in body),
        f"  memref.store %r, {tile}[%i, %j] : {type}",
        "}",
    ]


KINDS = {
    "elementwise": lambda i: loop("%r = arith.mulf %v, %factor : f32"),
    "integer": lambda i: loop(
        "%w = arith.fptosi %v : f32 to i32", "%x = arith.addi %w, %seven : i32",
        "%y = arith.muli %x, %seven : i32", "%r = arith.sitofp %y : i32 to f32",
    ),
    "exp": lambda i: loop("%r = math.exp %v : f32"),
    "tanh": lambda i: loop("%r = math.tanh %v : f32"),
    "shared": lambda i: loop("%r = arith.mulf %v, %factor : f32", tile="%s", type=SHARED),
    "fill": lambda i: [f"tile.fill %t, %factor : {FRAGMENT}"],
    "load": lambda i: [f"tile.copy %a[%c{i % 4}, %c0], %t : {GLOBAL} to {FRAGMENT}"],
    "store": lambda i: [f"tile.copy %t, %a[%c{i % 4}, %c0] : {FRAGMENT} to {GLOBAL}"],
    "load shared": lambda i: [f"tile.copy %a[%c{i % 4}, %c0], %s : {GLOBAL} to {SHARED}"],
    "reduce": lambda i: [f"tile.reduce sum %t, %sums dim 1 accumulate : {FRAGMENT} to {SUMS}"],
    "reduce columns": lambda i: [f"tile.reduce max %s, %row dim 0 : {SHARED} to {ROW}"],
    "scan": lambda i: [f"tile.scan sum %s, %s dim 1 : {SHARED} to {SHARED}"],
    "transpose": lambda i: [f"tile.transpose %s, %u : {SHARED} to {TURNED}"],
    "product": lambda i: [f"tile.gemm %h, %h, %acc transpose_b : {HALF}, {HALF}, {ACC}"],
    "plain product": lambda i: [
        f"tile.gemm %s, %s, %acc transpose_b : {SHARED}, {SHARED}, {ACC}"
    ],
    "pipelined": lambda i: [
        f"tile.pipelined %k{i} = %c0 to %n step %c32 stages(2) {{",
        f"  tile.copy %a[%c0, %k{i}], %s : {GLOBAL} to {SHARED}",
        *("  " + line for line in loop("%r = arith.addf %v, %f : f32")[:2]),
        f"    %f = memref.load %s[%i, %j] : {SHARED}",
        *("  " + line for line in loop("%r = arith.addf %v, %f : f32")[2:]),
        "}",
    ],
}  # fmt: skip
ROW = f"memref<{COLUMNS}xf32, #tile.scope<fragment>>"
KINDS["each"] = lambda i: list(KINDS.values())[i % (len(KINDS) - 1)](i)


def kernel(kind, count):
    lines = [
        f"func.func @main(%a: {GLOBAL}, %factor: f32, %n: index) {{",
        *(f"  %c{i} = arith.constant {i} : index" for i in (0, 1, 2, 3, 32)),
        "  %seven = arith.constant 7 : i32",
        f"  tile.launch blocks() in () threads({THREADS}) {{",
    ]
    buffers = {"%t": FRAGMENT, "%s": SHARED, "%h": HALF, "%acc": ACC, "%sums": SUMS,
               "%row": ROW, "%u": TURNED}  # fmt: skip
    steps = [line for i in range(count) for line in KINDS[kind](i)]
    text = "\n".join(steps)
    used = {name: type for name, type in buffers.items() if f"{name}" in text}
    for name, type in used.items():
        lines.append(f"    {name} = tile.alloc : {type}")
        if name not in ("%acc", "%sums", "%row"):
            lines.append(f"    tile.copy %a, {name} : {GLOBAL} to {type}")
        elif name != "%row":
            lines.append(f"    tile.fill {name}, %factor : {type}")
    lines += ["    " + line for line in steps]
    for name, type in used.items():
        lines.append(f"    tile.copy {name}, %a[%c0, %c0] : {type} to {GLOBAL}")
    return "\n".join(lines + ["  }", "  return", "}", ""])


def measure(options, text):
    """Seconds of CPU time of one process."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "kernel.mlir")
        with open(source, "w") as file:
            file.write(text)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [options.tool, "--tile-to-ptx", f"--chip={options.chip}", source]
        limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (options.limit, -1))
        done = subprocess.run(
            [*command, "-o", os.path.join(folder, "kernel.ptx")],
            capture_output=True, text=True, preexec_fn=limit,
        )  # fmt: skip
        if done.returncode == -signal.SIGXCPU:
            return None
        if done.returncode:
            sys.exit(done.stderr)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default="tile-translate")
    parser.add_argument("--chip", default="sm_80")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--sizes", default="10,30,100,300,1000")
    parser.add_argument("--limit", type=int, default=120, help="seconds a kernel")
    parser.add_argument("--print", action="store_true", help="the kernels only")
    options = parser.parse_args()
    sizes = [int(n) for n in options.sizes.split(",")]
    if options.print:
        for kind in options.kinds.split(","):
            print(kernel(kind, sizes[0]))
        return
    print(f"| operation | {' | '.join(map(str, sizes))} | growth |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for kind in options.kinds.split(","):
        times = []
        for size in sizes:
            seconds = measure(options, kernel(kind, size))
            if seconds is None:
                break
            times.append(seconds)
        cells = [f"{t:.2f}" for t in times] + ["more"] * (len(sizes) - len(times))
        growth = ""
        if len(times) > 2:
            slope = lambda i, j: (times[j] - times[i]) / (sizes[j] - sizes[i])
            growth = f"{slope(-2, -1) / max(slope(0, 1), 1e-4):.1f}" if len(times) == len(sizes) else ""
        print(f"| {kind} | {' | '.join(cells)} | {growth} |", flush=True)


if __name__ == "__main__":
    main()
