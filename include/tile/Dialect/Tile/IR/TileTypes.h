//===- TileTypes.h - types of the tile dialect ------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILETYPES_H
#define TILE_DIALECT_TILE_IR_TILETYPES_H

#include "tile/Dialect/Tile/IR/TileDialect.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Types.h"

namespace mlir::tile {
/// isScalar and isBuffer: the types that tile ops take.
#include "tile/Dialect/Tile/IR/TileTypeConstraints.h.inc"
} // namespace mlir::tile

#define GET_TYPEDEF_CLASSES
#include "tile/Dialect/Tile/IR/TileTypes.h.inc"

#endif // TILE_DIALECT_TILE_IR_TILETYPES_H
