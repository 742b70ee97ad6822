//===- FragmentRepair.h - fragments without a common layout -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_FRAGMENTREPAIR_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_FRAGMENTREPAIR_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Gives `buffer` and the views of it the shared scope.
LogicalResult moveToShared(Value buffer);

/// Lets `op`, or one operand of it, use a fragment of its own instead of
/// `fragment`, with conversions of the layout around it. Returns that fragment.
Value giveOwnFragment(Value fragment, Operation *op,
                      std::optional<unsigned> operand);

/// Makes a copy of a whole fragment to another a conversion of the layout.
void replaceByConversion(CopyOp op);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_FRAGMENTREPAIR_H
