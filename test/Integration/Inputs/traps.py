"""Cases in which compilers of tiles have gone wrong: sizes and numbers of threads
that are no powers of two, blocks of less than a warp, views of other widths."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref, sum_tolerance

SIZES = [48, 80, 192, 229]


def columns(threads, seed):
    """Loads, an elementwise loop, a row reduction and a store of tiles whose rows
    no warp divides."""
    p = Program(f"trap-columns-{threads}", seed)
    f32 = TYPES["f32"]
    for n in SIZES:
        x = p.input("f32", p.normal("f32", (13, n + 5)), (None, None))
        y, sums = p.output("f32", (13, n)), p.output("f32", (13,))
        tile, row = memref((13, n), "f32", "fragment"), memref((13,), "f32", "fragment")
        p.emit(
            f"tile.launch blocks() in () threads({threads}) {{",
            f"  %t = tile.alloc : {tile}",
            f"  tile.copy {x}[{p.constant(0)}, {p.constant(3)}], %t : {x.text} to {tile}",
            f"  %s = tile.alloc : {row}",
            f"  tile.reduce sum %t, %s dim 1 : {tile} to {row}",
            f"  tile.parallel (%i, %j) in (13, {n}) {{",
            f"    %v = memref.load %t[%i, %j] : {tile}",
            f"    %m = memref.load %s[%i] : {row}",
            "    %r = arith.subf %v, %m : f32",
            f"    memref.store %r, %t[%i, %j] : {tile}",
            "  }",
            f"  tile.copy %t, {y} : {tile} to {y.text}",
            f"  tile.copy %s, {sums} : {row} to {sums.text}",
            "}",
        )
        part = formats.decode(f32, x.array)[:, 3 : 3 + n]
        tolerance = sum_tolerance(n, np.abs(part).sum(1), f32, f32)
        p.expect(sums, part.sum(1), tolerance, what=f"sums of {n}")
        want = part - part.sum(1, keepdims=True)
        error = tolerance[:, None] + f32.eps * np.abs(want)
        p.expect(y, want, error, what=f"{n} columns")
    return p


def small_blocks(seed):
    """Blocks of 2 to 31 threads copy to global memory, at an offset that cuts."""
    p = Program("trap-small-blocks", seed)
    for threads in (2, 3, 7, 16, 17, 31):
        for scope in ("shared", "fragment"):
            x = p.input("f16", p.normal("f16", (9, 24)))
            y = p.output("f16", (10, 30))
            tile = memref((9, 24), "f16", scope)
            p.emit(
                f"tile.launch blocks() in () threads({threads}) {{",
                f"  %t = tile.alloc : {tile}",
                f"  tile.copy {x}, %t : {x.text} to {tile}",
                f"  tile.copy %t, {y}[{p.constant(2)}, {p.constant(7)}] : {tile} to {y.text}",
                "}",
            )
            want = y.array.copy()
            want[2:, 7:] = x.array[:8, :23]
            p.expect(y, want, what=f"{threads} threads, {scope}")
    return p


def partial_row(seed):
    """A 1-D tile of which only a part is in the buffer, before and behind."""
    p = Program("trap-partial-row", seed)
    for type in ("f32", "f16", "i8"):
        for begin, size in ((0, 100), (60, 100), (-30, 100), (90, 100), (0, 1), (100, 100)):
            x = p.input(type, p.integers(type, (size,)), (None,))
            y = p.output(type, (128,))
            tile = memref((128,), type, "fragment")
            p.emit(
                "tile.launch blocks() in () threads(96) {",
                f"  %t = tile.alloc : {tile}",
                f"  tile.copy {x}[{p.scalar('index', begin)}], %t : {x.text} to {tile}",
                f"  tile.copy %t, {y} : {tile} to {y.text}",
                "}",
            )
            want = np.zeros(128, x.array.dtype)
            low, high = max(begin, 0), min(begin + 128, size)
            if low < high:
                want[low - begin : high - begin] = x.array[low:high]
            p.expect(y, want, what=f"{type} from {begin} of {size}")
    return p


def views(seed):
    """Shared and fragment memory seen in elements of other widths, both ways."""
    p = Program("trap-views", seed)
    cases = [("i32", "i8", 4), ("i8", "i32", 4), ("i64", "i16", 4), ("i16", "i64", 4)]
    for scope in ("shared", "fragment"):
        for (source, target, factor), threads in zip(cases, (33, 48, 96, 128)):
            x = p.input(source, p.normal(source, (8, 48)))
            narrower = TYPES[target].width < TYPES[source].width
            shape = (8, 48 * factor if narrower else 48 // factor)
            y = p.output(target, shape)
            a, b = memref((8, 48), source, scope), memref(shape, target, scope)
            p.emit(
                f"tile.launch blocks() in () threads({threads}) {{",
                f"  %a = tile.alloc : {a}",
                f"  tile.copy {x}, %a : {x.text} to {a}",
                f"  %b = tile.view %a : {a} to {b}",
                f"  tile.parallel (%i, %j) in {shape} {{",
                f"    %v = memref.load %b[%i, %j] : {b}",
                f"    %w = arith.addi %v, {p.constant(1, target)} : {target}",
                f"    memref.store %w, %b[%i, %j] : {b}",
                "  }",
                f"  tile.copy %b, {y} : {b} to {y.text}",
                "}",
            )
            t = TYPES[target]
            want = np.ascontiguousarray(x.array).view(t.storage) + t.storage(1)
            p.expect(y, want, what=f"{scope} {source} as {target}")
    return p


def two_loops(seed):
    """Two pipelined loops with other numbers of stages fill one shared buffer."""
    p = Program("trap-two-loops", seed)
    tile = memref((16, 40), "i32", "shared")
    for first, second in ((2, 3), (4, 2), (1, 3), (3, 1)):
        for trips in (0, 1, 2, 5):
            x = p.input("i32", p.integers("i32", (16, 40 * 5), -99, 99), (None, None))
            y = p.output("i32", (16,), np.zeros(16, np.int32))
            n = p.scalar("index", 40 * trips)
            p.emit("tile.launch blocks() in () threads(48) {", f"  %s = tile.alloc : {tile}")
            for stages in (first, second):
                p.emit(
                    f"  tile.pipelined %k = {p.constant(0)} to {n} step {p.constant(40)} "
                    f"stages({stages}) {{",
                    f"    tile.copy {x}[{p.constant(0)}, %k], %s : {x.text} to {tile}",
                    f"    tile.reduce sum %s, {y} dim 1 accumulate : {tile} to {y.text}",
                    "  }",
                )
            p.emit("}")
            want = 2 * x.array[:, : 40 * trips].astype(np.int64).sum(1)
            p.expect(y, want.astype(np.int32), what=f"{first}, {second} stages, {trips} trips")
    return p


PROGRAMS = {f"trap-columns-{n}": functools.partial(columns, n) for n in (33, 48, 96, 128)}
PROGRAMS |= {
    "trap-small-blocks": small_blocks,
    "trap-partial-row": partial_row,
    "trap-views": views,
    "trap-two-loops": two_loops,
}
