"""The programs of kernels/objects.mlir."""

import math

import numpy as np

import formats
from formats import TYPES
from kernels import several, values
from program import Program

F32 = TYPES["f32"]


def scan(rows, columns, seed):
    p = Program(f"objects-scan-{rows}x{columns}", seed, "objects.mlir", "scan")
    x = p.input("f32", p.normal("f32", (rows, 2 * columns)), (None, None))
    y = p.output("f32", (rows, columns), dynamic=True)
    counts = p.output("i32", (rows,), dynamic=True)
    odd = values(x)[:, 1::2]
    want = odd.cumsum(1)
    # The compensated sum is rounded once more than the right one.
    size = np.abs(odd).cumsum(1)
    p.expect(y, want, F32.eps * (2 * np.abs(want) + columns * F32.eps * size))
    p.expect(counts, np.full(rows, columns, np.int32))
    return p


class Number:
    def __init__(self, weight=10, digit=1):
        self.value, self.weight, self.digit = 1, weight, digit

    def push(self):
        self.value = self.value * self.weight + self.digit


def numbers(rounds, both, seed):
    p = Program(f"objects-numbers-{rounds}-{both}", seed, "objects.mlir", "numbers")
    held = p.integers("i32", 8)
    y = p.output("i32", (8,), held)
    p.scalar("index", rounds)
    p.scalar("i1", both)
    a, t, o = Number(), Number(digit=2), Number(weight=8, digit=2)
    want = held.copy()
    for _ in range(rounds):
        a.push()
        t.push()
        if both == "true":
            o.push()
        want[3] = 10
    want[:3] = a.value, t.value, o.value
    want[4] = o.value
    p.expect(y, want)
    return p


def euclid(seed):
    p = Program("objects-euclid", seed, "objects.mlir", "euclid")
    a = p.input("i32", p.integers("i32", 60, 0, 5000), (None,))
    b = p.input("i32", p.integers("i32", 60, 0, 5000), (None,))
    y, sums = p.output("i32", (60,), dynamic=True), p.output("i32", (60,), dynamic=True)
    steps, count = p.output("i32", ()), 0
    for u, v in zip(a.array.tolist(), b.array.tolist()):
        while v:
            u, v, count = v, u % v, count + 1
    p.expect(y, np.array([math.gcd(u, v) for u, v in zip(a.array, b.array)], np.int32))
    p.expect(sums, a.array + b.array)
    p.expect(steps, np.array(count, np.int32))
    return p


def fold(rows, columns, seed):
    p = Program(f"objects-fold-{rows}x{columns}", seed, "objects.mlir", "fold")
    x = p.input("f32", p.integers("f32", (rows, columns)), (None, None))
    y = p.input("f32", formats.poison(F32, (rows, 16)), (None, 16))
    trips = p.output("i32", (-(-rows // 16),), dynamic=True)
    parts = -(-columns // 16)
    padded = np.zeros((rows, parts * 16))
    padded[:, :columns] = values(x)
    p.expect(y, formats.encode(F32, padded.reshape(rows, parts, 16).sum(1)))
    p.expect(trips, np.full(-(-rows // 16), parts, np.int32))
    return p


PROGRAMS = {
    **several(scan, (3, 40), (1, 1), (5, 300)),
    **several(numbers, (0, "true"), (1, "false"), (6, "true")),
    **several(euclid, ()),
    **several(fold, (33, 50), (16, 16), (1, 7)),
}
