"""Grids for kernels/schedulers.mlir, and what the schedulers must do on them.

The orders are written here as loops over the grid, the schedulers compute them
from the number of a tile. All grids of one program are walked in one run.
"""

import collections
import functools
import itertools

import numpy as np

from program import Program

Case = collections.namedtuple("Case", "m n k workers group columns cluster parts")
# One step of a worker; the last four only for schedulers that share out K.
Step = collections.namedtuple("Step", "linear m n begin end first last", defaults=[-1] * 4)

GRIDS = [(1, 1), (0, 5), (5, 0), (0, 0), (2, 3), (7, 5), (13, 1), (1, 11), (6, 4), (5, 13)]


def at_least_1(*numbers):
    return [max(number, 1) for number in numbers]


def stacks(case):
    return -(-case.m // max(case.cluster, 1))


def order_of_rows(case):
    return [(m, n) for m in range(case.m) for n in range(case.n)]


def order_of_groups(case):
    """Bands of `group` tiles side by side, each walked across its width first."""
    rows = stacks(case)
    length, across = (rows, case.n) if case.columns else (case.n, rows)
    order, (group,) = [], at_least_1(case.group)
    for base in range(0, across, group):
        for along in range(length):
            for side in range(base, min(base + group, across)):
                order.append((along, side) if case.columns else (side, along))
    return order


def place(case, tile):
    """The row and column of a tile, also of one beyond the last."""
    rows, (group,) = stacks(case), at_least_1(case.group)
    primary, secondary = (rows, case.n) if case.columns else (case.n, rows)
    band, inside = divmod(tile, max(primary * group, 1))
    width = max(1, min(group, secondary - band * group))
    fast, slow = inside // width, band * group + inside % width
    return (fast, slow) if case.columns else (slow, fast)


def dealt(case, items):
    """Worker w gets every num_workers-th item, from number w on."""
    (workers,) = at_least_1(case.workers)
    return [items[w::workers] for w in range(workers)]


def round_robin(case):
    order = order_of_rows(case)
    return dealt(case, [Step(i, m, n) for i, (m, n) in enumerate(order)])


def persistent(case):
    order = order_of_groups(case)
    return dealt(case, [Step(i, m, n) for i, (m, n) in enumerate(order)])


def along_k(case, linear, m, n, begin, end):
    return Step(linear, m, n, begin, end, int(begin == 0), int(end == case.k))


def whole(case):
    order = order_of_groups(case)
    return dealt(case, [along_k(case, i, m, n, 0, case.k) for i, (m, n) in enumerate(order)])


def split_k(case):
    parts = max(1, min(case.parts, case.k))
    ends = [case.k * part // parts for part in range(parts + 1)]
    assert max(np.diff(ends)) - min(np.diff(ends)) <= 1
    assert min(np.diff(ends)) > 0 or case.k == 0
    items = []
    for begin, end in itertools.pairwise(ends):
        for m, n in order_of_groups(case):
            items.append(along_k(case, len(items), m, n, begin, end))
    return dealt(case, items)


def stream_k(case):
    """All products in a row, cut into pieces; a step is what a piece has of a tile."""
    tiles, (workers,) = order_of_groups(case), at_least_1(case.workers)
    products = [(i, k) for i in range(len(tiles)) for k in range(case.k)]
    cuts = [len(products) * w // workers for w in range(workers + 1)]
    assert max(np.diff(cuts)) - min(np.diff(cuts)) <= 1
    result = []
    for start, stop in itertools.pairwise(cuts):
        steps = []
        for tile, piece in itertools.groupby(products[start:stop], lambda p: p[0]):
            ks = [k for _, k in piece]
            steps.append(along_k(case, tile, *tiles[tile], ks[0], ks[-1] + 1))
        result.append(steps)
    return result


def cases(depths, parts):
    """All grids in all orders; the other numbers take turns."""
    turns = [itertools.cycle(values) for values in (depths, parts)]
    for (m, n), group, columns, cluster in itertools.product(
        GRIDS, (1, 2, 3, 8), (0, 1), (1, 2, 4)
    ):
        for workers in (1, 2, 5, m * n + 3):
            k, part = (next(turn) for turn in turns)
            yield Case(m, n, k, workers, group, columns, cluster, part)
    # Numbers below 1 count as 1.
    yield Case(3, 4, depths[-1], 0, 0, 0, 0, 0)
    yield Case(3, 4, depths[-1], -1, -2, 1, -3, -4)


def table(p, rows, steps):
    return p.input("index", [[*row, steps] for row, steps in zip(rows, steps)], (None, 9))


def walks(name, entry, model, depths, parts, seed):
    p = Program(f"scheduler-{name}", seed, "schedulers.mlir", entry)
    rows = list(cases(depths, parts))
    walked = [model(case) for case in rows]
    steps = [max(map(len, workers)) for workers in walked]
    table(p, rows, steps)
    length = max(len(workers) * limit for workers, limit in zip(walked, steps))
    log = np.full((len(rows), length, len(Step._fields)), -1, np.int64)
    visits = np.zeros((len(rows), max(c.m * c.n * c.k for c in rows)), np.int32)
    out = p.output("index", log.shape, log.copy())
    out.text = "memref<?x?x7xindex>"
    counts = p.output("i32", visits.shape, visits.copy(), dynamic=True)
    errors = p.output("i32", (len(rows),), np.zeros(len(rows), np.int32), dynamic=True)
    p.scalar("index", max(map(len, walked)))
    for i, (case, workers) in enumerate(zip(rows, walked)):
        for w, walk in enumerate(workers):
            for s, step in enumerate(walk):
                log[i, w * steps[i] + s] = step
        visits[i, : case.m * case.n * case.k] = 1
    p.expect(out, log, what="order of the visits")
    p.expect(counts, visits, what="number of visits")
    p.expect(errors, np.zeros(len(rows), np.int32), what="errors")
    return p


def places(seed):
    p = Program("scheduler-places", seed, "schedulers.mlir", "places")
    rows = list(cases((1,), (1,)))
    table(p, rows, [0] * len(rows))
    want = [[place(case, tile) for tile in range(100)] for case in rows]
    for case, row in zip(rows, want):
        order = order_of_groups(case)
        assert row[: len(order)] == order, case
    out = p.output("index", (len(rows), 100, 2))
    out.text = "memref<?x?x2xindex>"
    p.expect(out, np.array(want, np.int64))
    return p


DEPTHS, PARTS = (0, 1, 3, 8, 11), (1, 2, 3, 4, 10, 8, 11)

PROGRAMS = {
    "scheduler-" + name: functools.partial(walks, name, *rest)
    for name, *rest in (
        ("round-robin", "round_robin", round_robin, (1,), (1,)),
        ("persistent", "persistent", persistent, (1,), (1,)),
        ("whole", "whole", whole, DEPTHS, PARTS),
        ("split-k", "split_k", split_k, DEPTHS, PARTS),
        ("stream-k", "stream_k", stream_k, DEPTHS, PARTS),
    )
}
PROGRAMS["scheduler-places"] = places
