//===- ClusterUniformity.h - what the blocks of a cluster share -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_CLUSTERUNIFORMITY_H
#define TILE_DIALECT_TILE_ANALYSIS_CLUSTERUNIFORMITY_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include <bitset>

namespace mlir::tile {

/// Dimensions of a cluster.
using ClusterDims = std::bitset<3>;

/// The extents of the cluster of `launch`, 1 in the dimensions that it lacks.
std::array<int64_t, 3> getClusterExtents(LaunchOp launch);

/// Knows along which dimensions of the cluster of a launch a scalar may change
/// from block to block, in the same iterations of the loops around it. The
/// blocks run side by side, each through its own copy of the program, so what
/// is the same in them need not be so at the same time.
class ClusterUniformity {
public:
  explicit ClusterUniformity(LaunchOp launch);

  /// The dimensions in which the cluster has several blocks.
  ClusterDims getAll() const { return all; }

  /// The dimensions along which `value` may change.
  ClusterDims getVarying(Value value) const { return varying.lookup(value); }

  /// The dimensions along which blocks may differ in whether and how often they
  /// run `op`.
  ClusterDims getVaryingRuns(Operation *op) const;

private:
  bool update(Operation *op);
  bool updateBranches(Operation *op);
  bool updateLoop(Operation *op);
  bool updateStore(Operation *op);
  bool add(Value value, ClusterDims dims);
  bool add(ValueRange values, ClusterDims dims);
  bool addEach(ValueRange values, ValueRange sources, ClusterDims dims);
  ClusterDims getVarying(ValueRange values) const;
  ClusterDims getVaryingResult(Operation *op) const;
  bool isQuotientOfCluster(Operation *op) const;

  LaunchOp launch;
  std::array<int64_t, 3> extents;
  ClusterDims all;
  /// What is not in the map is the same everywhere. For a variable that a
  /// `tile.alloc_var` makes, what it may hold counts.
  DenseMap<Value, ClusterDims> varying;
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_CLUSTERUNIFORMITY_H
