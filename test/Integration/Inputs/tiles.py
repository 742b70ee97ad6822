"""Random programs of tile operations on tiles of many types and sizes.

A program loads tiles from ragged or strided matrices, computes with them in a
few random steps, and stores every tile at the end. Steps are those of fuzz.py:
each gives its text and a function that runs it on the arrays of one block.
"""

import numpy as np

import copies
import elementwise
import fuzz
import gemm
import reduce
import tracked
from formats import TYPES
from program import Program, memref
from tracked import Tracked, Unusable

THREADS = [32, 64, 96, 128, 128, 256, 33, 48, 160, 7, 1024]
SIZES = [1, 3, 8, 16, 17, 24, 31, 32, 33, 40, 48, 64, 64, 80, 96, 128, 192, 229]
# Programs of whole warps and whole instructions, without which tensor cores and
# asynchronous copies would be rare.
REGULAR_THREADS = [32, 64, 96, 128, 128, 256]
REGULAR_SIZES = [16, 32, 32, 48, 64, 64, 80, 96, 128]
FLOATS = ["f32", "f32", "f16", "bf16", "f64", "f8E4M3FN", "f8E5M2"]
INTEGERS = ["i32", "i8", "i16", "i64"]
TRIPLES = gemm.TRIPLES[:7] * 3 + gemm.TRIPLES[7:]
BYTES = 44 << 10


class Tile(fuzz.Tile):
    def __init__(self, name, type, shape, scope, text=None):
        super().__init__(name, type, shape, scope)
        self.text = text or self.text

    @property
    def elements(self):
        return TYPES[self.type]


