//===- BoxStores.h - fragments that a copy engine can store -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_BOXSTORES_H
#define TILE_DIALECT_TILE_ANALYSIS_BOXSTORES_H

#include "tile/Dialect/Tile/Analysis/WarpRoles.h"

namespace mlir::tile {

/// A copy of a fragment to a tensor that can go through shared memory.
struct BoxStore {
  CopyOp copy;
  TensorMapType map;
  /// The buffer that holds some of the fragment's columns.
  MemRefType stage;
  /// Whether stores before it may still be writing the same elements.
  bool followsStores;
  /// The coordinates that may be negative, and whether the last one may be at
  /// no multiple of 16 bytes, as far as is known at compile time.
  SmallVector<Value> unsure;
  bool mayBeMisaligned;
};

/// How the fragments of a launch get to tensors.
struct StorePlan {
  SmallVector<BoxStore> staged;
  /// The others, and why.
  SmallVector<std::pair<CopyOp, std::string>> direct;

  /// Finds out for the launch that has these `roles`, which have fewer stages
  /// afterwards where these have to make room. When `mustStage`, as few as two
  /// stages and one block at a time are enough.
  static StorePlan get(LaunchOp launch, WarpRoles &roles,
                       const TargetInfo &target, bool mustStage);
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_BOXSTORES_H
