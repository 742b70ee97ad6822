//===- PlanPipeline.cpp - loops that copy ahead -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of S stages, S - 1 are being filled ahead of the one in use. Iteration k
// begins with the copies of iteration k + S - 1 and ends with the wait for
// those of iteration k + 1, which is all but the last S - 2 groups; the barrier
// after that shows them to all threads, and says that all are done with
// iteration k, whose stage is filled next. So a product at the end of the body
// may load what the next iteration needs first before it is done. Every
// iteration commits one group, an empty one near the end, so that counting
// stays right.
//
//===----------------------------------------------------------------------===//

#include "StagedBuffers.h"

#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEPLANPIPELINE
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Rewrites one loop.
class LoopPipeliner {
public:
  LoopPipeliner(PipelinedOp loop, ArrayRef<PipelineCopy> copies, int64_t stages,
                IRRewriter &rewriter)
      : loop(loop), copies(copies), stages(stages), rewriter(rewriter),
        loc(loop.getLoc()) {}

  void run();

private:
  void makeBuffers();
  void buildPrologue();
  void buildStep(scf::ForOp pipelined);
  void awaitCopies();
  void moveBody(scf::ForOp pipelined);
  void beginCopies(Value index, Value stage);
  scf::IfOp guarded(Value index, function_ref<void()> build);
  Value add(Value value, int64_t steps);
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }

  PipelinedOp loop;
  SmallVector<PipelineCopy> copies;
  int64_t stages;
  IRRewriter &rewriter;
  Location loc;
  /// The buffers of the copies, each with the one that has the stages.
  llvm::MapVector<Operation *, AllocOp> buffers;
};

struct PlanPipelinePass
    : public tile::impl::TilePlanPipelineBase<PlanPipelinePass> {
  using Base::Base;
  void runOnOperation() override;
  void plan(PipelinedOp loop, const TargetInfo &target);
};

} // namespace

static remark::RemarkOpts getOpts(StringRef name) {
  return remark::RemarkOpts::name(name).category("tile-plan-pipeline");
}

/// The number of iterations where it is known.
static std::optional<int64_t> getTripCount(PipelinedOp loop) {
  std::optional<int64_t> lower = getConstantIntValue(loop.getLower());
  std::optional<int64_t> upper = getConstantIntValue(loop.getUpper());
  std::optional<int64_t> step = getConstantIntValue(loop.getStep());
  if (!lower || !upper || !step || *step <= 0)
    return std::nullopt;
  // The difference may not fit, but is no number of iterations then.
  std::optional<int64_t> distance = llvm::checkedSub(*upper, *lower);
  if (!distance)
    return std::nullopt;
  return *distance <= 0 ? 0 : llvm::divideCeilSigned(*distance, *step);
}

/// Makes the buffers that have a stage in front, where the loop stands.
void LoopPipeliner::makeBuffers() {
  for (PipelineCopy &early : copies) {
    AllocOp old = early.getBuffer();
    buffers[old] = makeStages(rewriter, old, stages);
  }
}

/// `value` and `steps` steps of the loop.
Value LoopPipeliner::add(Value value, int64_t steps) {
  if (steps == 0)
    return value;
  Value distance = rewriter.createOrFold<arith::MulIOp>(loc, loop.getStep(),
                                                        constant(steps));
  return rewriter.createOrFold<arith::AddIOp>(loc, value, distance);
}

