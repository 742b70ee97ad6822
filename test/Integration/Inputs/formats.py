"""The element types of tile: their bits, values and rounding, in plain NumPy.

A value is a float64 (which holds every value of every float type) or an int64;
an array of a type is held as NumPy stores it in a .npy file: as itself, or as
raw bits for the types that NumPy does not have.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Type:
    name: str
    bits: type  # unsigned integer of the same width
    storage: type  # what a .npy file holds
    mantissa: int = 0  # stored bits; 0 for integers
    min_exponent: int = 0  # of the smallest normal number
    has_infinity: bool = True

    @property
    def is_float(self):
        return self.mantissa > 0

    @property
    def width(self):
        return 1 if self.name == "i1" else np.dtype(self.bits).itemsize * 8

    @property
    def eps(self):
        """The largest relative error of one rounding."""
        return 2.0 ** -(self.mantissa + 1)

    @property
    def tiny(self):
        """The largest absolute error of rounding a subnormal number."""
        return 2.0 ** (self.min_exponent - self.mantissa - 1)


TYPES = {
    t.name: t
    for t in [
        Type("f64", np.uint64, np.float64, 52, -1022),
        Type("f32", np.uint32, np.float32, 23, -126),
        Type("f16", np.uint16, np.float16, 10, -14),
        Type("bf16", np.uint16, np.uint16, 7, -126),
        Type("f8E4M3FN", np.uint8, np.uint8, 3, -6, False),
        Type("f8E5M2", np.uint8, np.uint8, 2, -14),
        Type("i64", np.uint64, np.int64),
        Type("i32", np.uint32, np.int32),
        Type("i16", np.uint16, np.int16),
        Type("i8", np.uint8, np.int8),
        Type("i1", np.uint8, np.bool_),
        Type("index", np.uint64, np.int64),
    ]
}
FLOATS = [t for t in TYPES.values() if t.is_float]
INTEGERS = [t for t in TYPES.values() if not t.is_float]
RAW = {"bf16": "V2", "f8E4M3FN": "V1", "f8E5M2": "V1"}


def to_bits(type, array):
    return np.array(array, order="C").view(type.bits)


def decode(type, array):
    """The values of an array as float64 or int64."""
    if not type.is_float:
        return array.astype(np.int64)
    if type.name in ("f64", "f32", "f16"):
        with np.errstate(invalid="ignore"):
            return array.astype(np.float64)
    code = array.astype(np.int64)
    sign = np.where(code >> (type.width - 1), -1.0, 1.0)
    exponent_bits = type.width - 1 - type.mantissa
    exponent = (code >> type.mantissa) & ((1 << exponent_bits) - 1)
    mantissa = (code & ((1 << type.mantissa) - 1)).astype(np.float64)
    implicit = np.where(exponent > 0, 2.0**type.mantissa, 0.0)
    quantum = np.maximum(exponent, 1) - 1 + type.min_exponent - type.mantissa
    value = np.ldexp(mantissa + implicit, quantum)
    last = exponent == (1 << exponent_bits) - 1
    if type.has_infinity:
        value = np.where(last, np.where(mantissa == 0, np.inf, np.nan), value)
    else:
        full = mantissa == (1 << type.mantissa) - 1
        value = np.where(last & full, np.nan, value)
    return value * sign


def encode(type, value):
    """float64 or integer values rounded once to nearest even."""
    value = np.asarray(value)
    if type.name == "i1":
        return value != 0
    if not type.is_float:
        return value.astype(np.int64).astype(type.storage)
    if type.name == "f64":
        return value.astype(np.float64)
    value = value.astype(np.float64)
    magnitude = np.abs(value)
    finite = np.isfinite(value)
    magnitude = np.where(finite, magnitude, 0.0)
    exponent = np.where(magnitude == 0, type.min_exponent, np.frexp(magnitude)[1] - 1)
    exponent = np.maximum(exponent, type.min_exponent)
    # In units of the last place the value is an integer after rounding.
    units = np.rint(np.ldexp(magnitude, type.mantissa - exponent))
    carried = units == 2.0 ** (type.mantissa + 1)
    exponent = np.where(carried, exponent + 1, exponent)
    units = np.where(carried, units / 2, units).astype(np.int64)
    normal = units >> type.mantissa  # 1, or 0 for a subnormal number
    code = ((exponent - type.min_exponent + normal) << type.mantissa) + (
        units - (normal << type.mantissa)
    )
    largest = (1 << (type.width - 1)) - 1
    infinity = (largest >> type.mantissa) << type.mantissa
    nan = infinity | 1 << (type.mantissa - 1) if type.has_infinity else largest
    overflow = infinity if type.has_infinity else nan
    code = np.minimum(code, overflow)
    code = np.where(np.isinf(value), overflow, code)
    code = np.where(np.isnan(value), nan, code)
    code = code | np.where(np.signbit(value), 1 << (type.width - 1), 0)
    return code.astype(type.bits).view(type.storage)


def round_to(type, value):
    """Values rounded to the type, as values."""
    return decode(type, encode(type, value))


def round_tf32(value):
    """f32 values rounded to 10 bits of mantissa, ties away from zero."""
    bits = np.asarray(value, np.float32).view(np.uint32)
    rounded = ((bits + np.uint32(0x1000)) & np.uint32(0xFFFFE000)).view(np.float32)
    return np.where(np.isfinite(value), rounded, value).astype(np.float64)


def integer_to_float(type, value):
    """int64 values rounded once, also where float64 cannot hold them."""
    value = np.asarray(value, np.int64)
    if type.mantissa >= 52:
        return value.astype(np.float64)
    # Keep 32 bits and whether anything was cut: enough for one more rounding.
    magnitude = np.where(value < 0, -value, value).astype(np.uint64)
    shift = np.maximum(np.frexp(magnitude.astype(np.float64))[1] - 40, 0)
    shift = shift.astype(np.uint64)
    kept = magnitude >> shift
    lost = (kept << shift) != magnitude
    rounded = np.ldexp((kept * 2 + lost).astype(np.float64), shift.astype(np.int64) - 1)
    return encode(type, np.where(value < 0, -rounded, rounded))


def convert(source, target, array):
    """Elements of `source` as those of `target`, as tile.copy defines it."""
    value = decode(source, array)
    if source.name == target.name:
        return array
    if target.name == "i1":
        return value != 0  # true for NaN
    if target.is_float:
        if source.is_float:
            return encode(target, value)
        return integer_to_float(target, value)
    if source.is_float:
        limit = 2.0 ** (target.width - 1)
        inside = np.isfinite(value) & (value > -limit - 1) & (value < limit)
        result = np.trunc(np.where(inside, value, 0.0)).astype(np.int64)
        result = np.where(value >= limit, int(limit) - 1, result)
        result = np.where(value <= -limit, -int(limit), result)
        return np.where(np.isnan(value), 0, result).astype(target.storage)
    return value.astype(target.storage)


def all_codes(type):
    return np.arange(2**type.width, dtype=np.uint32).astype(type.bits).view(type.storage)


def save(path, type, array):
    array = np.array(array, order="C")  # keeps rank 0
    if type.name in RAW:
        array = array.view(RAW[type.name])
    np.save(path, array)


def load(path, type):
    array = np.load(path)
    return array.view(type.storage)


def poison(type, shape):
    """NaN, or all bits set."""
    if type.name == "i1":
        return np.ones(shape, np.bool_)
    return np.full(shape, np.iinfo(type.bits).max, type.bits).view(type.storage)
