"""tile.scan: kinds, element types, dimensions, directions, in place or not."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref, sum_tolerance

SHAPES = [((37,), 0), ((1,), 0), ((5, 70), 1), ((64, 33), 0), ((3, 5, 17), 0),
          ((3, 17, 5), 1), ((4, 3, 65), 2), ((130, 1), 1)]  # fmt: skip
SCOPES = ["global", "shared", "fragment"]
THREADS = [1, 2, 31, 33, 96, 1000, 1024]


def emit_scan(p, kind, type, array, dim, reverse, scopes, threads):
    """`scopes` of source and destination; one scope means in place."""
    src, dst = p.input(type.name, array), p.output(type.name, array.shape)
    names, types, lines = [], [], []
    for i, scope in enumerate(scopes):
        arg = (dst if len(scopes) == 1 else [src, dst][i])
        if scope == "global":
            names.append(str(arg))
            types.append(arg.text)
        else:
            names.append(f"%b{i}")
            types.append(memref(array.shape, type.name, scope))
            lines.append(f"%b{i} = tile.alloc : {types[-1]}")
        if i == 0 and names[0] != str(src):
            lines.append(f"tile.copy {src}, {names[0]} : {src.text} to {types[0]}")
    flag = " reverse" if reverse else ""
    scan = f"tile.scan {kind} {names[0]}, {names[-1]} dim {dim}{flag} : {types[0]} to {types[-1]}"
    lines.append(scan)
    if names[-1] != str(dst):
        lines.append(f"tile.copy {names[-1]}, {dst} : {types[-1]} to {dst.text}")
    p.emit(f"tile.launch blocks() in () threads({threads}) {{")
    p.emit(*("  " + line for line in lines), "}")
    return dst, scan


def reference(kind, type, values, dim, reverse):
    if reverse:
        values = np.flip(values, dim)
    if kind == "sum":
        wide = values.astype(np.longdouble) if type.is_float else values
        result = np.cumsum(wide, dim)
    else:
        result = np.maximum.accumulate(values, dim)
    return np.flip(result, dim) if reverse else result


def scans(name, kind, seed):
    type = TYPES[name]
    p = Program(f"scan-{name}-{kind}", seed)
    for i, (shape, dim) in enumerate(SHAPES):
        # Small integers sum exactly; f8 holds few of them.
        exact = not type.is_float or (not name.startswith("f8") and i % 2 == 0)
        low, high = {"i8": (-128, 127), "i16": (-(2**15), 2**15 - 1)}.get(name, (-4, 4))
        array = p.integers(name, shape, low, high) if exact else p.normal(name, shape)
        scopes = (SCOPES[i % 3],) if i % 4 == 3 else (SCOPES[i % 3], SCOPES[(i // 3) % 3])
        reverse, threads = bool(i % 2), THREADS[i % len(THREADS)]
        dst, text = emit_scan(p, kind, type, array, dim, reverse, scopes, threads)
        values = formats.decode(type, array)
        want = reference(kind, type, values, dim, reverse)
        if exact or kind == "max":
            want = np.asarray(want, np.float64 if type.is_float else np.int64)
            p.expect(dst, formats.encode(type, want), what=text)
            continue
        magnitude = reference("sum", type, np.abs(values), dim, reverse)
        compute = type if type.width >= 32 else TYPES["f32"]
        tolerance = sum_tolerance(shape[dim] + 1, magnitude, compute, type)
        p.expect(dst, want, tolerance, what=text)
    return p


def special(name, seed):
    """NaN, infinities and signed zeros."""
    nan, inf = np.nan, np.inf
    rows = np.array(
        [[1, nan, 2, 3], [nan, 1, 2, 3], [1, 2, 3, nan], [inf, 1, -inf, 2],
         [-inf, -1, inf, 2], [-0.0, -0.0, 0.0, -0.0], [-3, -0.0, 0.0, 1]]
    )  # fmt: skip
    type = TYPES[name]
    p = Program(f"scan-special-{name}", seed)
    array = formats.encode(type, rows)
    for kind in ("sum", "max"):
        for reverse in (False, True):
            dst, text = emit_scan(p, kind, type, array, 1, reverse, ("shared",), 33)
            with np.errstate(all="ignore"):
                want = reference(kind, type, rows, 1, reverse).astype(np.float64)
            # Only zeros so far: a sum is negative when all of them are, a
            # maximum when none is positive.
            positive = (~np.signbit(rows)).astype(np.int64)
            none = reference("sum", TYPES["i64"], positive, 1, reverse) == 0
            want = np.where(want == 0, np.where(none, -0.0, 0.0), want)
            p.expect(dst, formats.encode(type, want), what=text, any_nan=True)
    return p


def local(seed):
    """Every thread scans its own buffer."""
    p = Program("scan-local", seed)
    type, array = TYPES["i32"], p.integers("i32", (5, 7))
    src, dst = p.input("i32", array), p.output("i32", (5, 7))
    buffer = memref((5, 7), "i32", "local")
    p.emit(
        "tile.launch blocks() in () threads(40) {",
        f"  %l = tile.alloc : {buffer}",
        f"  tile.copy {src}, %l : {src.text} to {buffer}",
        f"  tile.scan sum %l, %l dim 1 : {buffer} to {buffer}",
        "  tile.parallel (%i, %j) in (5, 7) {",
        f"    %v = memref.load %l[%i, %j] : {buffer}",
        f"    memref.store %v, {dst}[%i, %j] : {dst.text}",
        "  }",
        "}",
    )
    p.expect(dst, np.cumsum(array, 1).astype(np.int32), what="local")
    return p


PROGRAMS = {
    f"scan-{name}-{kind}": functools.partial(scans, name, kind)
    for name in TYPES
    if name != "i1"
    for kind in ("sum", "max")
}
PROGRAMS |= {
    f"scan-special-{name}": functools.partial(special, name)
    for name in ("f64", "f32", "f16", "bf16", "f8E5M2")
}
PROGRAMS["scan-local"] = local
