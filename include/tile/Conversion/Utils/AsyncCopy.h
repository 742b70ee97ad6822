//===- AsyncCopy.h - asynchronous copies done at once -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_ASYNCCOPY_H
#define TILE_CONVERSION_UTILS_ASYNCCOPY_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Replaces `op` by the tile.copy of the same region, which its meaning allows.
CopyOp replaceByCopy(AsyncCopyOp op, RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_ASYNCCOPY_H
