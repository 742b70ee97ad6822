"""linalg ops on buffers, converted by convert-linalg-to-tile."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, sum_tolerance

# Tiles that nothing below fits, so that every edge is met.
SMALL = "gemm-tile=16,24,8 elementwise-tile=5,33 reduce-tile=3,17 threads=96 stages=2"


def make(name, seed, options=""):
    p = Program("linalg-" + name, seed)
    p.passes = [f"--convert-linalg-to-tile={options}" if options
                else "--convert-linalg-to-tile"]  # fmt: skip
    return p


def dynamic(shape, is_dynamic):
    return (None,) * len(shape) if is_dynamic else None


def emit(p, op, ins, outs, attributes=""):
    """A named op."""
    names = ", ".join(map(str, ins))
    types = ", ".join(a.text for a in ins)
    results = ", ".join(map(str, outs))
    result_types = ", ".join(a.text for a in outs)
    p.emit(f"linalg.{op} {attributes} ins({names} : {types}) "
           f"outs({results} : {result_types})")  # fmt: skip


def generic(p, loops, maps, iterators, ins, outs, args, *body):
    """A linalg.generic; `maps` are texts such as "i, k" over `loops`."""
    maps = ", ".join(f"affine_map<({loops}) -> ({m})>" for m in maps)
    kinds = {"p": '"parallel"', "r": '"reduction"'}
    attributes = (f"{{indexing_maps = [{maps}], iterator_types = "
                  f"[{', '.join(kinds[i] for i in iterators)}]}}")  # fmt: skip
    if ins:
        emit(p, "generic", ins, outs, attributes)
    else:
        p.emit(f"linalg.generic {attributes} outs({', '.join(map(str, outs))} : "
               f"{', '.join(o.text for o in outs)})")  # fmt: skip
    p.body[-1] += " {"
    p.emit(f"^bb0({args}):", *("  " + line for line in body), "}")


def widen(name, source, target):
    """Lines that widen a body's argument, and the name of the result."""
    if source == target:
        return [], name
    op = "extsi" if TYPES[source].name.startswith("i") else "extf"
    return [f"{name}w = arith.{op} {name} : {source} to {target}"], name + "w"


def expect_product(p, output, spec, a, b, held, types):
    """`output` is held + einsum(spec, a, b)."""
    ta, tb, tc = (TYPES[t] for t in types)
    a, b = formats.decode(ta, a), formats.decode(tb, b)
    held = formats.decode(tc, held)
    want = held + np.einsum(spec, a, b)
    if not tc.is_float:
        p.expect(output, want.astype(tc.storage))
        return
    magnitude = np.abs(held) + np.einsum(spec, np.abs(a), np.abs(b))
    compute = tc if tc.width >= 32 else TYPES["f32"]
    p.expect(output, want, sum_tolerance(a.size, magnitude, compute, tc))


def products(types, options, seed):
    """linalg.generic in all transposed forms, and with batches."""
    p = make("product-" + "-".join(types), seed, options)
    tc = types[2]
    m, n, k = 37, 50, 29
    forms = [("mk", "kn", "mn"), ("km", "nk", "mn"), ("mk", "nk", "nm"), ("km", "kn", "nm"),
             ("bmk", "bnk", "bmn"), ("cbmk", "cbkn", "bcmn")]  # fmt: skip
    sizes = dict(m=m, n=n, k=k, b=3, c=2)
    for number, (fa, fb, fc) in enumerate(forms):
        shapes = [tuple(sizes[i] for i in f) for f in (fa, fb, fc)]
        is_dynamic = number % 2 == 1
        arrays = [p.normal(t, s) for t, s in zip(types, shapes)]
        a, b = (p.input(t, x, dynamic(s, is_dynamic))
                for t, x, s in zip(types[:2], arrays, shapes))  # fmt: skip
        c = p.output(tc, shapes[2], arrays[2], is_dynamic)
        loops = [i for i in "cbmnk" if i in fa + fb]
        la, na = widen("%x", types[0], tc)
        lb, nb = widen("%y", types[1], tc)
        kind = "f" if TYPES[tc].is_float else "i"
        generic(p, ", ".join(loops), [", ".join(f) for f in (fa, fb, fc)],
                ["r" if i == "k" else "p" for i in loops], [a, b], [c],
                f"%x: {types[0]}, %y: {types[1]}, %z: {tc}", *la, *lb,
                f"%p = arith.mul{kind} {na}, {nb} : {tc}",
                f"%s = arith.add{kind} %z, %p : {tc}",
                f"linalg.yield %s : {tc}")  # fmt: skip
        expect_product(p, c, f"{fa},{fb}->{fc}", arrays[0], arrays[1], arrays[2], types)
    return p


