//===- GPUAsyncCopy.h - copies by cp.async ----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_GPUASYNCCOPY_H
#define TILE_LIB_CONVERSION_TILETOGPU_GPUASYNCCOPY_H

#include "ThreadExecutor.h"

#include "tile/Dialect/Tile/Analysis/Divisibility.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Replaces `op` by cp.async instructions of each of the `numThreads` threads
/// where they are legal, and by the loop of a plain copy elsewhere, with a
/// remark.
void lowerAsyncCopy(AsyncCopyOp op, ThreadExecutor &executor,
                    int64_t numThreads, DivisibilityAnalysis &divisibility,
                    RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_GPUASYNCCOPY_H
