"""Pipelined loops: any number of stages and iterations, and every reason not to
copy ahead."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, sum_tolerance

SHARED = "#tile.scope<shared>"
TILE = f"memref<16xi32, {SHARED}>"
MAX_TRIPS, STAGES = 5, (1, 2, 3, 4)


def loops(p, make, all_stages=STAGES, bounds=(False, True)):
    """Calls `make` for each number of stages, of iterations and kind of bounds,
    with the text of the loop's head."""
    for stages in all_stages:
        for trips in range(MAX_TRIPS + 1):
            for known in bounds:
                upper = p.constant(trips) if known else p.scalar("index", trips)
                head = (
                    f"tile.pipelined %k = {p.constant(0)} to {upper} step "
                    f"{p.constant(1)} stages({stages}) {{"
                )
                make(head, trips, f"{stages} stages, {trips} iterations")


def launch(p, *lines):
    p.emit("tile.launch blocks() in () threads(32) {")
    p.emit(*("  " + line for line in lines), "}")


def add_tile(buffer, out):
    """Adds the elements of a tile to those of the output."""
    return [
        "tile.parallel (%i) in (16) {",
        f"  %e = memref.load {buffer}[%i] : {TILE}",
        f"  %o = memref.load {out}[%i] : {out.text}",
        "  %s = arith.addi %e, %o : i32",
        "  %t = arith.addi %s, %o : i32",
        f"  memref.store %t, {out}[%i] : {out.text}",
        "}",
    ]


def folded(tiles, start=0):
    """What add_tile leaves after these tiles: their order matters."""
    total = np.full(16, start, np.int64)
    for tile in tiles:
        total = 2 * total + tile
    return total.astype(np.int32)


def tile_at(x, begin, size=16):
    """A tile of `x`, zero outside."""
    tile = np.zeros(size, np.int64)
    inside = x[max(begin, 0) : max(begin + size, 0)]
    tile[max(-begin, 0) : max(-begin, 0) + len(inside)] = inside
    return tile


def make_input(p, size=16 * MAX_TRIPS - 5):
    """Rows that end in the middle of a tile."""
    return p.input("i32", p.integers("i32", size, -99, 99), (None,))


def ordered(seed):
    """The plain case: one copy, one reader, a ragged end."""
    p = Program("pipeline-ordered", seed)
    x = make_input(p)

    def make(head, trips, what):
        out = p.output("i32", (16,), np.zeros(16, np.int32))
        launch(
            p,
            f"%b = tile.alloc : {TILE}",
            head,
            f"%at = arith.muli %k, {p.constant(16)} : index",
            f"tile.copy {x}[%at], %b : {x.text} to {TILE}",
            *add_tile("%b", out),
            "}",
        )
        tiles = [tile_at(x.array, 16 * k) for k in range(trips)]
        p.expect(out, folded(tiles), what=what)

    loops(p, make)
    return p


def read_first(seed):
    """The buffer is read before it is written: the copy must not move."""
    p = Program("pipeline-read-first", seed)
    x = make_input(p)

    def make(head, trips, what):
        out = p.output("i32", (16,), np.zeros(16, np.int32))
        launch(
            p,
            f"%b = tile.alloc : {TILE}",
            f"tile.copy {x}, %b : {x.text} to {TILE}",
            head,
            f"%at = arith.muli %k, {p.constant(8)} : index",
            *add_tile("%b", out),
            f"tile.copy {x}[%at], %b : {x.text} to {TILE}",
            "}",
            *add_tile("%b", out),
        )
        begins = [0] + [8 * k for k in range(trips)]
        p.expect(out, folded(tile_at(x.array, b) for b in begins), what=what)

    loops(p, make)
    return p


