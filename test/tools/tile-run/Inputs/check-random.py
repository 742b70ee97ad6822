"""Checks the random arrays of ../types.mlir."""

import sys

import numpy as np

folder = sys.argv[1]


def load(name, dtype):
    array = np.load(f"{folder}/{name}.npy")
    assert array.dtype.str == dtype, (name, array.dtype.str)
    return array


def check_normal(values):
    assert np.isfinite(values).all()
    assert abs(values.mean()) < 0.15 and abs(values.std() - 1) < 0.1, values


check_normal(load("f16", "<f2").astype(np.float64))
bf16 = load("bf16", "|V2").view(np.uint16).astype(np.uint32) << 16
check_normal(bf16.view(np.float32).astype(np.float64))
# E5M2 is the upper byte of a half.
e5m2 = load("e5m2", "|V1").view(np.uint8).astype(np.uint16) << 8
check_normal(e5m2.view(np.float16).astype(np.float64))
e4m3 = load("e4m3", "|V1").view(np.uint8).astype(np.int64)
exponent, mantissa = (e4m3 >> 3) & 15, e4m3 & 7
magnitude = np.where(exponent == 0, mantissa / 8 * 2.0**-6,
                     (1 + mantissa / 8) * 2.0 ** (exponent - 7.0))
check_normal(np.where(e4m3 & 128, -magnitude, magnitude))
for name, dtype in (("i64", "<i8"), ("i16", "<i2"), ("i8", "|i1")):
    assert set(load(name, dtype)) == set(range(-4, 5))
assert set(load("i1", "|b1")) == {False, True}
