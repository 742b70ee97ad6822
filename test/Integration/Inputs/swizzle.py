"""tile.launch with a swizzle: every block of the grid runs exactly once."""

import functools

import numpy as np

from program import Program

GRIDS = [(1, 1), (7, 1), (1, 9), (5, 5), (8, 12), (13, 7), (3, 64), (0, 4), (4, 0)]
PANELS = [1, 2, 3, 4, 10, 65535]


def grids(order, seed):
    p = Program(f"swizzle-{order}", seed)
    one = p.constant(1, "i32")
    for number, (gx, gy) in enumerate(GRIDS):
        for panel in PANELS:
            # Room around the grid shows blocks that should not be there.
            shape = (gy + 2, gx + 2)
            count = p.output("i32", shape, np.zeros(shape, np.int32))
            extents = [p.scalar("index", g) if number % 2 else p.constant(g)
                       for g in (gx, gy)]  # fmt: skip
            p.emit(
                f"tile.launch blocks(%x, %y) in ({extents[0]}, {extents[1]}) "
                f"threads(32) swizzle({panel}, {order}) {{",
                f"  %old = tile.atomic add {one}, {count}[%y, %x] : {count.text}",
                "}",
            )
            want = np.zeros(shape, np.int32)
            want[:gy, :gx] = 1
            p.expect(count, want, what=f"{gx} x {gy} blocks, panel {panel}")
    return p


PROGRAMS = {
    f"swizzle-{order}": functools.partial(grids, order) for order in ("row", "column")
}