def written_source(seed):
    """One source is written by the loop, two tiles ahead; the other is not, and
    its copy moves."""
    p = Program("pipeline-written-source", seed)
    y = make_input(p)

    def make(head, trips, what):
        size = 16 * (MAX_TRIPS + 2)
        initial = p.integers("i32", size, -9, 9)
        x = p.output("i32", (size,), initial, dynamic=True)
        launch(
            p,
            f"%b = tile.alloc : {TILE}",
            f"%d = tile.alloc : {TILE}",
            head,
            f"%at = arith.muli %k, {p.constant(16)} : index",
            f"%next = arith.addi %at, {p.constant(16)} : index",
            f"tile.copy {y}[%at], %d : {y.text} to {TILE}",
            f"tile.copy {x}[%at], %b : {x.text} to {TILE}",
            "tile.parallel (%i) in (16) {",
            f"  %e = memref.load %b[%i] : {TILE}",
            f"  %f = memref.load %d[%i] : {TILE}",
            "  %s = arith.addi %e, %f : i32",
            f"  memref.store %s, %b[%i] : {TILE}",
            "}",
            f"tile.copy %b, {x}[%next] : {TILE} to {x.text}",
            "}",
        )
        want = initial.copy()
        for k in range(trips):
            tile = tile_at(y.array, 16 * k).astype(np.int32)
            want[16 * k + 16 : 16 * k + 32] = want[16 * k : 16 * k + 16] + tile
        p.expect(x, want, what=what)

    loops(p, make)
    return p


def two_loops(stages, seed):
    """Two loops with different numbers of stages on the same buffers, and what
    lies in them between and after the loops."""
    p = Program(f"pipeline-two-loops-{stages}", seed)
    x = make_input(p)

    def make(head, trips, what):
        out = p.output("i32", (16,), np.zeros(16, np.int32))
        copies = [
            f"%at = arith.muli %k, {p.constant(16)} : index",
            f"%back = arith.subi %at, {p.constant(3)} : index",
            f"tile.copy {x}[%at], %b : {x.text} to {TILE}",
            f"tile.copy {x}[%back], %d : {x.text} to {TILE}",
        ]
        other = head.replace("stages(2)", "stages(3)").replace("stages(4)", "stages(2)")
        launch(
            p,
            f"%b = tile.alloc : {TILE}",
            f"%d = tile.alloc : {TILE}",
            head, *copies, *add_tile("%b", out), *add_tile("%d", out), "}",
            f"tile.fill %d, {p.constant(7, 'i32')} : {TILE}",
            *add_tile("%d", out),
            other, *copies, *add_tile("%d", out), *add_tile("%b", out), "}",
        )  # fmt: skip
        pairs = [(tile_at(x.array, 16 * k), tile_at(x.array, 16 * k - 3)) for k in range(trips)]
        first = [tile for pair in pairs for tile in pair]
        second = [tile for a, b in pairs for tile in (b, a)]
        p.expect(out, folded([*first, np.full(16, 7), *second]), what=what)

    loops(p, make, all_stages=(stages,), bounds=(False,))
    return p


def nested(seed):
    """A pipelined loop in a loop, whose buffer another loop reuses."""
    p = Program("pipeline-nested", seed)
    x = make_input(p)

    def make(head, trips, what):
        out = p.output("i32", (16,), np.zeros(16, np.int32))
        launch(
            p,
            f"%b = tile.alloc : {TILE}",
            f"%d = tile.alloc : {TILE}",
            f"scf.for %j = {p.constant(0)} to {p.constant(3)} step {p.constant(1)} {{",
            head,
            f"%row = arith.muli %k, {p.constant(16)} : index",
            "%at = arith.addi %row, %j : index",
            f"tile.copy {x}[%at], %b : {x.text} to {TILE}",
            *add_tile("%b", out),
            "}",
            # After the loop, in memory that it no longer needs.
            f"tile.copy {x}[%j], %d : {x.text} to {TILE}",
            *add_tile("%d", out),
            "}",
        )
        tiles = []
        for j in range(3):
            tiles += [tile_at(x.array, 16 * k + j) for k in range(trips)]
            tiles.append(tile_at(x.array, j))
        p.expect(out, folded(tiles), what=what)

    loops(p, make)
    return p


