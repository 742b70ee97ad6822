//===- CheckedExpr.h - expressions of sizes that say if they fit *- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_CHECKEDEXPR_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_CHECKEDEXPR_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"

namespace mlir::tile {

/// A 64-bit number computed when the function runs.
struct CheckedValue {
  Value value;
  /// An i1 that is true when `value` is what the arithmetic gives: nothing left
  /// the 64 bits, and no divisor was below 1. Null when it always is.
  Value isValid;
};

/// Computes `expr`, which names symbols only. Never divides by zero.
CheckedValue buildChecked(OpBuilder &builder, Location loc, AffineExpr expr,
                          ValueRange symbols);

/// The product of two numbers.
CheckedValue buildCheckedMul(OpBuilder &builder, Location loc,
                             const CheckedValue &lhs, const CheckedValue &rhs);

/// The conjunction of two conditions, of which each may be null for true.
Value buildAnd(OpBuilder &builder, Location loc, Value lhs, Value rhs);

/// The opposite of a condition.
Value buildNot(OpBuilder &builder, Location loc, Value condition);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_CHECKEDEXPR_H
