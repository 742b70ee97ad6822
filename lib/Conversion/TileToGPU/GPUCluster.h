//===- GPUCluster.h - what blocks of a cluster do together ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_GPUCLUSTER_H
#define TILE_LIB_CONVERSION_TILETOGPU_GPUCLUSTER_H

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// Whether `launch` has clusters of several blocks.
bool hasClusters(LaunchOp launch);

/// Refuses what `launch` cannot do with the clusters that it has on `target`.
LogicalResult checkClusters(LaunchOp launch, const TargetInfo &target);

/// Lowers `op` at the builder's position if it is about the blocks of a
/// cluster, and leaves it in place. Returns whether it did. Where there are no
/// clusters a `tile.cluster_barrier` is not its business.
bool lowerCluster(Operation *op, Value threadId, bool hasClusters,
                  OpBuilder &builder);

/// Replaces `op` by what the hardware says.
void lowerClusterRank(ClusterRankOp op, bool hasClusters,
                      RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_GPUCLUSTER_H