def named_products(options, seed):
    """The named ops, a fill before them, and those that are sums only."""
    p = make("named-products", seed, options)
    zero = p.constant("0.0", "f32")
    m, n, k = 70, 41, 90
    cases = [("matmul", (m, k), (k, n), (m, n), "mk,kn->mn"),
             ("batch_matmul", (3, m, k), (3, k, n), (3, m, n), "bmk,bkn->bmn"),
             ("matvec", (m, k), (k,), (m,), "mk,k->m"),
             ("vecmat", (k,), (k, n), (n,), "k,kn->n"),
             ("dot", (k,), (k,), (), "k,k->")]  # fmt: skip
    for number, (op, sa, sb, sc, spec) in enumerate(cases):
        xa, xb, held = (p.normal("f32", s) for s in (sa, sb, sc))
        is_dynamic = number % 2 == 0
        a, b = (p.input("f32", x, dynamic(x.shape, is_dynamic)) for x in (xa, xb))
        c = p.output("f32", sc, held, is_dynamic)
        if number % 2:
            emit_fill(p, zero, c)
            held = np.zeros(sc, np.float32)
        emit(p, op, [a, b], [c])
        expect_product(p, c, spec, xa, xb, held, ("f32",) * 3)
    # No depth at all leaves what the fill says.
    a, b = p.input("f32", np.zeros((5, 0), np.float32)), p.input("f32", np.zeros((0, 7), np.float32))
    c = p.output("f32", (5, 7))
    emit_fill(p, zero, c)
    emit(p, "matmul", [a, b], [c])
    p.expect(c, np.zeros((5, 7), np.float32))
    return p


def emit_fill(p, value, output):
    p.emit(f"linalg.fill ins({value} : {output.type.name}) outs({output} : {output.text})")


