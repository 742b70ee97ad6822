"""tile.gemm: types, transposes, scopes, clearing, sizes and thread counts."""

import functools
import itertools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref, sum_tolerance

# a, b, c and the precision.
TRIPLES = [
    ("f64", "f64", "f64", ""),
    ("f32", "f32", "f32", ""),
    ("f32", "f32", "f32", "tf32"),
    ("f16", "f16", "f32", ""),
    ("f16", "f16", "f16", ""),
    ("bf16", "bf16", "f32", ""),
    ("i8", "i8", "i32", ""),
] + [
    (a, b, c, "")
    for a, b in itertools.product(("f8E4M3FN", "f8E5M2"), repeat=2)
    for c in ("f32", "f16")
]
THREADS = [1, 2, 31, 33, 96, 128, 1000, 1024]


def reference(a, b, c, precision, a_array, b_array, c_array):
    """The product as stored elements when it is exact, with its values and the
    tolerance of any order of summation. `c_array` is None after clear."""
    lhs, rhs = formats.decode(a, a_array), formats.decode(b, b_array)
    if not c.is_float:
        total = lhs @ rhs + (0 if c_array is None else c_array.astype(np.int64))
        return total, None
    lhs, rhs = lhs.astype(np.longdouble), rhs.astype(np.longdouble)
    total, magnitude = lhs @ rhs, np.abs(lhs) @ np.abs(rhs)
    products = magnitude
    if c_array is not None:
        held = formats.decode(c, c_array)
        total, magnitude = total + held, magnitude + np.abs(held)
    compute = c if c.width >= 32 else TYPES["f32"]
    tolerance = sum_tolerance(lhs.shape[1] + 1, magnitude, compute, c)
    if precision == "tf32":
        tolerance = tolerance + 2.0**-10 * products
    # Tensor cores sum them with 13 bits of mantissa.
    if a.name.startswith("f8"):
        tolerance = tolerance + 2.0**-12 * magnitude
    return total, tolerance


def expect_product(p, argument, triple, a_array, b_array, c_array, exact, what):
    a, b, c = (TYPES[name] for name in triple[:3])
    total, tolerance = reference(a, b, c, triple[3], a_array, b_array, c_array)
    if tolerance is None or exact:
        stored = formats.encode(c, np.asarray(total, np.float64 if c.is_float else None))
        # The sign of a zero sum depends on the order.
        if c.is_float:
            p.expect(argument, formats.decode(c, stored), np.zeros(stored.shape), what)
        else:
            p.expect(argument, stored, what=what)
    else:
        p.expect(argument, total, tolerance, what=what)


def one_gemm(p, triple, sizes, transposes, scopes, mode, threads, exact, policy=""):
    """A launch with one product of whole buffers."""
    types, precision = triple[:3], triple[3]
    m, n, k = sizes
    make = p.integers if exact else p.normal
    a_array, b_array = make(types[0], (m, k)), make(types[1], (k, n))
    cleared = mode in ("clear", "if_true")
    # What is cleared must not matter, so it is poison.
    c_array = None if cleared else make(types[2], (m, n))
    arrays = [a_array.T if transposes[0] else a_array, b_array.T if transposes[1] else b_array]
    shapes = [array.shape for array in arrays] + [(m, n)]
    args = [p.input(types[i], np.ascontiguousarray(arrays[i])) for i in (0, 1)]
    args.append(p.output(types[2], (m, n), c_array))

    names, buffer_types, before, after = [], [], [], []
    for i, (arg, scope) in enumerate(zip(args, scopes)):
        buffer_types.append(memref(shapes[i], types[i], scope))
        if scope == "global":
            names.append(str(arg))
            continue
        tile = f"%t{i}"
        names.append(tile)
        before.append(f"{tile} = tile.alloc : {buffer_types[i]}")
        before.append(f"tile.copy {arg}, {tile} : {arg.text} to {buffer_types[i]}")
        if i == 2:
            after.append(f"tile.copy {tile}, {arg} : {buffer_types[i]} to {arg.text}")
    flags = " transpose_a" * transposes[0] + " transpose_b" * transposes[1]
    if mode == "clear":
        flags += " clear"
    elif mode != "keep":
        condition = p.scalar("i1", "true" if mode == "if_true" else "false")
        flags += f" clear_if({condition})"
    if precision:
        flags += f" precision({precision})"
    if policy:
        flags += f" policy({policy})"
    product = f"tile.gemm {', '.join(names)}{flags} : {', '.join(buffer_types)}"
    lines = before + [product] + after
    p.emit(f"tile.launch blocks() in () threads({threads}) {{", *("  " + l for l in lines), "}")
    what = f"{m}x{n}x{k} {scopes} {mode}{flags} threads {threads}"
    expect_product(p, args[2], triple, a_array, b_array, c_array, exact, what)


