//===- VersionLoops.cpp - loops without tests in their copies ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AdvanceViews.h"

#include "tile/Conversion/Passes.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEVERSIONLOOPS
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct VersionLoopsPass
    : public tile::impl::TileVersionLoopsBase<VersionLoopsPass> {
  void runOnOperation() override;
};
} // namespace

/// Whether the block computes values and begins copies, and nothing else.
static bool onlyCopies(Block &block) {
  return llvm::all_of(block.without_terminator(), [](Operation &op) {
    return isa<nvgpu::DeviceAsyncCopyOp>(op) || isPure(&op);
  });
}

/// The branches that the loop takes in all iterations alike, where one side is
/// nothing but asynchronous copies.
static SmallVector<scf::IfOp> findTests(scf::ForOp loop) {
  SmallVector<scf::IfOp> tests;
  for (auto guard : loop.getBody()->getOps<scf::IfOp>()) {
    if (!guard->hasAttr(kFreeStageAttrName))
      continue;
    for (auto test : guard.thenBlock()->getOps<scf::IfOp>())
      if (test.elseBlock() && test.getNumResults() == 0 &&
          loop.isDefinedOutsideOfLoop(test.getCondition()) &&
          onlyCopies(*test.thenBlock()))
        tests.push_back(test);
  }
  return tests;
}

/// Puts what `op` does when its condition holds in its place.
static void inlineThen(scf::IfOp op, RewriterBase &rewriter) {
  Block *block = op.thenBlock();
  rewriter.eraseOp(block->getTerminator());
  rewriter.inlineBlockBefore(block, op);
  rewriter.eraseOp(op);
}

/// Makes copies to a free stage unconditional: they read nothing where they
/// should not be done.
static void flatten(scf::IfOp guard, RewriterBase &rewriter) {
  if (guard.elseBlock() || !onlyCopies(*guard.thenBlock()))
    return;
  for (auto copy : guard.thenBlock()->getOps<nvgpu::DeviceAsyncCopyOp>()) {
    rewriter.setInsertionPoint(copy);
    Location loc = copy.getLoc();
    Value count = copy.getSrcElements();
    if (!count)
      count = arith::ConstantIndexOp::create(
          rewriter, loc, copy.getDstElements().getSExtValue());
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value read = arith::SelectOp::create(rewriter, loc, guard.getCondition(),
                                         count, zero);
    copy.getSrcElementsMutable().assign(read);
  }
  inlineThen(guard, rewriter);
}

static void flattenGuards(scf::ForOp loop, RewriterBase &rewriter) {
  for (auto guard :
       llvm::make_early_inc_range(loop.getBody()->getOps<scf::IfOp>()))
    if (guard->hasAttr(kFreeStageAttrName))
      flatten(guard, rewriter);
}

/// Makes a version of the loop for the case that all tests hold; returns it.
static scf::ForOp makeVersion(scf::ForOp loop, ArrayRef<scf::IfOp> tests,
                              RewriterBase &rewriter) {
  Location loc = loop.getLoc();
  rewriter.setInsertionPoint(loop);
  llvm::SmallSetVector<Value, 2> conditions;
  for (scf::IfOp test : tests)
    conditions.insert(test.getCondition());
  Value all = conditions.front();
  for (Value condition : conditions.getArrayRef().drop_front())
    all = arith::AndIOp::create(rewriter, loc, all, condition);
  auto branch = scf::IfOp::create(rewriter, loc, loop.getResultTypes(), all,
                                  /*addThenBlock=*/true,
                                  /*addElseBlock=*/true);
  rewriter.replaceAllUsesWith(loop.getResults(), branch.getResults());
  rewriter.setInsertionPointToEnd(branch.thenBlock());
  IRMapping map;
  auto version = cast<scf::ForOp>(rewriter.clone(*loop, map));
  scf::YieldOp::create(rewriter, loc, version.getResults());
  rewriter.setInsertionPointToEnd(branch.elseBlock());
  auto yield = scf::YieldOp::create(rewriter, loc, loop.getResults());
  rewriter.moveOpBefore(loop, yield);
  for (scf::IfOp test : tests)
    inlineThen(cast<scf::IfOp>(map.lookup(test.getOperation())), rewriter);
  return version;
}

void VersionLoopsPass::runOnOperation() {
  SmallVector<scf::ForOp> loops;
  getOperation()->walk([&](scf::ForOp loop) { loops.push_back(loop); });
  IRRewriter rewriter(&getContext());
  for (scf::ForOp loop : loops) {
    SmallVector<scf::IfOp> tests = findTests(loop);
    if (!tests.empty()) {
      scf::ForOp version = makeVersion(loop, tests, rewriter);
      flattenGuards(version, rewriter);
      numAdvanced += advanceViews(version, rewriter);
      ++numVersions;
    }
    flattenGuards(loop, rewriter);
  }
}
