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


def swizzled(seed):
    """Every kind of access to buffers with a swizzle."""
    p = Program("vector-swizzled", seed)
    for type, swizzle, columns in [
        ("f16", 128, 64), ("f16", 128, 128), ("bf16", 64, 32), ("f16", 64, 96),
        ("i8", 32, 32), ("i32", 128, 32), ("f32", 64, 48), ("i64", 32, 12),
    ]:  # fmt: skip
        emit_swizzled(p, type, swizzle, columns)
    return p


def emit_swizzled(p, type, swizzle, columns, rows=24):
    t = TYPES[type]
    source = p.integers(type, (2, rows, columns), 0, 3)
    values = formats.decode(t, source)
    a = p.input(type, source)
    out, sums = p.output(type, (rows, columns)), p.output(type, (rows,))
    turned, scanned = p.output(type, (columns, rows)), p.output(type, (rows, columns))
    stages = memref((2, rows, columns), type, "shared")
    shared = memref((rows, columns), type, "shared")
    other = memref((columns, rows), type, "shared")
    view = memref((rows, columns), type, "shared", f"strided<[{columns}, 1], offset: ?>")
    c0, c1, row, column = p.constant(0), p.constant(1), p.constant(5), p.constant(7)
    p.emit(
        "tile.launch blocks() in () threads(96) {",
        f"  %a = tile.alloc swizzle({swizzle}) : {stages}",
        f"  tile.copy {a}, %a : {a.text} to {stages}",
        f"  %s = memref.subview %a[{c1}, 0, 0] [1, {rows}, {columns}] [1, 1, 1] : {stages} to {view}",
        f"  %b = tile.alloc swizzle({swizzle}) : {shared}",
        f"  tile.copy %s, %b : {view} to {shared}",
        f"  tile.reduce sum %s, {sums} dim 1 : {view} to {sums.text}",
        f"  tile.copy %s, {scanned} : {view} to {scanned.text}",
        f"  tile.parallel (%i, %j) in ({rows}, {columns}) {{",
        f"    %x = memref.load %a[{c0}, %i, %j] : {stages}",
        f"    %y = memref.load %b[%i, %j] : {shared}",
        f"    %z = arith.{'add' + ('f' if t.is_float else 'i')} %x, %y : {type}",
        f"    memref.store %z, %b[%i, %j] : {shared}",
        "  }",
        f"  %w = memref.load %a[{c0}, {row}, {column}] : {stages}",
        f"  memref.store %w, %b[{row}, {column}] : {shared}",
        f"  tile.copy %b, {out} : {shared} to {out.text}",
        f"  %t = tile.alloc : {other}",
        f"  tile.transpose %b, %t : {shared} to {other}",
        f"  tile.copy %t, {turned} : {other} to {turned.text}",
        "}",
    )
    want = values[0] + values[1]
    want[5, 7] = values[0, 5, 7]
    encode = lambda x: np.asarray(formats.encode(t, x))
    p.expect(out, encode(want), what=f"swizzle({swizzle}) {shared}")
    p.expect(turned, encode(want.T), what=f"transpose of swizzle({swizzle}) {shared}")
    p.expect(scanned, source[1], what=f"copy of swizzle({swizzle}) {shared}")
    p.expect(sums, encode(values[1].sum(axis=1)), what=f"sums of swizzle({swizzle}) {shared}")