/// Builds code for the iteration `index` where there is one. Returns the test,
/// null when there is none.
scf::IfOp LoopPipeliner::guarded(Value index, function_ref<void()> build) {
  Value exists = rewriter.createOrFold<arith::CmpIOp>(
      loc, arith::CmpIPredicate::slt, index, loop.getUpper());
  if (std::optional<int64_t> known = getConstantIntValue(exists)) {
    if (*known)
      build();
    return nullptr;
  }
  auto ifOp = scf::IfOp::create(rewriter, loc, exists,
                                /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(ifOp.thenBlock());
  build();
  return ifOp;
}

/// Begins the copies of the iteration `index` into the stage `stage`.
void LoopPipeliner::beginCopies(Value index, Value stage) {
  IRMapping map;
  map.map(loop.getInductionVar(), index);
  for (Operation &op : loop.getBody().front()) {
    bool isNeeded = llvm::any_of(copies, [&](const PipelineCopy &early) {
      return early.slice.contains(&op);
    });
    if (isNeeded)
      rewriter.clone(op, map);
  }
  auto lookup = [&](ValueRange values) {
    return llvm::map_to_vector(
        values, [&](Value value) { return map.lookupOrDefault(value); });
  };
  Value zero = constant(0);
  for (PipelineCopy &early : copies) {
    CopyOp copy = early.copy;
    SmallVector<Value> dstIndices(copy.getDst().getType().getRank(), zero);
    SmallVector<int64_t> extents = copy.getStaticRegion();
    Value pad = copy.getPad() ? map.lookupOrDefault(copy.getPad()) : Value();
    auto begun = AsyncCopyOp::create(
        rewriter, copy.getLoc(), map.lookupOrDefault(copy.getSrc()),
        lookup(copy.getSrcIndices()),
        getStage(rewriter, copy.getLoc(), buffers[early.getBuffer()], stage),
        dstIndices, getAsIndexOpFoldResult(rewriter.getContext(), extents),
        pad);
    begun->setDiscardableAttrs(copy->getDiscardableAttrDictionary());
  }
}

/// Fills all stages but the last one, in a loop, so that the code of the copies
/// does not grow with the stages.
void LoopPipeliner::buildPrologue() {
  // A loop without iterations begins nothing at all.
  guarded(loop.getLower(), [&] {
    if (stages == 2) {
      beginCopies(loop.getLower(), constant(0));
      AsyncCommitOp::create(rewriter, loc);
      return;
    }
    auto fill = scf::ForOp::create(rewriter, loc, constant(0),
                                   constant(stages - 1), constant(1));
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(fill.getBody());
    Value stage = fill.getInductionVar();
    Value distance =
        rewriter.createOrFold<arith::MulIOp>(loc, stage, loop.getStep());
    Value index =
        rewriter.createOrFold<arith::AddIOp>(loc, loop.getLower(), distance);
    auto begin = [&] { beginCopies(index, stage); };
    // There are at least as many iterations as stages where both are known.
    if (getTripCount(loop))
      begin();
    else
      guarded(index, begin);
    AsyncCommitOp::create(rewriter, loc);
  });
}

/// Waits for the copies of the next iteration.
void LoopPipeliner::awaitCopies() {
  AsyncWaitOp::create(rewriter, loc, stages - 2);
  BarrierOp::create(rewriter, loc);
}

/// The part of an iteration that comes before its body.
void LoopPipeliner::buildStep(scf::ForOp pipelined) {
  Value ahead = add(pipelined.getInductionVar(), stages - 1);
  scf::IfOp test = guarded(ahead, [&] {
    // The stage of the iteration before.
    Value stage = pipelined.getRegionIterArg(0);
    Value isFirst = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::eq, stage, constant(0));
    Value before = arith::SubIOp::create(rewriter, loc, stage, constant(1));
    Value free = arith::SelectOp::create(rewriter, loc, isFirst,
                                         constant(stages - 1), before);
    beginCopies(ahead, free);
  });
  // Without an iteration to copy for, the stage is not used any more.
  if (test)
    test->setAttr(kFreeStageAttrName, rewriter.getUnitAttr());
  AsyncCommitOp::create(rewriter, loc);
}

/// Moves the body to the insertion point, where it works on the stage of the
/// iteration.
void LoopPipeliner::moveBody(scf::ForOp pipelined) {
  Block *body = &loop.getBody().front();
  for (auto [old, staged] : buffers) {
    Value view = getStage(rewriter, old->getLoc(), staged,
                          pipelined.getRegionIterArg(0));
    rewriter.replaceUsesWithIf(
        cast<AllocOp>(old).getBuffer(), view, [&](OpOperand &use) {
          return loop->isProperAncestor(use.getOwner()) &&
                 llvm::none_of(copies, [&](const PipelineCopy &early) {
                   return early.copy == use.getOwner();
                 });
        });
  }
  for (PipelineCopy &early : copies)
    rewriter.eraseOp(early.copy);
  rewriter.eraseOp(body->getTerminator());
  rewriter.inlineBlockBefore(body, rewriter.getInsertionBlock(),
                             rewriter.getInsertionPoint(),
                             pipelined.getInductionVar());
}

