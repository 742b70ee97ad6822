"""tile.copy: scopes, edges, offsets, pads, ranks and extents at random."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref

THREADS = [1, 2, 31, 33, 96, 128, 1000, 1024]
SCOPES = ["global", "shared", "fragment", "local"]


def region_extents(case):
    """The extents by the rules of tile.copy."""
    rank = min(len(case["src"]), len(case["dst"]))
    if case["extents"] is not None:
        return case["extents"]
    src, dst = case["src"][-rank:] if rank else (), case["dst"][-rank:] if rank else ()
    has_src, has_dst = case["src_at"] is not None, case["dst_at"] is not None
    if has_src != has_dst:
        return dst if has_src else src
    src_global, dst_global = (case[s] == "global" for s in ("src_scope", "dst_scope"))
    if src_global != dst_global:
        return dst if src_global else src
    return tuple(min(a, b) for a, b in zip(src, dst))


def reference(case, src, dst, source, target):
    """`dst` after the copy, element by element."""
    result = dst.copy()
    extents = region_extents(case)
    pad = np.zeros((), source.storage) if case["pad"] is None else case["pad"]
    pad = formats.convert(source, target, np.asarray(pad).reshape(1))[0]
    converted = formats.convert(source, target, src)

    def index(shape, at, point):
        at = [0] * len(shape) if at is None else at
        leading = len(shape) - len(extents)
        return tuple(b + (point[d - leading] if d >= leading else 0) for d, b in enumerate(at))

    def inside(shape, i):
        return all(0 <= x < size for x, size in zip(i, shape))

    for point in np.ndindex(*extents):
        i, j = index(src.shape, case["src_at"], point), index(dst.shape, case["dst_at"], point)
        if inside(dst.shape, j):
            result[j] = converted[i] if inside(src.shape, i) else pad
    return result


def random_case(rng, number):
    pick = lambda options: options[rng.integers(len(options))]
    size = lambda: int(pick([1, 2, 3, 5, 7, 8, 16, 17, 31]))
    while True:
        ranks = (int(rng.integers(1, 4)),) * 2
        if rng.random() < 0.25:
            ranks = tuple(int(r) for r in rng.integers(0, 4, 2))
        case = {"src": tuple(size() for _ in range(ranks[0]))}
        same = ranks[0] == ranks[1] and rng.random() < 0.5
        case["dst"] = case["src"] if same else tuple(size() for _ in range(ranks[1]))
        # Every pair of scopes in turn.
        case["src_scope"] = SCOPES[number % 4]
        case["dst_scope"] = SCOPES[number // 4 % 4]
        for side in ("src", "dst"):
            at = tuple(int(rng.integers(-4, s + 3)) for s in case[side])
            use = case[side] and rng.random() < 0.6
            case[side + "_at"] = at if use else None
        rank = min(ranks)
        case["extents"] = None
        if rng.random() < 0.4:
            case["extents"] = tuple(int(rng.integers(0, 20)) for _ in range(rank))
        elif ranks[0] != ranks[1]:
            # A side that gives the extents has no dimensions of its own.
            has = [case[s + "_at"] is not None for s in ("src", "dst")]
            isglobal = [case[s + "_scope"] == "global" for s in ("src", "dst")]
            if has[0] != has[1]:
                side = "dst" if has[0] else "src"
            elif isglobal[0] != isglobal[1]:
                side = "dst" if isglobal[0] else "src"
            else:
                side = None
            if side and any(s != 1 for s in case[side][: len(case[side]) - rank]):
                continue
        names = list(TYPES)
        case["source"] = pick(names)
        case["target"] = case["source"] if rng.random() < 0.6 else pick(names)
        case["pad"] = None
        if rng.random() < 0.4 and TYPES[case["source"]].is_float:
            case["pad"] = formats.encode(TYPES[case["source"]], pick([1.5, -2.0, -np.inf]))
        elif rng.random() < 0.4:
            case["pad"] = formats.encode(TYPES[case["source"]], pick([0, 1]))
        case["threads"] = pick(THREADS)
        return case


def emit_case(p, rng, case):
    source, target = TYPES[case["source"]], TYPES[case["target"]]
    src, dst = p.integers(source.name, case["src"]), p.integers(target.name, case["dst"])
    dynamic = rng.random() < 0.5

    def buffer_shape(side):
        return (None,) * len(case[side]) if dynamic else None

    src_arg = p.input(source.name, src, buffer_shape("src"))
    dst_arg = p.input(target.name, dst, buffer_shape("dst"))

    def value(number):
        return p.scalar("index", number) if rng.random() < 0.5 else p.constant(number)

    def at(side):
        if case[side + "_at"] is None:
            return ""
        return "[" + ", ".join(str(value(i)) for i in case[side + "_at"]) + "]"

    before, after, names, types = [], [], {}, {}
    for side, arg, type in (("src", src_arg, source), ("dst", dst_arg, target)):
        scope = case[side + "_scope"]
        if scope == "global":
            names[side], types[side] = str(arg), arg.text
            continue
        names[side], types[side] = f"%{side}", memref(case[side], type.name, scope)
        before.append(f"%{side} = tile.alloc : {types[side]}")
        before.append(f"tile.copy {arg}, %{side} : {arg.text} to {types[side]}")
        if side == "dst":
            after.append(f"tile.copy %dst, {arg} : {types[side]} to {arg.text}")
    extents = ""
    if case["extents"] is not None:
        # An extent in the text is a constant; a value may be negative.
        texts = [str(e) if rng.random() < 0.5 else str(value(e)) for e in case["extents"]]
        extents = f" extents [{', '.join(texts)}]"
    pad = ""
    if case["pad"] is not None:
        number = formats.decode(source, case["pad"].reshape(1))[0]
        if source.name == "i1":
            number = "true" if number else "false"
            before.append(f"%pad = arith.constant {number}")
        elif source.is_float:
            bits = int(formats.to_bits(source, case["pad"].reshape(1))[0])
            before.append(f"%pad = arith.constant {bits:#x} : {source.name}")
        else:
            before.append(f"%pad = arith.constant {number} : {source.name}")
        pad = f" pad(%pad : {source.name})"
    copy = (
        f"tile.copy {names['src']}{at('src')}, {names['dst']}{at('dst')}{extents}{pad}"
        f" : {types['src']} to {types['dst']}"
    )
    lines = before + [copy] + after
    p.emit(f"tile.launch blocks() in () threads({case['threads']}) {{")
    p.emit(*("  " + line for line in lines), "}")
    p.expect(dst_arg, reference(case, src, dst, source, target), what=copy)


def random_copies(part, count, seed):
    p = Program(f"copy-{part}", seed)
    for number in range(count):
        emit_case(p, p.rng, random_case(p.rng, number))
    return p


PROGRAMS = {f"copy-{part}": functools.partial(random_copies, part, 16) for part in range(12)}
