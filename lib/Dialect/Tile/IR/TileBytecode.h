//===- TileBytecode.h - adds the bytecode interface ------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_IR_TILEBYTECODE_H
#define TILE_LIB_DIALECT_TILE_IR_TILEBYTECODE_H

namespace mlir::tile {

class TileDialect;

namespace detail {
void addBytecodeInterface(TileDialect *dialect);
} // namespace detail
} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_IR_TILEBYTECODE_H
