//===- ClusterCopies.h - copies for all blocks of a cluster -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_CLUSTERCOPIES_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_CLUSTERCOPIES_H

#include "tile/Dialect/Tile/Analysis/WarpRoles.h"

namespace mlir::tile {

/// What a block copies of a tile for others of its cluster, too: the rows of
/// its share from `row` on, to the blocks in `mask`. Null values where it
/// copies for itself only.
struct CopyShare {
  Value row, mask;
};

/// What a block does for others in one loop.
struct LoopShares {
  /// One for each copy.
  SmallVector<CopyShare> copies;
  /// The numbers of the blocks that read what the block copies, which are those
  /// that copy for it; empty when nothing is shared.
  SmallVector<Value> readers;
};

/// Lets blocks of a cluster share the copies of `roles` that they make alike,
/// and says so in remarks. Returns how many are shared.
int64_t shareCopies(LaunchOp launch, WarpRoles &roles);

/// Computes the shares of the block at the position of `builder`.
LoopShares buildShares(LaunchOp launch, ArrayRef<BoxCopy> copies,
                       OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_CLUSTERCOPIES_H
