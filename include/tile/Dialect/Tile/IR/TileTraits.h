//===- TileTraits.h - traits of tile operations -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILETRAITS_H
#define TILE_DIALECT_TILE_IR_TILETRAITS_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::tile {

namespace detail {
LogicalResult verifyBlockLevel(Operation *op);
} // namespace detail

/// The innermost tile.parallel or tile.threads around `op`, whose body single
/// threads execute; null when there is none.
Operation *getThreadLevelParent(Operation *op);

/// The operation is executed by the whole block, so it cannot stand inside a
/// tile.parallel or a tile.threads, whose bodies single threads execute.
template <typename ConcreteOp>
class BlockLevel : public OpTrait::TraitBase<ConcreteOp, BlockLevel> {
public:
  static LogicalResult verifyTrait(Operation *op) {
    return detail::verifyBlockLevel(op);
  }
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_IR_TILETRAITS_H