def direct(triple, i, seed):
    """Whole buffers of odd sizes in every scope; `i` numbers the transposes."""
    transposes = (i >> 1, i & 1)
    p = Program(direct_name(triple, i), seed)
    scopes = ("global", "shared", "fragment")
    modes = ("keep", "clear", "if_true", "if_false")
    sizes = [(17, 19, 13), (1, 1, 1), (33, 16, 5), (8, 48, 40), (5, 70, 3), (40, 31, 33)]
    for j, mode in enumerate(modes):
        chosen = [scopes[k] for k in p.rng.integers(0, 3, 3)]
        chosen[2] = scopes[(i + j) % 3]
        one_gemm(
            p, triple, sizes[(i + 2 * j) % len(sizes)], transposes, chosen, mode,
            THREADS[(4 * i + j) % len(THREADS)], exact=(i + j) % 4 != 3,
        )  # fmt: skip
    return p


def direct_name(triple, i):
    return name_of(triple) + "-" + "nt"[i >> 1] + "nt"[i & 1]


def name_of(triple):
    a, b, c, precision = triple
    parts = [a, c] if a == b else [a, b, c]
    return "gemm-" + "-".join(parts + ([precision] if precision else []))


PLAIN = """\
tile.launch blocks(%bx{i}, %by{i}) in ({gn}, {gm}) threads({threads}){clauses} {{
{body}
}}"""

# Each cluster takes one stack of tiles after another, a tile for each block.
PERSISTENT = """\
tile.launch blocks(%worker) in ({workers}) threads({threads}){clauses} {{
  %pair = arith.divui %worker, {size} : index
  %rank = arith.remui %worker, {size} : index
  scf.for %t = %pair to {stacks} step {pairs} {{
    %stack = arith.divui %t, {gn} : index
    %bx{i} = arith.remui %t, {gn} : index
    %top = arith.muli %stack, {size} : index
    %by{i} = arith.addi %top, %rank : index
{body}
  }}
}}"""

TILE = """\
  %row = arith.muli %by{i}, {bm} : index
  %col = arith.muli %bx{i}, {bn} : index
  %as = tile.alloc : {as_type}
  %bs = tile.alloc : {bs_type}
  %acc = tile.alloc : {acc_type}
  tile.pipelined %kk = {zero} to {k} step {bk} stages({stages}) {{
    tile.copy {a}[{a_index}], %as : {a_type} to {as_type}
    tile.copy {b}[{b_index}], %bs : {b_type} to {bs_type}
    %first = arith.cmpi eq, %kk, {zero} : index
    tile.gemm %as, %bs, %acc{flags} clear_if(%first){precision}
      : {as_type}, {bs_type}, {acc_type}
  }}
  tile.copy %acc, {c}[%row, %col] : {acc_type} to {c_type}"""


