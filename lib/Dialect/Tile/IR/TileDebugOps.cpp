//===- TileDebugOps.cpp - printing, checking, assuming ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::tile;

LogicalResult PrintOp::verify() {
  for (Value value : getValues()) {
    auto type = dyn_cast<MemRefType>(value.getType());
    if (!type)
      continue;
    if (!type.hasStaticShape())
      return emitOpError("expected a buffer of static shape, found ") << type;
    if (Operation *parent = getThreadLevelParent(*this))
      return emitOpError("cannot print a whole buffer inside '")
             << parent->getName() << "'";
  }
  if (!getElement())
    return success();
  if (getValues().empty())
    return emitOpError("expected an element to print");
  for (Value index : getValues().drop_back())
    if (!index.getType().isIndex())
      return emitOpError("expected the indices of an element, found ")
             << index.getType();
  if (isa<MemRefType>(getValues().back().getType()))
    return emitOpError("expected an element to print, found ")
           << getValues().back().getType();
  return success();
}

/// Erases `op` when its condition is known to hold.
template <typename Op>
static LogicalResult eraseIfTrue(Op op, PatternRewriter &rewriter) {
  if (!matchPattern(op.getCondition(), m_One()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}

LogicalResult AssertOp::verify() {
  size_t places = getMessage().count("{}");
  if (places == getValues().size())
    return success();
  return emitOpError("expected ")
         << places << " values, one for each {} in the message, found "
         << getValues().size();
}

LogicalResult AssertOp::canonicalize(AssertOp op, PatternRewriter &rewriter) {
  return eraseIfTrue(op, rewriter);
}

LogicalResult AssumeOp::canonicalize(AssumeOp op, PatternRewriter &rewriter) {
  return eraseIfTrue(op, rewriter);
}
