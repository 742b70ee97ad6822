//===- IsolateEffects.cpp - scalar side effects happen once -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEISOLATEEFFECTS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct IsolateEffectsPass
    : public tile::impl::TileIsolateEffectsBase<IsolateEffectsPass> {
  void runOnOperation() override;
};
} // namespace

/// Whether `op`, which stands between block-level ops, does something that must
/// happen once for the block.
static bool mustHappenOnce(Operation *op) {
  if (isa<PrintOp, AtomicOp>(op))
    return true;
  if (isa_and_nonnull<TileDialect>(op->getDialect()))
    return false;
  auto effectOp = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effectOp)
    return false;
  SmallVector<MemoryEffects::EffectInstance> effects;
  effectOp.getEffects(effects);
  return llvm::any_of(effects, [](const MemoryEffects::EffectInstance &effect) {
    if (!isa<MemoryEffects::Write>(effect.getEffect()))
      return false;
    auto type = effect.getValue()
                    ? dyn_cast<MemRefType>(effect.getValue().getType())
                    : MemRefType();
    return !type || tile::getScope(type) != Scope::Local;
  });
}

/// Moves `op` into a tile.parallel of one iteration. A result that is used goes
/// through a shared buffer.
static LogicalResult isolate(Operation *op, IRRewriter &rewriter) {
  Location loc = op->getLoc();
  rewriter.setInsertionPoint(op);
  Value buffer;
  if (!op->use_empty()) {
    Type type = op->getResultTypes().front();
    if (op->getNumResults() != 1 || !type.isIntOrIndexOrFloat())
      return op->emitOpError("unsupported: its results cannot be shared with "
                             "the whole block; expected one scalar result or "
                             "none in use");
    buffer =
        AllocOp::create(rewriter, loc, getBufferType({}, type, Scope::Shared));
  }
  // The op moves after the loop is made: while it is made, the insertion point
  // is the op itself.
  auto once = ParallelOp::create(rewriter, loc, {rewriter.getIndexAttr(1)});
  rewriter.moveOpBefore(op, once.getBody().front().getTerminator());
  if (!buffer)
    return success();
  rewriter.setInsertionPointAfter(op);
  memref::StoreOp::create(rewriter, loc, op->getResult(0), buffer);
  rewriter.setInsertionPointAfter(once);
  Block *isolated = op->getBlock();
  Value shared = memref::LoadOp::create(rewriter, loc, buffer);
  rewriter.replaceUsesWithIf(op->getResult(0), shared, [&](OpOperand &use) {
    return use.getOwner()->getBlock() != isolated;
  });
  return success();
}

void IsolateEffectsPass::runOnOperation() {
  SmallVector<Operation *> ops;
  getOperation()->walk([&](LaunchOp launch) {
    launch.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<ParallelOp, ThreadsOp>(op))
        return WalkResult::skip();
      if (mustHappenOnce(op))
        ops.push_back(op);
      return WalkResult::advance();
    });
  });
  IRRewriter rewriter(&getContext());
  for (Operation *op : ops) {
    if (failed(isolate(op, rewriter)))
      return signalPassFailure();
    ++numIsolated;
  }
}
