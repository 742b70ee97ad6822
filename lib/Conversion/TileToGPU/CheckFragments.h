//===- CheckFragments.h - what fragments the GPU can hold -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_CHECKFRAGMENTS_H
#define TILE_LIB_CONVERSION_TILETOGPU_CHECKFRAGMENTS_H

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// Refuses fragments whose elements would be asked of other threads, which
/// tile-infer-layouts gives other layouts or moves to shared memory.
LogicalResult checkFragments(LaunchOp op, const TargetInfo &target);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_CHECKFRAGMENTS_H
