//===- MergeStores.cpp - one way to the stage for two stores ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A staged store stands in a branch, and a copy in the other one that is done
// where the copy engine cannot store. From registers, that copy would be a test
// and a store for each element; it goes through the stage as well. What writes
// the stage is the same on both ways, and stands in front of the branch then,
// but for two cases: one of the ways does more than that, or long computations
// come before. Without a branch between, ptxas begins to write some elements
// while others are computed, and runs out of registers.
//
//===----------------------------------------------------------------------===//

#include "StagedStore.h"

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

/// Whether the stage has the elements as the tensor does.
static bool isPlain(Type element) {
  return element.isIntOrFloat() && element.getIntOrFloatBitWidth() % 8 == 0;
}

/// Whether nothing but staged stores uses the stage of `op`: what it holds may
/// change on a way on which it did not.
static bool isStageOfStores(StagedStoreOp op) {
  return op.getStage().getDefiningOp<AllocOp>() &&
         llvm::all_of(op.getStage().getUsers(), llvm::IsaPred<StagedStoreOp>);
}

/// Whether `copy` takes all that `op` stores to a tensor.
static bool isSame(StagedStoreOp op, CopyOp copy) {
  MemRefType type = op.getSrc().getType();
  SmallVector<int64_t> region = copy.getStaticRegion();
  return copy.getSrc() == op.getSrc() &&
         llvm::all_of(copy.getSrcIndices(), isZeroInteger) &&
         ArrayRef(region) == type.getShape() &&
         tile::getScope(copy.getDst()) == Scope::Global &&
         getRootBuffer(copy.getDst()) != getRootBuffer(op.getStage()) &&
         copy.getDst().getType().getElementType() ==
             op.getStage().getType().getElementType();
}

/// The copy that is done instead of `op` where the copy engine cannot store;
/// null when there is none.
static CopyOp findOtherwise(StagedStoreOp op) {
  auto ifOp = dyn_cast<scf::IfOp>(op->getParentOp());
  if (!ifOp || !ifOp.elseBlock() || op->getBlock() != ifOp.thenBlock() ||
      !isPlain(op.getStage().getType().getElementType()) ||
      !isStageOfStores(op))
    return nullptr;
  auto copies = ifOp.elseBlock()->getOps<CopyOp>();
  if (!llvm::hasSingleElement(copies) || !isSame(op, *copies.begin()))
    return nullptr;
  return *copies.begin();
}

//===----------------------------------------------------------------------===//
// In front of the branch
//===----------------------------------------------------------------------===//

/// Whether `block` has nothing to do but `store` and what `Waits` are.
template <typename... Waits>
static bool isAlone(Block *block, Operation *store) {
  return llvm::all_of(block->without_terminator(), [&](Operation &op) {
    return &op == store || isPure(&op) || isa<Waits...>(op);
  });
}

/// Whether what `store` waits for is enough for `copy`.
static bool waitsFor(StagedStoreOp store, CopyOp copy) {
  auto isBefore = [](Operation *op) {
    return [op](BarrierOp barrier) { return barrier->isBeforeInBlock(op); };
  };
  auto barriers = copy->getBlock()->getOps<BarrierOp>();
  return barriers.empty() ||
         (llvm::all_of(barriers, isBefore(copy)) &&
          llvm::any_of(store->getBlock()->getOps<BarrierOp>(),
                       isBefore(store)));
}

/// Whether an element of `parallel` takes many instructions to compute.
static bool isLong(ParallelOp parallel) {
  return parallel
      .walk([](Operation *op) {
        bool isLong =
            isa<arith::DivFOp, arith::RemFOp>(op) ||
            (isa<math::MathDialect>(op->getDialect()) &&
             !isa<math::AbsFOp, math::AbsIOp, math::CopySignOp, math::FmaOp,
                  math::FloorOp, math::CeilOp, math::TruncOp>(op)) ||
            (op->getNumRegions() && !isa<ParallelOp>(op));
        return isLong ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether `op` can stand in front of `ifOp` without harm.
static bool canFold(scf::IfOp ifOp, StagedStoreOp op, CopyOp copy) {
  return ifOp.getNumResults() == 0 &&
         isAlone<BarrierOp, FenceOp, TmaStoreWaitOp>(ifOp.thenBlock(), op) &&
         isAlone<BarrierOp>(ifOp.elseBlock(), copy) && waitsFor(op, copy) &&
         llvm::none_of(ifOp->getBlock()->getOps<ParallelOp>(), isLong);
}

static void fold(scf::IfOp ifOp, CopyOp copy, RewriterBase &rewriter) {
  for (Operation &nested :
       llvm::make_early_inc_range(ifOp.elseBlock()->without_terminator()))
    if (&nested != copy && isPure(&nested))
      rewriter.moveOpBefore(&nested, ifOp);
  rewriter.eraseOp(ifOp.thenBlock()->getTerminator());
  rewriter.inlineBlockBefore(ifOp.thenBlock(), ifOp);
  rewriter.eraseOp(ifOp);
}

//===----------------------------------------------------------------------===//
// The stores of a launch
//===----------------------------------------------------------------------===//

void StagedStores::mergeOne(StagedStoreOp op, RewriterBase &rewriter) {
  CopyOp copy = findOtherwise(op);
  if (!copy)
    return;
  auto ifOp = cast<scf::IfOp>(op->getParentOp());
  Otherwise otherwise{ifOp.getCondition(), copy.getDst(), copy.getDstIndices()};
  if (canFold(ifOp, op, copy)) {
    copies[op] = otherwise;
    return fold(ifOp, copy, rewriter);
  }
  rewriter.setInsertionPoint(copy);
  otherwise.condition = nullptr;
  copies[rewriter.clone(*op)] = otherwise;
  rewriter.eraseOp(copy);
}

void StagedStores::merge(gpu::LaunchOp launch, RewriterBase &rewriter) {
  SmallVector<StagedStoreOp> found;
  launch.walk([&](StagedStoreOp op) { found.push_back(op); });
  for (StagedStoreOp op : found)
    mergeOne(op, rewriter);
}
