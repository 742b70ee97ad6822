//===- SharedConflicts.h - bank conflicts of buffers ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_SHAREDCONFLICTS_H
#define TILE_DIALECT_TILE_ANALYSIS_SHAREDCONFLICTS_H

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Layout/BankConflicts.h"

namespace mlir::tile {

/// How often the banks are asked when each op that uses the shared buffer runs
/// once, as far as the op says which thread touches what:
///
/// - A product reads its operands in pieces of 8 rows of 16 bytes.
/// - A copy moves the widest vectors that divide a row, one after another by
///   one thread after another.
/// - An iteration of a loop with a layout touches an element at its variables.
Wavefronts countSharedWavefronts(AllocOp op);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_SHAREDCONFLICTS_H
