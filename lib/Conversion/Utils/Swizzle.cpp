//===- Swizzle.cpp - the order in which blocks are walked -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/BlockExecutor.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
/// Ids along the panels and across them.
struct Place {
  Value along, across;
};
} // namespace

/// The place of block number `number` on a way over `across` lines of `along`
/// blocks, of which `panel` at a time are walked together.
static Place getPlace(OpBuilder &b, Location loc, Value number, Value along,
                      Value across, int64_t panel) {
  Value width = arith::ConstantIndexOp::create(b, loc, panel);
  Value blocks = arith::MulIOp::create(b, loc, width, along);
  Value group = arith::DivUIOp::create(b, loc, number, blocks);
  Value rest = arith::RemUIOp::create(b, loc, number, blocks);
  Value first = arith::MulIOp::create(b, loc, group, width);
  Value left = arith::SubIOp::create(b, loc, across, first);
  Value lines = arith::MinUIOp::create(b, loc, width, left);
  Value line = arith::RemUIOp::create(b, loc, rest, lines);
  return {arith::DivUIOp::create(b, loc, rest, lines),
          arith::AddIOp::create(b, loc, first, line)};
}

void mlir::tile::expandSwizzle(LaunchOp op, OpBuilder &builder) {
  SwizzleAttr swizzle = op.getSwizzleAttr();
  if (!swizzle)
    return;
  op.removeSwizzleAttr();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&op.getBody().front());
  Location loc = op.getLoc();
  bool isRow = swizzle.getOrder() == SwizzleOrder::Row;
  Value columns = op.getGrid()[0], rows = op.getGrid()[1];
  BlockArgument x = op.getBlockIds()[0], y = op.getBlockIds()[1];
  Operation *before = arith::MulIOp::create(builder, loc, y, columns);
  Value number = arith::AddIOp::create(builder, loc, before->getResult(0), x);
  Place place = getPlace(builder, loc, number, isRow ? columns : rows,
                         isRow ? rows : columns, swizzle.getPanel());
  // All uses but those that compute the number.
  auto replace = [&](Value id, Value by) {
    id.replaceUsesWithIf(by, [&](OpOperand &use) {
      return use.getOwner() != before &&
             use.getOwner() != number.getDefiningOp();
    });
  };
  replace(x, isRow ? place.along : place.across);
  replace(y, isRow ? place.across : place.along);
}
