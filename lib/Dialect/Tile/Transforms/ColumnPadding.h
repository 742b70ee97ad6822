//===- ColumnPadding.h - rows apart for accesses by columns -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_COLUMNPADDING_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_COLUMNPADDING_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Makes the rows of a shared buffer without a swizzle longer where threads
/// access its columns and find the elements of one in the same banks. What
/// used the buffer uses a view without the padding then.
void padForColumns(AllocOp op);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_COLUMNPADDING_H
