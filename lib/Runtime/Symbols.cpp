//===- Symbols.cpp - What generated code may refer to -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Besides the runtime's own entry points these are functions that LLVM's code
// generator or MLIR's lowerings call and that a host may lack: conversions of
// 16-bit floats (in compiler-rt, but not in every libgcc) and memref.copy.
// Those bear the names that the code refers to, for a linker to find; the names
// are weak, since a program may have them already.
//
//===----------------------------------------------------------------------===//

#include "tile/Runtime/Runtime.h"
#include "tile/Support/FloatBits.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#define TILE_LINKED_AS(name) __asm__(name) __attribute__((weak, used))

/// 16-bit floats travel in the low bits of a floating-point register, as a
/// float does, on x86-64 and AArch64 alike.
static float wrapBits(uint16_t bits) {
  uint32_t wide = bits;
  float result;
  std::memcpy(&result, &wide, sizeof result);
  return result;
}

static uint16_t unwrapBits(float value) {
  uint16_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

float floatToHalf(float value) TILE_LINKED_AS("__truncsfhf2");
float doubleToHalf(double value) TILE_LINKED_AS("__truncdfhf2");
float halfToFloat(float value) TILE_LINKED_AS("__extendhfsf2");
float floatToBFloat16(float value) TILE_LINKED_AS("__truncsfbf2");
float doubleToBFloat16(double value) TILE_LINKED_AS("__truncdfbf2");

float floatToHalf(float value) { return wrapBits(tile::toHalfBits(value)); }
float doubleToHalf(double value) { return wrapBits(tile::toHalfBits(value)); }
float halfToFloat(float value) { return tile::fromHalfBits(unwrapBits(value)); }
float floatToBFloat16(float value) {
  return wrapBits(tile::toBFloat16Bits(value));
}
float doubleToBFloat16(double value) {
  return wrapBits(tile::toBFloat16Bits(value));
}

/// The descriptor of a memref of any rank: `rank` sizes, then as many strides.
struct MemrefDescriptor {
  char *allocated;
  char *aligned;
  int64_t offset;
  int64_t sizes[1];
};

struct UnrankedMemref {
  int64_t rank;
  MemrefDescriptor *descriptor;
};

/// Copies dimension `dim` onward, element by element in the innermost one.
static void copyDimension(char *to, const int64_t *toStrides, const char *from,
                          const int64_t *fromStrides, const int64_t *sizes,
                          int64_t rank, int64_t dim, int64_t elementBytes) {
  if (dim == rank) {
    std::memcpy(to, from, elementBytes);
    return;
  }
  if (dim == rank - 1 && toStrides[dim] == 1 && fromStrides[dim] == 1) {
    std::memcpy(to, from, sizes[dim] * elementBytes);
    return;
  }
  for (int64_t i = 0; i < sizes[dim]; ++i)
    copyDimension(to + i * toStrides[dim] * elementBytes, toStrides,
                  from + i * fromStrides[dim] * elementBytes, fromStrides,
                  sizes, rank, dim + 1, elementBytes);
}

void copyMemref(int64_t elementBytes, UnrankedMemref *from, UnrankedMemref *to)
    TILE_LINKED_AS("memrefCopy");

/// What memref.copy becomes when one side is not contiguous.
void copyMemref(int64_t elementBytes, UnrankedMemref *from,
                UnrankedMemref *to) {
  int64_t rank = from->rank;
  const MemrefDescriptor *source = from->descriptor, *target = to->descriptor;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (source->sizes[dim] == 0)
      return;
  copyDimension(target->aligned + target->offset * elementBytes,
                target->sizes + rank,
                source->aligned + source->offset * elementBytes,
                source->sizes + rank, source->sizes, rank, 0, elementBytes);
}

const TileRuntimeSymbol *tileRuntimeSymbols(size_t *count) {
  static const TileRuntimeSymbol symbols[] = {
      {"tileRuntimeFail", reinterpret_cast<void *>(&tileRuntimeFail)},
      {"tileRuntimeLaunch", reinterpret_cast<void *>(&tileRuntimeLaunch)},
      {"tileRuntimeMakeTensorMap",
       reinterpret_cast<void *>(&tileRuntimeMakeTensorMap)},
      {"tileRuntimeMakeOptionalTensorMap",
       reinterpret_cast<void *>(&tileRuntimeMakeOptionalTensorMap)},
      {"printf", reinterpret_cast<void *>(&std::printf)},
      {"malloc", reinterpret_cast<void *>(&std::malloc)},
      {"aligned_alloc", reinterpret_cast<void *>(&aligned_alloc)},
      {"free", reinterpret_cast<void *>(&std::free)},
      {"memrefCopy", reinterpret_cast<void *>(&copyMemref)},
      {"__truncsfhf2", reinterpret_cast<void *>(&floatToHalf)},
      {"__truncdfhf2", reinterpret_cast<void *>(&doubleToHalf)},
      {"__extendhfsf2", reinterpret_cast<void *>(&halfToFloat)},
      {"__truncsfbf2", reinterpret_cast<void *>(&floatToBFloat16)},
      {"__truncdfbf2", reinterpret_cast<void *>(&doubleToBFloat16)},
  };
  *count = sizeof symbols / sizeof symbols[0];
  return symbols;
}
