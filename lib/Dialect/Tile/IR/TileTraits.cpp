//===- TileTraits.cpp - traits of tile operations ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileTraits.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

using namespace mlir;
using namespace mlir::tile;

Operation *mlir::tile::getThreadLevelParent(Operation *op) {
  Operation *parent = op->getParentOp();
  while (parent && !isa<ParallelOp, ThreadsOp>(parent))
    parent = parent->getParentOp();
  return parent;
}

LogicalResult mlir::tile::detail::verifyBlockLevel(Operation *op) {
  Operation *parent = getThreadLevelParent(op);
  if (!parent)
    return success();
  StringRef who = isa<ParallelOp>(parent)
                      ? "whose iterations are executed by one thread each"
                      : "whose body every thread executes by itself";
  InFlightDiagnostic diag =
      op->emitOpError("is executed by the whole block, so it cannot stand "
                      "inside a '")
      << parent->getName() << "', " << who;
  diag.attachNote(parent->getLoc())
      << "inside this '" << parent->getName() << "'";
  return diag;
}
