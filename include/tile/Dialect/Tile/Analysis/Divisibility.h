//===- Divisibility.h - what divides an index -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_DIVISIBILITY_H
#define TILE_DIALECT_TILE_ANALYSIS_DIVISIBILITY_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Operation.h"

namespace mlir::tile {

/// Knows which numbers divide an integer value: from the way it is computed,
/// and from what `tile.assert`, `tile.assume` and the condition of an `scf.if`
/// around the place state about it, about a buffer size equal to it, or about
/// something it is said to equal. The host checks of
/// `tile-bind-shapes` are such statements, so the divisibility that annotations
/// promise is known here.
///
/// Arithmetic on `index` is taken not to overflow. That on integers of a width
/// wraps around unless its flags say that it does not, and then keeps only
/// those divisors that are powers of two.
class DivisibilityAnalysis {
public:
  /// Collects the statements in `root`; when `inner` is given, only those that
  /// may hold in it outside of code for single threads, so that the analysis
  /// outlives changes of the rest.
  explicit DivisibilityAnalysis(Operation *root, Operation *inner = nullptr);

  /// Whether `divisor` is known to divide `value`, taken as a number with or
  /// without a sign, where `at` stands.
  bool divides(uint64_t divisor, Value value, Operation *at, bool isUnsigned);

  /// Whether `divisor` is known to divide the address of the first element of
  /// `buffer`, in bytes, as far as that is stated.
  bool dividesAddress(uint64_t divisor, Value buffer, Operation *at);

  /// Whether `value` is known not to be negative where `at` stands.
  bool isNotNegative(Value value, Operation *at) {
    return isNotNegative(value, at, /*depth=*/0);
  }

private:
  /// A value, or a size, stride, offset or address of a buffer, of which several
  /// values may be copies.
  using Term = std::pair<Value, int64_t>;

  /// Something stated about a term.
  struct Fact {
    Operation *statement;
    /// A divisor, where `equal` is null.
    uint64_t divisor;
    /// What the term equals.
    Value equal;
    /// Whether the divisor is that of a number without a sign.
    bool isUnsigned = false;
  };

  // These return the largest number known to divide the value, taken as a
  // signed number if not said otherwise: 1 when nothing is known, 0 when the
  // value is zero, and at most 2^30 otherwise.
  uint64_t compute(Value value, Operation *at, unsigned depth);
  uint64_t computeUnsigned(Value value, Operation *at, unsigned depth);
  uint64_t computeFromFacts(Value value, Operation *at, unsigned depth);
  uint64_t computeFromArgument(BlockArgument arg, Operation *at,
                               unsigned depth);
  uint64_t computeFromOp(Operation *op, Operation *at, unsigned depth);
  uint64_t computeQuotient(Operation *op, Operation *at, unsigned depth);

  void addCondition(Value condition, Operation *statement);
  static Term getTerm(Value value);
  bool holds(Operation *statement, Operation *at);
  bool isStatedToFit(arith::MulSIExtendedOp op, Operation *at);
  bool isNotNegative(Value value, Operation *at, unsigned depth);

  DominanceInfo dominance;
  DenseMap<Term, SmallVector<Fact, 1>> facts;
  /// The statements that a term is not negative.
  DenseMap<Term, SmallVector<Operation *, 1>> notNegative;
  /// The terms whose facts the running query has used.
  DenseSet<Term> visited;
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_DIVISIBILITY_H
