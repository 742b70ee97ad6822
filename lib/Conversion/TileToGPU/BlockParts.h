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

  /// Emits a barrier of those that execute `op`, at the builder's position.
  void buildBarrier(OpBuilder &builder, Operation *op);

  /// The first of `count` barriers for groups of those that execute `op`, which
  /// are the same each time; nothing when there are not as many.
  std::optional<int64_t> addBarriers(Operation *op, int64_t count);

  /// Turns each tile.specialize into branches.
  void lower(RewriterBase &rewriter);

private:
  struct Part {
    std::unique_ptr<ThreadExecutor> executor;
    /// The number of its barrier; 0 is that of all.
    int64_t barrier;
    /// Whether a thread belongs to it; null for the last part.
    Value isMember;
    /// The first barrier of its groups, and how many there are.
    int64_t groupBarrier = 0, numGroups = 0;
  };

  void addParts(SpecializeOp op, int64_t unrollLimit);
  Part &getPart(Operation *op);

  gpu::LaunchOp launch;
  DenseMap<Region *, Part> parts;
  SmallVector<SpecializeOp> ops;
  /// Those that have a number so far.
  int64_t numBarriers = 0;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_BLOCKPARTS_H
