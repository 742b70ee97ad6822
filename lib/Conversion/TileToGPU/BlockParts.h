//===- BlockParts.h - the threads that execute an op ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_BLOCKPARTS_H
#define TILE_LIB_CONVERSION_TILETOGPU_BLOCKPARTS_H

#include "ThreadExecutor.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::tile {

/// The parts of a block that tile.specialize makes, and the whole of it.
class BlockParts {
public:
  /// Finds the parts of `launch`, which has `numThreads` threads.
  void add(gpu::LaunchOp launch, int64_t numThreads, int64_t unrollLimit);

  /// Who executes `op`.
  ThreadExecutor &getExecutor(Operation *op);

  /// The number of the barrier of those that execute `op`; 0 is that of all.
  int64_t getBarrier(Operation *op);

  /// Turns each tile.specialize into branches.
  void lower(RewriterBase &rewriter);

private:
  struct Part {
    std::unique_ptr<ThreadExecutor> executor;
    int64_t barrier;
    /// Whether a thread belongs to it; null for the last part.
    Value isMember;
  };

  void addParts(SpecializeOp op, int64_t unrollLimit);
  Part &getPart(Operation *op);

  gpu::LaunchOp launch;
  DenseMap<Region *, Part> parts;
  SmallVector<SpecializeOp> ops;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_BLOCKPARTS_H
