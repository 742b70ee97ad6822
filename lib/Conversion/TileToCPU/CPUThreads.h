//===- CPUThreads.h - threads one after another -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOCPU_CPUTHREADS_H
#define TILE_LIB_CONVERSION_TILETOCPU_CPUTHREADS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Gives each thread a copy of its own of the local buffers that differ between
/// threads. `alloc` makes buffers that live as long as the function.
void expandThreadBuffers(LaunchOp launch, RewriterBase &rewriter,
                         function_ref<Value(MemRefType)> alloc);

/// Replaces a tile.threads by a loop over the threads.
void lowerThreadsOnCPU(ThreadsOp op, RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOCPU_CPUTHREADS_H
