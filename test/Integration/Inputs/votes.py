"""tile.any and tile.all: types, scopes, regions; tile.transpose: types, scopes."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref

THREADS = [1, 2, 31, 33, 96, 1000]


def sample(p, name, shape, kind):
    """Mostly zeros for "any", mostly others for "all", or only these."""
    type = TYPES[name]
    rare = p.rng.random(shape) < p.rng.choice([0.0, 0.05, 1.0])
    ones = p.integers(name, shape, 1, 4) if name != "i1" else np.ones(shape, np.bool_)
    zeros = np.zeros(shape, type.storage)
    if type.is_float:
        # A negative zero is zero, NaN is not.
        zeros = formats.encode(type, np.where(p.rng.random(shape) < 0.5, 0.0, -0.0))
        ones = formats.encode(type, np.where(p.rng.random(shape) < 0.5, np.nan, 1.0))
    return np.where(rare == (kind == "any"), ones, zeros).astype(type.storage)


def region_of(begin, extents, shape):
    """The part of the region that lies in the buffer, as slices."""
    slices = []
    for b, e, size in zip(begin, extents, shape):
        low, high = max(b, 0), min(b + max(e, 0), size)
        slices.append(slice(low, max(high, low)))
    return tuple(slices)


def votes(name, seed):
    type = TYPES[name]
    p = Program(f"vote-{name}", seed)
    for i in range(14):
        kind = ["any", "all"][i % 2]
        shape = [(37,), (5, 9), (16, 33), (3, 4, 5), (), (70, 2), (1,)][i // 2]
        scope = ["global", "shared", "fragment"][i % 3]
        array = sample(p, name, shape, kind)
        src, dst = p.input(name, array), p.output("i32", (2,))
        begin = [int(p.rng.integers(-3, s)) for s in shape] if i % 4 else [0] * len(shape)
        extents = [int(p.rng.integers(-1, s + 2)) for s in shape] if i % 5 else list(shape)
        at = f"[{', '.join(p.constant(b) for b in begin)}]" if i % 4 and shape else ""
        runtime = [str(p.scalar("index", e)) if p.rng.random() < 0.5 or e < 0 else str(e)
                   for e in extents] if i % 5 else []  # fmt: skip
        over = f" extents [{', '.join(runtime)}]" if i % 5 else ""
        buffer, text, lines = str(src), src.text, []
        if scope != "global":
            buffer, text = "%b", memref(shape, name, scope)
            lines = [f"%b = tile.alloc : {text}",
                     f"tile.copy {src}, %b : {src.text} to {text}"]  # fmt: skip
        vote = f"tile.{kind} {buffer}{at}{over} : {text}"
        # Asked twice, since the flag is used again.
        lines += [f"%r = {vote}", "%w = arith.extui %r : i1 to i32",
                  f"memref.store %w, {dst}[{p.constant(0)}] : {dst.text}",
                  f"%q = {vote}", "%v = arith.extui %q : i1 to i32",
                  f"memref.store %v, {dst}[{p.constant(1)}] : {dst.text}"]  # fmt: skip
        p.emit(f"tile.launch blocks() in () threads({THREADS[i % 6]}) {{")
        p.emit(*("  " + line for line in lines), "}")
        truth = (formats.decode(type, array) != 0)[region_of(begin, extents, shape)]
        want = truth.any() if kind == "any" else truth.all()
        p.expect(dst, np.full(2, want, np.int32), what=vote)
    return p


def loop(seed):
    """A flag in a loop, and a branch that the whole block takes."""
    p = Program("vote-loop", seed)
    array = (p.rng.random((9, 50)) < 0.02).astype(np.int8)
    src, dst = p.input("i8", array), p.output("i32", (9,), np.zeros(9, np.int32))
    tile = memref((50,), "i8", "shared")
    zero, one, nine = p.constant(0), p.constant(1), p.constant(9)
    p.emit(
        "tile.launch blocks() in () threads(64) {",
        f"  %s = tile.alloc : {tile}",
        f"  %n = arith.constant 1 : i32",
        f"  scf.for %i = {zero} to {nine} step {one} {{",
        f"    tile.copy {src}[%i, {zero}], %s : {src.text} to {tile}",
        f"    %r = tile.any %s : {tile}",
        "    scf.if %r {",
        f"      memref.store %n, {dst}[%i] : {dst.text}",
        "    }",
        "  }",
        "}",
    )
    p.expect(dst, array.any(1).astype(np.int32), what="rows with an element")
    return p


def transposes(seed):
    p = Program("transpose", seed)
    names = list(TYPES)
    scopes = ["global", "shared", "fragment"]
    shapes = [(5, 7), (33, 64), (1, 40), (128, 3), (17, 17)]
    for i in range(36):
        source, target = names[i % len(names)], names[(i * 5 + i // 12) % len(names)]
        shape = shapes[i % 5]
        array = p.integers(source, shape)
        src, dst = p.input(source, array), p.output(target, shape[::-1])
        pair = [scopes[i % 3], scopes[(i // 3) % 3]]
        texts, operands, lines, after = [], [], [], []
        for name, arg, scope, type in (("%s", src, pair[0], source), ("%d", dst, pair[1], target)):
            text = memref(arg.array.shape, type, scope)
            texts.append(text)
            operands.append(str(arg) if scope == "global" else name)
            if scope == "global":
                continue
            lines.append(f"{name} = tile.alloc : {text}")
            if name == "%s":
                lines.append(f"tile.copy {arg}, {name} : {arg.text} to {text}")
            else:
                after.append(f"tile.copy {name}, {arg} : {text} to {arg.text}")
        op = f"tile.transpose {operands[0]}, {operands[1]} : {texts[0]} to {texts[1]}"
        p.emit(f"tile.launch blocks() in () threads({THREADS[i % 6]}) {{")
        p.emit(*("  " + line for line in lines + [op] + after), "}")
        want = formats.convert(TYPES[source], TYPES[target], array.T)
        p.expect(dst, np.ascontiguousarray(want), what=op)
    return p


PROGRAMS = {f"vote-{name}": functools.partial(votes, name) for name in TYPES}
PROGRAMS |= {"vote-loop": loop, "transpose": transposes}
