//===- VectorCopy.h - copies between memory in vectors ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_VECTORCOPY_H
#define TILE_LIB_CONVERSION_TILETOGPU_VECTORCOPY_H

#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Emits a copy between buffers in global or shared memory at the builder's
/// position and leaves the op in place; does nothing for other copies. Returns
/// whether it did.
bool lowerMemoryCopy(CopyOp op, Value threadId, int64_t numThreads,
                     DivisibilityAnalysis &divisibility, OpBuilder &builder);

/// Emits the same copy element by element.
void lowerElementCopy(CopyOp op, Value threadId, int64_t numThreads,
                      OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_VECTORCOPY_H
