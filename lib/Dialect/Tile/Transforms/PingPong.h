//===- PingPong.h - groups of warps that take turns -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_PINGPONG_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_PINGPONG_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// A loop of the consumers, and the variable that counts its iterations over
/// all tiles: where they stand in the ring.
struct CountedLoop {
  Operation *loop = nullptr;
  Value lower, upper, step, counter;
};

/// Doubles the first part of `parts`, the consumers, and lets the two take the
/// iterations of the loop with the given body in turn. Each executes the scalar
/// code of all of them, and counts the iterations of `loops` that are the
/// other's. `order` has a barrier for each group, at which all warps of the
/// other one arrive.
void takeTurns(SpecializeOp parts, Block *body, ArrayRef<CountedLoop> loops,
               Value order, RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_PINGPONG_H