void LoopPipeliner::run() {
  rewriter.setInsertionPoint(loop);
  makeBuffers();
  buildPrologue();
  awaitCopies();
  auto pipelined =
      scf::ForOp::create(rewriter, loc, loop.getLower(), loop.getUpper(),
                         loop.getStep(), constant(0));
  rewriter.setInsertionPointToStart(pipelined.getBody());
  buildStep(pipelined);
  moveBody(pipelined);
  Value next = arith::AddIOp::create(
      rewriter, loc, pipelined.getRegionIterArg(0), constant(1));
  Value isLast = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq,
                                       next, constant(stages));
  next = arith::SelectOp::create(rewriter, loc, isLast, constant(0), next);
  awaitCopies();
  scf::YieldOp::create(rewriter, loc, next);
  rewriter.setInsertionPointAfter(pipelined);
  // Only empty groups are left. Those that reuse the memory can see that.
  AsyncWaitOp::create(rewriter, loc, 0);
  rewriter.eraseOp(loop);
  for (auto [old, staged] : buffers)
    if (old->use_empty())
      rewriter.eraseOp(old);
}

/// The largest number of stages, at most `stages`, for which the shared memory
/// of the launch suffices.
static int64_t clampToMemory(PipelinedOp loop,
                             MutableArrayRef<PipelineCopy> copies,
                             int64_t stages, const TargetInfo &target) {
  auto launch = loop->getParentOfType<LaunchOp>();
  auto getBytes = [&](int64_t count) {
    auto getSize = [&](AllocOp op) {
      int64_t size = getNumBytes(op.getBuffer().getType());
      bool isStaged = llvm::any_of(
          copies, [&](PipelineCopy &early) { return early.getBuffer() == op; });
      return isStaged ? count * size : size;
    };
    return planSharedMemory(launch, getSize).numBytes;
  };
  int64_t fitting = clampStages(stages, target.maxSharedBytes, getBytes);
  if (fitting < stages)
    remark::missed(loop.getLoc(), getOpts("fewer-stages")) << remark::reason(
        "{0} stages instead of {1}, which need {2} bytes of "
        "the {3} that {4} has",
        fitting, stages, getBytes(stages), target.maxSharedBytes, target.chip);
  return fitting;
}

void PlanPipelinePass::plan(PipelinedOp loop, const TargetInfo &target) {
  int64_t stages = loop.getStages();
  if (stages < 2)
    return;
  SmallVector<PipelineCopy> copies = findPipelineCopies(loop);
  for (PipelineCopy &early : copies)
    if (!early.isEarly())
      remark::missed(early.copy.getLoc(), getOpts("late-copy"))
          << remark::reason("copied in its own iteration: {0}", early.obstacle);
  llvm::erase_if(copies, [](PipelineCopy &early) { return !early.isEarly(); });
  if (copies.empty()) {
    remark::missed(loop.getLoc(), getOpts("not-pipelined"))
        << remark::reason("no copy from global to shared memory can be begun "
                          "early");
    return;
  }
  // More stages than iterations are never in use.
  if (std::optional<int64_t> count = getTripCount(loop))
    stages = std::min(stages, *count);
  if (stages < 2) {
    remark::missed(loop.getLoc(), getOpts("not-pipelined"))
        << remark::reason("the loop has {0} iterations", stages);
    return;
  }
  stages = clampToMemory(loop, copies, stages, target);
  if (stages < 2)
    return;
  remark::passed(loop.getLoc(), getOpts("pipelined")) << remark::reason(
      "{0} copies are begun {1} iterations early", copies.size(), stages - 1);
  ++numLoops;
  numCopies += copies.size();
  IRRewriter rewriter(&getContext());
  LoopPipeliner(loop, copies, stages, rewriter).run();
}

void PlanPipelinePass::runOnOperation() {
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target) {
    getOperation()->emitError(describeUnknownChip(chip));
    return signalPassFailure();
  }
  // Inner loops first.
  SmallVector<PipelinedOp> loops;
  getOperation()->walk([&](PipelinedOp loop) {
    if (loop->getParentOfType<LaunchOp>())
      loops.push_back(loop);
  });
  for (PipelinedOp loop : loops)
    plan(loop, *target);
}
