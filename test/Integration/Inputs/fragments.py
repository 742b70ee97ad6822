"""Fragments in several layouts: operands of products, conversions, traps."""

import functools
import itertools

import numpy as np

import formats
import gemm
from formats import TYPES
from program import Program, memref

# a, b, c and the precision of products that tensor cores have.
TRIPLES = [
    ("f16", "f16", "f32", ""),
    ("f16", "f16", "f16", ""),
    ("bf16", "bf16", "f32", ""),
    ("f32", "f32", "f32", "tf32"),
    ("f64", "f64", "f64", ""),
    ("i8", "i8", "i32", ""),
    ("f8E4M3FN", "f8E5M2", "f32", ""),
    ("f8E5M2", "f8E5M2", "f16", ""),
]
SIZES = [(64, 64, 64), (17, 19, 13), (33, 16, 5), (8, 48, 40), (48, 31, 72), (100, 24, 33)]


def operands(triple, i, seed):
    """Products with operands in fragments; `i` numbers the transposes."""
    transposes = (i >> 1, i & 1)
    p = Program(f"fragment-operands-{gemm.direct_name(triple, i)[5:]}", seed)
    scopes = [("fragment", "shared"), ("shared", "fragment"), ("fragment", "fragment")]
    modes = ("keep", "clear", "if_true")
    threads = (32, 64, 96, 128, 33)
    policies = ("square", "full_row", "full_col")
    for j in range(6):
        gemm.one_gemm(
            p, triple, SIZES[(i + j) % len(SIZES)], transposes,
            (*scopes[j % 3], "fragment"), modes[(i + j) % 3],
            threads[(i + j) % len(threads)], exact=j % 3 != 2,
            policy=policies[(i + j // 2) % 3],
        )  # fmt: skip
    return p


# The type of the middle matrix, and where it stands in the second product.
MIDDLES = ("f16", "bf16", "f32", "i8", "f8E4M3FN", "f8E5M2", "f64")
CHAIN = """\
tile.launch blocks() in () threads({threads}) {{
  %x = tile.alloc : {xs}
  %y = tile.alloc : {ys}
  %z = tile.alloc : {zs}
  %s = tile.alloc : {ss}
  %p = tile.alloc : {ps}
  %o = tile.alloc : {os}
  tile.copy {x}, %x : {x.text} to {xs}
  tile.copy {y}, %y : {y.text} to {ys}
  tile.copy {z}, %z : {z.text} to {zs}
  tile.gemm %x, %y, %s clear{precision}{policy} : {xs}, {ys}, {ss}
  tile.parallel (%i, %j) in ({m}, {n}) {{
    %0 = memref.load %s[%i, %j] : {ss}
    %1 = {add} %0, {one} : {acc}
    memref.store %1, %s[%i, %j] : {ss}
  }}
  tile.copy %s, %p : {ss} to {ps}
  tile.gemm {left}, {right}, %o{flags} clear{precision}{policy} : {left_type}, {right_type}, {os}
  tile.copy %o, {o} : {os} to {o.text}
}}"""


def chain_one(p, middle, sizes, role, transposed, threads, policy):
    """O = (X Y + 1) Z or Z (X Y + 1), with the middle matrix in a fragment."""
    m, n, k, other = sizes
    is_float = TYPES[middle].is_float
    outer = {"f64": "f64", "f32": "f32", "i8": "i8"}.get(middle, "f16")
    if middle.startswith("f8"):
        outer = "f16"
    if middle == "bf16":
        outer = "bf16"
    acc = "f64" if middle == "f64" else "f32" if is_float else "i32"
    # Sums stay so small that every type holds them.
    x = p.integers(outer, (m, k), -1, 1)
    y = p.integers(outer, (k, n), -1, 1)
    values = formats.decode(TYPES[outer], x) @ formats.decode(TYPES[outer], y) + 1
    # As the product takes it, the middle matrix is rows x columns.
    rows, columns = (n, m) if transposed else (m, n)
    taken = values.T if transposed else values
    shape = (columns, other) if role == "a" else (other, rows)
    z = p.integers(middle, shape, -2, 2)
    zs = formats.decode(TYPES[middle], z)
    want = taken @ zs if role == "a" else zs @ taken
    x_arg, y_arg, z_arg = (
        p.input(t, a) for t, a in ((outer, x), (outer, y), (middle, z))
    )
    o_arg = p.output(acc, want.shape)
    types = {
        "xs": memref((m, k), outer, "shared"),
        "ys": memref((k, n), outer, "shared"),
        "zs": memref(shape, middle, "shared"),
        "ss": memref((m, n), acc, "fragment"),
        "ps": memref((m, n), middle, "fragment"),
        "os": memref(want.shape, acc, "fragment"),
    }
    left, right = ("%p", "%z") if role == "a" else ("%z", "%p")
    side = "transpose_a" if role == "a" else "transpose_b"
    text = CHAIN.format(
        **types, x=x_arg, y=y_arg, z=z_arg, o=o_arg, m=m, n=n, threads=threads,
        acc=acc, one=p.constant("1.0" if is_float else 1, acc),
        add="arith.addf" if is_float else "arith.addi", left=left, right=right,
        left_type=types["ps" if role == "a" else "zs"],
        right_type=types["zs" if role == "a" else "ps"],
        flags=f" {side}" * transposed,
        precision=" precision(tf32)" if middle == "f32" else "",
        policy=f" policy({policy})" if policy else "",
    )  # fmt: skip
    p.emit(*text.splitlines())
    stored = formats.encode(TYPES[acc], np.asarray(want, np.float64 if is_float else None))
    what = f"{sizes} as {role} transposed {transposed} threads {threads} {policy}"
    p.expect(o_arg, stored, what=what)


def chain(middle, role, transposed, seed):
    p = Program(f"fragment-chain-{middle}-{role}-{'nt'[transposed]}", seed)
    limit = 6 if middle.startswith("f8") else 11
    cases = [
        ((64, 64, limit, 64), 128, ""),
        ((64, 48, limit, 24), 128, "full_row"),
        ((33, 40, limit, 19), 96, ""),
        ((16, 72, limit, 8), 32, "full_col"),
        ((5, 7, 3, 9), 64, ""),
        ((31, 17, limit, 30), 33, ""),
    ]
    for sizes, threads, policy in cases:
        chain_one(p, middle, sizes, role, transposed, threads, policy)
    return p


# Layouts.


def factors(number):
    result, factor = [], 2
    while number > 1:
        while number % factor == 0:
            result.append(factor)
            number //= factor
        factor += 1
    return result


def random_layout(p, shape, threads):
    """Digits of the row-major index, dealt to the threads and the values."""
    digits, stride = [], 1
    for extent in reversed(shape):
        for factor in factors(extent):
            digits.append((factor, stride))
            stride *= factor
    order = [digits[i] for i in p.rng.permutation(len(digits))]
    left, held, values = threads, [], []
    for factor, stride in order:
        if left % factor == 0:
            held.append((factor, stride))
            left //= factor
        else:
            values.append((factor, stride))
    # Threads that are left over hold the same elements.
    held += [(factor, 0) for factor in factors(left)]
    held = [held[i] for i in p.rng.permutation(len(held))]
    return layout_text(held, values, shape)


def layout_text(threads, values, shape):
    def text(digits):
        if not digits:
            return "(1):(0)"
        extents, strides = zip(*digits)
        return f"({','.join(map(str, extents))}):({','.join(map(str, strides))})"

    sizes = "x".join(map(str, shape))
    return f"#tile.layout<threads {text(threads)}, values {text(values)}, shape {sizes}>"


COPY = """\
tile.launch blocks() in () threads({threads}) {{
  %f = tile.alloc {{tile.layout = {first}}} : {f}
  %g = tile.alloc {{tile.layout = {second}}} : {g}
  tile.copy {x}, %f : {x.text} to {f}
  tile.copy %f, %g : {f} to {g}
  tile.copy %g, {o} : {g} to {o.text}
}}"""


def conversions(type, threads, seed):
    """Copies between fragments whose layouts are written by hand."""
    p = Program(f"fragment-convert-{type}-{threads}", seed)
    # Narrower and wider types on the way, without loss.
    others = {"f32": "f64", "f16": "f32", "f64": "f32", "i32": "i8", "f8E5M2": "f16"}
    for number, shape in enumerate([(16, 16), (32, 48), (96, 8), (64, 64), (24, 20), (8, 3, 32)]):
        target = others.get(type, type) if number % 2 else type
        stored = p.integers(type, shape, -40, 40) if type != "f8E5M2" else p.integers(type, shape)
        values = formats.decode(TYPES[type], stored)
        x = p.input(type, stored)
        o = p.output(target, shape)
        text = COPY.format(
            x=x, o=o, threads=threads,
            f=memref(shape, type, "fragment"), g=memref(shape, target, "fragment"),
            first=random_layout(p, shape, threads), second=random_layout(p, shape, threads),
        )  # fmt: skip
        p.emit(*text.splitlines())
        p.expect(o, formats.encode(TYPES[target], values), what=f"{shape} to {target}")
    return p


# Uses that need different layouts.

SHARED_OPERAND = """\
tile.launch blocks() in () threads({threads}) {{
  %f = tile.alloc : {a_frag}
  %s = tile.alloc : {a_shared}
  %b = tile.alloc : {b_shared}
  %c = tile.alloc : {c_frag}
  tile.copy {a}, %f : {a.text} to {a_frag}
  tile.copy {b}, %b : {b.text} to {b_shared}
  tile.copy %f, %s : {a_frag} to {a_shared}
  tile.gemm %f, %b, %c clear : {a_frag}, {b_shared}, {c_frag}
  tile.parallel (%i, %j) in ({m}, {k}) {{
    %last = arith.constant {last} : index
    %r = arith.subi %last, %i : index
    %v = memref.load %s[%r, %j] : {a_shared}
    memref.store %v, {copy}[%i, %j] : {copy.text}
  }}
  tile.copy %c, {c} : {c_frag} to {c.text}
}}"""


def shared_operand(seed):
    """A fragment that is an operand and is copied to shared memory."""
    p = Program("fragment-trap-operand-and-shared", seed)
    for m, n, k, threads in ((64, 32, 48, 128), (33, 9, 21, 64), (16, 8, 16, 33)):
        a, b = p.integers("f16", (m, k)), p.integers("f16", (k, n))
        a_arg, b_arg = p.input("f16", a), p.input("f16", b)
        c, copy = p.output("f32", (m, n)), p.output("f16", (m, k))
        text = SHARED_OPERAND.format(
            a=a_arg, b=b_arg, c=c, copy=copy, m=m, k=k, last=m - 1, threads=threads,
            a_frag=memref((m, k), "f16", "fragment"), a_shared=memref((m, k), "f16", "shared"),
            b_shared=memref((k, n), "f16", "shared"), c_frag=memref((m, n), "f32", "fragment"),
        )  # fmt: skip
        p.emit(*text.splitlines())
        product = a.astype(np.float64) @ b.astype(np.float64)
        p.expect(c, product.astype(np.float32), what=f"product {m}x{n}x{k}")
        p.expect(copy, a[::-1].copy(), what=f"copy {m}x{k}")
    return p


FILLED = """\
tile.launch blocks() in () threads({threads}) {{
  %unused = tile.alloc : {frag}
  %kept = tile.alloc : {frag}
  tile.fill %unused, {value} : {frag}
  tile.fill %kept, {value} : {frag}
  tile.copy %kept, {o} : {frag} to {o.text}
}}"""


def filled(seed):
    """Fragments that are only filled, and never read by a typed operation."""
    p = Program("fragment-trap-filled", seed)
    for shape, threads in (((229,), 128), ((7, 33), 96), ((48, 80), 33), ((1,), 2)):
        o = p.output("f32", shape)
        text = FILLED.format(
            o=o, threads=threads, frag=memref(shape, "f32", "fragment"),
            value=p.constant("1.5", "f32"),
        )  # fmt: skip
        p.emit(*text.splitlines())
        p.expect(o, np.full(shape, 1.5, np.float32), what=f"{shape} threads {threads}")
    return p


REDUCED = """\
tile.launch blocks() in () threads({threads}) {{
  %f = tile.alloc : {wide}
  %g = tile.alloc : {square}
  %r = tile.alloc : {row}
  tile.copy {x}, %f : {x.text} to {wide}
  tile.copy {y}, %g : {y.text} to {square}
  tile.reduce sum %f, %r dim 1 : {wide} to {row}
  tile.parallel (%i, %j) in ({m}, {n}) {{
    %a = memref.load %f[%i, %j] : {wide}
    %b = memref.load %r[%i] : {row}
    %c = arith.addf %a, %b : f32
    memref.store %c, %f[%i, %j] : {wide}
  }}
  tile.parallel (%i, %j) in ({m}, {m}) {{
    %a = memref.load %g[%i, %j] : {square}
    %b = memref.load %r[%j] : {row}
    %s = arith.mulf %a, %b : f32
    memref.store %s, %g[%i, %j] : {square}
  }}
  tile.copy %f, {o} : {wide} to {o.text}
  tile.copy %g, {q} : {square} to {q.text}
}}"""


def reduced(seed):
    """A result of a reduction that two loops need in different layouts."""
    p = Program("fragment-trap-reduced", seed)
    for m, n, threads in ((64, 64, 128), (48, 80, 96), (32, 19, 32), (20, 7, 33)):
        x, y = p.integers("f32", (m, n)), p.integers("f32", (m, m))
        x_arg, y_arg = p.input("f32", x), p.input("f32", y)
        o, q = p.output("f32", (m, n)), p.output("f32", (m, m))
        text = REDUCED.format(
            x=x_arg, y=y_arg, o=o, q=q, m=m, n=n, threads=threads,
            wide=memref((m, n), "f32", "fragment"), square=memref((m, m), "f32", "fragment"),
            row=memref((m,), "f32", "fragment"),
        )  # fmt: skip
        p.emit(*text.splitlines())
        sums = x.sum(1, dtype=np.float32)
        p.expect(o, x + sums[:, None], what=f"rows {m}x{n} threads {threads}")
        p.expect(q, y * sums, what=f"columns {m}x{m} threads {threads}")
    return p


TURNED = """\
tile.launch blocks() in () threads({threads}) {{
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %times = arith.constant {times} : index
  %f = tile.alloc : {frag}
  %g = tile.alloc : {frag}
  tile.copy {x}, %f : {x.text} to {frag}
  tile.copy {y}, %g : {x.text} to {frag}
  tile.pipelined %t = %zero to %times step %one stages(2) {{
    tile.parallel (%i, %j) in ({m}, {m}) {{
      %a = memref.load %f[%i, %j] : {frag}
      %b = memref.load %g[%i, %j] : {frag}
      %c = arith.addi %a, %b : i32
      memref.store %c, %f[%i, %j] : {frag}
    }}
    tile.parallel (%i, %j) in ({m}, {m}) {{
      %a = memref.load %f[%j, %i] : {frag}
      %b = memref.load %g[%i, %j] : {frag}
      %c = arith.addi %a, %b : i32
      %s = arith.cmpi slt, %b, %a : i32
      scf.if %s {{
        memref.store %c, %f[%j, %i] : {frag}
      }}
    }}
  }}
  tile.copy %f, {o} : {frag} to {o.text}
}}"""


def turned(seed):
    """Loops that see a fragment in two orders, and write to a part of it."""
    p = Program("fragment-trap-two-orders", seed)
    for m, threads, times in ((32, 128, 3), (16, 32, 1), (19, 96, 2), (24, 33, 2), (32, 64, 0)):
        x, y = p.integers("i32", (m, m), -50, 50), p.integers("i32", (m, m), -50, 50)
        x_arg, y_arg = p.input("i32", x), p.input("i32", y)
        o = p.output("i32", (m, m))
        text = TURNED.format(
            x=x_arg, y=y_arg, o=o, m=m, threads=threads, times=times,
            frag=memref((m, m), "i32", "fragment"),
        )  # fmt: skip
        p.emit(*text.splitlines())
        want = x.copy()
        for _ in range(times):
            want = want + y
            want = np.where(y.T < want, want + y.T, want)
        p.expect(o, want, what=f"{m}x{m} threads {threads}")
    return p


PROGRAMS = {
    f"fragment-operands-{gemm.direct_name(t, i)[5:]}": functools.partial(operands, t, i)
    for t in TRIPLES
    for i in range(4)
}
PROGRAMS |= {
    f"fragment-chain-{t}-{role}-{'nt'[turn]}": functools.partial(chain, t, role, turn)
    for t, role, turn in itertools.product(MIDDLES, "ab", (0, 1))
}
PROGRAMS |= {
    f"fragment-convert-{type}-{threads}": functools.partial(conversions, type, threads)
    for type in ("f32", "f16", "i8", "f64", "i32", "f8E5M2")
    for threads in (32, 64, 96, 8)
}
PROGRAMS |= {
    "fragment-trap-operand-and-shared": shared_operand,
    "fragment-trap-filled": filled,
    "fragment-trap-reduced": reduced,
    "fragment-trap-two-orders": turned,
}