def emit_loop(p, rng):
    """An elementwise loop over a part of matrices of any sizes."""
    pick = lambda options: options[rng.integers(len(options))]
    type, wide = pick([("f16", "f32"), ("bf16", "f32"), ("f32", "f32"), ("f32", "f64")])
    rows, columns = int(pick(ROWS)), int(pick(COLUMNS))
    grid = int(rng.integers(1, 4))
    first = int(pick([0, 0, 1, 2, 4, 8]))
    pitch = grid * columns + first + int(pick([0, 0, 1, 2, 8]))
    t, w = TYPES[type], TYPES[wide]
    x, scale = p.integers(type, (rows, pitch)), p.integers(wide, (rows,))
    bias = p.integers(type, (pitch,))
    dynamic = (None, None) if rng.random() < 0.5 else None
    a, b, c = p.input(type, x, dynamic), p.input(wide, scale), p.input(type, bias)
    out = p.output(wide, (rows, pitch), initial=p.integers(wide, (rows, pitch)), dynamic=bool(dynamic))
    old = formats.decode(w, out.array)
    extent = p.scalar("index", columns) if rng.random() < 0.3 else columns
    shift = p.scalar("index", first) if rng.random() < 0.5 else p.constant(first)
    p.emit(
        f"tile.launch blocks(%bx) in ({p.constant(grid)}) threads({pick(THREADS)}) {{",
        f"  tile.parallel (%i, %j) in ({rows}, {extent}) {{",
        f"    %block = arith.muli %bx, {p.constant(columns)} : index",
        f"    %base = arith.addi %block, {shift} : index",
        "    %k = arith.addi %base, %j : index",
        f"    %x = memref.load {a}[%i, %k] : {a.text}",
        f"    %c = memref.load {c}[%k] : {c.text}",
        f"    %s = memref.load {b}[%i] : {b.text}",
        f"    %o = memref.load {out}[%i, %k] : {out.text}",
        *(
            [f"    %w = arith.extf %x : {type} to {wide}", f"    %d = arith.extf %c : {type} to {wide}"]
            if type != wide
            else [f"    %zero = arith.constant 0.0 : {wide}"]
            + [f"    %{n} = arith.addf %{m}, %zero : {wide}" for n, m in ("wx", "dc")]
        ),
        f"    %y = arith.mulf %w, %s : {wide}",
        f"    %z = arith.addf %y, %d : {wide}",
        f"    %n = arith.index_cast %j : index to i32",
        f"    %f = arith.sitofp %n : i32 to {wide}",
        f"    %u = arith.addf %z, %f : {wide}",
        f"    %v = arith.addf %u, %o : {wide}",
        f"    memref.store %v, {out}[%i, %k] : {out.text}",
        "  }",
        "}",
    )
    want = old.copy()
    part = slice(first, first + grid * columns)
    numbers = np.tile(np.arange(columns), grid)
    want[:, part] += (
        formats.decode(t, x)[:, part] * formats.decode(w, scale)[:, None]
        + formats.decode(t, bias)[part]
        + numbers
    )
    p.expect(out, np.asarray(formats.encode(w, want)), what=f"loop {rows} x {columns} of {pitch}, {type}")


def random_loops(part, count, seed):
    p = Program(f"vector-loop-{part}", seed)
    for _ in range(count):
        emit_loop(p, p.rng)
    return p


def cut_rows(seed):
    """The edge of a matrix cuts a row of narrow elements in the middle of a
    vector; what follows in memory must stay as it is."""
    p = Program("vector-cut-rows", seed)
    for source, target in (("i8", "bf16"), ("i32", "i8"), ("f32", "f8E5M2")):
        for columns in range(225, 233):
            row = p.integers(source, (columns,))
            a, out = p.input(source, row), p.output(target, (2, 230))
            tile = memref(row.shape, source, "fragment")
            p.emit(
                f"tile.launch blocks(%b) in ({p.constant(2)}) threads(128) {{",
                f"  %t = tile.alloc : {tile}",
                f"  tile.copy {a}, %t : {a.text} to {tile}",
                f"  tile.copy %t, {out}[%b, {p.constant(5)}] : {tile} to {out.text}",
                "}",
            )
            want = out.array.copy()
            part = formats.convert(TYPES[source], TYPES[target], row)[:225]
            want[:, 5 : 5 + len(part)] = part
            p.expect(out, want, what=f"{columns} of {source} to {target}")
    return p


PROGRAMS = {f"vector-{part}": functools.partial(random_vectors, part, 12) for part in range(12)}
PROGRAMS["vector-swizzled"] = swizzled
PROGRAMS["vector-cut-rows"] = cut_rows
PROGRAMS.update({f"vector-loop-{part}": functools.partial(random_loops, part, 12) for part in range(4)})
