//===- FlattenControlFlow.cpp - scf to cf in linear time --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To lower an operation splits its block, and all that follows in the block
// moves. From the first operation to the last one, as dialect conversion goes,
// this takes quadratic time in long blocks; the other way around each operation
// moves once.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"

#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "mlir/Rewrite/PatternApplicator.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEFLATTENCONTROLFLOW
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

namespace {
struct FlattenControlFlowPass
    : public tile::impl::TileFlattenControlFlowBase<FlattenControlFlowPass> {
  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;

  std::shared_ptr<FrozenRewritePatternSet> patterns;
};
} // namespace

LogicalResult FlattenControlFlowPass::initialize(MLIRContext *context) {
  RewritePatternSet owned(context);
  populateSCFToControlFlowConversionPatterns(owned);
  patterns = std::make_shared<FrozenRewritePatternSet>(std::move(owned));
  return success();
}

/// The operations of these kinds, each before what is inside.
template <typename... Ops>
static SmallVector<Operation *> collect(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<Ops...>(op))
      ops.push_back(op);
  });
  return ops;
}

void FlattenControlFlowPass::runOnOperation() {
  PatternApplicator applicator(*patterns);
  applicator.applyDefaultCostModel();
  PatternRewriter rewriter(&getContext());
  auto lower = [&](Operation *op) {
    rewriter.setInsertionPoint(op);
    return succeeded(applicator.matchAndRewrite(op, rewriter));
  };
  // Those that are few, as long as their regions are one block each. Parallel
  // loops become others.
  SmallVector<Operation *> ops;
  do {
    ops = collect<scf::ExecuteRegionOp, scf::ForallOp, scf::IndexSwitchOp,
                  scf::ParallelOp, scf::WhileOp>(getOperation());
  } while (llvm::count_if(ops, lower) > 0);
  // Backwards, so that what is inside goes before what is around it, too.
  ops = collect<scf::ForOp, scf::IfOp>(getOperation());
  for (Operation *op : llvm::reverse(ops))
    lower(op);
}
