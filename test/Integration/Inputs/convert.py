"""Conversion of every element type to every other, bit for bit."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref

TILE = 2048


def neighbours(values, dtype):
    """The values and those next to them on either side."""
    values = np.asarray(values, dtype)
    with np.errstate(all="ignore"):
        return np.concatenate(
            [np.nextafter(values, dtype(-np.inf)), values, np.nextafter(values, dtype(np.inf))]
        )


def float_sample(type, rng):
    """Edges of every narrower type: its numbers, the ties between them and the
    neighbours of both; random bits; what integers need."""
    dtype = type.storage
    parts = []
    for name in ("f32", "f16", "bf16", "f8E4M3FN", "f8E5M2"):
        narrow = TYPES[name]
        if narrow.width >= type.width:
            continue
        if narrow.width == 32:
            codes = rng.integers(0, 2**32, 20000).astype(np.uint32).view(np.float32)
        else:
            codes = formats.all_codes(narrow)
            if narrow.width == 16 and type.width == 64:
                codes = codes[rng.integers(0, codes.size, 8000)]
        values = formats.decode(narrow, codes)
        values = np.unique(values[np.isfinite(values)])
        ties = (values[1:] + values[:-1]) / 2
        with np.errstate(all="ignore"):
            parts += [neighbours(values, dtype), neighbours(ties, dtype)]
    largest = [57344, 61440, 448, 464, 480, 65504, 65520, 3.3895314e38, 3.3961775e38]
    limits = [128, 127.5, 2.0**31, 2.0**31 - 0.5, 2.0**63, 0.5, 1.5, 2.5, 1, 0.0, 2.0**24]
    parts += [neighbours(largest + limits, dtype), -neighbours(largest + limits, dtype)]
    with np.errstate(all="ignore"):
        parts.append(np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 1e308, 5e-324]).astype(dtype))
    bits = rng.integers(0, np.iinfo(type.bits).max, 20000, dtype=type.bits, endpoint=True)
    return np.concatenate(parts + [bits.view(dtype)])


def integer_sample(type, rng):
    edges = [2**k for k in range(type.width)] + [0]
    edges = np.array([e + d for e in edges for d in (-1, 0, 1)], object)
    info = np.iinfo(type.storage)
    edges = np.concatenate([edges, -edges, [info.min, info.max]])
    edges = np.array([e for e in edges if info.min <= e <= info.max], type.storage)
    # Numbers of every length, and ties of the 8-bit mantissa of bf16 that one
    # far bit decides.
    shifts = rng.integers(0, type.width, 20000).astype(type.storage)
    spread = rng.integers(info.min, info.max, 20000, dtype=type.storage) >> shifts
    k = np.arange(10, type.width - 1)
    base = np.array([2**int(i) + 2 ** (int(i) - 8) for i in k], object)
    ties = np.concatenate([base - 1, base, base + 1, -base - 1, -base + 1])
    return np.concatenate([edges, spread, ties.astype(type.storage)])


def sample(type, rng):
    if type.width <= 16 and type.name != "i1":
        return formats.all_codes(type)
    if type.name == "i1":
        return np.array([False, True])
    return float_sample(type, rng) if type.is_float else integer_sample(type, rng)


def conversions(name, seed):
    source = TYPES[name]
    p = Program(f"convert-{name}", seed)
    array = sample(source, p.rng)
    src = p.input(name, array, (None,))
    blocks, step = p.constant(-(-array.size // TILE)), p.constant(TILE)
    for i, target in enumerate(TYPES.values()):
        dst = p.output(target.name, array.shape, dynamic=True)
        fragment = memref((TILE,), name, "fragment")
        p.emit(
            f"tile.launch blocks(%b{i}) in ({blocks}) threads(128) {{",
            f"  %start = arith.muli %b{i}, {step} : index",
            f"  %f = tile.alloc : {fragment}",
            f"  tile.copy {src}[%start], %f : {src.text} to {fragment}",
            f"  tile.copy %f, {dst}[%start] : {fragment} to {dst.text}",
            "}",
        )
        with np.errstate(all="ignore"):
            want = formats.convert(source, target, array)
        p.expect(dst, want, what=f"{name} to {target.name}", any_nan=True)
    return p


PROGRAMS = {f"convert-{name}": functools.partial(conversions, name) for name in TYPES}
