//===- TileBytecode.h - the version of the dialect in bytecode -*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEBYTECODE_H
#define TILE_DIALECT_TILE_IR_TILEBYTECODE_H

#include "mlir/Bytecode/BytecodeImplementation.h"

namespace mlir::tile {

/// The version of the dialect that a bytecode file was written with. It grows
/// by one with each change after which an older file would be read wrongly.
struct TileDialectVersion : DialectVersion {
  explicit TileDialectVersion(uint64_t number) : number(number) {}

  uint64_t number;

  /// What this library writes, and the newest that it reads.
  static constexpr uint64_t kCurrent = 1;
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_IR_TILEBYTECODE_H