def operands(a, b, c, transposes, precision):
    """What the texts of kernels say of their arguments."""
    ta, tb = transposes
    return {
        "a": a,
        "b": b,
        "c": c,
        "a_type": a.text,
        "b_type": b.text,
        "c_type": c.text,
        "flags": " transpose_a" * ta + " transpose_b" * tb,
        "precision": f" precision({precision})" if precision else "",
    }


def matrices(p, triple, shape, transposes, exact):
    """A and B of M x K and K x N elements, and the arguments that hold them."""
    (a, b, _, _), (m, n, k), (ta, tb) = triple, shape, transposes
    make = p.integers if exact else p.normal
    a_array, b_array = make(a, (m, k)), make(b, (k, n))
    a_arg = p.input(a, np.ascontiguousarray(a_array.T if ta else a_array), (None, None))
    b_arg = p.input(b, np.ascontiguousarray(b_array.T if tb else b_array), (None, None))
    return a_array, b_array, a_arg, b_arg


def tiled_gemm(
    p, number, triple, sizes, tile, transposes, threads, stages, exact,
    cluster=(), workers=0, turns=False,
):  # fmt: skip
    """A kernel over tiles of a product of any size. With `workers` there are as
    many blocks, and a cluster has one dimension; two groups of threads may take
    the tiles in turns."""
    a, b, c, precision = triple
    (m, n, k), (bm, bn, bk) = sizes, tile
    ta, tb = transposes
    gm, gn = -(-m // bm), -(-n // bn)
    places = {}
    if workers:
        (size,) = cluster or (1,)
        places = {
            "workers": p.constant(workers),
            "pairs": p.constant(workers // size),
            "size": p.constant(size),
            "stacks": p.constant(-(-gm // size) * gn),
        }
    elif cluster:
        # A grid consists of whole clusters; some blocks have no tile.
        gn, gm = (-(-g // c) * c for g, c in zip((gn, gm), cluster))
    a_array, b_array, a_arg, b_arg = matrices(p, triple, (m, n, k), transposes, exact)
    c_arg = p.output(c, (m, n), dynamic=True)
    body = TILE.format(
        i=number,
        bm=p.constant(bm),
        bn=p.constant(bn),
        bk=p.constant(bk),
        zero=p.constant(0),
        k=p.scalar("index", k),
        as_type=memref((bk, bm) if ta else (bm, bk), a, "shared"),
        bs_type=memref((bn, bk) if tb else (bk, bn), b, "shared"),
        acc_type=memref((bm, bn), c, "fragment"),
        a_index="%kk, %row" if ta else "%row, %kk",
        b_index="%col, %kk" if tb else "%kk, %col",
        stages=stages,
        **operands(a_arg, b_arg, c_arg, transposes, precision),
    )
    clauses = f" cluster({', '.join(map(str, cluster))})" if cluster else ""
    text = (PERSISTENT if workers else PLAIN).format(
        i=number,
        gm=p.constant(gm),
        gn=p.constant(gn),
        threads=threads,
        clauses=clauses + " roles(ping_pong)" * turns,
        body=body,
        **places,
    )
    p.emit(*text.splitlines())
    what = f"{m}x{n}x{k} by {bm}x{bn}x{bk} transposes {transposes} threads {threads}"
    what += f" clusters {cluster} workers {workers}" if cluster else ""
    expect_product(p, c_arg, triple, a_array, b_array, None, exact, what)


def tiled(triple, seed):
    p = Program(name_of(triple).replace("gemm", "gemm-tiled"), seed)
    exact = triple[2] == "f16"  # partial sums are rounded in every step
    tile = (32, 32, 32) if triple[0] == "f64" else (64, 64, 32)
    tiled_gemm(p, 0, triple, (100, 77, 65), tile, (0, 1), 128, 2, exact)
    tiled_gemm(p, 1, triple, (70, 130, 96), tile, (1, 0), 128, 3, exact)
    return p


def shapes(seed):
    """Sizes, tiles, stages and thread counts of f16 -> f32."""
    p = Program("gemm-shapes", seed)
    triple = ("f16", "f16", "f32", "")
    cases = [
        ((100, 77, 65), (64, 64, 32), (0, 0), 128, 1),
        ((100, 77, 65), (64, 64, 32), (1, 1), 1024, 4),
        ((1, 1, 1), (16, 16, 16), (0, 0), 31, 2),
        ((3, 130, 200), (16, 48, 80), (0, 1), 96, 3),
        ((64, 64, 32), (64, 64, 32), (1, 0), 33, 2),
        ((129, 65, 33), (128, 64, 32), (0, 0), 1000, 2),
        ((17, 5, 9), (8, 8, 3), (1, 1), 1, 5),
        ((17, 5, 31), (5, 7, 11), (0, 1), 2, 3),
    ]
    for i, case in enumerate(cases):
        tiled_gemm(p, i, triple, *case, exact=i % 2 == 1)
    return p


# Sizes, tiles, threads and stages of products that four warps compute together.
WARPGROUP_CASES = [
    ((130, 70, 200), (64, 64, 64), 128, 3),
    ((200, 300, 130), (128, 128, 128), 256, 2),
    ((260, 150, 96), (192, 96, 96), 384, 1),
    ((70, 600, 65), (64, 512, 32), 256, 2),
    ((100, 33, 40), (64, 16, 32), 128, 4),
]


def warpgroups(triple, seed):
    """Tiles of whole warpgroup instructions, in all transposes."""
    p = Program(name_of(triple).replace("gemm", "gemm-warpgroups"), seed)
    exact = triple[2] == "f16"  # partial sums are rounded in every step
    cases = WARPGROUP_CASES if triple[:3] == ("f16", "f16", "f32") else WARPGROUP_CASES[:2]
    for i, (sizes, tile, threads, stages) in enumerate(cases):
        for transposes in ((i % 2, 0), (i // 2 % 2, 1)):
            tiled_gemm(
                p, len(p.arguments), triple, sizes, tile, transposes, threads, stages, exact
            )
    return p


# Sizes, tiles, threads and stages, the cluster, and how many blocks share the
# tiles.
CLUSTER_CASES = [
    ((264, 304, 200), (64, 128, 64), 128, 3, (1, 2), 0),
    ((136, 504, 136), (128, 64, 64), 256, 2, (2, 1), 0),
    ((304, 144, 72), (128, 64, 64), 256, 3, (2, 2), 0),
    ((504, 72, 200), (64, 64, 64), 128, 4, (1, 4), 0),
    ((264, 200, 304), (128, 128, 64), 256, 3, (2,), 4),
    ((704, 136, 40), (64, 128, 64), 128, 2, (2,), 6),
    ((520, 600, 136), (64, 256, 64), 128, 3, (4,), 4),
    # Blocks of three cannot share 64 rows, and TMA cannot read rows of 130.
    ((200, 200, 64), (64, 64, 64), 128, 2, (3,), 3),
    ((130, 130, 130), (64, 64, 64), 128, 2, (2,), 2),
]


def clusters(seed):
    """Blocks that copy tiles for each other."""
    p = Program("gemm-clusters", seed)
    triple = ("f16", "f16", "f32", "")
    for i, (sizes, tile, threads, stages, cluster, workers) in enumerate(CLUSTER_CASES):
        tiled_gemm(
            p, i, triple, sizes, tile, (i // 2 % 2, i % 2), threads, stages, True,
            cluster, workers,
        )  # fmt: skip
    return p


def turns(seed):
    """Two groups of threads that take turns: blocks with 0 to 6 tiles."""
    p = Program("gemm-turns", seed)
    triple = ("f16", "f16", "f32", "")
    cases = [
        ((260, 136, 200), (64, 64, 64), (0, 0), 128, 3, 3, ()),
        ((130, 264, 72), (128, 128, 32), (0, 1), 128, 4, 2, ()),
        ((200, 96, 64), (64, 96, 64), (1, 0), 128, 2, 1, ()),
        ((64, 72, 136), (64, 72, 64), (1, 1), 128, 2, 5, ()),
        ((300, 520, 128), (128, 256, 64), (0, 1), 256, 3, 4, ()),
        ((504, 264, 136), (64, 128, 64), (0, 1), 128, 3, 4, (2,)),
    ]
    for i, (*case, workers, cluster) in enumerate(cases):
        tiled_gemm(p, i, triple, *case, True, cluster, workers, turns=True)
    return p


# Each block keeps its rows of A, all of K, and sums the products with tile after
# tile of the columns of B.
KEPT = """\
tile.launch blocks(%by{i}) in ({gm}) threads({threads}) {{
  %row = arith.muli %by{i}, {bm} : index
  %as = tile.alloc : {as_type}
  %bs = tile.alloc : {bs_type}
  %acc = tile.alloc : {acc_type}
  tile.copy {a}[{a_index}], %as : {a_type} to {as_type}
  tile.pipelined %col = {zero} to {n} step {bn} stages({stages}) {{
    tile.copy {b}[{b_index}], %bs : {b_type} to {bs_type}
    %first = arith.cmpi eq, %col, {zero} : index
    tile.gemm %as, %bs, %acc{flags} clear_if(%first){precision}
      : {as_type}, {bs_type}, {acc_type}
  }}
  tile.copy %acc, {c}[%row, {zero}] : {acc_type} to {c_type}
}}"""


def kept_gemm(p, triple, sizes, tile, transposes, scope, threads, stages, exact):
    """A kernel whose loop leaves A where it is, in registers or shared memory."""
    a, b, c, precision = triple
    (m, n), (bm, bn, k) = sizes, tile
    ta, tb = transposes
    a_array, b_array, a_arg, b_arg = matrices(p, triple, (m, n, k), transposes, exact)
    c_arg = p.output(c, (m, bn), dynamic=True)
    text = KEPT.format(
        i=len(p.arguments),
        gm=p.constant(-(-m // bm)),
        threads=threads,
        bm=p.constant(bm),
        bn=p.constant(bn),
        zero=p.constant(0),
        n=p.scalar("index", n),
        as_type=memref((k, bm) if ta else (bm, k), a, scope),
        bs_type=memref((bn, k) if tb else (k, bn), b, "shared"),
        acc_type=memref((bm, bn), c, "fragment"),
        a_index=f"{p.constant(0)}, %row" if ta else f"%row, {p.constant(0)}",
        b_index=f"%col, {p.constant(0)}" if tb else f"{p.constant(0)}, %col",
        stages=stages,
        **operands(a_arg, b_arg, c_arg, transposes, precision),
    )
    p.emit(*text.splitlines())
    # One product with a K of as many parts as there are tiles.
    tiles = -(-n // bn)
    columns = np.zeros((k, tiles * bn), b_array.dtype)
    columns[:, :n] = b_array
    b_array = np.concatenate(np.split(columns, tiles, axis=1))
    a_array = np.concatenate([a_array] * tiles, axis=1)
    what = f"{m}x{n} by {bm}x{bn}x{k} in {scope} transposes {transposes} threads {threads}"
    expect_product(p, c_arg, triple, a_array, b_array, None, exact, what)


# The rows of B have to be contiguous along K for all types but those of 16 bits.
KEPT_CASES = [
    ((70, 200), (64, 64, 64), (0, 1), "fragment", 128, 3),
    ((70, 200), (64, 64, 64), (1, 1), "shared", 128, 3),
    ((200, 300), (128, 96, 32), (1, 1), "fragment", 256, 2),
    ((100, 80), (128, 16, 96), (0, 1), "fragment", 128, 2),
    ((64, 520), (64, 256, 64), (0, 0), "fragment", 256, 2),
    ((130, 200), (128, 64, 128), (0, 0), "shared", 128, 3),
]


def kept(triple, seed):
    p = Program(name_of(triple).replace("gemm", "gemm-kept"), seed)
    exact = triple[2] == "f16"  # partial sums are rounded in every step
    for case in KEPT_CASES if triple[0] in ("f16", "bf16") else KEPT_CASES[:4]:
        kept_gemm(p, triple, *case, exact)
    return p


SCALED = """tile.launch blocks() in () threads(128) {{
  %as = tile.alloc : {as_type}
  %af = tile.alloc : {af_type}
  %bs = tile.alloc : {bs_type}
  %acc = tile.alloc : {acc_type}
  tile.pipelined %kk = {zero} to {k} step {bk} stages(3) {{
    tile.copy {a}[{zero}, %kk], %as : {a_type} to {as_type}
    tile.copy {b}[{zero}, %kk], %bs : {b_type} to {bs_type}
    tile.parallel (%i, %j) in ({bm}, {width}) {{
      %x = memref.load %as[%i, %j] : {as_type}
      %y = arith.sitofp %x : i8 to {type}
      memref.store %y, %af[%i, %j] : {af_type}
    }}
    %first = arith.cmpi eq, %kk, {zero} : index
    tile.gemm %af, %bs, %acc transpose_b clear_if(%first)
      : {af_type}, {bs_type}, {acc_type}
  }}
  tile.copy %acc, {c} : {acc_type} to {c_type}
}}"""


def scaled(type, seed):
    """A of small integers, which become floats in registers."""
    p = Program(f"gemm-scaled-{type}", seed)
    m, n, k, bk = 64, 96, 200, 64
    a_array, b_array = p.integers("i8", (m, k), -100, 100), p.normal(type, (k, n))
    a, b = p.input("i8", a_array), p.input(type, np.ascontiguousarray(b_array.T))
    c = p.output("f32", (m, n))
    p.emit(
        *SCALED.format(
            zero=p.constant(0),
            k=p.constant(k),
            bm=m,
            width=bk,
            bk=p.constant(bk),
            a=a,
            b=b,
            c=c,
            a_type=a.text,
            b_type=b.text,
            c_type=c.text,
            type=type,
            as_type=memref((m, bk), "i8", "shared"),
            af_type=memref((m, bk), type, "fragment"),
            bs_type=memref((n, bk), type, "shared"),
            acc_type=memref((m, n), "f32", "fragment"),
        ).splitlines()
    )
    a_array = np.asarray(formats.encode(TYPES[type], a_array.astype(np.float64)))
    expect_product(p, c, (type, type, "f32", ""), a_array, b_array, None, False, "")
    return p


def transposes_of(triple):
    """All four, but half of them for each mix of 8-bit floats."""
    if not triple[0].startswith("f8"):
        return range(4)
    return (0, 3) if triple[2] == "f32" else (1, 2)


PROGRAMS = {
    direct_name(t, i): functools.partial(direct, t, i)
    for t in TRIPLES
    for i in transposes_of(t)
}
PROGRAMS |= {
    name_of(t).replace("gemm", "gemm-tiled"): functools.partial(tiled, t) for t in TRIPLES
}
PROGRAMS |= {
    name_of(t).replace("gemm", "gemm-warpgroups"): functools.partial(warpgroups, t)
    for t in TRIPLES
    if t[0] in ("f16", "bf16", "i8", "f8E4M3FN") or t[3]
}
PROGRAMS |= {
    name_of(t).replace("gemm", "gemm-kept"): functools.partial(kept, t)
    for t in TRIPLES
    if t[0] in ("f16", "bf16", "i8", "f8E4M3FN") or t[3]
}
PROGRAMS |= {f"gemm-scaled-{t}": functools.partial(scaled, t) for t in ("f16", "bf16")}
PROGRAMS["gemm-shapes"] = shapes
PROGRAMS["gemm-clusters"] = clusters
PROGRAMS["gemm-turns"] = turns
