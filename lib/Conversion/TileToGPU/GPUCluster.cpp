//===- GPUCluster.cpp - what blocks of a cluster do together ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GPUCluster.h"
#include "GPUTma.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::tile;

/// The address space of the shared memory of all blocks of a cluster.
static constexpr unsigned kClusterSpace = 7;

bool mlir::tile::hasClusters(LaunchOp launch) {
  return launch.getCluster() &&
         ShapedType::getNumElements(*launch.getCluster()) > 1;
}

LogicalResult mlir::tile::checkClusters(LaunchOp launch,
                                        const TargetInfo &target) {
  if (!hasClusters(launch))
    return success();
  WalkResult result = launch.walk([&](Operation *op) {
    if (target.maxClusterSize == 1 &&
        isa<ClusterRankOp, MBarrierArriveRemoteOp>(op))
      return WalkResult(op->emitOpError("unsupported: ")
                        << target.chip
                        << " has no clusters; run 'tile-expand-tma' before");
    auto part = op->getParentOfType<SpecializeOp>();
    if (!part || !isa<ClusterBarrierOp>(op))
      return WalkResult::advance();
    InFlightDiagnostic diag = op->emitOpError("expected to be reached by all "
                                              "threads of the block");
    diag.attachNote(part.getLoc()) << "inside this 'tile.specialize'";
    return WalkResult(diag);
  });
  return failure(result.wasInterrupted());
}

/// One thread of each warp arrives. The order in which it does so is that of
/// the block only; order in the cluster would cost a fence of the GPU's memory
/// each time. None is needed: what the other block waits for are reads of
/// shared memory, which are over when a thread knows that the product that made
/// them is.
static void lowerArrival(MBarrierArriveRemoteOp op, Value threadId,
                         bool hasClusters, OpBuilder &b) {
  Location loc = op.getLoc();
  buildForWarp(b, loc, threadId, [&] {
    Value barrier =
        buildSharedPointer(b, loc, op.getBarriers(), op.getIndices());
    if (!hasClusters) {
      NVVM::MBarrierArriveOp::create(b, loc, b.getI64Type(), barrier, Value());
      return;
    }
    Value rank =
        arith::IndexCastOp::create(b, loc, b.getI32Type(), op.getRank());
    Value remote = NVVM::MapaOp::create(
        b, loc, LLVM::LLVMPointerType::get(b.getContext(), kClusterSpace),
        barrier, rank);
    NVVM::MBarrierArriveOp::create(b, loc, /*res=*/Type(), remote, Value());
  });
}

bool mlir::tile::lowerCluster(Operation *op, Value threadId, bool hasClusters,
                              OpBuilder &builder) {
  if (auto arrival = dyn_cast<MBarrierArriveRemoteOp>(op)) {
    lowerArrival(arrival, threadId, hasClusters, builder);
    return true;
  }
  if (!hasClusters || !isa<ClusterBarrierOp>(op))
    return false;
  NVVM::ClusterArriveOp::create(builder, op->getLoc(), UnitAttr());
  NVVM::ClusterWaitOp::create(builder, op->getLoc(), UnitAttr());
  return true;
}

void mlir::tile::lowerClusterRank(ClusterRankOp op, bool hasClusters,
                                  RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  if (!hasClusters) {
    rewriter.replaceOpWithNewOp<arith::ConstantIndexOp>(op, 0);
    return;
  }
  Value rank =
      NVVM::ClusterId::create(rewriter, op.getLoc(), rewriter.getI32Type());
  rewriter.replaceOpWithNewOp<arith::IndexCastUIOp>(op, rewriter.getIndexType(),
                                                    rank);
}
