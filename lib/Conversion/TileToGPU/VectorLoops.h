//===- VectorLoops.h - loops over memory in vectors -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_VECTORLOOPS_H
#define TILE_LIB_CONVERSION_TILETOGPU_VECTORLOOPS_H

#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Emits a loop in vectors at the builder's position, if it only computes on
/// elements of global and shared memory that lie one after another along its
/// last dimension. Where a test is left for run time, `buildScalarLoop` builds
/// the loop for its other outcome. Returns whether it did, with a remark when
/// not. The op stays in place, but what does not depend on the iteration may
/// have moved out of it.
bool lowerParallelInVectors(ParallelOp op, Value threadId, int64_t numThreads,
                            DivisibilityAnalysis &divisibility,
                            OpBuilder &builder,
                            function_ref<void(OpBuilder &)> buildScalarLoop);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_VECTORLOOPS_H
