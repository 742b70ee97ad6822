"""Random programs over i8 and i32 tiles, where every result is exact.

A program is a tree of steps. Each step writes its text and runs itself on NumPy
arrays, block after block.
"""

import functools

import numpy as np

import copies
from formats import TYPES
from program import Program, memref

BLOCKS = 2
THREADS = [1, 2, 7, 31, 32, 33, 64, 96, 128, 256, 1000, 1024]


class Tile:
    def __init__(self, name, type, shape, scope):
        self.name, self.type, self.shape, self.scope = name, type, shape, scope
        self.text = memref(shape, type, scope)


class Generator:
    def __init__(self, program):
        self.p, self.rng, self.count = program, program.rng, 0
        self.tiles, self.inputs, self.loops = [], [], []

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def fresh(self, prefix="v"):
        self.count += 1
        return f"%{prefix}{self.count}"

    def number(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def index(self, low, high, lines):
        """An index in the text and as a function of the environment."""
        base = self.number(low, high)
        if not self.loops or self.rng.random() < 0.5:
            return self.p.constant(base), lambda env: base
        loop, scale, name = self.pick(self.loops), self.number(-3, 3), self.fresh()
        lines.append(f"{name}_m = arith.muli {loop}, {self.p.constant(scale)} : index")
        lines.append(f"{name} = arith.addi {name}_m, {self.p.constant(base)} : index")
        return name, lambda env: env[loop] * scale + base

    # Steps: each gives its lines and a function that runs it.

    def fill(self):
        tile, value = self.pick(self.tiles), self.number(-100, 100)
        text = self.p.constant(value, tile.type)
        return [f"tile.fill {tile.name}, {text} : {tile.text}"], lambda env: env[
            tile.name
        ].fill(value)

    def copy(self):
        dst = self.pick(self.tiles)
        src = self.pick([t for t in self.tiles + self.inputs if t is not dst])
        lines, at = [], {}
        for side, tile in (("src", src), ("dst", dst)):
            use = tile.scope == "global" or self.rng.random() < 0.5
            at[side] = [self.index(-5, s + 2, lines) for s in tile.shape] if use else None
        extents = None
        rank = min(len(src.shape), len(dst.shape))
        if self.rng.random() < 0.5 or len(src.shape) != len(dst.shape):
            extents = [self.number(0, 20) for _ in range(rank)]
        pad = self.pick([None, self.number(-9, 9)])
        text = {s: "[" + ", ".join(i for i, _ in a) + "]" if a else "" for s, a in at.items()}
        flags = f" extents [{', '.join(map(str, extents))}]" if extents is not None else ""
        if pad is not None:
            flags += f" pad({self.p.constant(pad, src.type)} : {src.type})"
        lines.append(
            f"tile.copy {src.name}{text['src']}, {dst.name}{text['dst']}{flags}"
            f" : {src.text} to {dst.text}"
        )

        def run(env):
            case = {"src": src.shape, "dst": dst.shape, "extents": extents, "pad": None}
            case |= {"src_scope": src.scope, "dst_scope": dst.scope}
            if pad is not None:
                case["pad"] = np.array(pad, TYPES[src.type].storage)
            for side, indices in at.items():
                case[side + "_at"] = indices and [f(env) for _, f in indices]
            env[dst.name][...] = copies.reference(
                case, env[src.name], env[dst.name], TYPES[src.type], TYPES[dst.type]
            )

        return lines, run

    def reduce(self):
        pairs = [
            (s, d, dim)
            for s in self.tiles
            for d in self.tiles
            for dim in range(len(s.shape))
            if s is not d and s.type == d.type
            and d.shape in (s.shape[:dim] + s.shape[dim + 1 :],
                            s.shape[:dim] + (1,) + s.shape[dim + 1 :])
        ]  # fmt: skip
        if not pairs:
            return self.fill()
        src, dst, dim = self.pick(pairs)
        kind, accumulate = self.pick(["sum", "max", "min", "xor", "or"]), self.rng.random() < 0.5
        function = {"sum": np.add, "max": np.maximum, "min": np.minimum,
                    "xor": np.bitwise_xor, "or": np.bitwise_or}[kind]  # fmt: skip
        flag = " accumulate" if accumulate else ""

        def run(env):
            storage = TYPES[src.type].storage
            result = function.reduce(env[src.name], dim, dtype=storage).reshape(dst.shape)
            if accumulate:
                result = function(result, env[dst.name])
            env[dst.name][...] = result

        text = f"tile.reduce {kind} {src.name}, {dst.name} dim {dim}{flag}"
        return [f"{text} : {src.text} to {dst.text}"], run

    def gemm(self):
        triples = []
        for a in self.tiles:
            for b in self.tiles:
                for c in self.tiles:
                    if (a.type, b.type, c.type) != ("i8", "i8", "i32"):
                        continue
                    if not len(a.shape) == len(b.shape) == len(c.shape) == 2:
                        continue
                    for ta in (0, 1):
                        for tb in (0, 1):
                            m, k = a.shape[::-1] if ta else a.shape
                            k2, n = b.shape[::-1] if tb else b.shape
                            if k == k2 and c.shape == (m, n):
                                triples.append((a, b, c, ta, tb))
        if not triples:
            return self.copy()
        a, b, c, ta, tb = self.pick(triples)
        clear = self.rng.random() < 0.4
        flags = " transpose_a" * ta + " transpose_b" * tb + " clear" * clear

        def run(env):
            lhs, rhs = env[a.name].astype(np.int64), env[b.name].astype(np.int64)
            product = (lhs.T if ta else lhs) @ (rhs.T if tb else rhs)
            held = 0 if clear else env[c.name].astype(np.int64)
            env[c.name][...] = (held + product).astype(np.int32)

        text = f"tile.gemm {a.name}, {b.name}, {c.name}{flags} : {a.text}, {b.text}, {c.text}"
        return [text], run

    def parallel(self):
        """dst[i] = dst[i] * factor + other[(i + shift) mod size], the indices of
        the other in some order."""
        dst = self.pick(self.tiles)
        others = [t for t in self.tiles if t is not dst and t.type == dst.type]
        if not others:
            return self.fill()
        other = self.pick(others)
        ivs = [self.fresh("i") for _ in dst.shape]
        own = self.rng.random() < 0.4 and other.shape == dst.shape
        sources = [d if own else self.number(0, len(ivs) - 1) for d in range(len(other.shape))]
        shifts = [0 if own else self.number(0, 5) for _ in other.shape]
        factor, type = self.number(-3, 3), dst.type
        lines, indices = [], []
        for source, shift, size in zip(sources, shifts, other.shape):
            name = self.fresh()
            lines.append(f"{name}_s = arith.addi {ivs[source]}, {self.p.constant(shift)} : index")
            lines.append(f"{name} = arith.remui {name}_s, {self.p.constant(size)} : index")
            indices.append(ivs[source] if own else name)
        n = self.fresh()
        at = ", ".join(ivs)
        lines += [
            f"{n}_o = memref.load {other.name}[{', '.join(indices)}] : {other.text}",
            f"{n}_d = memref.load {dst.name}[{at}] : {dst.text}",
            f"{n}_p = arith.muli {n}_d, {self.p.constant(factor, type)} : {type}",
            f"{n}_r = arith.addi {n}_p, {n}_o : {type}",
            f"memref.store {n}_r, {dst.name}[{at}] : {dst.text}",
        ]
        extents = ", ".join(map(str, dst.shape))
        head = f"tile.parallel ({at}) in ({extents}) {{"

        def run(env):
            grid = np.indices(dst.shape)
            where = tuple(
                (grid[s] + shift) % size for s, shift, size in zip(sources, shifts, other.shape)
            )
            old = env[dst.name].astype(np.int64) * factor + env[other.name][where]
            env[dst.name][...] = old.astype(TYPES[type].storage)

        return [head, *("  " + line for line in lines), "}"], run

    def scatter(self):
        """Adds numbers to elements of a shared tile by atomics."""
        tiles = [t for t in self.tiles if t.scope == "shared" and t.type == "i32"]
        if not tiles:
            return self.parallel()
        tile = self.pick(tiles)
        count, value = self.number(1, 150), self.number(-5, 5)
        iv, n = self.fresh("i"), self.fresh()
        lines, where = [], []
        for d, size in enumerate(tile.shape):
            lines += [
                f"{n}_{d}m = arith.muli {iv}, {self.p.constant(d + 1)} : index",
                f"{n}_{d} = arith.remui {n}_{d}m, {self.p.constant(size)} : index",
            ]
            where.append(np.arange(count) * (d + 1) % size)
        at = ", ".join(f"{n}_{d}" for d in range(len(tile.shape)))
        text = self.p.constant(value, "i32")
        lines.append(f"{n}_old = tile.atomic add {text}, {tile.name}[{at}] : {tile.text}")
        run = lambda env: np.add.at(env[tile.name], tuple(where), value)
        return [f"tile.parallel ({iv}) in ({count}) {{", *("  " + l for l in lines), "}"], run

    def element(self):
        """The whole block moves one element."""
        dst = self.pick(self.tiles)
        sources = [t for t in self.tiles if t.type == dst.type]
        src, n = self.pick(sources), self.fresh()
        at = [[self.number(0, s - 1) for s in t.shape] for t in (src, dst)]
        texts = [", ".join(self.p.constant(i) for i in a) for a in at]

        def run(env):
            env[dst.name][tuple(at[1])] = env[src.name][tuple(at[0])]

        return [
            f"{n} = memref.load {src.name}[{texts[0]}] : {src.text}",
            f"memref.store {n}, {dst.name}[{texts[1]}] : {dst.text}",
        ], run

    def loop(self, depth):
        iv = self.fresh("k")
        lower, step, trips = self.number(-2, 3), self.number(1, 3), self.number(0, 4)
        bounds = [self.p.constant(v) for v in (lower, lower + step * trips, step)]
        self.loops.append(iv)
        lines, body = self.block(self.number(1, 4), depth + 1)
        self.loops.pop()
        head = f"tile.pipelined {iv} = {bounds[0]} to {bounds[1]} step {bounds[2]}"
        stages = self.number(1, 4)

        def run(env):
            for k in range(trips):
                body(env | {iv: lower + step * k})

        return [f"{head} stages({stages}) {{", *("  " + l for l in lines), "}"], run

    def branch(self, depth):
        loop, limit, n = self.pick(self.loops), self.number(-1, 4), self.fresh()
        yes, run_yes = self.block(self.number(1, 2), depth + 1)
        no, run_no = self.block(self.number(1, 2), depth + 1)
        lines = [
            f"{n} = arith.cmpi slt, {loop}, {self.p.constant(limit)} : index",
            f"scf.if {n} {{",
            *("  " + line for line in yes),
            "} else {",
            *("  " + line for line in no),
            "}",
        ]
        return lines, lambda env: (run_yes if env[loop] < limit else run_no)(env)

    def step(self, depth):
        if depth < 2 and self.rng.random() < 0.2:
            return self.loop(depth)
        if depth < 3 and self.rng.random() < 0.15:
            return self.branch(depth)
        kinds = [self.copy, self.copy, self.reduce, self.gemm, self.gemm, self.parallel,
                 self.parallel, self.scatter, self.element, self.fill]  # fmt: skip
        return self.pick(kinds)()

    def block(self, count, depth):
        steps = [self.step(depth) for _ in range(count)]

        def run(env):
            for _, step in steps:
                step(env)

        return [line for lines, _ in steps for line in lines], run


def random_program(number, seed):
    p = Program(f"fuzz-{number}", seed)
    g = Generator(p)
    sizes = [int(p.rng.integers(1, 34)) for _ in range(2)]
    arrays = []
    for type in ("i8", "i32"):
        array = p.integers(type, tuple(int(s) for s in p.rng.integers(1, 50, 2)))
        argument = p.input(type, array, g.pick([None, (None, None)]))
        tile = Tile(str(argument), type, array.shape, "global")
        tile.text = argument.text
        g.inputs.append(tile)
        arrays.append(array)
    # Few sizes, so that tiles fit each other.
    for i in range(7):
        rank = g.pick([1, 2, 2])
        shape = tuple(g.pick(sizes) for _ in range(rank))
        if rank == 2 and p.rng.random() < 0.2:
            shape = g.pick([(shape[0], 1), (1, shape[1])])
        type, scope = g.pick(["i8", "i32"]), g.pick(["shared", "fragment", "fragment"])
        g.tiles.append(Tile(f"%t{i}", type, shape, scope))
    g.loops.append("%b")
    lines, run = g.block(9, 0)
    g.loops.pop()
    outputs = [p.output(t.type, (BLOCKS, *t.shape)) for t in g.tiles]

    head = f"tile.launch blocks(%b) in ({p.constant(BLOCKS)}) threads({g.pick(THREADS)}) {{"
    p.emit(head)
    for tile in g.tiles:
        p.emit(f"  {tile.name} = tile.alloc : {tile.text}")
        p.emit(f"  tile.fill {tile.name}, {p.constant(1, tile.type)} : {tile.text}")
    p.emit(*("  " + line for line in lines))
    for tile, output in zip(g.tiles, outputs):
        at = ", ".join(["%b"] + [p.constant(0)] * len(tile.shape))
        p.emit(f"  tile.copy {tile.name}, {output}[{at}] : {tile.text} to {output.text}")
    p.emit("}")

    results = [output.array.copy() for output in outputs]
    with np.errstate(all="ignore"):
        for block in range(BLOCKS):
            env = {"%b": block}
            env |= {t.name: a for t, a in zip(g.inputs, arrays)}
            env |= {t.name: np.ones(t.shape, TYPES[t.type].storage) for t in g.tiles}
            run(env)
            for tile, result in zip(g.tiles, results):
                result[block] = env[tile.name]
    for tile, output, result in zip(g.tiles, outputs, results):
        p.expect(output, result, what=f"{tile.name} {tile.text}")
    return p


PROGRAMS = {f"fuzz-{n:02}": functools.partial(random_program, n) for n in range(24)}
