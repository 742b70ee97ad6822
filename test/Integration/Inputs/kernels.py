"""The programs of the folder kernels/, as a user would write them."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, sum_tolerance

F32, F16 = TYPES["f32"], TYPES["f16"]


def values(argument):
    return formats.decode(argument.type, argument.array)


def softmax(seed):
    p = Program("kernel-softmax", seed, "softmax.mlir", "softmax")
    x = p.input("f32", p.normal("f32", (37, 1000), 4), (None, None))
    y = p.output("f32", (37, 1000), dynamic=True)
    v = values(x)
    d = v - v.max(1, keepdims=True)
    want = np.exp(d) / np.exp(d).sum(1, keepdims=True)
    # The rounding of the argument of exp, exp itself, and the sum of a row.
    p.expect(y, want, want * F32.eps * (np.abs(d) + 4 * np.sqrt(1000) + 24) + F32.tiny)
    return p


def rmsnorm(rows, columns, seed):
    p = Program(f"kernel-rmsnorm-{rows}x{columns}", seed, "norm.mlir", "rmsnorm")
    x = p.input("f16", p.normal("f16", (rows, columns), 3), (None, None))
    w = p.input("f16", p.normal("f16", columns), (None,))
    y = p.output("f16", (rows, columns), dynamic=True)
    p.scalar("f32", 0.0009765625)
    v = values(x)
    scale = 1 / np.sqrt((v * v).mean(1, keepdims=True) + 0.0009765625)
    want = v * scale * values(w)
    relative = F16.eps + F32.eps * (2 * np.sqrt(columns) + 16)
    p.expect(y, want, np.abs(want) * relative + F16.tiny)
    return p


def layernorm(seed):
    p = Program("kernel-layernorm", seed, "norm.mlir", "layernorm")
    x = p.input("f32", p.normal("f32", (13, 300), 2), (None, 300))
    w, b = (p.input("f32", p.normal("f32", 300)) for _ in range(2))
    y = p.output("f32", (13, 300), dynamic=False)
    p.scalar("f32", 0.0009765625)
    v = values(x)
    d = v - v.mean(1, keepdims=True)
    deviation = np.sqrt((d * d).mean(1, keepdims=True) + 0.0009765625)
    want = d / deviation * values(w) + values(b)
    # The mean is off by a few units of the largest element.
    size = np.abs(values(w)) * (np.abs(v).max(1, keepdims=True) / deviation) + np.abs(values(b))
    p.expect(y, want, F32.eps * 24 * size)
    return p


def transpose(rows, columns, seed):
    p = Program(f"kernel-transpose-{rows}x{columns}", seed, "transpose.mlir", "transpose")
    x = p.input("i32", p.integers("i32", (rows, columns), -(2**31), 2**31 - 1), (None, None))
    y = p.output("i32", (columns, rows), dynamic=True)
    p.expect(y, np.ascontiguousarray(x.array.T))
    return p


def histogram(seed):
    p = Program("kernel-histogram", seed, "histogram.mlir", "histogram")
    keys = p.input("i32", p.integers("i32", 4321, -3, 60), (None,))
    held = p.integers("i32", 50)
    direct, gathered = p.output("i32", (50,), held), p.output("i32", (50,), held)
    inside = keys.array[(keys.array >= 0) & (keys.array < 50)]
    want = (held + np.bincount(inside, minlength=50)).astype(np.int32)
    p.expect(direct, want, what="in global memory")
    p.expect(gathered, want, what="through shared memory")
    return p


def residual(seed):
    p = Program("kernel-residual", seed, "residual.mlir", "residual")
    x = p.input("bf16", p.normal("bf16", 5003, 10), (None,))
    r = p.input("f32", p.normal("f32", 5003), (None,))
    y = p.output("bf16", (5003,), dynamic=True)
    largest = p.output("f32", (), np.zeros((), np.float32))
    total = formats.round_to(F32, values(x) + values(r))
    p.expect(y, formats.encode(TYPES["bf16"], total))
    p.expect(largest, formats.encode(F32, np.abs(total).max()))
    return p


def attention(heads, queries, keys, causal, seed):
    name = f"kernel-attention-{heads}x{queries}x{keys}" + "-causal" * causal
    p = Program(name, seed, "attention.mlir", "attention")
    attend(p, heads, queries, keys, causal)
    p.scalar("i1", "true" if causal else "false")
    return p


def attention_wide(heads, queries, keys, seed):
    name = f"kernel-attention_wide-{heads}x{queries}x{keys}"
    p = Program(name, seed, "attention-wide.mlir", "attention_wide")
    attend(p, heads, queries, keys, False)
    return p


def attend(p, heads, queries, keys, causal):
    q = p.input("f16", p.normal("f16", (heads, queries, 64)), (None, None, 64))
    k, v = (p.input("f16", p.normal("f16", (heads, keys, 64)), (None, None, 64)) for _ in "kv")
    o = p.output("f32", (heads, queries, 64))
    p.scalar("f32", 0.125)
    s = values(q) @ values(k).transpose(0, 2, 1) * 0.125
    if causal:
        s = np.where(np.arange(keys) > np.arange(queries)[:, None], -np.inf, s)
    weights = np.exp(s - s.max(2, keepdims=True))
    weights /= weights.sum(2, keepdims=True)
    # The weights are rounded to f16 before the second product; those below its
    # normal numbers lose more.
    spread = weights @ np.abs(values(v))
    tolerance = F16.eps * spread + 64 * F32.eps * spread
    tolerance += 2**-24 * np.abs(values(v)).sum(1, keepdims=True)
    p.expect(o, weights @ values(v), tolerance)


def splitk(parts, seed):
    p = Program(f"kernel-splitk-{parts}", seed, "splitk.mlir", "splitk")
    m, n, k = 45, 70, 203
    a = p.input("f32", p.normal("f32", (m, k)), (None, None))
    b = p.input("f32", p.normal("f32", (k, n)), (None, None))
    c = p.output("f32", (m, n), p.normal("f32", (m, n)), dynamic=True)
    p.scalar("index", parts)
    magnitude = np.abs(values(a)) @ np.abs(values(b)) + np.abs(values(c))
    tolerance = sum_tolerance(k + parts, magnitude, F32, F32)
    p.expect(c, values(a) @ values(b) + values(c), tolerance)
    return p


def linear(m, n, k, parts, seed):
    p = Program(f"kernel-linear-{m}x{n}x{k}-{parts}", seed, "linear.mlir", "linear")
    x = p.input("f16", p.normal("f16", (m, k)), (None, None))
    w = p.input("f16", p.normal("f16", (n, k)), (None, None))
    y = p.output("f16", (m, n), dynamic=True)
    work = p.output("f32", (parts, m, n), dynamic=True)
    tiles = -(-m // 16), -(-n // 64)
    done = p.output("i32", tiles, np.zeros(tiles, np.int32), dynamic=True)
    last = p.output("i32", tiles, dynamic=True)
    want = values(x) @ values(w).T
    size = np.abs(values(x)) @ np.abs(values(w)).T
    p.expect(y, want, sum_tolerance(k + parts, size, F32, F16))
    steps = -(-k // 64)
    bounds = [64 * (part * steps // parts) for part in range(parts + 1)]
    ranges = [slice(*bounds[part : part + 2]) for part in range(parts)]
    p.expect(
        work,
        np.stack([values(x)[:, r] @ values(w)[:, r].T for r in ranges]),
        np.stack([sum_tolerance(k, size, F32, F32)] * parts),
    )
    p.expect(done, np.full(tiles, parts, np.int32))
    p.expect(last, np.full(tiles, parts, np.int32))
    return p


def chain(n, rounds, seed):
    p = Program(f"kernel-chain-{n}-{rounds}", seed, "chain.mlir", "chain")
    array = p.integers("i32", n)
    x, y = p.output("i32", (n,), array, dynamic=True), p.output("i32", (n,), dynamic=True)
    p.scalar("index", rounds)
    want = array.astype(np.uint32)
    for _ in range(rounds):
        between = np.roll(want, -1000) + np.uint32(1)
        want = np.roll(between, -1000) * np.uint32(3)
    p.expect(x, want.view(np.int32))
    p.expect(y, between.view(np.int32))
    return p


def pipelined(lower, upper, step, seed):
    p = Program(f"control-pipelined-{lower}-{upper}-{step}", seed, "control.mlir", "pipelined")
    x = p.input("i32", p.integers("i32", 50), (None,))
    last, state = p.output("i32", (8,)), p.output("i32", (3,))
    for number in (lower, upper, step):
        p.scalar("index", number)
    tile, total, mix = np.full(8, -1, np.int32), 0, 1
    steps = range(lower, upper, step)
    for trip, i in enumerate(steps):
        at = np.arange(i, i + 8)
        inside = (at >= 0) & (at < 50)
        tile = np.where(inside, x.array[np.clip(at, 0, 49)], 0).astype(np.int32)
        total += int(tile.sum())
        mix *= int(tile.sum()) if trip % 2 else 1
    wrapped = (np.array([len(steps), total, mix], object) % 2**32).astype(np.uint32)
    p.expect(last, tile)
    p.expect(state, wrapped.view(np.int32))
    return p


def nested(seed):
    p = Program("control-nested", seed, "control.mlir", "nested")
    y, x = p.output("i32", (5,)), p.input("i32", p.integers("i32", 5))
    p.expect(y, (x.array * 30 + 3).astype(np.int32))
    return p


def rounds(count, seed):
    p = Program(f"control-rounds-{count}", seed, "control.mlir", "rounds")
    array = p.integers("f32", 150)
    x = p.output("f32", (150,), array, dynamic=True)
    p.scalar("index", count)
    want = array.astype(np.float64)
    for i in range(count):
        want = want * 2 + i
    p.expect(x, formats.encode(F32, want))
    return p


def persistent(m, n, k, workers, group, seed):
    name = f"persistent-{m}x{n}x{k}-{workers}-{group}"
    file = "../../../docs/examples/persistent-gemm.mlir"
    p = Program(name, seed, file, "persistent_gemm")
    a = p.input("f16", p.normal("f16", (m, k)), (None, None))
    b = p.input("f16", p.normal("f16", (k, n)), (None, None))
    c = p.output("f32", (m, n), dynamic=True)
    p.scalar("index", workers)
    p.scalar("index", group)
    size = np.abs(values(a)) @ np.abs(values(b))
    p.expect(c, values(a) @ values(b), size * F32.eps * (np.sqrt(k) + 4))
    return p


def shared_k(entry, m, n, k, workers, number, seed):
    """stream-k-gemm.mlir; `number` is that of tiles in a group, or of parts."""
    name = f"{entry.replace('_', '-')}-{m}x{n}x{k}-{workers}-{number}"
    p = Program(name, seed, "../../../docs/examples/stream-k-gemm.mlir", entry)
    a = p.input("f32", p.normal("f32", (m, k)), (None, None))
    b = p.input("f32", p.normal("f32", (k, n)), (None, None))
    c = p.output("f32", (m, n), dynamic=True)
    p.scalar("index", workers)
    p.scalar("index", number)
    size = np.abs(values(a)) @ np.abs(values(b))
    p.expect(c, values(a) @ values(b), sum_tolerance(k, size, F32, F32))
    return p


def classes(rows, columns, workers, seed):
    p = Program(f"classes-{rows}x{columns}-{workers}", seed, "classes.mlir", "classes")
    array = p.integers("f32", (rows, columns))
    p.input("f32", array, (None, None))
    sums, rounds = p.output("f32", (rows,), dynamic=True), p.output("i32", (workers,), dynamic=True)
    p.expect(sums, formats.encode(F32, np.where(array > 0, array, 0).sum(1, np.float64)))
    p.expect(rounds, np.array([len(range(w, rows, workers)) for w in range(workers)], np.int32))
    return p


def extents(m, n, seed):
    p = Program(f"control-extents-{m}x{n}", seed, "control.mlir", "extents")
    array = p.integers("f32", (20, 30))
    y = p.output("f32", (20, 30), array)
    p.scalar("index", m)
    p.scalar("index", n)
    want = array.astype(np.float64)
    want[: max(m, 0), : max(n, 0)] = 2
    p.expect(y, formats.encode(F32, want))
    return p


def grid(nx, ny, nz, seed):
    p = Program(f"control-grid-{nx}x{ny}x{nz}", seed, "control.mlir", "grid")
    shape = (max(nz, 1), max(ny, 1), max(nx, 1))
    y = p.output("i32", shape, dynamic=True)
    for number in (nx, ny, nz):
        p.scalar("index", number)
    if nx * ny * nz == 0:
        p.expect(y, formats.poison(y.type, shape), what="no block runs")
    else:
        z, j, i = np.indices(shape)
        p.expect(y, (z * 100 + j * 10 + i).astype(np.int32))
    return p


def views(seed):
    p = Program("control-views", seed, "control.mlir", "views")
    x = p.input("f32", p.integers("f32", (9, 14)))
    held = p.integers("f32", (9, 14))
    y = p.output("f32", (9, 14), held)
    s = np.ones((8, 8))
    view = values(x)[1:9, 1:13:2]
    s[:, 2:8] = np.vstack([np.zeros((1, 6)), view[:7]])
    want = held.astype(np.float64)
    want[0:8, 2:14:2] += s @ s[:, 2:8]
    p.expect(y, want, np.zeros(want.shape))
    return p


def scalars(seed):
    p = Program("control-scalars", seed, "control.mlir", "scalars")
    x = p.output("f32", (), np.array(1.25, np.float32))
    limit = 7
    p.input("index", np.array(limit))
    b = p.output("i1", (), np.array(True))
    xs = p.input("index", p.integers("index", 40, -(10**12), 10**12))
    bs, any_, total = p.output("i1", (40,)), p.output("i1", ()), p.output("index", ())
    less = xs.array < limit
    p.expect(x, np.array(2.5, np.float32))
    p.expect(bs, less)
    p.expect(any_, np.array(less.any()))
    p.expect(b, np.array(less.all()))
    p.expect(total, np.array(xs.array.sum()))
    return p


def factors(seed):
    p = Program("control-factors", seed, "control.mlir", "factors")
    y = p.output("i32", (200,))
    want = [next(d for d in range(2, n + 1) if n % d == 0) for n in range(2, 202)]
    p.expect(y, np.array(want, np.int32))
    return p


def tickets(seed):
    p = Program("control-tickets", seed, "control.mlir", "tickets")
    counter = p.output("i32", (1,), np.array([5], np.int32))
    y = p.output("i32", (6, 50))
    p.expect(counter, np.array([11], np.int32))

    def holds(array):
        same = (array == array[:, :1]).all()
        return same and sorted(array[:, 0].tolist()) == list(range(5, 11))

    p.expect_that(y, "each block has one ticket of its own", holds)
    return p


def branches(seed):
    p = Program("control-branches", seed, "control.mlir", "branches")
    x, y = p.input("f32", p.normal("f32", (4, 40))), p.output("f32", (4, 40))
    p.input("i1", np.array([True, False, True, False]))
    want = x.array.copy()
    want[::2] = want[::2, ::-1]
    p.expect(y, want)
    return p


def several(function, *choices):
    """One program for each tuple of parameters, under the name it gives itself."""
    result = {}
    for choice in choices:
        make = functools.partial(function, *choice)
        result[make(0).name] = make
    return result


PROGRAMS = {
    **several(softmax, ()),
    **several(rmsnorm, (5, 1000), (3, 256), (2, 7)),
    **several(layernorm, ()),
    **several(transpose, (100, 77), (1, 65), (32, 32)),
    **several(histogram, ()),
    **several(residual, ()),
    **several(attention, (2, 70, 100, 0), (1, 64, 96, 1), (1, 33, 50, 1)),
    **several(attention_wide, (2, 200, 100), (1, 128, 256), (3, 50, 65)),
    **several(splitk, (1,), (4,), (7,)),
    **several(chain, (100000, 40), (1000000, 7)),
    **several(linear, (16, 200, 512, 3), (5, 70, 264, 2), (33, 64, 72, 4)),
    **several(pipelined, (0, 0, 8), (5, 3, 8), (0, 1, 8), (0, 16, 8), (0, 50, 8), (-9, 60, 7)),
    **several(nested, ()),
    **several(rounds, (0,), (1,), (5,)),
    **several(persistent, (200, 333, 77, 5, 2), (65, 1, 40, 3, 8), (300, 130, 1, 40, 3)),
    **several(
        shared_k,
        ("stream_k_gemm", 45, 70, 203, 7, 2),
        ("stream_k_gemm", 33, 1, 500, 40, 1),
        ("stream_k_gemm", 100, 130, 9, 3, 3),
        ("stream_k_gemm", 40, 50, 0, 5, 2),
        ("split_k_gemm", 45, 70, 203, 7, 4),
        ("split_k_gemm", 70, 33, 20, 50, 9),
        ("split_k_gemm", 40, 50, 0, 5, 2),
    ),
    **several(classes, (13, 17, 4), (3, 5, 7)),
    **several(extents, (7, 9), (-3, 9), (-3, -4), (0, 5)),
    **several(grid, (4, 3, 2), (9, 1, 7), (1, 0, 3), (0, 1, 1)),
    **several(views, ()),
    **several(scalars, ()),
    **several(factors, ()),
    **several(tickets, ()),
    **several(branches, ()),
}
