//===- TensorMaps.h - tensor maps made by the host --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_TENSORMAPS_H
#define TILE_LIB_CONVERSION_TILETOGPU_TENSORMAPS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Replaces `op` by a call of the runtime and the map's bytes as a value of
/// getTensorMapType(), which launches pass on.
void lowerTensorMap(TensorMapOp op, RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_TENSORMAPS_H
