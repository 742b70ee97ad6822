//===- AheadProducts.cpp - products that load operands ahead ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AheadProducts.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

/// Whether `op` does nothing but to compute values and to begin copies.
static bool onlyBeginsCopies(Operation *op) {
  return !op->walk([](Operation *nested) {
              bool isHarmless =
                  isa<AsyncCopyOp, AsyncCommitOp, scf::IfOp, scf::YieldOp>(
                      nested) ||
                  isMemoryEffectFree(nested);
              return isHarmless ? WalkResult::advance()
                                : WalkResult::interrupt();
            }).wasInterrupted();
}

/// Whether the body computes `value` from what its arguments are, so that it
/// can be known for other iterations.
static bool canRecompute(Value value, scf::ForOp loop) {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isProperAncestor(op))
    return true;
  return op->getNumRegions() == 0 && isPure(op) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return canRecompute(operand, loop);
         });
}

/// Why the product cannot load ahead; empty when it can.
static std::string getObstacle(GemmOp op, scf::ForOp loop) {
  SmallVector<Value> needed(loop.getYieldedValues());
  needed.append({op.getA(), op.getB()});
  if (!llvm::all_of(needed, [&](Value v) { return canRecompute(v, loop); }))
    return "its operands depend on what the loop does";
  for (Operation *other = op->getPrevNode(); other;
       other = other->getPrevNode())
    if (!onlyBeginsCopies(other))
      return llvm::formatv("'{0}' stands before it in the loop",
                           other->getName());
  Operation *other = op->getNextNode();
  while (isMemoryEffectFree(other))
    other = other->getNextNode();
  if (!isa<AsyncWaitOp>(other))
    return llvm::formatv("'{0}' stands after it in the loop", other->getName());
  return {};
}

DenseSet<Operation *> mlir::tile::findAheadProducts(Operation *root) {
  DenseSet<Operation *> products;
  root->walk([&](GemmOp op) {
    auto loop = dyn_cast<scf::ForOp>(op->getParentOp());
    // A pipelined loop ends with the wait for its copies.
    Operation *barrier =
        loop ? loop.getBody()->getTerminator()->getPrevNode() : nullptr;
    if (!isa_and_nonnull<BarrierOp>(barrier) ||
        !isa_and_nonnull<AsyncWaitOp>(barrier->getPrevNode()))
      return;
    std::string obstacle = getObstacle(op, loop);
    if (obstacle.empty()) {
      products.insert(op);
      return;
    }
    remark::missed(op.getLoc(), remark::RemarkOpts::name("late-operands")
                                    .category("convert-tile-to-gpu"))
        << remark::reason("operands loaded in their own iteration: {0}",
                          obstacle);
  });
  return products;
}
