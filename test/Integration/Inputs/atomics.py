"""tile.atomic: kinds, types, scopes, what it returns, special values."""

import functools

import numpy as np

import formats
from formats import TYPES
from program import Program, memref

TYPES_WITH_ATOMICS = ["f64", "f32", "f16", "bf16", "i64", "i32"]
UPDATES = {"add": np.add, "max": np.maximum, "min": np.minimum,
           "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor}  # fmt: skip
KERNEL = """\
tile.launch blocks(%b{i}) in ({blocks}) threads({threads}) {{
  %start = arith.muli %b{i}, {step} : index
{before}
  tile.parallel (%i) in ({count}) {{
    %at = arith.addi %start, %i : index
    %key = memref.load {keys}[%at] : {keys_type}
    %value = memref.load {values}[%at] : {values_type}
    %old = tile.atomic {kind} %value, {bins}[%key] : {bins_type}
    memref.store %old, {old}[%at] : {values_type}
  }}
{after}
}}"""


def kinds_of(type):
    """The kinds of updates whose order does not matter."""
    return list(UPDATES)[: 3 if type.is_float else 6]


def updates(name, seed):
    """Many updates of few elements, from several blocks, in global and shared
    memory. Integers below the precision of the type, so that every order gives
    the same."""
    type = TYPES[name]
    p = Program(f"atomic-{name}", seed)
    number = 0
    for kind in kinds_of(type):
        for scope in ("global", "shared"):
            blocks, count, bins = 3, 70, 11
            total = blocks * count
            keys = p.rng.integers(0, bins, total)
            # bf16 holds integers up to 256 only.
            values = p.integers(name, total, -1 if name == "bf16" else -9, 9)
            if name == "bf16" and kind == "add":
                values = p.integers(name, total, -1, 3)
            held = p.integers(name, bins)
            keys_arg, values_arg = p.input("index", keys), p.input(name, values)
            bins_arg, old_arg = p.output(name, (bins,), held), p.output(name, (total,))
            shared = memref((bins,), name, "shared")
            before = after = ""
            names = str(bins_arg)
            if scope == "shared":
                names = "%bins"
                zero = "0.0" if type.is_float else "0"
                # Blocks gather for themselves, then add what they have. An
                # element that holds zero changes all but a sum and "or" and "xor".
                before = (
                    f"  %bins = tile.alloc : {shared}\n"
                    f"  %zero = arith.constant {zero} : {name}\n"
                    f"  tile.fill %bins, %zero : {shared}"
                )
                after = (
                    f"  tile.parallel (%j) in ({bins}) {{\n"
                    f"    %v = memref.load %bins[%j] : {shared}\n"
                    f"    %o = tile.atomic {kind} %v, {bins_arg}[%j] : {bins_arg.text}\n"
                    f"  }}"
                )
            text = KERNEL.format(
                i=number, blocks=p.constant(blocks), threads=[128, 33, 1, 1000][number % 4],
                step=p.constant(count), count=count, keys=keys_arg, keys_type=keys_arg.text,
                values=values_arg, values_type=values_arg.text, kind=kind, bins=names,
                bins_type=shared if scope == "shared" else bins_arg.text, old=old_arg,
                before=before, after=after,
            )  # fmt: skip
            p.emit(*text.splitlines())
            number += 1
            want = decoded = formats.decode(type, held).copy()
            update = UPDATES[kind]
            added = formats.decode(type, values)
            if scope == "shared" and kind == "and":
                added = added * 0
            update.at(want, keys, added)
            if scope == "shared":
                update(want, 0, out=want)
            del decoded
            what = f"{kind} {name} {scope}"
            p.expect(bins_arg, formats.decode(type, formats.encode(type, want)),
                     np.zeros(bins), what)  # fmt: skip
            start = formats.decode(type, held)
            check = functools.partial(
                returned, type, kind, scope, keys, formats.decode(type, values), start, count
            )
            p.expect_that(old_arg, what + " returns what was there", check)
    return p


def returned(type, kind, scope, keys, values, start, count, array):
    """Whether some order of the updates gives these old values."""
    old = formats.decode(type, array)
    function = UPDATES[kind]
    blocks = np.arange(len(keys)) // count if scope == "shared" else np.zeros(len(keys))
    for block in np.unique(blocks):
        for key in np.unique(keys):
            mine = (keys == key) & (blocks == block)
            if not mine.any():
                continue
            first = start[key] if scope == "global" else 0
            if not is_chain(old[mine], function(old[mine], values[mine]), first):
                return False
    return True


def is_chain(before, after, first):
    """Whether steps from `before` to `after` can be put in a row that begins at
    `first`: each number is left as often as it is reached."""
    balance = {}
    for b, a in zip(before, after):
        balance[float(b)] = balance.get(float(b), 0) - 1
        balance[float(a)] = balance.get(float(a), 0) + 1
    balance[float(first)] = balance.get(float(first), 0) + 1
    left = [v for v, n in balance.items() if n]
    return len(left) == 1 and balance[left[0]] == 1


def special(seed):
    """NaN, infinities, rounding and integers that wrap; one update each."""
    p = Program("atomic-special", seed)
    nan, inf = np.nan, np.inf
    pairs = [(1, nan), (nan, 1), (inf, 1), (-inf, 1), (inf, -inf), (1, -inf), (0.1, 0.2),
             (3e4, 5e4), (-2, 3), (2.0**-20, 2.0**-24)]  # fmt: skip
    number = 0
    for name in TYPES_WITH_ATOMICS:
        type = TYPES[name]
        if type.is_float:
            held = formats.encode(type, [a for a, _ in pairs])
            values = formats.encode(type, [b for _, b in pairs])
        else:
            info = np.iinfo(type.storage)
            held = np.array([info.max, info.min, -5, 5], type.storage)
            values = np.array([1, -1, 3, -3], type.storage)
        a, b = formats.decode(type, held), formats.decode(type, values)
        for kind in kinds_of(type) + ["exchange"]:
            bins, src, old = p.output(name, held.shape, held), p.input(name, values), None
            old = p.output(name, held.shape)
            p.emit(
                f"tile.launch blocks() in () threads(64) {{",
                f"  tile.parallel (%i) in ({held.size}) {{",
                f"    %v = memref.load {src}[%i] : {src.text}",
                f"    %o = tile.atomic {kind} %v, {bins}[%i] : {bins.text}",
                f"    memref.store %o, {old}[%i] : {old.text}",
                "  }",
                "}",
            )
            with np.errstate(all="ignore"):
                want = b if kind == "exchange" else UPDATES[kind](a, b)
            p.expect(bins, formats.encode(type, want), what=f"{kind} {name}", any_nan=True)
            p.expect(old, held, what=f"{kind} {name} returns", any_nan=True)
            number += 1
    return p


def exchanges(name, seed):
    """Every value that an element held is returned once or still there."""
    type = TYPES[name]
    p = Program(f"atomic-exchange-{name}", seed)
    for scope in ("global", "shared"):
        blocks, count, bins = (3 if scope == "global" else 1), 70, 11
        total = blocks * count
        keys = p.rng.integers(0, bins, total)
        held, values = p.integers(name, bins, -99, 99), p.integers(name, total, -99, 99)
        keys_arg, values_arg = p.input("index", keys), p.input(name, values)
        bins_arg, old_arg = p.output(name, (bins,), held), p.output(name, (total,))
        left_arg = p.output(name, (total + bins,))
        shared = memref((bins,), name, "shared")
        names, before, after = str(bins_arg), "", ""
        if scope == "shared":
            names = "%bins"
            before = (
                f"  %bins = tile.alloc : {shared}\n"
                f"  tile.copy {bins_arg}, %bins : {bins_arg.text} to {shared}"
            )
            after = f"  tile.copy %bins, {bins_arg} : {shared} to {bins_arg.text}"
        text = KERNEL.format(
            i=scope, blocks=p.constant(blocks), threads=96, step=p.constant(count),
            count=count, keys=keys_arg, keys_type=keys_arg.text, values=values_arg,
            values_type=values_arg.text, kind="exchange", bins=names,
            bins_type=shared if scope == "shared" else bins_arg.text, old=old_arg,
            before=before, after=after,
        )  # fmt: skip
        p.emit(*text.splitlines())
        # One array for the check: what was returned, then what is left.
        p.emit(
            "tile.launch blocks() in () threads(32) {",
            f"  tile.copy {old_arg}, {left_arg} : {old_arg.text} to {left_arg.text}",
            f"  tile.copy {bins_arg}, {left_arg}[{p.constant(total)}] : "
            f"{bins_arg.text} to {left_arg.text}",
            "}",
        )

        def balanced(array, keys=keys, held=held, values=values):
            place = np.concatenate([keys, np.arange(bins)])
            given = formats.decode(type, np.concatenate([values, held]))
            found = formats.decode(type, array)
            return all(
                sorted(given[place == key]) == sorted(found[place == key])
                for key in range(bins)
            )

        p.expect_that(left_arg, f"exchange {name} {scope} loses nothing", balanced)
    return p


PROGRAMS = {
    f"atomic-{name}": functools.partial(updates, name)
    for name in TYPES_WITH_ATOMICS
}
PROGRAMS |= {
    f"atomic-exchange-{name}": functools.partial(exchanges, name)
    for name in TYPES_WITH_ATOMICS
}
PROGRAMS["atomic-special"] = special
