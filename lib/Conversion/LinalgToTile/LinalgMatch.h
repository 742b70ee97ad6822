//===- LinalgMatch.h - what a linalg op computes ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recognises the linalg ops that have a kernel of their own. A matcher that
// fails says why in words that a remark can show.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_LINALGTOTILE_LINALGMATCH_H
#define TILE_LIB_CONVERSION_LINALGTOTILE_LINALGMATCH_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::tile {

/// Why something cannot be done; nothing when it can.
using Reason = std::optional<std::string>;

/// Why no kernel at all can be made from the op.
Reason checkConvertible(linalg::LinalgOp op);

/// Why the operands' tiles cannot be copied: an indexing map that is more than
/// a projected permutation, or a body that must not see padding.
Reason checkTiles(linalg::LinalgOp op);

/// A matrix product for each element of leading batch dimensions, in the form
/// that tile.gemm has: `op(a) * op(b)` is added to `c`, which is M x N.
struct Product {
  unsigned m, n, k;
  OpOperand *a, *b, *c;
  bool transposeA, transposeB;
  /// What the product is summed in.
  Type accumulator;
};
/// When the op is a product that tile.gemm has not, `reason` says so.
bool matchProduct(linalg::LinalgOp op, Product &product, Reason &reason);

/// A reduction with a kind of tile.reduce.
struct Reduction {
  ReduceKind kind;
  /// Whether a NaN gives way to a number.
  bool ignoresNaN;
  /// Combines `input` with what was there.
  Operation *combiner;
  Value input;
};
Reason matchReduction(linalg::LinalgOp op, Reduction &reduction);

/// Whether `reduction` combines elements of an operand as they are, and the
/// operand's dimensions are those of the result and the reduced one; sets `dim`
/// to the latter.
OpOperand *getReducedOperand(linalg::LinalgOp op, const Reduction &reduction,
                             unsigned &dim);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_LINALGTOTILE_LINALGMATCH_H
