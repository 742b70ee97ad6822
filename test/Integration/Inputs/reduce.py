"""tile.reduce: kinds, element types, dimensions, forms and special values."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref, sum_tolerance

NUMERIC = ["sum", "max", "min", "abssum", "absmax"]
BITWISE = ["and", "or", "xor"]
THREADS = [1, 2, 31, 33, 96, 128, 1000, 1024]
SHAPES = [((37,), 0), ((5, 70), 1), ((64, 33), 0), ((3, 5, 17), 0), ((3, 17, 5), 1),
          ((4, 3, 65), 2), ((1, 9), 0), ((130, 1), 1)]  # fmt: skip


def combine(kind, type, values, dim, held):
    """The values of a reduction; those that wrap are cut by the caller."""
    if kind in ("abssum", "absmax"):
        values = np.abs(values)
    if held is not None:
        if kind == "absmax" and not type.is_float:
            # What was held counts as an unsigned number too.
            bits = held.astype(type.storage).view(type.bits).astype(np.uint64)
            values, held = values.astype(np.uint64), bits
        values = np.concatenate([values, held], axis=dim)
    if kind in ("sum", "abssum"):
        if type.is_float:
            return values.astype(np.longdouble).sum(dim)
        return values.sum(dim)
    if kind in ("max", "absmax"):
        return values.max(dim)
    if kind == "min":
        return values.min(dim)
    function = {"and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor}[kind]
    return function.reduce(values, dim)


def emit_reduce(p, kind, type, array, dim, keep, accumulate, scopes, threads, held=None,
                ignore_nan=False):  # fmt: skip
    src = p.input(type.name, array)
    shape = array.shape[:dim] + array.shape[dim + 1 :]
    kept = array.shape[:dim] + (1,) + array.shape[dim + 1 :]
    dst = p.output(type.name, kept if keep else shape, held)
    before, after, names, types = [], [], [], []
    for name, arg, scope in (("%src", src, scopes[0]), ("%dst", dst, scopes[1])):
        if scope == "global":
            names.append(str(arg))
            types.append(arg.text)
            continue
        names.append(name)
        types.append(memref(arg.array.shape, type.name, scope))
        before.append(f"{name} = tile.alloc : {types[-1]}")
        before.append(f"tile.copy {arg}, {name} : {arg.text} to {types[-1]}")
        if name == "%dst":
            after.append(f"tile.copy {name}, {arg} : {types[-1]} to {arg.text}")
    flag = " accumulate" if accumulate else ""
    flag += " ignore_nan" if ignore_nan else ""
    text = f"tile.reduce {kind} {names[0]}, {names[1]} dim {dim}{flag} : {types[0]} to {types[1]}"
    p.emit(f"tile.launch blocks() in () threads({threads}) {{")
    p.emit(*("  " + line for line in before + [text] + after), "}")
    return dst, text


def expect_reduction(p, dst, text, kind, type, array, dim, held, exact):
    values = formats.decode(type, array)
    kept = values.shape[:dim] + (1,) + values.shape[dim + 1 :]
    before = None if held is None else formats.decode(type, held).reshape(kept)
    want = combine(kind, type, values, dim, before).reshape(dst.array.shape)
    if exact or kind not in ("sum", "abssum"):
        want = np.asarray(want, np.float64 if type.is_float else np.int64)
        p.expect(dst, formats.encode(type, want), what=text)
        return
    magnitude = np.abs(values).sum(dim)
    if before is not None:
        magnitude = magnitude + np.abs(before).reshape(magnitude.shape)
    compute = type if type.width >= 32 else TYPES["f32"]
    tolerance = sum_tolerance(values.shape[dim] + 1, magnitude, compute, type)
    p.expect(dst, want, tolerance.reshape(want.shape), what=text)


def kinds_of(type):
    kinds = [] if type.name == "i1" else list(NUMERIC)
    # Bits are bits: i64 stands for index.
    return kinds + ([] if type.is_float or type.name == "index" else BITWISE)


def reductions(name, kind, seed):
    type = TYPES[name]
    p = Program(f"reduce-{name}-{kind}", seed)
    scopes = ["global", "shared", "fragment"]
    first = kinds_of(type).index(kind)
    for i, (shape, dim) in enumerate(SHAPES):
        number = first + i
        keep, accumulate = bool((number >> 1) & 1), bool((number >> 2) & 1)
        # Small integers sum exactly; f8 holds few of them.
        narrow = name.startswith("f8")
        exact = not type.is_float or (not narrow and i % 2 == 0)
        low, high = {"i8": (-128, 127), "i16": (-(2**15), 2**15 - 1)}.get(name, (-4, 4))
        make = functools.partial(p.integers, low=low, high=high) if exact else p.normal
        array = make(name, shape)
        kept = shape[:dim] + ((1,) if keep else ()) + shape[dim + 1 :]
        held = make(name, kept) if accumulate else None
        pair = (scopes[number % 3], scopes[(number // 3 + i) % 3])
        threads = THREADS[(number * 3 + i) % len(THREADS)]
        dst, text = emit_reduce(p, kind, type, array, dim, keep, accumulate, pair,
                                threads, held)  # fmt: skip
        expect_reduction(p, dst, text, kind, type, array, dim, held, exact)
    return p


def special_floats(name, seed):
    """NaN, infinities and signed zeros."""
    p = Program(f"reduce-special-{name}", seed)
    nan, inf = np.nan, np.inf
    rows = np.array(
        [
            [1, nan, 2, 3], [nan, 1, 2, 3], [1, 2, 3, nan], [inf, -inf, 1, 2],
            [-inf, -inf, -inf, -inf], [inf, inf, inf, inf], [-0.0, 0.0, -0.0, -0.0],
            [0.0, -0.0, 0.0, 0.0], [-0.0, -0.0, -0.0, -0.0], [nan, inf, -inf, nan],
            [-1, -2, -3, -4], [inf, 1, 1, 1],
        ]
    )  # fmt: skip
    type = TYPES[name]
    array = formats.encode(type, rows)
    for kind in NUMERIC:
        values = np.abs(rows) if kind.startswith("abs") else rows
        negative = np.signbit(values)
        with np.errstate(all="ignore"):
            if kind in ("sum", "abssum"):
                want = values.sum(1)
                # A sum of zeros is negative when all of them are.
                want = np.where((want == 0) & negative.all(1), -0.0, want)
            elif kind == "min":
                want = values.min(1)
                want = np.where((want == 0) & negative.any(1), -0.0, want)
            else:
                want = values.max(1)
                want = np.where((want == 0) & ~negative.all(1), 0.0, want)
        dst, text = emit_reduce(p, kind, type, array, 1, False, False,
                                ("shared", "fragment"), 33)  # fmt: skip
        p.expect(dst, formats.encode(type, want), what=text, any_nan=True)
    return p


def ignoring_nan(name, seed):
    """Any mixture of NaN and numbers, also in what the result held."""
    type = TYPES[name]
    p = Program(f"reduce-ignore-nan-{name}", seed)
    for i, (shape, dim) in enumerate(SHAPES):
        rows = formats.decode(type, p.normal(name, shape))
        rows[p.rng.random(shape) < [0.1, 0.5, 0.97][i % 3]] = np.nan
        rows[p.rng.random(shape) < 0.2] = [0.0, -0.0, np.inf, -np.inf][i % 4]
        array = formats.encode(type, rows)
        rows = formats.decode(type, array)  # f8E4M3FN has no infinity
        for kind in ("max", "min", "absmax"):
            held = None
            values = np.abs(rows) if kind == "absmax" else rows
            if i % 2:
                kept = shape[:dim] + shape[dim + 1 :]
                held = p.integers(name, kept).astype(type.storage)
                first = formats.decode(type, held)
                first[p.rng.random(kept) < 0.5] = np.nan
                held = formats.encode(type, first)
                values = np.concatenate([values, np.expand_dims(first, dim)], dim)
            # The largest and the smallest number, zeros in order by their sign.
            sign = np.where(np.signbit(values), -1.0, 1.0)
            numbers = ~np.isnan(values)
            function = np.min if kind == "min" else np.max
            empty = np.inf if kind == "min" else -np.inf
            want = function(np.where(numbers, values, empty), dim)
            zero = function(np.where(numbers & (values == 0), sign, empty), dim)
            want = np.where(want == 0, np.where(zero < 0, -0.0, 0.0), want)
            want = np.where(numbers.any(dim), want, np.nan)
            scopes = ("global", "shared", "fragment")
            dst, text = emit_reduce(
                p, kind, type, array, dim, False, held is not None,
                (scopes[i % 3], scopes[(i + 1) % 3]), THREADS[i], held, ignore_nan=True,
            )  # fmt: skip
            p.expect(dst, formats.encode(type, want), what=text, any_nan=True)
    return p


def special_integers(name, seed):
    """The largest and the most negative numbers."""
    type = TYPES[name]
    p = Program(f"reduce-special-{name}", seed)
    info = np.iinfo(type.storage)
    array = np.array(
        [[info.min, 0, 1], [info.min, info.max, -1], [info.max, 1, 0], [-1, -5, -3],
         [info.min, info.min, info.min]], type.storage)  # fmt: skip
    for kind in NUMERIC + BITWISE:
        exact = array.astype(object)
        values = abs(exact) if kind.startswith("abs") else exact
        if kind in ("sum", "abssum"):
            want = values.sum(1)
        elif kind in ("max", "absmax"):
            want = values.max(1)
        elif kind == "min":
            want = values.min(1)
        else:
            want = combine(kind, type, array, 1, None).astype(object)
        want = np.array([int(w) % 2**type.width for w in want], object)
        want = want.astype(type.bits).view(type.storage)
        dst, text = emit_reduce(p, kind, type, array, 1, True, False,
                                ("fragment", "shared"), 31)  # fmt: skip
        p.expect(dst, want.reshape(-1, 1), what=text)
    return p


PROGRAMS = {
    f"reduce-{name}-{kind}": functools.partial(reductions, name, kind)
    for name, type in TYPES.items()
    for kind in kinds_of(type)
}
PROGRAMS |= {
    f"reduce-special-{name}": functools.partial(special_floats, name)
    for name in ("f64", "f32", "f16", "bf16", "f8E5M2")
}
PROGRAMS |= {
    f"reduce-ignore-nan-{name}": functools.partial(ignoring_nan, name)
    for name in ("f64", "f32", "f16", "bf16", "f8E4M3FN", "f8E5M2")
}
PROGRAMS |= {
    f"reduce-special-{name}": functools.partial(special_integers, name)
    for name in ("i8", "i16", "i32", "i64", "index")
}
