//===- FloatBits.h - Rounding to narrow float formats -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain C++ with no dependency, so that the runtime can use it too.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SUPPORT_FLOATBITS_H
#define TILE_SUPPORT_FLOATBITS_H

#include <cstdint>
#include <cstring>

namespace tile {

/// The bits of `value` in the IEEE-like format with the given field widths,
/// rounded once, to nearest even. Too large a value becomes infinity; a NaN
/// stays one and keeps the top of its payload.
template <unsigned ExponentBits, unsigned MantissaBits>
uint16_t roundToFloatBits(double value) {
  constexpr int bias = (1 << (ExponentBits - 1)) - 1;
  constexpr uint64_t infinity = uint64_t((1 << ExponentBits) - 1)
                                << MantissaBits;
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  uint64_t sign = (bits >> 63) << (ExponentBits + MantissaBits);
  int exponent = static_cast<int>((bits >> 52) & 0x7ff);
  uint64_t mantissa = bits & ((uint64_t(1) << 52) - 1);
  if (exponent == 0x7ff) {
    uint64_t payload = mantissa >> (52 - MantissaBits);
    if (mantissa)
      payload |= uint64_t(1) << (MantissaBits - 1);
    return static_cast<uint16_t>(sign | infinity | payload);
  }
  if (exponent == 0) // far below the smallest value of a narrow format
    return static_cast<uint16_t>(sign);
  mantissa |= uint64_t(1) << 52;
  int narrow = exponent - 1023 + bias;
  // How many low bits are rounded away; a subnormal result loses more.
  int dropped = 52 - static_cast<int>(MantissaBits);
  if (narrow < 1) {
    dropped += 1 - narrow;
    narrow = 1;
  }
  if (dropped > 53) // below half of the smallest subnormal
    return static_cast<uint16_t>(sign);
  uint64_t kept = mantissa >> dropped;
  uint64_t rest = mantissa & ((uint64_t(1) << dropped) - 1);
  uint64_t half = uint64_t(1) << (dropped - 1);
  if (rest > half || (rest == half && (kept & 1)))
    ++kept;
  // The kept bits hold the implicit one, which adds 1 to the exponent field; a
  // carry out of the mantissa adds another. A subnormal has no implicit one.
  uint64_t result = (uint64_t(narrow - 1) << MantissaBits) + kept;
  if (result > infinity)
    result = infinity;
  return static_cast<uint16_t>(sign | result);
}

inline uint16_t toHalfBits(double value) {
  return roundToFloatBits<5, 10>(value);
}

inline uint16_t toBFloat16Bits(double value) {
  return roundToFloatBits<8, 7>(value);
}

/// The value of an IEEE half.
inline float fromHalfBits(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 0x1f, mantissa = half & 0x3ff;
  uint32_t bits;
  if (exponent == 0x1f) {
    bits = sign | 0x7f800000 | (mantissa << 13);
  } else if (exponent != 0) {
    bits = sign | ((exponent + 112) << 23) | (mantissa << 13);
  } else {
    float magnitude = static_cast<float>(mantissa) / 16777216.0f;
    std::memcpy(&bits, &magnitude, sizeof bits);
    bits |= sign;
  }
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

} // namespace tile

#endif // TILE_SUPPORT_FLOATBITS_H
