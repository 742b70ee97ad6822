//===- StagedBuffers.h - buffers of several stages --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_STAGEDBUFFERS_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_STAGEDBUFFERS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Makes a buffer like `buffer`, with a dimension of `stages` in front.
AllocOp makeStages(OpBuilder &builder, AllocOp buffer, int64_t stages);

/// The view of stage number `stage` of `staged`.
Value getStage(OpBuilder &builder, Location loc, AllocOp staged, Value stage);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_STAGEDBUFFERS_H