def elementwise(options, is_dynamic, seed):
    """Permutations, broadcasts, indices, several results, in place, rank 0."""
    p = make(f"elementwise-{'dynamic' if is_dynamic else 'static'}", seed, options)
    shape = (7, 45, 130)
    x = p.integers("f32", shape)
    y = p.integers("f32", (130, 7))
    z = p.integers("f32", (1, 45))
    a, b, c = (p.input("f32", v, dynamic(v.shape, is_dynamic)) for v in (x, y, z))
    d = p.output("f32", (45, 130, 7), dynamic=is_dynamic)
    e = p.output("f32", shape, p.integers("f32", shape), is_dynamic)
    held = e.array
    generic(p, "i, j, k", ["i, j, k", "k, i", "0, j", "j, k, i", "i, j, k"], "ppp",
            [a, b, c], [d, e], "%x: f32, %y: f32, %z: f32, %d: f32, %e: f32",
            "%s = arith.mulf %x, %y : f32", "%t = arith.addf %s, %z : f32",
            "%u = arith.addf %e, %x : f32", "linalg.yield %t, %u : f32, f32")  # fmt: skip
    want = x * y.T[:, None, :] + z[0][None, :, None]
    p.expect(d, np.ascontiguousarray(want.transpose(1, 2, 0)))
    p.expect(e, held + x)

    # Indices, and division that padding must not reach.
    f = p.output("i32", (45, 130), dynamic=is_dynamic)
    q = p.rng.integers(1, 9, (45, 130)).astype(np.int32)
    g = p.input("i32", q, dynamic(q.shape, is_dynamic))
    generic(p, "i, j", ["i, j", "i, j"], "pp", [g], [f], "%q: i32, %f: i32",
            "%i = linalg.index 0 : index", "%j = linalg.index 1 : index",
            "%c = arith.constant 1000 : index", "%m = arith.muli %i, %c : index",
            "%n = arith.addi %m, %j : index", "%v = arith.index_cast %n : index to i32",
            "%r = arith.divsi %v, %q : i32", "linalg.yield %r : i32")  # fmt: skip
    number = 1000 * np.arange(45)[:, None] + np.arange(130)[None, :]
    p.expect(f, (number // q).astype(np.int32))

    # Dimensions of size 1, so that the operands have more of them than loops.
    v = p.integers("f32", (1, 33, 1))
    u = p.input("f32", v, dynamic(v.shape, is_dynamic))
    w = p.output("f32", (33, 1, 1), dynamic=is_dynamic)
    generic(p, "i", ["0, i, 0", "i, 0, 0"], "p", [u], [w], "%u: f32, %w: f32",
            "%r = arith.negf %u : f32", "linalg.yield %r : f32")  # fmt: skip
    p.expect(w, -v.reshape(33, 1, 1))

    # In place, with a scalar of the host and a buffer of rank 0.
    one = p.input("f32", np.float32(3))
    h = p.output("f32", (1000,), p.integers("f32", (1000,)), is_dynamic)
    before = h.array
    s = p.scalar("f32", 0.5)
    generic(p, "i", ["i", "", "", "i"], "p", [h, one, s], [h],
            "%x: f32, %o: f32, %s: f32, %h: f32", "%m = arith.mulf %x, %s : f32",
            "%r = arith.addf %m, %o : f32", "linalg.yield %r : f32")  # fmt: skip
    p.expect(h, before * np.float32(0.5) + np.float32(3))
    r = p.output("f32", ())
    generic(p, "", ["", ""], "", [one], [r], "%o: f32, %r: f32",
            "%v = arith.addf %o, %o : f32", "linalg.yield %v : f32")  # fmt: skip
    p.expect(r, np.asarray(np.float32(6)))
    t = p.output("f32", (1, 1), dynamic=is_dynamic)
    generic(p, "", ["", "0, 0"], "", [one], [t], "%o: f32, %t: f32",
            "%v = arith.mulf %o, %o : f32", "linalg.yield %v : f32")  # fmt: skip
    p.expect(t, np.full((1, 1), np.float32(9)))
    return p


def named_elementwise(options, seed):
    """fill, copy, transpose, broadcast, map, elementwise names."""
    p = make("named-elementwise", seed, options)
    x = p.integers("f16", (33, 70))
    a = p.input("f16", x, (None, None))
    out = functools.partial(p.output, "f16")
    value = p.constant("1.5", "f16")
    filled = out((33, 70), dynamic=True)
    emit_fill(p, value, filled)
    p.expect(filled, np.full((33, 70), 1.5, np.float16))
    copied = out((33, 70), dynamic=True)
    emit(p, "copy", [a], [copied])
    p.expect(copied, x)
    turned = out((70, 33), dynamic=True)
    p.emit(f"linalg.transpose ins({a} : {a.text}) outs({turned} : {turned.text}) "
           "permutation = [1, 0]")  # fmt: skip
    p.expect(turned, np.ascontiguousarray(x.T))
    spread = out((33, 4, 70), dynamic=True)
    p.emit(f"linalg.broadcast ins({a} : {a.text}) outs({spread} : {spread.text}) "
           "dimensions = [1]")  # fmt: skip
    p.expect(spread, np.ascontiguousarray(np.repeat(x[:, None], 4, 1)))
    mapped = out((33, 70), dynamic=True)
    p.emit(f"linalg.map {{ arith.addf }} ins({a}, {copied} : {a.text}, {copied.text}) "
           f"outs({mapped} : {mapped.text})")  # fmt: skip
    p.expect(mapped, x + x)
    product = out((33, 70), dynamic=True)
    emit(p, "mul", [a, filled], [product])
    p.expect(product, x * np.float16(1.5))
    # A part of a buffer.
    part = out((33, 70), p.integers("f16", (33, 70)))
    view = "memref<9x20xf16, strided<[140, 3], offset: 142>>"
    p.emit(f"%v = memref.subview {part}[2, 2] [9, 20] [2, 3] : {part.text} to {view}",
           f"linalg.fill ins({value} : f16) outs(%v : {view})")  # fmt: skip
    want = part.array.copy()
    want[2:20:2, 2:62:3] = 1.5
    p.expect(part, want)
    return p


COMBINE = {
    "sum": ("add", np.sum), "max": ("maximum", np.max), "min": ("minimum", np.min),
    "and": ("and", np.bitwise_and.reduce), "or": ("or", np.bitwise_or.reduce),
    "xor": ("xor", np.bitwise_xor.reduce), "prod": ("mul", np.prod),
    "umax": ("maxu", None),
}  # fmt: skip


def combine(kind, type):
    if kind == "umax":
        return "arith.maxui"
    name = COMBINE[kind][0]
    if TYPES[type].is_float:
        return f"arith.{name}f"
    return "arith." + {"maximum": "maxs", "minimum": "mins"}.get(name, name) + "i"


def reductions(kind, type, options, seed):
    """linalg.reduce along each dimension, along several, and along all."""
    p = make(f"reduce-{kind}-{type}", seed, options)
    op = combine(kind, type)
    for number, (shape, dims) in enumerate(
        [((40, 50), (1,)), ((40, 50), (0,)), ((5, 21, 19), (1,)), ((100,), (0,)),
         ((5, 21, 19), (0, 2)), ((6, 7, 8), (0, 1, 2)), ((4, 0), (1,))]):  # fmt: skip
        # Products stay exact: powers of two.
        low, high = (1, 2) if kind == "prod" and shape != (6, 7, 8) else (-3, 3)
        x = p.integers(type, shape, low, high)
        if kind == "prod" and shape == (6, 7, 8):
            x = np.ones_like(x)
        rest = tuple(s for i, s in enumerate(shape) if i not in dims)
        held = p.integers(type, rest, 1, 2)
        is_dynamic = number % 2 == 0
        a = p.input(type, x, dynamic(shape, is_dynamic))
        b = p.output(type, rest, held, is_dynamic)
        p.emit(f"linalg.reduce {{ {op} }} ins({a} : {a.text}) outs({b} : {b.text}) "
               f"dimensions = [{', '.join(map(str, dims))}]")  # fmt: skip
        t = TYPES[type]
        values = np.concatenate(
            [np.moveaxis(x, dims, range(-len(dims), 0)).reshape(rest + (-1,)),
             held[..., None]], -1)  # fmt: skip
        if kind == "umax":
            want = values.view(t.bits).max(-1).view(t.storage)
        elif t.is_float:
            # Small integers, exact in every type.
            want = formats.encode(t, COMBINE[kind][1](formats.decode(t, values), -1))
        else:
            want = COMBINE[kind][1](values, -1)
        p.expect(b, np.asarray(want).astype(t.storage))
    return p


def ignoring_nan(seed):
    p = make("reduce-ignore-nan", seed, SMALL)
    x = p.normal("f32", (20, 50))
    x[p.rng.random(x.shape) < 0.6] = np.nan
    x[3] = np.nan
    for name, function in (("maxnumf", np.fmax), ("minnumf", np.fmin)):
        held = np.full(20, np.nan, np.float32)
        a, b = p.input("f32", x), p.output("f32", (20,), held)
        p.emit(f"linalg.reduce {{ arith.{name} }} ins({a} : {a.text}) "
               f"outs({b} : {b.text}) dimensions = [1]")  # fmt: skip
        p.expect(b, function.reduce(x, 1), any_nan=True)
    return p


def computed_reductions(options, seed):
    """What is summed is computed first: squared distances, and a weighted sum."""
    p = make("reduce-computed", seed, options)
    x, y = p.integers("f16", (30, 45)), p.integers("f16", (20, 45))
    a, b = p.input("f16", x, (None, None)), p.input("f16", y)
    c = p.output("f32", (30, 20), np.zeros((30, 20), np.float32), True)
    generic(p, "i, j, k", ["i, k", "j, k", "i, j"], "ppr", [a, b], [c],
            "%x: f16, %y: f16, %c: f32", "%d = arith.subf %x, %y : f16",
            "%w = arith.extf %d : f16 to f32", "%s = arith.mulf %w, %w : f32",
            "%r = arith.addf %s, %c : f32", "linalg.yield %r : f32")  # fmt: skip
    distance = x.astype(np.float32)[:, None] - y.astype(np.float32)[None]
    p.expect(c, (distance**2).sum(-1, dtype=np.float32))
    d = p.output("f32", (), np.float32(1))
    generic(p, "i, j", ["i, j", ""], "rr", [a], [d], "%x: f16, %d: f32",
            "%i = linalg.index 0 : index", "%n = arith.index_cast %i : index to i32",
            "%f = arith.sitofp %n : i32 to f32", "%w = arith.extf %x : f16 to f32",
            "%s = arith.mulf %w, %f : f32", "%r = arith.addf %d, %s : f32",
            "linalg.yield %r : f32")  # fmt: skip
    want = 1 + (x.astype(np.float64) * np.arange(30)[:, None]).sum()
    p.expect(d, np.asarray(np.float32(want)))
    return p


def loops(options, seed):
    """What has no kernel of its own: argmax, convolution, pooling, division."""
    p = make("loops", seed, options)
    x = p.normal("f32", (23, 60))
    a = p.input("f32", x, (None, None))
    best = p.output("f32", (23,), np.full(23, -np.inf, np.float32))
    where = p.output("i32", (23,), np.zeros(23, np.int32))
    generic(p, "i, j", ["i, j", "i", "i"], "pr", [a], [best, where],
            "%x: f32, %b: f32, %w: i32", "%j = linalg.index 1 : index",
            "%n = arith.index_cast %j : index to i32",
            "%g = arith.cmpf ogt, %x, %b : f32", "%v = arith.select %g, %x, %b : f32",
            "%k = arith.select %g, %n, %w : i32",
            "linalg.yield %v, %k : f32, i32")  # fmt: skip
    p.expect(best, x.max(1))
    p.expect(where, x.argmax(1).astype(np.int32))

    image, kernel = p.integers("f32", (2, 9, 10, 3)), p.integers("f32", (3, 2, 3, 5))
    b, c = p.input("f32", image), p.input("f32", kernel)
    out = p.output("f32", (2, 7, 9, 5), np.zeros((2, 7, 9, 5), np.float32))
    emit(p, "conv_2d_nhwc_hwcf", [b, c], [out])
    want = np.zeros(out.array.shape, np.float32)
    for i in range(3):
        for j in range(2):
            want += image[:, i : i + 7, j : j + 9] @ kernel[i, j]
    p.expect(out, want)

    window = p.input("f32", np.zeros((2, 2), np.float32))
    pooled = p.output("f32", (2, 4, 5, 3), np.full((2, 4, 5, 3), -np.inf, np.float32))
    emit(p, "pooling_nhwc_max", [b, window], [pooled],
         "{strides = dense<2> : vector<2xi64>}")  # fmt: skip
    want = image[:, :8].reshape(2, 4, 2, 5, 2, 3).max((2, 4))
    p.expect(pooled, want)

    q, r = p.integers("i32", (30, 40), 1, 9), p.integers("i32", (30, 40), 50, 90)
    d, e = p.input("i32", q, (None, None)), p.input("i32", r)
    total = p.output("i32", (30,), np.zeros(30, np.int32))
    generic(p, "i, j", ["i, j", "i, j", "i"], "pr", [d, e], [total],
            "%q: i32, %r: i32, %t: i32", "%v = arith.divsi %r, %q : i32",
            "%s = arith.addi %t, %v : i32", "linalg.yield %s : i32")  # fmt: skip
    p.expect(total, (r // q).sum(1, dtype=np.int32))
    return p


TYPE_TRIPLES = [("f32", "f32", "f32"), ("f16", "f16", "f32"), ("f16", "f16", "f16"),
                ("bf16", "bf16", "f32"), ("i8", "i8", "i32"), ("f64", "f64", "f64"),
                ("i32", "i32", "i32")]  # fmt: skip

PROGRAMS = {
    "linalg-product-" + "-".join(t): functools.partial(products, t, SMALL)
    for t in TYPE_TRIPLES
}
PROGRAMS |= {
    "linalg-product-default": functools.partial(products, ("f32",) * 3, ""),
    "linalg-named-products": functools.partial(named_products, SMALL),
    "linalg-named-products-default": functools.partial(named_products, ""),
    "linalg-elementwise-static": functools.partial(elementwise, SMALL, False),
    "linalg-elementwise-dynamic": functools.partial(elementwise, SMALL, True),
    "linalg-elementwise-default": functools.partial(elementwise, "", True),
    "linalg-named-elementwise": functools.partial(named_elementwise, SMALL),
    "linalg-reduce-ignore-nan": ignoring_nan,
    "linalg-reduce-computed": functools.partial(computed_reductions, SMALL),
    "linalg-reduce-computed-default": functools.partial(computed_reductions, ""),
    "linalg-loops": functools.partial(loops, SMALL),
}
PROGRAMS |= {
    f"linalg-reduce-{kind}-{type}": functools.partial(reductions, kind, type, options)
    for kind, type, options in [
        ("sum", "f32", SMALL), ("sum", "i32", ""), ("max", "f16", SMALL),
        ("min", "i16", SMALL), ("max", "f8E5M2", SMALL), ("and", "i32", SMALL),
        ("or", "i8", SMALL), ("xor", "i1", SMALL), ("prod", "f64", SMALL),
        ("umax", "i32", SMALL),
    ]
}  # fmt: skip