def branch(seed):
    """A copy in a branch stays there; one before it moves."""
    p = Program("pipeline-branch", seed)
    x = make_input(p)

    def make(head, trips, what):
        out = p.output("i32", (16,), np.zeros(16, np.int32))
        launch(
            p,
            f"%b = tile.alloc : {TILE}",
            f"%d = tile.alloc : {TILE}",
            f"tile.fill %d, {p.constant(5, 'i32')} : {TILE}",
            head,
            f"%at = arith.muli %k, {p.constant(16)} : index",
            f"tile.copy {x}[%at], %b : {x.text} to {TILE}",
            *add_tile("%b", out),
            f"%two = arith.remui %k, {p.constant(2)} : index",
            f"%odd = arith.cmpi eq, %two, {p.constant(1)} : index",
            "scf.if %odd {",
            f"tile.copy {x}[%k], %d : {x.text} to {TILE}",
            "}",
            *add_tile("%d", out),
            "}",
        )
        tiles, kept = [], np.full(16, 5)
        for k in range(trips):
            kept = tile_at(x.array, k) if k % 2 else kept
            tiles += [tile_at(x.array, 16 * k), kept]
        p.expect(out, folded(tiles), what=what)

    loops(p, make)
    return p


def gemm(m, n, k, stages, type, seed):
    """A product of ragged sizes in blocks of 32 x 48 x 16, with a second use of
    the shared memory in the end."""
    name = f"pipeline-gemm-{m}x{n}x{k}-{type}-{stages}"
    p = Program(name, seed)
    a = p.input(type, p.normal(type, (m, k)), (None, None))
    b = p.input(type, p.normal(type, (k, n)), (None, None))
    c = p.output("f32", (m, n), dynamic=True)
    rows, columns, depth = (p.scalar("index", size) for size in (-(-m // 32), -(-n // 48), k))
    tiles = {
        "s": f"memref<32x16x{type}, {SHARED}>",
        "t": f"memref<16x48x{type}, {SHARED}>",
        "f": "memref<32x48xf32, #tile.scope<fragment>>",
        "o": f"memref<32x48xf32, {SHARED}>",
    }
    zero = p.constant(0)
    p.emit(
        f"tile.launch blocks(%x, %y) in ({columns}, {rows}) threads(128) {{",
        *(f"  %{name} = tile.alloc : {text}" for name, text in tiles.items()),
        f"  %row = arith.muli %y, {p.constant(32)} : index",
        f"  %column = arith.muli %x, {p.constant(48)} : index",
        f"  tile.fill %f, {p.constant('0.0', 'f32')} : {tiles['f']}",
        f"  tile.pipelined %k = {zero} to {depth} step {p.constant(16)} stages({stages}) {{",
        f"    tile.copy {a}[%row, %k], %s : {a.text} to {tiles['s']}",
        f"    tile.copy {b}[%k, %column], %t : {b.text} to {tiles['t']}",
        f"    tile.gemm %s, %t, %f : {tiles['s']}, {tiles['t']}, {tiles['f']}",
        "  }",
        f"  tile.copy %f, %o : {tiles['f']} to {tiles['o']}",
        f"  tile.copy %o, {c}[%row, %column] : {tiles['o']} to {c.text}",
        "}",
    )
    x, y = (formats.decode(v.type, v.array) for v in (a, b))
    spread = np.abs(x) @ np.abs(y)
    p.expect(c, x @ y, sum_tolerance(k, spread, TYPES["f32"], TYPES["f32"]))
    return p


PROGRAMS = {
    f"pipeline-{make.__name__.replace('_', '-')}": make
    for make in (ordered, read_first, written_source, nested, branch)
}
# One program each: the time to compile a function grows faster than its size.
for stages in STAGES:
    PROGRAMS[f"pipeline-two-loops-{stages}"] = functools.partial(two_loops, stages)
for shape in ((32, 48, 64), (50, 70, 90), (33, 49, 8), (65, 100, 17), (40, 96, 128)):
    for type, stages in (("f16", 2), ("f16", 3), ("f32", 4)):
        name = f"pipeline-gemm-{'x'.join(map(str, shape))}-{type}-{stages}"
        PROGRAMS[name] = functools.partial(gemm, *shape, stages, type)
