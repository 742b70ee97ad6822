//===- FragmentSites.h - where fragments are touched ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_FRAGMENTSITES_H
#define TILE_DIALECT_TILE_ANALYSIS_FRAGMENTSITES_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "llvm/ADT/MapVector.h"

namespace mlir::tile {

/// A fragment that each iteration of a site touches at its own point: index i
/// is the iteration's coordinate `dims[i]` (or kUnitDim).
struct FragmentAccess {
  Value fragment;
  SmallVector<int64_t> dims;
};

/// An op that runs over an index space and touches fragments there, so that its
/// layout and theirs have to agree.
struct FragmentSite {
  Operation *op;
  SmallVector<int64_t> extents;
  SmallVector<FragmentAccess> accesses;
  /// Whether threads may run an iteration more than once between them.
  bool allowsReplicas = true;
};

/// Why a use keeps a fragment out of registers.
struct FragmentObstacle {
  Operation *op;
  std::string reason;
};

/// An op whose threads hold the elements of `fragment`: one that uses it, else
/// the one that makes it.
Operation *getHolder(Value fragment);
int64_t getNumHolders(Value fragment);

/// The fragments of a launch and the sites where they meet.
struct FragmentSites {
  explicit FragmentSites(LaunchOp launch);

  /// Leaves a fragment to shared memory, and all that would follow.
  void reject(Value fragment, Operation *op, const llvm::Twine &reason);

  SmallVector<FragmentSite> sites;
  /// The fragments that may be in registers.
  llvm::SetVector<Value> fragments;
  llvm::MapVector<Value, FragmentObstacle> rejected;

private:
  void addHolders(Value fragment);
  void addUse(OpOperand &use);
  void addParallel(ParallelOp op);
  void addReduce(ReduceOp op);
  void addCopy(CopyOp op);
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_FRAGMENTSITES_H
