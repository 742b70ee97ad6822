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

namespace mlir::tile {

/// The products in `root` that may load the first operands of an iteration at
/// the end of the one before: all that the body of their loop does besides is
/// to begin copies before, and to wait for them after. Says of other products
/// in pipelined loops why not.
DenseSet<Operation *> findAheadProducts(Operation *root);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_AHEADPRODUCTS_H
