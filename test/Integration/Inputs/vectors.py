"""Copies whose rows can be moved in vectors: widths, edges, types, offsets."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref

THREADS = [1, 2, 31, 32, 33, 48, 96, 128, 256, 1000, 1024]
COLUMNS = [1, 3, 8, 16, 32, 33, 48, 64, 80, 96, 128, 229]
ROWS = [1, 2, 3, 8, 17, 32]
BYTES = 40 << 10


def random_case(rng):
    pick = lambda options: options[rng.integers(len(options))]
    case = {}
    case["tile"] = (int(pick(ROWS)), int(pick(COLUMNS)))
    grid = tuple(int(n) for n in rng.integers(1, 4, 2))
    case["grid"] = grid
    # The last tiles in each direction may be ragged.
    case["sizes"] = tuple(
        n * t - int(pick([0, 0, 1, 2, 4, 8, 16])) % t for n, t in zip(grid, case["tile"])
    )
    # Where the matrix begins in its memory.
    case["shift"] = int(pick([0, 0, 0, 1, 2, 4, 8, -8, -4]))
    names = list(TYPES)
    case["source"] = pick(names)
    case["middle"] = case["source"] if rng.random() < 0.6 else pick(names)
    case["target"] = case["middle"] if rng.random() < 0.6 else pick(names)
    wide = TYPES[case["middle"]].bits(0).itemsize
    if case["tile"][0] * case["tile"][1] * wide > BYTES:
        case["tile"] = (8, case["tile"][1])
        case["sizes"] = tuple(min(s, n * t) for s, n, t in zip(case["sizes"], grid, case["tile"]))
    case["threads"] = pick(THREADS)
    case["pad"] = rng.random() < 0.3
    case["dynamic"] = rng.random() < 0.5
    case["way"] = pick(["shared", "shared", "two", "direct"])
    return case


def emit_case(p, rng, case):
    """Moves a matrix tile by tile, through shared memory or not, into another
    of the size of all tiles, which shows what was padded."""
    source, middle, target = (TYPES[case[k]] for k in ("source", "middle", "target"))
    if case["way"] == "direct":
        middle = source
    (rows, columns), (m, n) = case["tile"], case["sizes"]
    gy, gx = case["grid"]
    src = p.integers(source.name, (m, n), 0 if source.name == "i1" else -4)
    a = p.input(source.name, src, (None, None) if case["dynamic"] else None)
    out = p.output(target.name, (gy * rows, gx * columns), dynamic=rng.random() < 0.5)
    shift = p.scalar("index", case["shift"]) if rng.random() < 0.5 else p.constant(case["shift"])
    pad, text = np.zeros((1,), source.storage), ""
    lines = []
    if case["pad"]:
        pad = p.integers(source.name, (1,), 1, 3)
        number = formats.decode(source, pad)[0]
        if source.name == "i1":
            number = "true" if number else "false"
            lines.append(f"%pad = arith.constant {number}")
        elif source.is_float:
            bits = int(formats.to_bits(source, pad)[0])
            lines.append(f"%pad = arith.constant {bits:#x} : {source.name}")
        else:
            lines.append(f"%pad = arith.constant {number} : {source.name}")
        text = f" pad(%pad : {source.name})"
    lines += [
        f"%row = arith.muli %by, {p.constant(rows)} : index",
        f"%col = arith.muli %bx, {p.constant(columns)} : index",
        f"%from = arith.addi %col, {shift} : index",
    ]
    shared = memref((rows, columns), middle.name, "shared")
    if case["way"] == "direct":
        lines.append(
            f"tile.copy {a}[%row, %from], {out}[%row, %col] extents [{rows}, {columns}]"
            f"{text} : {a.text} to {out.text}"
        )
    else:
        lines += [
            f"%s = tile.alloc : {shared}",
            f"tile.copy {a}[%row, %from], %s{text} : {a.text} to {shared}",
        ]
        if case["way"] == "two":
            lines += [f"%t = tile.alloc : {shared}", f"tile.copy %s, %t : {shared} to {shared}"]
        last = "%t" if case["way"] == "two" else "%s"
        lines.append(f"tile.copy {last}, {out}[%row, %col] : {shared} to {out.text}")
    grid = f"{p.constant(gx)}, {p.constant(gy)}"
    p.emit(f"tile.launch blocks(%bx, %by) in ({grid}) threads({case['threads']}) {{")
    p.emit(*("  " + line for line in lines), "}")

    want = np.broadcast_to(pad, (gy * rows, gx * columns)).copy()
    for column in range(gx * columns):
        if 0 <= column + case["shift"] < n:
            want[:m, column] = src[:, column + case["shift"]]
    want = formats.convert(source, middle, want)
    want = formats.convert(middle, target, want)
    p.expect(out, want, what=str(case))


def random_vectors(part, count, seed):
    p = Program(f"vector-{part}", seed)
    for _ in range(count):
        emit_case(p, p.rng, random_case(p.rng))
    return p


PROGRAMS = {f"vector-{part}": functools.partial(random_vectors, part, 12) for part in range(12)}
