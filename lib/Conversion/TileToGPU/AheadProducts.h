//===- AheadProducts.h - products that load operands ahead ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_AHEADPRODUCTS_H
#define TILE_LIB_CONVERSION_TILETOGPU_AHEADPRODUCTS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// The products in `root` that may load the first operands of an iteration at
/// the end of the one before: all that the body of their loop does besides is
/// to begin copies before, and to wait for them after. Says of other products
/// in pipelined loops why not.
DenseSet<Operation *> findAheadProducts(Operation *root);

/// An iteration of a loop, seen from elsewhere: what its body computes without
/// touching memory can be computed again there.
class LoopIteration {
public:
  /// The first iteration, at a place before the loop.
  static LoopIteration first(scf::ForOp loop);
  /// The next iteration, at the end of the body.
  static LoopIteration next(scf::ForOp loop, OpBuilder &builder);

  /// What `value` is in the iteration, computed at the builder's position.
  Value get(OpBuilder &builder, Value value);

private:
  explicit LoopIteration(scf::ForOp loop) : loop(loop) {}

  scf::ForOp loop;
  IRMapping map;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_AHEADPRODUCTS_H
