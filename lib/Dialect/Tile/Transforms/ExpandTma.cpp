//===- ExpandTma.cpp - copies of a copy engine done at once -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEEXPANDTMA
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct ExpandTmaPass : public tile::impl::TileExpandTmaBase<ExpandTmaPass> {
  using Base::Base;
  void runOnOperation() override;
};
} // namespace

/// The op that makes `map`; reports an error of its user when it is not known.
static TensorMapOp getMap(Operation *op, Value map) {
  auto made = map.getDefiningOp<TensorMapOp>();
  if (!made)
    op->emitOpError("expected a map that a 'tile.tensor_map' of the function "
                    "makes");
  return made;
}

/// The extents of the region that a copy between a tensor and a buffer moves.
static SmallVector<OpFoldResult> getExtents(TensorMapType map,
                                            MemRefType buffer) {
  // The dimensions that the buffer lacks have one element.
  ArrayRef<int64_t> box = map.getBox().take_back(
      std::min<size_t>(map.getBox().size(), buffer.getRank()));
  return getAsIndexOpFoldResult(map.getContext(), box);
}

static LogicalResult expand(TmaLoadOp op, RewriterBase &rewriter) {
  TensorMapOp map = getMap(op, op.getMap());
  if (!map)
    return failure();
  if (op.getMulticast())
    return op.emitOpError("unsupported: a copy to other blocks on a target "
                          "without a copy engine");
  rewriter.replaceOpWithNewOp<CopyOp>(
      op, map.getSource(), op.getCoordinates(), op.getDst(), op.getDstIndices(),
      getExtents(map.getMap().getType(), op.getDst().getType()));
  return success();
}

/// Blocks that follow each other have the numbers of a cluster even where they
/// do not run at the same time.
static LogicalResult expand(ClusterRankOp op, RewriterBase &rewriter) {
  Location loc = op.getLoc();
  auto launch = op->getParentOfType<LaunchOp>();
  Value rank = arith::ConstantIndexOp::create(rewriter, loc, 0);
  int64_t stride = 1;
  if (launch && launch.getCluster())
    for (auto [id, extent] :
         llvm::zip(launch.getBlockIds(), *launch.getCluster())) {
      auto constant = [&](int64_t value) -> Value {
        return arith::ConstantIndexOp::create(rewriter, loc, value);
      };
      Value place = arith::RemUIOp::create(rewriter, loc, id, constant(extent));
      rank = arith::AddIOp::create(
          rewriter, loc, rank,
          arith::MulIOp::create(rewriter, loc, place, constant(stride)));
      stride *= extent;
    }
  rewriter.replaceOp(op, rank);
  return success();
}

static LogicalResult expand(TmaStoreOp op, RewriterBase &rewriter) {
  TensorMapOp map = getMap(op, op.getMap());
  if (!map)
    return failure();
  rewriter.replaceOpWithNewOp<CopyOp>(
      op, op.getSrc(), op.getSrcIndices(), map.getSource(), op.getCoordinates(),
      getExtents(map.getMap().getType(), op.getSrc().getType()));
  return success();
}

static LogicalResult expand(StagedStoreOp op, RewriterBase &rewriter) {
  TensorMapOp map = getMap(op, op.getMap());
  if (!map)
    return failure();
  auto stage = op.getStage().getDefiningOp<AllocOp>();
  ArrayRef<int64_t> shape = op.getSrc().getType().getShape();
  rewriter.replaceOpWithNewOp<CopyOp>(
      op, op.getSrc(), ValueRange(), map.getSource(), op.getCoordinates(),
      getAsIndexOpFoldResult(op.getContext(), shape));
  if (stage && stage->use_empty())
    rewriter.eraseOp(stage);
  return success();
}

void ExpandTmaPass::runOnOperation() {
  if (!chip.empty()) {
    std::optional<TargetInfo> target = getTargetInfo(chip);
    if (!target) {
      getOperation()->emitError(describeUnknownChip(chip));
      return signalPassFailure();
    }
    if (target->hasTma)
      return;
  }
  SmallVector<Operation *> ops;
  SmallVector<TensorMapOp> maps;
  getOperation()->walk([&](Operation *op) {
    if (auto map = dyn_cast<TensorMapOp>(op))
      maps.push_back(map);
    else if (isa<TmaLoadOp, TmaStoreOp, StagedStoreOp, TmaStoreCommitOp,
                 TmaStoreWaitOp, TmaPrefetchOp, MBarrierInitOp,
                 MBarrierArriveOp, MBarrierArriveRemoteOp, MBarrierWaitOp,
                 FenceOp, NamedBarrierOp, SetMaxRegistersOp, ClusterBarrierOp,
                 ClusterRankOp>(op))
      ops.push_back(op);
  });
  IRRewriter rewriter(&getContext());
  for (Operation *op : ops) {
    rewriter.setInsertionPoint(op);
    LogicalResult result = success();
    if (auto load = dyn_cast<TmaLoadOp>(op))
      result = expand(load, rewriter);
    else if (auto store = dyn_cast<TmaStoreOp>(op))
      result = expand(store, rewriter);
    else if (auto rank = dyn_cast<ClusterRankOp>(op))
      result = expand(rank, rewriter);
    else if (isa<ClusterBarrierOp>(op))
      rewriter.replaceOpWithNewOp<BarrierOp>(op);
    else if (auto staged = dyn_cast<StagedStoreOp>(op))
      result = expand(staged, rewriter);
    else
      rewriter.eraseOp(op);
    if (failed(result))
      return signalPassFailure();
  }
  for (TensorMapOp map : maps)
    if (map.use_empty())
      rewriter.eraseOp(map);
}
