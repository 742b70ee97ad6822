"""What follows a product: bias, activation, residual, and stores of tiles, from
registers or through shared memory, alone or by persistent blocks."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref

BODY = """\
%row = arith.muli %by, {bm} : index
%col = arith.muli %bx, {bn} : index
%as = tile.alloc : {as_type}
%bs = tile.alloc : {bs_type}
%acc = tile.alloc : {acc_type}
%zero = arith.constant 0.0 : f32
tile.fill %acc, %zero : {acc_type}
tile.pipelined %kk = {zero} to {k} step {bk} stages({stages}) {{
  tile.copy {a}[%row, %kk], %as : {a.text} to {as_type}
  tile.copy {b}[%col, %kk], %bs : {b.text} to {bs_type}
  tile.gemm %as, %bs, %acc transpose_b : {as_type}, {bs_type}, {acc_type}
}}"""

PERSISTENT = """\
tile.launch blocks(%worker) in ({workers}) threads({threads}) {{
  scf.for %t = %worker to {tiles} step {workers} {{
    %by = arith.divui %t, {gn} : index
    %bx = arith.remui %t, {gn} : index"""

BIAS = """\
%bias = tile.alloc : {bias_type}
tile.copy {other}[%col], %bias : {other.text} to {bias_type}
tile.parallel (%i, %j) in ({rows}, {columns}) {{
  %u = memref.load %acc[%i, %j] : {acc_type}
  %v = memref.load %bias[%j] : {bias_type}
  %w = arith.addf %u, %v : f32
  %x = arith.maximumf %w, %zero : f32
  memref.store %x, %acc[%i, %j] : {acc_type}
}}"""

RESIDUAL = """\
%r = tile.alloc : {half_type}
tile.copy {other}[%row, %col], %r : {other.text} to {half_type}
tile.parallel (%i, %j) in ({rows}, {columns}) {{
  %u = memref.load %acc[%i, %j] : {acc_type}
  %v = memref.load %r[%i, %j] : {half_type}
  %w = arith.extf %v : {half} to f32
  %x = arith.addf %u, %w : f32
  memref.store %x, %acc[%i, %j] : {acc_type}
}}"""

HALF = """\
%h = tile.alloc : {half_type}
tile.parallel (%i, %j) in ({rows}, {columns}) {{
  %u = memref.load %acc[%i, %j] : {acc_type}
  %x = arith.truncf %u : f32 to {half}
  memref.store %x, %h[%i, %j] : {half_type}
}}"""

COPY = "tile.copy {src}, {c}[{at}%row, %col] : {src_type} to {c.text}"


class Epilogue:
    """One launch, C = f(A B^T) of small integers, so that no sum is rounded."""

    def __init__(self, p, sizes, tile, threads=256, stages=4, element="f16"):
        self.p, self.element = p, element
        (m, n, k), (bm, bn, bk) = sizes, tile
        self.shape = (m, n)
        arrays = [p.integers(element, shape) for shape in ((m, k), (n, k))]
        lhs, rhs = (formats.decode(TYPES[element], array) for array in arrays)
        self.total = lhs @ rhs.T
        a, b = (p.input(element, array, (None, None)) for array in arrays)
        gm, gn = -(-m // bm), -(-n // bn)
        self.names = dict(
            a=a, b=b, rows=bm, columns=bn, half=element, stages=stages,
            threads=threads, zero=p.constant(0), k=p.scalar("index", k),
            bm=p.constant(bm), bn=p.constant(bn), bk=p.constant(bk),
            gm=p.constant(gm), gn=p.constant(gn), tiles=p.constant(gm * gn),
            as_type=memref((bm, bk), element, "shared"),
            bs_type=memref((bn, bk), element, "shared"),
            acc_type=memref((bm, bn), "f32", "fragment"),
            half_type=memref((bm, bn), element, "fragment"),
            bias_type=memref((bn,), "f32", "fragment"),
        )  # fmt: skip
        self.lines = []
        self.add(BODY)

    def add(self, text, **names):
        self.lines += text.format(**self.names, **names).splitlines()

    def bias(self):
        array = self.p.integers("f32", self.shape[1:])
        self.add(BIAS, other=self.p.input("f32", array, (None,)))
        self.total = np.maximum(self.total + array, 0)

    def residual(self, other=None, array=None):
        if other is None:
            array = self.p.integers(self.element, self.shape)
            other = self.p.input(self.element, array, (None, None))
        self.add(RESIDUAL, other=other)
        self.total = self.total + formats.decode(TYPES[self.element], array)

    def output(self, type, dynamic=True, initial=None, leading=()):
        shape = leading + self.shape
        return self.p.output(type, shape, initial, dynamic)

    def store(self, c, src="acc", at=""):
        types = {"acc": "acc_type", "h": "half_type"}
        self.add(COPY, src=f"%{src}", src_type=self.names[types[src]], c=c, at=at)

    def expect(self, c, what):
        stored = formats.encode(c.type, np.asarray(self.total))
        if stored.shape != c.array.shape:
            stored = np.broadcast_to(stored, c.array.shape)
        # The sign of a zero sum depends on the order.
        self.p.expect(c, formats.decode(c.type, stored), np.zeros(stored.shape), what)

    def plain(self, clause=""):
        head = "tile.launch blocks(%bx, %by) in ({gn}, {gm}) threads({threads})"
        lines = (head + clause + " {{").format(**self.names).splitlines()
        self.p.emit(*lines, *("  " + line for line in self.lines), "}")

    def persistent(self, workers):
        lines = PERSISTENT.format(**self.names, workers=self.p.constant(workers))
        self.p.emit(*lines.splitlines(), *("    " + line for line in self.lines), "  }", "}")


# M, N and K, the tile, and threads.
SIZES = [
    ((260, 520, 136), (128, 256, 64), 256),
    ((130, 192, 72), (64, 64, 64), 128),
    ((200, 77, 64), (128, 128, 64), 256),
    ((77, 600, 80), (64, 256, 32), 256),
    ((70, 56, 40), (64, 32, 32), 128),
]


def plain(result, seed):
    """Results of each size, where the host knows it before and where not."""
    element = result if result in ("f16", "bf16") else "f16"
    p = Program(f"epilogue-{result}", seed)
    for i, (sizes, tile, threads) in enumerate(SIZES):
        e = Epilogue(p, sizes, tile, threads, stages=2 + i % 3, element=element)
        c = e.output(result, dynamic=i % 2 == 0)
        e.store(c)
        e.plain()
        e.expect(c, f"{sizes} by {tile}")
    return p


def fused(seed):
    """Bias and ReLU, a residual, and both, through another fragment."""
    p = Program("epilogue-fused", seed)
    for i, (sizes, tile, threads) in enumerate(SIZES):
        e = Epilogue(p, sizes, tile, threads)
        if i != 1:
            e.bias()
        if i != 0:
            e.residual()
        c = e.output("f16")
        if i == 2:
            e.store(c)
        else:
            e.add(HALF)
            e.store(c, "h")
        e.plain()
        e.expect(c, f"{sizes} by {tile}")
    return p


def persistent(seed):
    """Blocks that take one tile after another."""
    p = Program("epilogue-persistent", seed)
    for i, (sizes, tile, threads) in enumerate(SIZES):
        e = Epilogue(p, sizes, tile, threads)
        c = e.output("f32" if i == 1 else "f16")
        if i == 0:
            e.bias()
        e.store(c)
        e.persistent((1, 2, 3)[i % 3])
        e.expect(c, f"{sizes} by {tile}")
    return p


def in_place(seed):
    """The tensor that is written is read before, in each tile."""
    p = Program("epilogue-in-place", seed)
    for i, (sizes, tile, threads) in enumerate(SIZES):
        e = Epilogue(p, sizes, tile, threads)
        initial = p.integers("f16", e.shape)
        c = e.output("f16", initial=initial)
        e.residual(c, initial)
        e.store(c)
        if i % 2:
            e.persistent(2)
        else:
            e.plain()
        e.expect(c, f"{sizes} by {tile}")
    return p


def several(seed):
    """Two results, the same one several times, and one of a batch."""
    p = Program("epilogue-several", seed)
    sizes, tile, threads = SIZES[0]
    e = Epilogue(p, sizes, tile, threads, stages=3)
    first, second = e.output("f16"), e.output("f32")
    e.store(first)
    e.store(second)
    e.plain()
    e.expect(first, "f16 of two results")
    e.expect(second, "f32 of two results")
    # What is written later stays.
    e = Epilogue(p, *SIZES[1])
    c = e.output("f16", dynamic=False)
    e.store(c)
    e.bias()
    e.store(c)
    e.plain()
    e.expect(c, "a result that is written twice")
    e = Epilogue(p, *SIZES[1])
    c = e.output("f16", dynamic=False, leading=(3,))
    e.lines.append(f"scf.for %z = {p.constant(0)} to {p.constant(3)} step {p.constant(1)} {{")
    e.store(c, at="%z, ")
    e.lines.append("}")
    e.plain()
    e.expect(c, "a batch of equal results")
    return p


def shifted(seed):
    """Tiles that begin before the first row, or between multiples of 16 bytes."""
    p = Program("epilogue-shifted", seed)
    for axis, name, distance in ((0, "row", 32), (1, "col", 3)):
        e = Epilogue(p, *SIZES[4])
        c = e.output("f16")
        e.lines.append(f"%moved = arith.subi %{name}, {p.constant(distance)} : index")
        text = COPY.replace(f"%{name}", "%moved")
        e.add(text, src="%acc", src_type=e.names["acc_type"], c=c, at="")
        # Behind the last row and column of the product there are zeros.
        parts = np.split(e.total, [distance], axis)
        e.total = np.concatenate([parts[1], np.zeros_like(parts[0])], axis)
        e.plain()
        e.expect(c, f"{name} less {distance}")
    return p


def chosen(seed):
    """The clauses of a launch that say how."""
    p = Program("epilogue-chosen", seed)
    for clause in ("direct", "staged"):
        for sizes, tile, threads in SIZES[:3]:
            e = Epilogue(p, sizes, tile, threads)
            c = e.output("f16")
            e.store(c)
            e.plain(f" stores({clause})")
            e.expect(c, f"{sizes} by {tile} {clause}")
    return p


PROGRAMS = {
    f"epilogue-{result}": functools.partial(plain, result) for result in ("f16", "bf16", "f32")
}
PROGRAMS["epilogue-fused"] = fused
PROGRAMS["epilogue-persistent"] = persistent
PROGRAMS["epilogue-in-place"] = in_place
PROGRAMS["epilogue-several"] = several
PROGRAMS["epilogue-shifted"] = shifted
PROGRAMS["epilogue-chosen"] = chosen
