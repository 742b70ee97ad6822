//===- WgmmaInstruction.h - one instruction of a warpgroup ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_WGMMAINSTRUCTION_H
#define TILE_LIB_CONVERSION_TILETOGPU_WGMMAINSTRUCTION_H

#include "mlir/IR/Builders.h"

namespace mlir::tile {

/// One wgmma.mma_async, m64.
struct WgmmaInstruction {
  WgmmaInstruction(int64_t n, int64_t k, Type typeA, Type typeB)
      : n(n), k(k), typeA(typeA), typeB(typeB) {}

  int64_t n, k;
  /// The element types of the operands.
  Type typeA, typeB;
  /// Either the descriptor of A or its registers, each an i32.
  Value a;
  SmallVector<Value> registers;
  bool isAKMajor = true;
  /// The descriptor of B.
  Value b;
  bool isBKMajor = true;
  /// Whether the sum is replaced, not added to: always, or where `clearIf`, an
  /// i1 that may be null, holds.
  bool clears = false;
  Value clearIf;

  /// Adds the product to `sum`, a struct; returns the new one.
  Value build(OpBuilder &builder, Location loc, Value sum) const;

private:
  Value buildAssembly(OpBuilder &builder, Location loc, Value sum) const;
  std::string getName(Type sum) const;
};

/// Executes `text`, an instruction or nothing, and gives `values` anew: who
/// uses the results does so after it, and `values` are computed before.
SmallVector<Value> passThrough(OpBuilder &builder, Location loc, StringRef text,
                               ValueRange values);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_WGMMAINSTRUCTION_H
