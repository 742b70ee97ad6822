//===- GPUTma.h - the copy engine and its barriers --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_GPUTMA_H
#define TILE_LIB_CONVERSION_TILETOGPU_GPUTMA_H

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// Refuses copies of boxes by `launch` that `target` cannot do, or to and from
/// buffers that do not lie as their maps say.
LogicalResult checkTma(LaunchOp launch, const TargetInfo &target);

/// Lowers `op` at the builder's position if it works with the copy engine or
/// synchronises parts of a block, and leaves it in place. Returns whether it
/// did.
bool lowerTma(Operation *op, Value threadId, const TargetInfo &target,
              OpBuilder &builder);

/// The address of an element of a shared buffer; of the first one if there are
/// no indices.
Value buildSharedPointer(OpBuilder &builder, Location loc, Value buffer,
                         ValueRange indices);

/// The address of a map, which becomes a parameter of the kernel.
Value buildMapPointer(OpBuilder &builder, Location loc, Value map);

/// The coordinates of a box as the hardware counts them, from the innermost
/// dimension.
SmallVector<Value> buildBoxCoordinates(OpBuilder &builder, Location loc,
                                       ValueRange coordinates);

/// Builds `build` for the threads whose `number` is 0.
void buildForZero(OpBuilder &builder, Location loc, Value number,
                  function_ref<void()> build);

/// Builds `build` for the first thread of each warp, after a meeting of all of
/// its threads.
void buildForWarp(OpBuilder &builder, Location loc, Value threadId,
                  function_ref<void()> build);

/// Emits a wait for the stores that this thread has begun, whose buffers are
/// gone when the block ends.
void finishTmaStores(OpBuilder &builder, Location loc);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_GPUTMA_H
