"""The checks themselves: what must fail fails, and the formats are right."""

import sys

import numpy as np

sys.dont_write_bytecode = True

import formats
from formats import TYPES
from program import compare

F32, F16, BF16 = TYPES["f32"], TYPES["f16"], TYPES["bf16"]
array = np.array([1, 2, np.nan, np.inf, -0.0], np.float32)


def verdict(changed, tolerance=None, want=array):
    values = want if tolerance is None else want.astype(np.float64)
    got = np.array(array)
    for i, value in changed.items():
        got[i] = value
    return compare(F32, got, values, tolerance, "").ok


for tolerance in (None, np.full(5, 1e-3)):
    assert verdict({}, tolerance)
    for i, value in ((0, 1.01), (0, np.nan), (0, -1), (1, np.inf), (2, 0), (3, -np.inf),
                     (3, np.nan), (3, 3.4e38)):  # fmt: skip
        assert not verdict({i: value}, tolerance), (i, value, tolerance)
assert verdict({0: 1.0001}, np.full(5, 1e-3)) and not verdict({0: 1.0001})
assert not verdict({4: 0.0})  # the sign of a zero
poisoned = array.copy()
poisoned[2] = formats.poison(F32, ())
assert not verdict({}, None, poisoned)  # another NaN than the poison
assert compare(F32, poisoned, poisoned, None, "").ok

with np.errstate(all="ignore"):
    # NumPy's own half and single are right; so is every code's way back.
    x = np.random.default_rng(0).standard_normal(100000) * 2.0 ** np.random.default_rng(
        1
    ).integers(-160, 160, 100000)
    for type, dtype in ((F16, np.float16), (F32, np.float32)):
        assert (formats.encode(type, x).astype(dtype) == x.astype(dtype)).all()
    for name in ("f16", "bf16", "f8E4M3FN", "f8E5M2"):
        codes = formats.all_codes(TYPES[name])
        values = formats.decode(TYPES[name], codes)
        back = formats.to_bits(TYPES[name], formats.encode(TYPES[name], values))
        assert ((back == formats.to_bits(TYPES[name], codes)) | np.isnan(values)).all(), name
    # bf16 and f8E5M2 are the upper bytes of wider formats.
    codes = formats.all_codes(BF16)
    wide = (codes.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_array_equal(formats.decode(BF16, codes), wide)
    codes = formats.all_codes(TYPES["f8E5M2"])
    half = (codes.astype(np.uint16) << 8).view(np.float16)
    np.testing.assert_array_equal(formats.decode(TYPES["f8E5M2"], codes), half)
# Ties to even, the largest numbers, and one rounding of large integers.
e4m3 = TYPES["f8E4M3FN"]
assert formats.round_to(e4m3, [17, 19, 464, 2.0**-10, 3 * 2.0**-10]).tolist() == [
    16, 20, 448, 0, 2.0**-8]  # fmt: skip
assert np.isnan(formats.round_to(e4m3, [465.0, np.inf])).all()
assert formats.round_to(F16, [65519.9, 65520]).tolist() == [65504, np.inf]
big = formats.integer_to_float(BF16, [2**62 + 2**54, 2**62 + 2**54 + 1])
assert formats.decode(BF16, big).tolist() == [2.0**62, 2.0**62 + 2.0**55]
print("ok")
