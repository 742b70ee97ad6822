//===- CastFolding.h - buffers without their casts --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_IR_CASTFOLDING_H
#define TILE_LIB_DIALECT_TILE_IR_CASTFOLDING_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Replaces operands of `op` that a memref.cast makes by what they are cast
/// from, where that says more about the buffer. memref::foldMemRefCast would
/// also fold casts to static shapes, which ops may need.
inline LogicalResult foldCasts(Operation *op, PatternRewriter &rewriter) {
  bool folded = false;
  for (OpOperand &operand : op->getOpOperands()) {
    auto cast = operand.get().getDefiningOp<memref::CastOp>();
    if (!cast || !memref::CastOp::canFoldIntoConsumerOp(cast))
      continue;
    rewriter.modifyOpInPlace(op, [&] { operand.set(cast.getSource()); });
    folded = true;
  }
  return success(folded);
}

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_IR_CASTFOLDING_H
