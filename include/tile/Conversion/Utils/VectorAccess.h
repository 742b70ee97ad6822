//===- VectorAccess.h - rows of a tile in vectors ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which vectors the rows of a tile can be accessed by, where a row runs along
// the last dimension. Every vector must be aligned in memory, and lie wholly
// inside or wholly outside of the buffer, so that one test of its first element
// is enough. Both follow when the vector's width divides a few numbers: the
// base address, the strides, and where a row begins and ends.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_VECTORACCESS_H
#define TILE_CONVERSION_UTILS_VECTORACCESS_H

#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Dialect/Tile/Analysis/Divisibility.h"

namespace mlir::tile {

/// The widest vectors by which regions of the same extents, in one or more
/// buffers, can be accessed row by row. A width that is known not to fit, or of
/// which only a part is known to divide some number, gives way to a narrower
/// one. What is not known at all is left to one test at run time, which has the
/// same outcome for all threads of a block. In a launch with the attribute
/// `tile.fallback` that is so for vectors of as many bytes only.
class VectorAccess {
public:
  /// Finds the vectors of at most `maxBytes` bytes, a power of two, in the
  /// buffer of the widest elements. Uses what is known where `at` stands, and
  /// may make operations for sizes and strides at the builder's position. A
  /// region whose sizes are null is accessed only inside of the buffer.
  VectorAccess(OpBuilder &builder, ArrayRef<BufferRegion> regions,
               ArrayRef<OpFoldResult> extents, Operation *at,
               DivisibilityAnalysis &divisibility, int64_t maxBytes = 16);

  /// The elements in a vector: a power of two, and 1 when there is no vector.
  /// It divides the last extent.
  int64_t getNumElements() const { return numElements; }

  /// The bytes that a vector takes in `buffer`.
  int64_t getNumBytes(Value buffer) const;

  /// Why vectors are not wider than one element.
  StringRef getReason() const { return reason; }

  /// Whether nothing is left to test at run time.
  bool isProven() const { return numbers.empty() && addresses.empty(); }

  /// Builds the test that is left, an i1; null when there is none. The vectors
  /// may only be used where it holds.
  Value buildCondition(OpBuilder &b, Location loc) const;

private:
  /// What is known about the divisibility of a number by a width.
  enum class Known { Divisible, NotDivisible, Nothing };

  void addRegion(OpBuilder &builder, Location loc, const BufferRegion &region,
                 ArrayRef<OpFoldResult> extents);
  Known check(OpFoldResult number, int64_t width);
  bool fits(int64_t width);
  bool isGuessed(int64_t width);
  bool isBaseAligned(Value buffer, int64_t bytes);

  Operation *at;
  DivisibilityAnalysis &divisibility;
  int64_t numElements = 1;
  StringRef reason;
  /// The bytes of the widest element, and of the widest vectors that are tried
  /// when it is not known that they fit.
  int64_t elementBytes = 1, maxGuessedBytes;
  /// The numbers that the width must divide and the buffers whose addresses it
  /// must divide; at last those of them that are not known to do so.
  SmallVector<OpFoldResult> numbers;
  SmallVector<Value> addresses;
};

/// Builds the address of the first element of `buffer`, an index.
Value buildAddress(OpBuilder &b, Location loc, Value buffer,
                   int64_t elementBytes);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_VECTORACCESS_H