class Generator(fuzz.Generator):
    def __init__(self, program, exact, regular):
        super().__init__(program)
        self.regular = regular
        # Whether only small integers go in.
        self.exact = exact
        self.bytes = 0
        self.before = []  # steps to run before the outermost loop
        self.depth = 0
        self.globals = {}  # arrays in global memory
        self.outputs = []

    def chance(self, probability):
        return self.rng.random() < probability

    def size(self, limit=229):
        sizes = REGULAR_SIZES if self.regular else SIZES
        return self.pick([s for s in sizes if s <= limit])

    def jitter(self, low, high):
        """A change of a size or an index, in regular programs mostly by 8s."""
        return self.number(low, high) * (8 if self.regular and self.chance(0.8) else 1)

    def constant(self, value, type):
        number = float(value) if TYPES[type].is_float else int(value)
        return self.p.constant(number, type)

    # Buffers.

    def input(self, type, shape, static=False):
        """A matrix in global memory, whole or a view of a larger one."""
        make = self.p.integers if self.exact else self.p.normal
        low = {"low": -3, "high": 3} if self.exact else {}
        array = make(type, shape, **low)
        dynamic = None if static or self.chance(0.4) else (None,) * len(shape)
        if len(shape) != 2 or self.chance(0.7):
            argument = self.p.input(type, array, dynamic)
            tile = Tile(str(argument), type, shape, "global", argument.text)
        else:
            tile = self.view(type, array)
        self.globals[tile.name] = tracked.stored(TYPES[type], array)
        return tile

    def view(self, type, array):
        """`array` in the middle of a larger matrix, or every second column."""
        rows, columns = array.shape
        top, left, step = self.number(0, 2), self.number(0, 9), self.pick([1, 1, 1, 2])
        whole = self.p.normal(type, (rows + top, left + step * columns + self.number(0, 3)))
        whole[top:, left : left + step * columns : step] = array
        argument = self.p.input(type, whole, (None, None))
        text = f"memref<{rows}x{columns}x{type}, strided<[?, {step}], offset: ?>>"
        name = self.fresh("view")
        at = ", ".join(self.p.constant(i) for i in (top, left))
        self.p.host.append(
            f"{name} = memref.subview {argument}[{at}] [{rows}, {columns}] [1, {step}]"
            f" : {argument.text} to {text}"
        )
        return Tile(name, type, array.shape, "global", text)

    def new(self, type, shape, scope=None, fill=True):
        """A new tile, made before the outermost loop."""
        scope = scope or self.pick(["shared", "fragment", "fragment"])
        width = max(TYPES[type].width, 8) // 8
        self.bytes += int(np.prod(shape)) * width
        if self.bytes > BYTES:
            raise Unusable("too large")
        tile = Tile(f"%t{len(self.tiles)}_{self.count}", type, tuple(shape), scope)
        self.count += 1
        value = self.number(-2, 2) if TYPES[type].is_float else self.number(-9, 9)
        lines = [f"{tile.name} = tile.alloc : {tile.text}"]
        fill |= self.depth > 0  # a loop may run never
        if fill:
            lines.append(f"tile.fill {tile.name}, {self.constant(value, type)} : {tile.text}")
        content = np.full(tile.shape, value if fill else 0)

        def run(env):
            env[tile.name] = Tracked(tile.elements, content.copy())

        self.before.append((lines, run))
        return tile

    def finished(self, steps):
        """The steps, after those that make what they need; as one step."""
        if self.depth == 0:
            steps, self.before = self.before + steps, []
        return [l for lines, _ in steps for l in lines], lambda env: [r(env) for _, r in steps]

    def element_type(self):
        if self.chance(0.7):
            return self.pick(FLOATS)
        return self.pick(INTEGERS)

    # Steps.

    def at(self, tile, lines, low=-3, high=3):
        """Indices into a global buffer that depend on the block."""
        chosen = [self.index(low, high, lines) for _ in tile.shape]
        if self.regular and self.chance(0.8):
            chosen = [self.eightfold(i, lines) for i in chosen]
        text = "[" + ", ".join(name for name, _ in chosen) + "]"
        return text, lambda env: [f(env) for _, f in chosen]

    def eightfold(self, index, lines):
        name = self.fresh()
        lines.append(f"{name} = arith.muli {index[0]}, {self.p.constant(8)} : index")
        return name, lambda env: index[1](env) * 8

    def region(self, src, dst, src_at=None, dst_at=None, extents=None, lines=()):
        """A tile.copy with indices, each a text and a function, on some sides."""
        pad = self.pick([0, 0, 2]) if TYPES[src.type].name != "i1" else 0
        texts = [side[0] if side else "" for side in (src_at, dst_at)]
        flags = f" extents [{', '.join(map(str, extents))}]" if extents else ""
        if pad:
            flags += f" pad({self.constant(pad, src.type)} : {src.type})"
        line = f"tile.copy {src.name}{texts[0]}, {dst.name}{texts[1]}{flags}"
        case = {"src": src.shape, "dst": dst.shape, "extents": extents}
        case |= {"src_scope": src.scope, "dst_scope": dst.scope}
        case |= {"src_at": src_at, "dst_at": dst_at}

        def run(env):
            where = [side and side[1](env) for side in (src_at, dst_at)]
            tracked.copy_region(
                env[src.name], env[dst.name], *where, copies.region_extents(case), pad
            )

        return [*lines, f"{line} : {src.text} to {dst.text}"], run

    def load(self, type=None, shape=None, scope=None, source=None):
        """A new tile with a part of a matrix, whose edge may cut it. Gives the
        tile, too."""
        type = type or self.element_type()
        shape = shape or self.shape()
        tile = self.new(type, shape, scope, fill=self.chance(0.3))
        if not source:
            kept = type if self.chance(0.7) else self.element_type()
            if TYPES[kept].is_float and not TYPES[type].is_float:
                kept = type  # no step of an inexact number
            blocks = self.number(1, fuzz.BLOCKS)
            sizes = [max(1, s * blocks + self.jitter(-5, 3)) for s in shape]
            source = self.input(kept, tuple(sizes))
        lines = []
        step = self.region(source, tile, self.at(source, lines), lines=lines)
        self.tiles.append(tile)
        return tile, self.finished([step])

    def shape(self):
        if self.chance(0.2):
            return (self.size(),)
        if self.chance(0.1):
            return tuple(self.size(17) for _ in range(3))
        return self.size(128), self.size()

    def step_load(self):
        return self.load()[1]

    def step_convert(self):
        """A new tile of another type, scope or both, from all of another."""
        src = self.pick(self.tiles)
        type = self.element_type() if self.chance(0.6) else src.type
        if src.elements.is_float and not self.exact and not TYPES[type].is_float:
            type = src.type
        dst = self.new(type, src.shape, fill=False)
        step = self.region(src, dst)
        self.tiles.append(dst)
        return self.finished([step])

    def step_part(self):
        """A copy between parts of tiles, and beyond their edges."""
        pairs = [
            (s, d) for s in self.tiles for d in self.tiles
            if s is not d and len(s.shape) == len(d.shape)
            and (self.exact or d.elements.is_float or not s.elements.is_float)
        ]  # fmt: skip
        if not pairs:
            return self.step_convert()
        src, dst = self.pick(pairs)
        lines = []
        sides = [self.at(t, lines, -4, 9) if self.chance(0.6) else None for t in (src, dst)]
        extents = [self.number(0, 40) for _ in src.shape] if self.chance(0.5) else None
        return self.region(src, dst, *sides, extents, lines)

    def step_store(self):
        """Stores a tile to a matrix of its own, at an offset that the edges of
        the matrix may cut."""
        src = self.pick(self.tiles)
        type = src.type if self.chance(0.6) else self.element_type()
        if src.elements.is_float and not self.exact and not TYPES[type].is_float:
            type = src.type
        sizes = tuple(max(1, s + self.number(-6, 6)) for s in src.shape)
        argument = self.p.output(type, (fuzz.BLOCKS, *sizes), dynamic=self.chance(0.5))
        dst = Tile(str(argument), type, (fuzz.BLOCKS, *sizes), "global", argument.text)
        self.globals[dst.name] = tracked.stored(dst.elements, argument.array)
        self.outputs.append((dst, argument))
        shift = [self.number(-4, 5) for _ in sizes]
        texts = ["%b"] + [self.p.constant(i) for i in shift]
        at = f"[{', '.join(texts)}]", lambda env: [env["%b"], *shift]
        return self.region(src, dst, None, at)

    def step_transpose(self):
        tiles = [t for t in self.tiles if len(t.shape) == 2]
        if not tiles:
            return self.step_load()
        src = self.pick(tiles)
        type = src.type if self.chance(0.7) else self.pick(FLOATS)
        dst = self.new(type, src.shape[::-1], fill=False)
        self.tiles.append(dst)

        def run(env):
            env[dst.name][...] = tracked.convert(env[src.name].transpose(1, 0), dst.elements)

        text = f"tile.transpose {src.name}, {dst.name} : {src.text} to {dst.text}"
        return self.finished([([text], run)])

    def step_reduce(self):
        src = self.pick(self.tiles)
        dim = self.number(0, len(src.shape) - 1)
        gone, kept = (src.shape[:dim] + one + src.shape[dim + 1 :] for one in ((), (1,)))
        held = [
            t for t in self.tiles
            if t is not src and t.type == src.type and t.shape in (gone, kept)
        ]  # fmt: skip
        kind = self.pick(reduce.kinds_of(src.elements))
        dst = self.pick(held) if held and self.chance(0.5) else None
        if not dst:
            if not gone:
                return self.step_scan()
            dst = self.new(src.type, self.pick([gone, kept]))
            self.tiles.append(dst)
        accumulate = self.chance(0.4)

        def run(env):
            old = env[dst.name]
            before = Tracked(old.type, old.v.reshape(kept), old.e.reshape(kept))
            result = tracked.reduction(kind, env[src.name], dim, before if accumulate else None)
            old.v[...], old.e[...] = result.v.reshape(dst.shape), result.e.reshape(dst.shape)

        text = f"tile.reduce {kind} {src.name}, {dst.name} dim {dim}" + " accumulate" * accumulate
        return self.finished([([f"{text} : {src.text} to {dst.text}"], run)])

    def step_scan(self):
        tiles = [t for t in self.tiles if t.elements.width > 8]
        if not tiles:
            return self.step_load()
        src = self.pick(tiles)
        dim, kind = self.number(0, len(src.shape) - 1), self.pick(["sum", "max"])
        reverse, dst = self.chance(0.5), src
        if self.chance(0.6):
            dst = self.new(src.type, src.shape, fill=False)
            self.tiles.append(dst)

        def run(env):
            env[dst.name][...] = tracked.scan(kind, env[src.name], dim, reverse)

        text = f"tile.scan {kind} {src.name}, {dst.name} dim {dim}" + " reverse" * reverse
        return self.finished([([f"{text} : {src.text} to {dst.text}"], run)])

    def operands(self, size):
        """The types, sizes and stored shapes of a product."""
        types = self.pick(TRIPLES)
        m, n, k = (self.size(size) for _ in range(3))
        flips = self.number(0, 1), self.number(0, 1)
        shapes = ((k, m) if flips[0] else (m, k)), ((n, k) if flips[1] else (k, n))
        return types, (m, n, k), flips, shapes

    def product(self, a, b, c, flips, precision, clear="", cleared=lambda env: False):
        flags = " transpose_a" * flips[0] + " transpose_b" * flips[1] + clear
        flags += f" precision({precision})" if precision else ""
        if self.chance(0.4):
            flags += f" policy({self.pick(['square', 'full_row', 'full_col'])})"

        def run(env):
            sides = (
                env[x.name].transpose(1, 0) if flip else env[x.name]
                for x, flip in zip((a, b), flips)
            )
            held = None if cleared(env) else env[c.name]
            result = tracked.product(*sides, held, c.elements, precision == "tf32")
            env[c.name][...] = result

        text = f"tile.gemm {a.name}, {b.name}, {c.name}{flags} : {a.text}, {b.text}, {c.text}"
        return [text], run

    def step_gemm(self):
        """A product of a tile that is there, if its type allows, and of new ones."""
        types, (m, n, k), flips, shapes = self.operands(128)
        steps = []
        known = [t for t in self.tiles if len(t.shape) == 2 and t.type == types[0]]
        if known and self.chance(0.7):
            a = self.pick(known)
            m, k = a.shape[::-1] if flips[0] else a.shape
            shapes = shapes[0], ((n, k) if flips[1] else (k, n))
        else:
            a, step = self.operand(types[0], shapes[0])
            steps.append(step)
        b, step = self.operand(types[1], shapes[1])
        steps.append(step)
        held = [
            t for t in self.tiles
            if t.type == types[2] and t.shape == (m, n) and t not in (a, b)
        ]  # fmt: skip
        c = self.pick(held) if held and self.chance(0.6) else None
        if not c:
            c = self.new(types[2], (m, n), self.pick(["fragment", "fragment", "shared"]))
            self.tiles.append(c)
        clear = self.chance(0.4)
        flag = " clear" if clear else ""
        steps.append(self.product(a, b, c, flips, types[3], flag, lambda env: clear))
        return self.finished(steps)

    def operand(self, type, shape):
        if self.chance(0.15):
            return self.input(type, shape, static=True), ([], lambda env: None)
        return self.load(type, shape, self.pick(["shared", "shared", "shared", "fragment"]))

    def step_pipeline(self):
        """A product in a loop over K, or another chain over tiles of a matrix."""
        types, (m, n, k), flips, shapes = self.operands(96)
        c = self.new(types[2], (m, n), self.pick(["fragment"] * 3 + ["shared"]))
        trips, stages = self.number(0, 5), self.number(1, 4)
        total = max(1, k * trips - self.number(0, k - 1)) if trips else k
        loop, at = self.fresh("k"), self.p.constant(0)
        upper = self.p.scalar("index", total) if self.chance(0.5) else self.p.constant(total)
        if trips == 0:
            upper, total = at, 0
        lines, steps, pair = [], [], []
        for type, shape, k_dim in zip(types, shapes, (0 if flips[0] else 1, 1 if flips[1] else 0)):
            tile = self.new(type, shape, "shared", fill=self.chance(0.2))
            self.bytes += (stages - 1) * int(np.prod(shape)) * max(1, TYPES[type].width // 8)
            if self.bytes > 2 * BYTES:
                raise Unusable("too large")
            sizes = list(shape)
            sizes[k_dim] = max(total, 1)
            sizes[1 - k_dim] += self.jitter(-1, 8) if shape[1 - k_dim] > 8 else 0
            source = self.input(type, tuple(sizes))
            other = [] if self.chance(0.5) else lines
            first = self.index(-2, 3, lines) if other else (at, lambda env: 0)
            first = self.eightfold(first, lines) if self.regular else first
            place = [loop, first[0]] if k_dim == 0 else [first[0], loop]
            order = (lambda env, f=first[1]: [env[loop], f(env)]) if k_dim == 0 else (
                lambda env, f=first[1]: [f(env), env[loop]])  # fmt: skip
            steps.append(self.region(source, tile, (f"[{', '.join(place)}]", order)))
            pair.append(tile)
            self.tiles.append(tile)
        flag, cleared = "", lambda env: False
        if self.chance(0.4):
            name = self.fresh()
            lines.append(f"{name} = arith.cmpi eq, {loop}, {at} : index")
            flag, cleared = f" clear_if({name})", lambda env: env[loop] == 0
        steps.append(self.product(*pair, c, flips, types[3], flag, cleared))
        self.tiles.append(c)
        self.depth += 1
        if self.chance(0.4):
            steps.insert(self.number(2, len(steps)), self.step(1))
        self.depth -= 1
        # What the loop leaves in its tiles may be undefined.
        for tile in pair:
            self.tiles.remove(tile)
        head = f"tile.pipelined {loop} = {at} to {upper} step {self.p.constant(k)}"
        body = [l for part, _ in steps for l in part]

        def run(env):
            for i in range(0, total, k):
                inner = env | {loop: i}
                for _, part in steps:
                    part(inner)

        text = [f"{head} stages({stages}) {{", *("  " + l for l in lines + body), "}"]
        return self.finished([(text, run)])

    def loop(self, depth):
        self.depth += 1
        step = super().loop(depth)
        self.depth -= 1
        return self.finished([step])

    def branch(self, depth):
        self.depth += 1
        step = super().branch(depth)
        self.depth -= 1
        return self.finished([step])

    def step(self, depth):
        if depth < 2 and self.chance(0.1):
            return self.loop(depth)
        if depth < 2 and self.chance(0.05):
            return self.branch(depth)
        kinds = [self.step_convert, self.step_part, self.step_transpose, self.step_reduce,
                 self.step_reduce, self.step_scan] + [lambda: elementwise.step(self)] * 4  # fmt: skip
        if depth == 0:
            kinds += [self.step_load, self.step_store] + [self.step_gemm, self.step_pipeline] * 3  # fmt: skip
        return self.pick(kinds)()


def generate(p):
    """Fills an empty program."""
    g = Generator(p, exact=p.rng.random() < 0.5, regular=p.rng.random() < 0.6)
    g.loops.append("%b")
    steps = [g.step_load()] + [g.step(0) for _ in range(g.number(2, 7))]
    g.loops.pop()
    threads = g.pick(REGULAR_THREADS if g.regular else THREADS)
    p.emit(f"tile.launch blocks(%b) in ({p.constant(fuzz.BLOCKS)}) threads({threads}) {{")
    for lines, _ in steps:
        p.emit(*("  " + line for line in lines))
    results = []
    for tile in g.tiles:
        argument = p.output(tile.type, (fuzz.BLOCKS, *tile.shape))
        at = ", ".join(["%b"] + [p.constant(0)] * len(tile.shape))
        p.emit(f"  tile.copy {tile.name}, {argument}[{at}] : {tile.text} to {argument.text}")
        results.append((tile, argument, tracked.stored(tile.elements, argument.array)))
    p.emit("}")
    for block in range(fuzz.BLOCKS):
        env = g.globals | {"%b": block}
        for _, run in steps:
            run(env)
        for tile, _, result in results:
            result[block] = env[tile.name]
    results += [(tile, argument, g.globals[tile.name]) for tile, argument in g.outputs]
    for tile, argument, result in results:
        p.expect(argument, result.v, result.tolerance(), what=f"{tile.name} {tile.text}")


def random_program(seed):
    """A program that depends on the seed alone. What says little is tried anew."""
    for attempt in range(1000):
        p = Program(f"tiles-{attempt}", seed)
        try:
            generate(p)
        except Unusable:
            continue
        p.name = f"tiles-{seed}"
        return p
    raise RuntimeError("no program was found")
