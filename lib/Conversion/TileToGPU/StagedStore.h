//===- StagedStore.h - fragments to tensors by the copy engine --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_STAGEDSTORE_H
#define TILE_LIB_CONVERSION_TILETOGPU_STAGEDSTORE_H

#include "BlockParts.h"

#include "tile/Dialect/Tile/Analysis/StageLayout.h"

namespace mlir::tile {

/// Lowers the staged stores of a launch. Groups of four warps that hold whole
/// boxes store them by themselves, if those of all stores do: which thread has
/// begun a store must not differ between stores that a wait counts.
class StagedStores {
public:
  /// Where the copy engine cannot do a store and a copy stands for it, makes
  /// the copy one from the stage. The fragment is written there in front of the
  /// branch if that does no harm, else on both ways.
  void merge(gpu::LaunchOp launch, RewriterBase &rewriter);

  /// Looks at the stores of `launch`, whose fragments are known to `parts`.
  void add(gpu::LaunchOp launch, BlockParts &parts);

  /// Lowers `op` at the builder's position, and leaves it in place.
  void lower(StagedStoreOp op, OpBuilder &builder);

  /// What the threads do themselves unless `condition` holds; null when they
  /// always do.
  struct Otherwise {
    Value condition, tensor;
    SmallVector<Value> indices;
  };

private:
  struct Store {
    StageLayout layout;
    /// The columns that are written at a time.
    int64_t columns;
    /// The first of the barriers of its groups, where these store alone.
    std::optional<int64_t> barrier;
  };

  bool canSplit(gpu::LaunchOp launch) const;
  void mergeOne(StagedStoreOp op, RewriterBase &rewriter);

  BlockParts *parts = nullptr;
  llvm::MapVector<Operation *, Store> stores;
  llvm::DenseMap<Operation *, Otherwise> copies;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_STAGEDSTORE_H
