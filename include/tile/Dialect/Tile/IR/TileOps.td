//===----------------------------------------------------------------------===//
// TileOps.td - all operations of the tile dialect
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEOPS_TD
#define TILE_DIALECT_TILE_IR_TILEOPS_TD

include "tile/Dialect/Tile/IR/TileKernelOps.td"
include "tile/Dialect/Tile/IR/TileMemoryOps.td"
include "tile/Dialect/Tile/IR/TileAsyncOps.td"
include "tile/Dialect/Tile/IR/TileComputeOps.td"
include "tile/Dialect/Tile/IR/TileMetaOps.td"
include "tile/Dialect/Tile/IR/TileSyncOps.td"
include "tile/Dialect/Tile/IR/TileSpecializeOps.td"
include "tile/Dialect/Tile/IR/TileTmaOps.td"
include "tile/Dialect/Tile/IR/TileVoteOps.td"
include "tile/Dialect/Tile/IR/TileDebugOps.td"

#endif // TILE_DIALECT_TILE_IR_TILEOPS_TD
