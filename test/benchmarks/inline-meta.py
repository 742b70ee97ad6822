#!/usr/bin/env python3
"""How the time of tile-inline-meta grows with the program.

    inline-meta.py           a table for N, 2N and 4N, and for depths 16, 32, 64
    inline-meta.py --check   only N and 4N; fails where the time grows much
                             faster than the program, or the result is larger
                             than the calls written

The time is the CPU time of tile-opt, from text to text with all verifiers, less
that for an empty module: the median of several runs (with --check, the least).
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

COUNTER = """
tile.class @Counter {
  tile.field @count : f32
  tile.method @add(%self: !tile.object<@Counter>, %by: f32) {
    %old = tile.get %self::@count : !tile.object<@Counter>, f32
    %new = arith.addf %old, %by : f32
    tile.set %self::@count, %new : !tile.object<@Counter>, f32
    tile.return
  }
}
"""


def function(*lines):
    return "\n".join(["func.func @f(%x: f32) {", *lines, "return", "}", ""])


def invoke(method, object="%c", cls="Counter"):
    return f"tile.invoke {object}::@{method}(%x) : !tile.object<@{cls}>, (f32) -> ()"


def calls(n):
    """N calls of one method in one function."""
    return COUNTER + function("%c = tile.new @Counter()", *[invoke("add")] * n)


def methods(n):
    """N methods, each of which calls the next: N calls deep."""
    lines = ["tile.class @C extends @Counter {"]
    for i in range(n):
        following = invoke(f"m{i + 1}", "%self", "C") if i + 1 < n else invoke("add", "%self", "C")
        lines.append(f"tile.method @m{i}(%self: !tile.object<@C>, %x: f32) {{")
        lines += [following, "tile.return", "}"]
    lines.append("}\n")
    return COUNTER + "\n".join(lines) + function("%c = tile.new @C()", invoke("m0", cls="C"))


def objects(n):
    """N objects with one prefix, each used once."""
    lines = []
    for i in range(n):
        lines += [f'%c{i} = tile.new @Counter() prefix("c")', invoke("add", f"%c{i}")]
    return COUNTER + function(*lines)


def classes(n):
    """N classes with a method and an object of each."""
    lines, text = [], COUNTER
    for i in range(n):
        text += COUNTER.replace("@Counter", f"@C{i}")
        lines += [f"%c{i} = tile.new @C{i}()", invoke("add", f"%c{i}", f"C{i}")]
    return text + function(*lines)


def nest(depth, unique):
    """`depth` inline regions in each other, with an addition in the last."""
    value, lines = "%x", []
    for i in range(depth):
        lines.append(f"%r{unique}_{i} = tile.inline(%a{unique}_{i} = {value} : f32) -> f32 {{")
        value = f"%a{unique}_{i}"
    result = f"%s{unique}"
    lines.append(f"{result} = arith.addf {value}, {value} : f32")
    for i in reversed(range(depth)):
        lines += [f"tile.return {result} : f32", "}"]
        result = f"%r{unique}_{i}"
    return lines


def regions(n, depth=64):
    """N inline regions, nested 64 deep."""
    return function(*[line for i in range(n // depth) for line in nest(depth, i)])


def region_depth(depth):
    """16384 inline regions, nested N deep."""
    return regions(16384, depth)


def method_depth(depth):
    """16384 calls, nested N deep."""
    text = methods(depth)
    return text.replace(invoke("m0", cls="C"), "\n".join([invoke("m0", cls="C")] * (16384 // depth)))


# Each with its smallest size, how the program grows with it, and the additions
# that the result must have.
CASES = [
    (calls, 4000, 1, lambda n: n),
    (methods, 4000, 1, lambda n: 1),
    (objects, 4000, 1, lambda n: n),
    (classes, 2000, 1, lambda n: n),
    (regions, 4096, 1, lambda n: n // 64),
    (region_depth, 16, 0, lambda n: 16384 // n),
    (method_depth, 16, 0, lambda n: 16384 // n),
]


def run(tool, path):
    """The output of one run and its CPU time."""
    command = [tool, path, "--tile-inline-meta=max-depth=100000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"inline-meta.py: error: {' '.join(command)} failed")
    return text, usage.ru_utime + usage.ru_stime


def measure(options, text, reduce):
    with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
        file.write(text)
        file.flush()
        results = [run(options.tool, file.name) for _ in range(options.rounds)]
    return results[0][0], reduce([time for _, time in results])


def check_output(make, text, additions):
    """What is wrong with the result, or nothing."""
    found = text.count("arith.addf")
    if found != additions:
        return [f"{make.__name__}: expected {additions} additions, found {found}"]
    left = re.search(r"tile\.(class|new|invoke|get|set|inline|return)", text)
    return [f"{make.__name__}: {left[0]} is left"] if left else []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default="tile-opt", help="path of tile-opt")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    factors = (1, 4) if options.check else (1, 2, 4)
    reduce = min if options.check else statistics.median
    empty = min(measure(options, "module {}\n", reduce)[1] for _ in range(4))
    print("| program | N |", *[f"{'' if f == 1 else f}N, ms |" for f in factors], "4N / N |")
    print("|---|---|" + "---|" * len(factors) + "---|")
    failures = []
    for make, smallest, growth, additions in CASES:
        # Linear growth gives 4 or 1, quadratic growth 16 or 4; in between is
        # left to caches and to the noise of a shared machine. What is too much
        # is measured again, as the noise may be more than that.
        limit = 10 if growth else 3
        for _ in range(3 if options.check else 1):
            times = []
            for n in [smallest * factor for factor in factors]:
                output, time = measure(options, make(n), reduce)
                times.append(max(time - empty, 5e-3))
                failures += check_output(make, output, additions(n))
            ratio = times[-1] / times[0]
            if ratio <= limit:
                break
        cells = " | ".join(f"{time * 1e3:.0f}" for time in times)
        print(f"| {make.__doc__.rstrip('.')} | {smallest} | {cells} | {ratio:.1f} |")
        if ratio > limit:
            failures.append(f"{make.__name__}: 4N takes {ratio:.1f} times as long as N")
    if options.check and failures:
        sys.exit("inline-meta.py: error: " + "; ".join(failures))


if __name__ == "__main__":
    main()
