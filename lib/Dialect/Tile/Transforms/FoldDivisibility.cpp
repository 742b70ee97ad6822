//===- FoldDivisibility.cpp - fold divisions that leave no remainder ------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEFOLDDIVISIBILITY
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct FoldDivisibilityPass
    : public tile::impl::TileFoldDivisibilityBase<FoldDivisibilityPass> {
  void runOnOperation() override;
};
} // namespace

/// What replaces a division or remainder of a number by one that divides it.
static Value buildFolded(Operation *op) {
  OpBuilder b(op);
  Location loc = op->getLoc();
  return TypeSwitch<Operation *, Value>(op)
      .Case<arith::RemSIOp, arith::RemUIOp>([&](auto) {
        Type type = op->getResult(0).getType();
        return arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
      })
      .Case<arith::FloorDivSIOp, arith::CeilDivSIOp>([&](auto) {
        return arith::DivSIOp::create(b, loc, op->getOperand(0),
                                      op->getOperand(1));
      })
      .Case<arith::CeilDivUIOp>([&](auto) {
        return arith::DivUIOp::create(b, loc, op->getOperand(0),
                                      op->getOperand(1));
      })
      .Default([](Operation *) { return Value(); });
}

void FoldDivisibilityPass::runOnOperation() {
  DivisibilityAnalysis divisibility(getOperation());
  SmallVector<Operation *> exact;
  getOperation()->walk([&](Operation *op) {
    APInt divisor;
    if (!isa<arith::RemSIOp, arith::RemUIOp, arith::FloorDivSIOp,
             arith::CeilDivSIOp, arith::CeilDivUIOp>(op) ||
        !matchPattern(op->getOperand(1), m_ConstantInt(&divisor)) ||
        !divisor.isStrictlyPositive() || divisor.getActiveBits() > 64)
      return;
    bool isUnsigned = isa<arith::RemUIOp, arith::CeilDivUIOp>(op);
    if (divisibility.divides(divisor.getZExtValue(), op->getOperand(0), op,
                             isUnsigned))
      exact.push_back(op);
  });
  for (Operation *op : exact) {
    op->getResult(0).replaceAllUsesWith(buildFolded(op));
    op->erase();
  }
  numFolded += exact.size();
}
