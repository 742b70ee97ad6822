"""Copies of boxes by a copy engine, written out: loads, stores, and both in a
ring."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, sum_tolerance

SHARED = "#tile.scope<shared>"
BARS = f"memref<1xi64, {SHARED}>"

# Element type, shape of the tensor, box, swizzle. Boxes leave the tensors.
BOXES = [
    ("f16", (100, 136), (64, 64), 128),
    ("bf16", (100, 136), (64, 32), 64),
    ("f16", (40, 24), (32, 16), 32),
    ("f16", (40, 24), (32, 16), 0),
    ("f32", (65, 52), (48, 32), 128),
    ("f64", (33, 18), (16, 8), 64),
    ("i8", (50, 80), (8, 64), 64),
    ("f8E5M2", (50, 144), (40, 128), 128),
    ("i32", (100,), (64,), 0),
    ("i64", (6,), (4,), 0),
    ("i16", (3, 9, 40), (2, 8, 32), 64),
    ("f32", (3, 9, 40), (1, 8, 32), 128),
    ("f16", (2, 3, 4, 9, 16), (1, 2, 3, 8, 8), 0),
    ("bf16", (300, 8), (256, 8), 0),
]


def map_type(type, box, swizzle):
    dims = "x".join(map(str, box))
    return f"!tile.tensor_map<{dims}x{type}" + (f", swizzle {swizzle}>" if swizzle else ">")


def places(type, shape, box):
    """Where boxes begin: inside, across each end, and far outside, always at a
    multiple of 16 bytes in the row."""
    unit = 16 // TYPES[type].bits().itemsize

    def aligned(place):
        return (*place[:-1], place[-1] // unit * unit)

    inside = aligned([min(3, size - 1) for size in shape])
    return [
        (*inside[:-1], min(unit, shape[-1] - 1) // unit * unit),
        aligned([-2 for _ in shape]),
        aligned([size - 3 for size in shape]),
        aligned([size + extent for size, extent in zip(shape, box)]),
    ]


def bytes_of(type, box):
    return int(np.prod(box)) * TYPES[type].bits().itemsize


def overlap(shape, box, place):
    """The part of a box inside of the tensor: its slices in both."""
    begin = [max(p, 0) for p in place]
    end = [min(p + b, s) for p, b, s in zip(place, box, shape)]
    end = [max(b, e) for b, e in zip(begin, end)]
    in_tensor = tuple(slice(b, e) for b, e in zip(begin, end))
    in_box = tuple(slice(b - p, e - p) for b, e, p in zip(begin, end, place))
    return in_tensor, in_box


def inner(box):
    while len(box) > 1 and box[0] == 1:
        box = box[1:]
    return box


def elements(p, source, target, shape):
    """Copies all elements, each by a thread."""
    names = [f"%i{d}" for d in range(len(shape))]
    point = ", ".join(names)
    return [
        f"tile.parallel ({point}) in ({', '.join(map(str, shape))}) {{",
        f"  %v = memref.load {source[0]}[{point}] : {source[1]}",
        f"  memref.store %v, {target[0]}[{point}] : {target[1]}",
        "}",
    ]


def load(seed):
    p = Program("tma-load", seed)
    c0 = p.constant(0)
    for number, (type, shape, box, swizzle) in enumerate(BOXES):
        a = p.input(type, p.normal(type, shape), (None,) * len(shape))
        held = inner(box)
        buffer = f"memref<{'x'.join(map(str, held))}x{type}, {SHARED}>"
        kind = map_type(type, box, swizzle)
        p.emit(f"%m{number} = tile.tensor_map {a} : {a.text} to {kind}")
        for place in places(type, shape, box):
            out = p.output(type, held)
            at = ", ".join(str(p.constant(c)) for c in place)
            p.emit(
                "tile.launch blocks() in () threads(96) {",
                f"  %s = tile.alloc : {buffer}",
                f"  %b = tile.alloc : {BARS}",
                f"  tile.mbarrier_init %b[{c0}] count(1) : {BARS}",
                f"  tile.mbarrier_arrive %b[{c0}] expect({bytes_of(type, box)}) : {BARS}",
                f"  tile.tma_load %m{number}[{at}], %s, %b[{c0}] : {kind} to {buffer}, {BARS}",
                f"  tile.mbarrier_wait %b[{c0}], {c0} : {BARS}",
                *elements(p, ("%s", buffer), (out, out.text), held),
                "}",
            )
            want = np.zeros(box, a.array.dtype)
            in_tensor, in_box = overlap(shape, box, place)
            want[in_box] = a.array[in_tensor]
            p.expect(out, want.reshape(held), what=f"{kind} at {place}", any_nan=True)
    return p


def store(seed):
    p = Program("tma-store", seed)
    for number, (type, shape, box, swizzle) in enumerate(BOXES):
        held = inner(box)
        buffer = f"memref<{'x'.join(map(str, held))}x{type}, {SHARED}>"
        kind = map_type(type, box, swizzle)
        for turn, place in enumerate(places(type, shape, box)):
            if min(place) < 0:
                continue  # a GPU does not store there
            a = p.input(type, p.normal(type, held))
            out = p.output(type, shape, dynamic=True)
            want = out.array.copy()
            name = f"%m{number}_{turn}"
            at = ", ".join(str(p.constant(c)) for c in place)
            p.emit(
                f"{name} = tile.tensor_map {out} : {out.text} to {kind}",
                "tile.launch blocks() in () threads(96) {",
                f"  %s = tile.alloc : {buffer}",
                *elements(p, (a, a.text), ("%s", buffer), held),
                f"  tile.tma_store %s, {name}[{at}] : {buffer} to {kind}",
                "  tile.tma_store_commit",
                # The buffer may be written again, in another way.
                "  tile.tma_store_wait 0 read",
                *elements(p, ("%s", buffer), ("%s", buffer), held),
                "}",
            )
            in_tensor, in_box = overlap(shape, box, place)
            want[in_tensor] = a.array.reshape(box)[in_box]
            p.expect(out, want, what=f"{kind} at {place}")
    return p


def product(seed):
    """Tensor cores read what the copy engine has swizzled."""
    p = Program("tma-product", seed)
    c0 = p.constant(0)
    sizes = [("f16", 64), ("bf16", 32), ("f16", 16), ("f8E4M3FN", 128), ("i8", 64)]
    for number, (type, k) in enumerate(sizes):
        # Small integers, of which all sums are exact.
        a = p.input(type, p.integers(type, (64, k)))
        b = p.input(type, p.integers(type, (64, k)))
        result = "i32" if type == "i8" else "f32"
        out = p.output(result, (64, 64))
        swizzle = k * TYPES[type].bits().itemsize
        kind = map_type(type, (64, k), swizzle)
        buffer = f"memref<64x{k}x{type}, {SHARED}>"
        fragment = f"memref<64x64x{result}, #tile.scope<fragment>>"
        p.emit(
            f"%ma{number} = tile.tensor_map {a} : {a.text} to {kind}",
            f"%mb{number} = tile.tensor_map {b} : {b.text} to {kind}",
            "tile.launch blocks() in () threads(128) {",
            f"  %s = tile.alloc : {buffer}",
            f"  %t = tile.alloc : {buffer}",
            f"  %c = tile.alloc : {fragment}",
            f"  %b = tile.alloc : {BARS}",
            f"  tile.mbarrier_init %b[{c0}] count(1) : {BARS}",
            f"  tile.mbarrier_arrive %b[{c0}] expect({2 * bytes_of(type, (64, k))}) : {BARS}",
            f"  tile.tma_load %ma{number}[{c0}, {c0}], %s, %b[{c0}] : {kind} to {buffer}, {BARS}",
            f"  tile.tma_load %mb{number}[{c0}, {c0}], %t, %b[{c0}] : {kind} to {buffer}, {BARS}",
            f"  tile.mbarrier_wait %b[{c0}], {c0} : {BARS}",
            f"  tile.gemm %s, %t, %c transpose_b clear : {buffer}, {buffer}, {fragment}",
            f"  tile.copy %c, {out} : {fragment} to {out.text}",
            "}",
        )
        x, y = (decoded(type, v.array) for v in (a, b))
        tolerance = sum_tolerance(k, np.abs(x) @ np.abs(y).T, TYPES["f32"], TYPES["f32"])
        p.expect(out, x @ y.T, tolerance, what=f"{kind}")
    return p


def decoded(type, array):
    return formats.decode(TYPES[type], array).astype(np.float64)


def ring(seed, rows, columns):
    p = Program(f"tma-ring-{rows}x{columns}", seed, file="tma-ring.mlir")
    a = p.input("f16", p.normal("f16", (rows, columns)))
    b = p.output("f16", (rows, columns))
    p.expect(b, (a.array.astype(np.float32) * 2).astype(np.float16))
    return p


def cluster_rank(seed):
    """The numbers of blocks in their clusters, which targets without clusters
    have, too; all blocks of a cluster meet."""
    p = Program("tma-cluster-rank", seed)
    shape = (4, 6, 8)
    extents = [p.constant(extent) for extent in reversed(shape)]
    for cluster in [(2, 3, 1), (4, 1, 2), (1, 2, 4), (2, 1), (8,), (1, 1, 1), ()]:
        out = p.output("i32", shape)
        clause = f" cluster({', '.join(map(str, cluster))})" if cluster else ""
        p.emit(
            f"tile.launch blocks(%x, %y, %z) in ({', '.join(map(str, extents))}) "
            f"threads(64){clause} {{",
            "  tile.cluster_barrier",
            "  %rank = tile.cluster_rank",
            "  %number = arith.index_cast %rank : index to i32",
            "  tile.parallel (%i) in (1) {",
            f"    memref.store %number, {out}[%z, %y, %x] : {out.text}",
            "  }",
            "  tile.cluster_barrier",
            "}",
        )
        cx, cy, cz = (*cluster, 1, 1, 1)[:3]
        z, y, x = np.indices(shape)
        p.expect(out, (x % cx + cx * (y % cy + cy * (z % cz))).astype(np.int32), what=clause)
    return p


PROGRAMS = {"tma-load": load, "tma-store": store, "tma-product": product}
PROGRAMS["tma-cluster-rank"] = cluster_rank
for _rows, _columns in [(64, 64), (1, 8), (200, 1000), (65, 640), (128, 128)]:
    PROGRAMS[f"tma-ring-{_rows}x{_columns}"] = functools.partial(
        ring, rows=_rows, columns=_columns
    )
