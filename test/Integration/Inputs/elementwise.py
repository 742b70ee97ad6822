"""A random elementwise loop over a tile, as a step of tiles.py."""

import numpy as np

import tracked
from formats import TYPES
from tracked import Tracked


class Loop:
    """Builds the body: values are names with a type and a function that gives
    their Tracked arrays over the whole index space."""

    def __init__(self, generator, extents):
        self.g, self.extents, self.lines = generator, extents, []
        self.variables = [generator.fresh("i") for _ in extents]
        self.grid = np.indices(extents)

    def emit(self, text):
        name = self.g.fresh()
        self.lines.append(f"{name} = {text}")
        return name

    def cast(self, value, type):
        name, source, get = value
        a, b = TYPES[source], TYPES[type]
        if a is b:
            return value
        if a.is_float and b.is_float:
            if a.width == b.width:
                return self.cast(self.cast(value, "f32"), type)
            operation = "extf" if a.width < b.width else "truncf"
        elif b.is_float:
            operation = "sitofp"
        else:
            assert not a.is_float
            operation = "extsi" if a.width < b.width else "trunci"
        name = self.emit(f"arith.{operation} {name} : {source} to {type}")
        return name, type, lambda env: tracked.convert(get(env), b)

    def load(self, tile, dims, shift=0):
        """The element at some of the loop's variables, in the given order."""
        indices, where = [], []
        for dim, size in zip(dims, tile.shape):
            if dim is None:
                indices.append(self.g.p.constant(0))
                where.append(np.zeros(self.extents, np.int64))
                continue
            index, grid = self.variables[dim], self.grid[dim]
            if shift:
                moved = self.emit(f"arith.addi {index}, {self.g.p.constant(shift)} : index")
                index = self.emit(f"arith.remui {moved}, {self.g.p.constant(size)} : index")
                grid = (grid + shift) % size
            indices.append(index)
            where.append(grid)
        name = self.emit(f"memref.load {tile.name}[{', '.join(indices)}] : {tile.text}")
        return name, tile.type, lambda env: env[tile.name][tuple(where)]

    def number(self, value, type):
        t = TYPES[type]
        name = self.g.constant(value, type)
        return name, type, lambda env: Tracked(t, np.full(self.extents, value))

    def variable(self, type):
        """The number of an iteration, modulo 4 so that it is exact."""
        iv = self.g.number(0, len(self.extents) - 1)
        low = self.emit(f"arith.remui {self.variables[iv]}, {self.g.p.constant(4)} : index")
        name = self.emit(f"arith.index_cast {low} : index to i32")
        value = name, "i32", lambda env: Tracked(TYPES["i32"], self.grid[iv] % 4)
        return self.cast(value, type)

    def binary(self, kind, a, b):
        type = a[1]
        t = TYPES[type]
        suffix = "f" if t.is_float else "i"
        names = {"max": "maximumf" if t.is_float else "maxsi",
                 "min": "minimumf" if t.is_float else "minsi"}  # fmt: skip
        name = self.emit(f"arith.{names.get(kind, kind + suffix)} {a[0]}, {b[0]} : {type}")

        def get(env):
            x, y = a[2](env), b[2](env)
            if kind in ("max", "min"):
                values = (np.maximum if kind == "max" else np.minimum)(x.v, y.v)
                return Tracked(t, values, np.maximum(x.e, y.e))
            if kind == "mul":
                errors = x.e * (np.abs(y.v) + y.e) + np.abs(x.v) * y.e
                return tracked.settle(t, x.v * y.v, errors)
            return tracked.settle(t, x.v + (y.v if kind == "add" else -y.v), x.e + y.e)

        return name, type, get

    def exp(self, a):
        """exp of minus the absolute value, in f32."""
        t, type = TYPES["f32"], "f32"
        a = self.cast(a, type)
        positive = self.emit(f"math.absf {a[0]} : {type}")
        negative = self.emit(f"arith.negf {positive} : {type}")
        name = self.emit(f"math.exp {negative} : {type}")

        def get(env):
            x = a[2](env)
            values = np.exp(-np.abs(x.v))
            # A few units in the last place, less below the normal numbers.
            errors = values * np.expm1(np.minimum(x.e, 1.0)) + 2.0**-126
            return tracked.settle(t, values, errors, relative=2.0**-20)

        return name, type, get

    def select(self, a, b):
        """A triangle, a parity or a part."""
        iv = self.g.number(0, len(self.extents) - 1)
        other, limit = self.variables[-1 - iv], self.grid[-1 - iv]
        if self.g.chance(0.5) or len(self.extents) == 1:
            bound = self.g.number(0, self.extents[iv])
            other, limit = self.g.p.constant(bound), bound
        test = self.emit(f"arith.cmpi slt, {self.variables[iv]}, {other} : index")
        name = self.emit(f"arith.select {test}, {a[0]}, {b[0]} : {a[1]}")

        def get(env):
            where, x, y = self.grid[iv] < limit, a[2](env), b[2](env)
            return Tracked(x.type, np.where(where, x.v, y.v), np.where(where, x.e, y.e))

        return name, a[1], get


def readable(g, dst, extents):
    """Tiles that have an element for each point, with the dims of the indices."""
    found = []
    for tile in g.tiles:
        if tile.elements.is_float and not dst.elements.is_float:
            continue
        orders = [tuple(range(len(extents)))]
        if len(extents) == 2:
            orders += [(1, 0), (0,), (1,), (0, None), (None, 1)]
        for dims in orders:
            if len(dims) != len(tile.shape):
                continue
            fits = all(d is None or extents[d] <= s for d, s in zip(dims, tile.shape))
            # The destination may only be read where it is written.
            if fits and (tile is not dst or dims == orders[0]):
                found.append((tile, dims))
    return found


def step(g):
    dst = g.pick(g.tiles)
    extents = dst.shape
    if g.chance(0.2):
        extents = tuple(g.number(1, s) for s in extents)
    loop = Loop(g, extents)
    sources = readable(g, dst, extents)
    wide = dst.type
    if dst.elements.is_float and (dst.elements.width < 16 or g.chance(0.6)):
        wide = "f64" if dst.type == "f64" else "f32"
    values = []
    for _ in range(g.number(1, 3)):
        tile, dims = g.pick(sources)
        shift = g.number(1, 9) if tile is not dst and g.chance(0.15) else 0
        values.append(loop.cast(loop.load(tile, dims, shift), wide))
    if g.chance(0.4):
        values.append(loop.number(g.pick([-1, 2, 0.5] if dst.elements.is_float else [-1, 2]), wide))
    if g.chance(0.3):
        values.append(loop.variable(wide))
    while len(values) > 1:
        a, b = values.pop(), values.pop()
        if g.chance(0.2):
            values.append(loop.select(a, b))
        else:
            values.append(loop.binary(g.pick(["add", "add", "sub", "mul", "max", "min"]), a, b))
    if not g.exact and dst.elements.is_float and g.chance(0.3):
        values[0] = loop.exp(values[0])
    name, _, get = loop.cast(values[0], dst.type)
    at = ", ".join(loop.variables)
    bounds = [
        g.p.scalar("index", e) if g.chance(0.15) else e for e in extents
    ]
    lines = [f"tile.parallel ({at}) in ({', '.join(map(str, bounds))}) {{"]
    lines += ["  " + line for line in loop.lines]
    lines += [f"  memref.store {name}, {dst.name}[{at}] : {dst.text}", "}"]

    def run(env):
        env[dst.name][tuple(slice(e) for e in extents)] = get(env)

    return lines, run
