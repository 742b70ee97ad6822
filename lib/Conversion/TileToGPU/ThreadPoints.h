//===- ThreadPoints.h - points of an index space, in groups -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_THREADPOINTS_H
#define TILE_LIB_CONVERSION_TILETOGPU_THREADPOINTS_H

#include "mlir/IR/Builders.h"

namespace mlir::tile {

/// A point of an index space that a thread runs.
struct ThreadPoint {
  SmallVector<Value> indices;
  /// Whether there is such a point for this thread; null when there is.
  Value exists;
  /// How far it is from the first point of its group where that is known at
  /// compile time; else empty.
  SmallVector<int64_t> distance;
};

/// The indices of point number `number` of an index space, counted in row-major
/// order.
SmallVector<Value> delinearize(OpBuilder &builder, Location loc, Value number,
                               ArrayRef<OpFoldResult> extents);

/// Emits code that runs each point of the index space `extents` on one thread.
/// Consecutive threads take consecutive points, counted in row-major order.
/// `body` gets a group of the thread's points at once, at most twice
/// `groupSize`, so that it can have several loads under way.
void forEachGroup(OpBuilder &builder, Location loc, Value threadId,
                  int64_t numThreads, ArrayRef<OpFoldResult> extents,
                  int64_t groupSize,
                  function_ref<void(OpBuilder &, ArrayRef<ThreadPoint>)> body);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_THREADPOINTS_H
