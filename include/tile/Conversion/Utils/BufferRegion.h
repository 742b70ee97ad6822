//===- BufferRegion.h - a region of a buffer and its bounds -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_BUFFERREGION_H
#define TILE_CONVERSION_UTILS_BUFFERREGION_H

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"

namespace mlir::tile {

/// One side of a copy: the part of a buffer that it touches, if all of that
/// lies in the buffer.
struct BufferRegion {
  /// One dimension: where the region begins and how large the buffer is.
  struct Dim {
    OpFoldResult begin;
    OpFoldResult size;
  };

  /// The region of rank `rank` that begins at `indices`, or at zero when there
  /// are none. Leading dimensions beyond that rank count as one element each.
  static BufferRegion get(OpBuilder &builder, Location loc, Value buffer,
                          ValueRange indices, int64_t rank);

  /// The indices into the buffer of the element at `point` of the region.
  SmallVector<Value> getIndices(OpBuilder &b, Location loc,
                                ValueRange point) const;

  /// Whether elements of a region of these extents may lie outside.
  bool mayLeave(ArrayRef<OpFoldResult> extents) const;

  /// An i1: whether the element at `indices` lies in the buffer; null when all
  /// elements of a region of these extents do.
  Value isInside(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> extents,
                 ValueRange indices) const;

  /// An i1: whether the whole region lies in the buffer; null when it must.
  Value isWhollyInside(OpBuilder &b, Location loc,
                       ArrayRef<OpFoldResult> extents) const;

  Value buffer;
  /// The dimensions that count as one element each, then those of the region.
  SmallVector<Dim> leading, region;
};

/// Whether [begin, begin + extent) may leave [0, size).
bool mayLeave(OpFoldResult begin, OpFoldResult extent, OpFoldResult size);

/// The conjunction of two conditions, each of which may be null for true.
Value allOf(OpBuilder &b, Location loc, Value lhs, Value rhs);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_BUFFERREGION_H
