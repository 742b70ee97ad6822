//===- Swizzle.cpp - layouts of shared memory -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/Swizzle.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;

Expected<Swizzle> Swizzle::get(unsigned bits, unsigned base, unsigned shift) {
  if (bits == 0)
    return Swizzle();
  if (shift < bits)
    return makeError("expected a shift of at least " + Twine(bits) +
                     " for a swizzle of " + Twine(bits) + " bits, found " +
                     Twine(shift));
  if (bits > 32 || base > 32 || shift > 32 || bits + base + shift > 32)
    return makeError("expected a swizzle of 32-bit numbers, found swizzle<" +
                     Twine(bits) + "," + Twine(base) + "," + Twine(shift) +
                     ">");
  return Swizzle(bits, base, shift);
}

std::string Swizzle::str() const {
  return ("swizzle<" + Twine(numBits) + "," + Twine(firstBit) + "," +
          Twine(distance) + ">")
      .str();
}

//===----------------------------------------------------------------------===//
// Shared layouts
//===----------------------------------------------------------------------===//

/// TMA writes to multiples of this many bytes.
static constexpr int64_t kBufferAlignment = 128;
/// A row of ldmatrix, and the longest access of a thread.
static constexpr int64_t kChunkBits = 128;
/// After so many rows of 16 bytes the banks begin again.
static constexpr int64_t kRowsOfBanks = 8;

static Error checkElement(int64_t elementBits) {
  if (elementBits >= 4 && elementBits <= kChunkBits &&
      isPowerOf2_64(elementBits))
    return Error::success();
  return makeError("expected elements of 4 to 128 bits, a power of two, "
                   "found " +
                   Twine(elementBits));
}

Expected<SharedLayout> SharedLayout::get(const Layout &layout,
                                         const Swizzle &swizzle,
                                         int64_t elementBits) {
  if (Error error = checkElement(elementBits))
    return std::move(error);
  if (!layout.isInjective())
    return makeError("expected a place for each element, found " +
                     layout.str() + " with equal ones");
  return SharedLayout(layout, swizzle, elementBits);
}

int64_t SharedLayout::sizeInBytes() const {
  return divideCeilSigned(alignTo(places.cosize(), bankSwizzle.block()) * bits,
                          8);
}

int64_t SharedLayout::alignmentInBytes() const {
  return std::max(kBufferAlignment, bankSwizzle.period() * bits / 8);
}

std::optional<int64_t> SharedLayout::swizzleBytes() const {
  if (bankSwizzle.isIdentity())
    return 0;
  int64_t chunk = (int64_t(1) << bankSwizzle.base()) * bits;
  if (chunk != kChunkBits || bankSwizzle.shift() != 3)
    return std::nullopt;
  return 16 << bankSwizzle.bits();
}

SharedLayout SharedLayout::withStages(int64_t count) const {
  int64_t bytes = alignTo(sizeInBytes(), alignmentInBytes());
  Layout stages(Leaf{count, bytes * 8 / bits});
  return SharedLayout(Layout::concat({stages, places}), bankSwizzle, bits);
}

std::string SharedLayout::str() const {
  std::string prefix =
      bankSwizzle.isIdentity() ? "" : bankSwizzle.str() + " o ";
  return prefix + places.str() + ", " + std::to_string(bits) + " bits";
}

//===----------------------------------------------------------------------===//
// Choices
//===----------------------------------------------------------------------===//

Expected<SharedLayout> SharedLayout::plain(ArrayRef<int64_t> shape,
                                           int64_t elementBits) {
  return get(Layout::rowMajor(shape), Swizzle(), elementBits);
}

/// Rows of `pitch` elements, of which `row` lists the leaves.
static Layout layRows(ArrayRef<int64_t> shape, unsigned contiguous,
                      ArrayRef<Leaf> row, int64_t pitch) {
  SmallVector<int64_t> strides(shape.size());
  for (unsigned dim = shape.size(); dim-- > 0;) {
    if (dim == contiguous)
      continue;
    strides[dim] = pitch;
    pitch *= shape[dim];
  }
  Layout result;
  for (auto [dim, extent] : enumerate(shape))
    result.addMode(dim == contiguous ? row
                                     : ArrayRef(Leaf{extent, strides[dim]}));
  return result;
}

static Error checkRows(ArrayRef<int64_t> shape, int64_t elementBits,
                       unsigned contiguous) {
  if (contiguous >= shape.size() || is_contained(shape, 0))
    return makeError("expected a shape with elements in dimension " +
                     Twine(contiguous) + ", found " + Twine(shape.size()) +
                     " dimensions and " + Twine(product_of(shape)) +
                     " elements");
  return checkElement(elementBits);
}

Expected<SharedLayout> SharedLayout::panels(ArrayRef<int64_t> shape,
                                            int64_t elementBits,
                                            unsigned contiguous) {
  if (Error error = checkRows(shape, elementBits, contiguous))
    return std::move(error);
  int64_t extent = shape[contiguous], chunk = kChunkBits / elementBits;
  unsigned bits = 3;
  while (bits > 0 && extent % (chunk << bits) != 0)
    --bits;
  if (bits == 0)
    return makeError("expected rows of a multiple of 32 bytes, found " +
                     Twine(extent * elementBits) + " bits");
  int64_t width = chunk << bits;
  int64_t rows = alignTo(product_of(shape) / extent, kRowsOfBanks);
  Leaf row[] = {{width, 1}, {extent / width, rows * width}};
  return get(layRows(shape, contiguous,
                     ArrayRef(row).take_front(extent == width ? 1 : 2), width),
             cantFail(Swizzle::get(bits, Log2_64(chunk), 3)), elementBits);
}

Expected<SharedLayout> SharedLayout::conflictFree(ArrayRef<int64_t> shape,
                                                  int64_t elementBits,
                                                  unsigned contiguous) {
  if (Error error = checkRows(shape, elementBits, contiguous))
    return std::move(error);
  int64_t extent = shape[contiguous], chunk = kChunkBits / elementBits;
  int64_t pitch = extent;
  Swizzle swizzle;
  if (extent == product_of(shape) || extent <= chunk) {
    // No other row, or 16 bytes of each, which lie next to one another.
  } else if (extent % (2 * chunk) == 0) {
    // An odd multiple of 128 bytes puts 8 rows at 8 values of the bits from the
    // seventh on; twice as long rows, of those from the eighth on.
    unsigned bits = countr_zero(uint64_t(extent / chunk));
    swizzle = cantFail(
        Swizzle::get(std::min(bits, 3u), Log2_64(chunk), std::max(bits, 3u)));
  } else {
    pitch = (divideCeilSigned(extent, chunk) | 1) * chunk;
  }
  return get(layRows(shape, contiguous, Leaf{extent, 1}, pitch), swizzle,
             elementBits);
}
