"""tile.threads: what each thread keeps for itself, over several regions."""

import functools

import numpy as np

from program import Program, memref


def histories(threads, seed):
    """Threads number their buffers in ways that differ, read them back later,
    and the block writes to all copies in between."""
    p = Program(f"simt-histories-{threads}", seed)
    blocks, length = 3, 5
    values = p.integers("i32", (blocks, length), -50, 50)
    src = p.input("i32", values)
    dst = p.output("i32", (blocks, threads, length))
    sums = p.output("i64", (blocks, threads))
    buffer, var = memref((length,), "i32", "local"), memref((), "i64", "local")
    zero, one, n = p.constant(0), p.constant(1), p.constant(length)
    seven, rounds = p.constant(7, "i64"), p.constant(4)
    p.emit(
        f"tile.launch blocks(%b) in ({p.constant(blocks)}) threads({threads}) {{",
        f"  %l = tile.alloc : {buffer}",
        f"  %sum = tile.alloc_var {seven} : i64",
        f"  scf.for %round = {zero} to {rounds} step {one} {{",
        f"    tile.copy {src}[%b, {zero}], %l : {src.text} to {buffer}",
        "    tile.threads (%t) {",
        f"      %at = arith.remui %t, {n} : index",
        "      %add = arith.index_cast %t : index to i32",
        f"      %v = memref.load %l[%at] : {buffer}",
        "      %w = arith.addi %v, %add : i32",
        f"      memref.store %w, %l[%at] : {buffer}",
        "    }",
        f"    tile.scan sum %l, %l dim 0 : {buffer} to {buffer}",
        "    tile.threads (%t) {",
        f"      %last = arith.subi {n}, {one} : index",
        f"      %v = memref.load %l[%last] : {buffer}",
        "      %wide = arith.extsi %v : i32 to i64",
        f"      %s = memref.load %sum[] : {var}",
        "      %next = arith.addi %s, %wide : i64",
        f"      memref.store %next, %sum[] : {var}",
        "    }",
        "  }",
        "  tile.threads (%t) {",
        f"    scf.for %i = {zero} to {n} step {one} {{",
        f"      %v = memref.load %l[%i] : {buffer}",
        f"      memref.store %v, {dst}[%b, %t, %i] : {dst.text}",
        "    }",
        f"    %s = memref.load %sum[] : {var}",
        f"    memref.store %s, {sums}[%b, %t] : {sums.text}",
        "  }",
        "}",
    )
    own = np.repeat(values[:, None, :].astype(np.int64), threads, axis=1)
    number = np.arange(threads)
    own[:, number, number % length] += number
    own = np.cumsum(own, 2)
    p.expect(dst, own.astype(np.int32), what="what each thread kept")
    p.expect(sums, 7 + 4 * own[:, :, -1], what="what each thread summed")
    return p


def tree(threads, seed):
    """A sum in shared memory by halves, each step over before the next; the
    block stores to the variable of every thread first."""
    p = Program(f"simt-tree-{threads}", seed)
    values = p.integers("i32", 1000, -50, 50)
    src, dst = p.input("i32", values), p.output("i32", (2,))
    shared, var = memref((threads,), "i32", "shared"), memref((), "i32", "local")
    half = 1 << max(threads - 1, 1).bit_length() - 1
    zero, one, count = p.constant(0), p.constant(1), p.constant(values.size)
    step, ten = p.constant(threads), p.constant(10, "i32")
    p.emit(
        f"tile.launch blocks() in () threads({threads}) {{",
        f"  %s = tile.alloc : {shared}",
        f"  %v = tile.alloc : {var}",
        f"  memref.store {ten}, %v[] : {var}",
        "  tile.threads (%t) {",
        f"    scf.for %i = %t to {count} step {step} {{",
        f"      %x = memref.load {src}[%i] : {src.text}",
        f"      %y = memref.load %v[] : {var}",
        "      %z = arith.addi %x, %y : i32",
        f"      memref.store %z, %v[] : {var}",
        "    }",
        f"    %own = memref.load %v[] : {var}",
        f"    memref.store %own, %s[%t] : {shared}",
        f"    %old = tile.atomic add %own, {dst}[{one}] : {dst.text}",
        "  }",
    )
    while half:
        p.emit(
            "  tile.threads (%t) {",
            f"    %other = arith.addi %t, {p.constant(half)} : index",
            f"    %low = arith.cmpi ult, %t, {p.constant(half)} : index",
            f"    %in = arith.cmpi ult, %other, {step} : index",
            "    %both = arith.andi %low, %in : i1",
            "    scf.if %both {",
            f"      %x = memref.load %s[%t] : {shared}",
            f"      %y = memref.load %s[%other] : {shared}",
            "      %z = arith.addi %x, %y : i32",
            f"      memref.store %z, %s[%t] : {shared}",
            "    }",
            "  }",
        )
        half //= 2
    p.emit(
        "  tile.threads (%t) {",
        f"    %first = arith.cmpi eq, %t, {zero} : index",
        "    scf.if %first {",
        f"      %x = memref.load %s[{zero}] : {shared}",
        f"      memref.store %x, {dst}[{zero}] : {dst.text}",
        "    }",
        "  }",
        "}",
    )
    total = values.astype(np.int64).sum() + 10 * threads
    # The poison of the output counts as -1.
    p.expect(dst, np.array([total, total - 1], np.int32), what="sum")
    return p


PROGRAMS = {}
for threads in (1, 2, 31, 33, 128, 1000):
    PROGRAMS[f"simt-histories-{threads}"] = functools.partial(histories, threads)
    PROGRAMS[f"simt-tree-{threads}"] = functools.partial(tree, threads)
