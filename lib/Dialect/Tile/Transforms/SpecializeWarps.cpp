//===- SpecializeWarps.cpp - warps that copy, warps that compute *- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The launch stays as it is where the copy engine cannot read a tensor, which
// only a run can tell; else each role of its warps gets a program of its own.
//
//===----------------------------------------------------------------------===//

#include "ClusterCopies.h"
#include "RoleProgram.h"
#include "StagedStores.h"

#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/Analysis/WarpRoles.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILESPECIALIZEWARPS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// The widest accesses to what the copy engine cannot read: asynchronous copies
/// of rows that are no multiple of 16 bytes.
static constexpr int64_t kFallbackBytes = 4;

namespace {
struct SpecializeWarpsPass
    : public tile::impl::TileSpecializeWarpsBase<SpecializeWarpsPass> {
  using Base::Base;
  void runOnOperation() override;
  void specialize(LaunchOp launch, const TargetInfo &target);
  StorePlan planStores(LaunchOp launch, WarpRoles &roles,
                       const TargetInfo &target);
};
} // namespace

/// Whether the copy engine can read all sources.
static Value buildCondition(LaunchOp launch, const WarpRoles &roles,
                            OpBuilder &b) {
  Location loc = launch.getLoc();
  llvm::SetVector<Value> sources;
  for (const RoleLoop &role : roles.loops)
    for (BoxCopy copy : role.copies)
      sources.insert(copy.copy.getSrc());
  Value result;
  for (Value source : sources) {
    Value test = buildBoxTest(b, loc, source);
    result = result ? b.createOrFold<arith::AndIOp>(loc, result, test) : test;
  }
  return result;
}

static remark::RemarkOpts getOpts(StringRef name) {
  return remark::RemarkOpts::name(name).category("tile-specialize-warps");
}

/// Decides which fragments go to tensors through shared memory, and says so.
StorePlan SpecializeWarpsPass::planStores(LaunchOp launch, WarpRoles &roles,
                                          const TargetInfo &target) {
  StoreChoice choice = stores;
  if (std::optional<StoreKind> kind = launch.getStores())
    choice =
        *kind == StoreKind::Direct ? StoreChoice::Direct : StoreChoice::Staged;
  if (choice == StoreChoice::Direct)
    return {};
  StorePlan plan =
      StorePlan::get(launch, roles, target, choice == StoreChoice::Staged);
  for (BoxStore &store : plan.staged)
    remark::passed(store.copy.getLoc(), getOpts("staged-store"))
        << remark::reason(
               "fragment stored through {0} bytes of shared memory, {1} "
               "columns at a time",
               getNumBytes(store.stage), store.stage.getDimSize(1));
  for (auto &[copy, reason] : plan.direct)
    remark::missed(copy.getLoc(), getOpts("direct-store"))
        << remark::reason("fragment stored from registers: {0}", reason);
  numStores += plan.staged.size();
  return plan;
}

void SpecializeWarpsPass::specialize(LaunchOp launch,
                                     const TargetInfo &target) {
  std::string reason;
  std::optional<WarpRoles> roles = WarpRoles::get(launch, target, reason);
  if (!roles && launch.getStores() == StoreKind::Staged)
    remark::missed(launch.getLoc(), getOpts("direct-store"))
        << remark::reason("fragments stored from registers: {0}",
                          reason.empty() ? "no warps copy for others" : reason);
  if (!roles && reason.empty())
    return;
  if (!roles) {
    remark::missed(launch.getLoc(), getOpts("not-specialized"))
        << remark::reason("all warps copy and compute: {0}", reason);
    return;
  }
  if (!roles->turnObstacle.empty())
    remark::missed(launch.getLoc(), getOpts("no-ping-pong")) << remark::reason(
        "all threads compute each tile: {0}", roles->turnObstacle);
  StorePlan plan = planStores(launch, *roles, target);
  remark::passed(launch.getLoc(), getOpts("specialized")) << remark::reason(
      "one warp copies {0} stages ahead for {1} threads that compute{2}",
      roles->loops.front().stages, launch.getThreads(),
      roles->turns ? ", and as many that take turns with them" : "");
  ++numLaunches;
  numShared += shareCopies(launch, *roles);
  IRRewriter rewriter(&getContext());
  rewriter.setInsertionPoint(launch);
  Value canMap = buildCondition(launch, *roles, rewriter);
  auto ifOp = scf::IfOp::create(rewriter, launch.getLoc(), canMap,
                                /*withElseRegion=*/true);
  rewriter.setInsertionPointToStart(ifOp.elseBlock());
  IRMapping map;
  rewriter.clone(*launch, map)
      ->setAttr(kFallbackAttrName, rewriter.getI64IntegerAttr(kFallbackBytes));
  for (BoxStore &store : plan.staged) {
    auto copy = cast<CopyOp>(map.lookup(store.copy.getOperation()));
    if (!storeThroughMemory(copy, target.maxSharedBytes, rewriter))
      remark::missed(copy.getLoc(), getOpts("direct-store")) << remark::reason(
          "fragment stored from registers where the copy engine cannot read "
          "the operands: shared memory has no room for it");
  }
  rewriter.moveOpBefore(launch, ifOp.thenBlock(), ifOp.thenBlock()->begin());
  buildRolePrograms(launch, *roles, plan, rewriter);
}

void SpecializeWarpsPass::runOnOperation() {
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target) {
    getOperation()->emitError(describeUnknownChip(chip));
    return signalPassFailure();
  }
  SmallVector<LaunchOp> launches;
  getOperation()->walk([&](LaunchOp launch) { launches.push_back(launch); });
  for (LaunchOp launch : launches)
    specialize(launch, *target);
}
