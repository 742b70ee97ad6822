//===- WarpRoles.h - launches whose warps can be specialised ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_WARPROLES_H
#define TILE_DIALECT_TILE_ANALYSIS_WARPROLES_H

#include "tile/Dialect/Tile/Analysis/ClusterUniformity.h"
#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Target/TargetInfo.h"

#include <limits>

namespace mlir::tile {

/// The threads that are added to copy; registers are given away by four warps.
inline constexpr int64_t kProducerThreads = 128;

/// The most dimensions of a tensor that the copy engine knows.
inline constexpr int64_t kMaxBoxRank = 5;

/// The most elements of it in a dimension: coordinates have 32 bits.
inline constexpr int64_t kMaxBoxSize = std::numeric_limits<int32_t>::max();

/// What its address and strides, and the columns where boxes begin, are
/// multiples of, in bytes.
inline constexpr int64_t kBoxBytes = 16;

/// Whether the box of a tensor of type `type` at `indices`, or at its
/// beginning, is known to begin at such a column where `at` stands.
bool hasBoxColumn(MemRefType type, ValueRange indices, Operation *at,
                  DivisibilityAnalysis &divisibility);

/// Whether the known strides of `type` are those of a tensor that the copy
/// engine can move boxes of.
bool hasBoxStrides(MemRefType type);

/// The most rows of a box, a number that divides `numRows`; 0 when none does.
int64_t getBoxRows(int64_t numRows);

/// A copy of a tile that the copy engine does in boxes of a swizzled buffer.
struct BoxCopy {
  CopyOp copy;
  TensorMapType map;
  /// The boxes along the rows and along the columns of the tile.
  int64_t numRows, numPanels;
  /// The dimensions of the cluster along which all blocks copy the same tile.
  /// There are `numShares` of them, and each copies a part of the rows for all.
  ClusterDims shared = {};
  int64_t numShares = 1;

  int64_t getNumBytes() const;
};

/// A loop that one warp can fill and others work on.
struct RoleLoop {
  PipelinedOp loop;
  SmallVector<BoxCopy> copies;
  /// The stages that fit in shared memory.
  int64_t stages;
  /// The products of an iteration.
  int64_t numProducts;
};

/// The loops of a launch that can be divided into a warp that copies and others
/// that compute.
struct WarpRoles {
  SmallVector<RoleLoop> loops;
  /// The body of the loop over tiles whose iterations two groups of threads
  /// take in turn; null when all compute together. Where the launch asks for
  /// turns and cannot have them, the reason.
  Block *turns = nullptr;
  std::string turnObstacle;

  /// The groups that compute, each of as many threads as the launch has.
  int64_t getNumGroups() const { return turns ? 2 : 1; }

  /// What `launch` takes of shared memory when loops have at most `limit`
  /// stages.
  int64_t getNumBytes(LaunchOp launch, int64_t limit) const;

  /// The roles of `launch` on `target`; nothing, and the `reason`, when it has
  /// none. There is no reason where no pipelined loop or no target asks for
  /// roles.
  static std::optional<WarpRoles> get(LaunchOp launch, const TargetInfo &target,
                                      std::string &reason);
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_WARPROLES_H
