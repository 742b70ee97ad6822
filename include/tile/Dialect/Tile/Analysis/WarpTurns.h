//===- WarpTurns.h - iterations that groups take in turn --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_WARPTURNS_H
#define TILE_DIALECT_TILE_ANALYSIS_WARPTURNS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Whether all threads of a group execute `op` for themselves, and it touches
/// nothing but their own variables: groups that do not take part in what the
/// others do execute it, too.
bool isScalarCode(Operation *op);

/// The body of the loop around `loops` whose iterations groups of warps can
/// take in turn, each a whole tile; null, and the `reason`, when there is none.
Block *findTurns(ArrayRef<PipelinedOp> loops, std::string &reason);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_WARPTURNS_H
