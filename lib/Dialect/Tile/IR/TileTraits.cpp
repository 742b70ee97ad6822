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

LogicalResult mlir::tile::detail::verifyBlockLevel(Operation *op) {
  auto parallel = op->getParentOfType<ParallelOp>();
  if (!parallel)
    return success();
  InFlightDiagnostic diag =
      op->emitOpError("is executed by the whole block, so it cannot stand "
                      "inside a 'tile.parallel', whose iterations are executed "
                      "by one thread each");
  diag.attachNote(parallel.getLoc()) << "inside this 'tile.parallel'";
  return diag;
}
