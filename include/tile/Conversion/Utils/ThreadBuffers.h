//===- ThreadBuffers.h - what each thread keeps for itself ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_THREADBUFFERS_H
#define TILE_CONVERSION_UTILS_THREADBUFFERS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::tile {

/// The local buffers that are made outside of every tile.threads of `launch`
/// and written in one, so that their contents differ between threads.
llvm::SetVector<Value> getThreadBuffers(LaunchOp launch);

/// Refuses a tile.threads outside of a launch, and uses of such buffers that
/// would need one content for the whole block.
LogicalResult checkThreads(ModuleOp module);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_THREADBUFFERS_H
