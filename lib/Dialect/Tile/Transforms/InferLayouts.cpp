//===- InferLayouts.cpp - who holds which element ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounds of looking for layouts. Where a fragment would need two, one of its
// uses gets a fragment of its own, and the elements are converted between them.
// A fragment that registers cannot hold at all goes to shared memory.
//
//===----------------------------------------------------------------------===//

#include "FragmentRepair.h"
#include "LayoutSolver.h"

#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Layout/ConversionPlan.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEINFERLAYOUTS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
/// Gives the fragments of one launch their layouts.
class LaunchLayouts {
public:
  LaunchLayouts(LaunchOp launch, const TargetInfo &target)
      : launch(launch), target(target) {}

  LogicalResult run();

  /// The fragments that were moved to shared memory, and why.
  llvm::MapVector<Value, FragmentObstacle> moved;
  int64_t numFragments = 0;
  int64_t numConversions = 0;

private:
  LogicalResult verifyPins();
  LogicalResult resolve(const LayoutObstacle &obstacle,
                        const FragmentSites &fragments);
  LogicalResult move(Value fragment, const FragmentObstacle &obstacle);
  void finishConversion(ConvertLayoutOp op);

  LaunchOp launch;
  const TargetInfo &target;
  /// Fragments that only one use has.
  llvm::DenseSet<Value> own;
};

struct InferLayoutsPass
    : public tile::impl::TileInferLayoutsBase<InferLayoutsPass> {
  using Base::Base;
  void runOnOperation() override;
};
} // namespace

static LayoutAttr getPin(Value fragment) {
  return fragment.getDefiningOp()->getAttrOfType<LayoutAttr>(kLayoutAttrName);
}

/// Whether the layout that is written on a fragment is one for it.
static LogicalResult verifyPin(AllocOp op, int64_t numThreads) {
  auto pin = op->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  if (!pin)
    return success();
  const ThreadValueLayout &layout = pin.getValue();
  ArrayRef<int64_t> shape = op.getBuffer().getType().getShape();
  if (layout.shape() != shape)
    return op.emitOpError("expected a layout of shape ")
           << shape << ", found " << layout.shape();
  if (layout.numThreads() != numThreads)
    return op.emitOpError("expected a layout for the ")
           << numThreads << " threads that hold it, found one for "
           << layout.numThreads();
  if (!layout.covers())
    return op.emitOpError("expected a layout that holds every element");
  return success();
}

/// A layout that is written by hand and cannot be kept is a mistake.
static LogicalResult verifyKept(Value fragment,
                                const FragmentObstacle &obstacle) {
  if (!fragment.getDefiningOp()->hasAttr(kLayoutAttrName))
    return success();
  InFlightDiagnostic diag =
      fragment.getDefiningOp()->emitOpError("cannot keep the layout: ")
      << obstacle.reason;
  diag.attachNote(obstacle.op->getLoc()) << "used here";
  return diag;
}

LogicalResult LaunchLayouts::verifyPins() {
  WalkResult result = launch.walk([&](AllocOp op) {
    bool isFragment = tile::getScope(op.getBuffer()) == Scope::Fragment;
    return WalkResult(isFragment ? verifyPin(op, getNumHolders(op.getBuffer()))
                                 : success());
  });
  return failure(result.wasInterrupted());
}

LogicalResult LaunchLayouts::move(Value fragment,
                                  const FragmentObstacle &obstacle) {
  if (failed(verifyKept(fragment, obstacle)))
    return failure();
  moved.insert({fragment, obstacle});
  return moveToShared(fragment);
}

/// Refuses two layouts that are written by hand and meet in one operation.
static LogicalResult verifyPinsAgree(const LayoutObstacle &obstacle,
                                     const FragmentSites &fragments) {
  if (!getPin(obstacle.fragment))
    return success();
  for (const FragmentSite &site : fragments.sites)
    for (const FragmentAccess &access : site.accesses) {
      if (site.op != obstacle.op || access.fragment == obstacle.fragment ||
          !getPin(access.fragment))
        continue;
      InFlightDiagnostic diag = obstacle.fragment.getDefiningOp()->emitOpError(
          "cannot keep the layout: it contradicts that of another fragment "
          "in one operation");
      diag.attachNote(access.fragment.getLoc())
          << "the other layout is written here";
      diag.attachNote(obstacle.op->getLoc()) << "both are used here";
      return diag;
    }
  return success();
}

LogicalResult LaunchLayouts::resolve(const LayoutObstacle &obstacle,
                                     const FragmentSites &fragments) {
  if (!obstacle.reason.empty())
    return move(obstacle.fragment, {obstacle.op, obstacle.reason});
  if (auto copy = dyn_cast<CopyOp>(obstacle.op)) {
    replaceByConversion(copy);
    return success();
  }
  if (failed(verifyPinsAgree(obstacle, fragments)))
    return failure();
  if (own.contains(obstacle.fragment))
    return move(obstacle.fragment,
                {obstacle.op, "no layout fits this operation"});
  own.insert(giveOwnFragment(obstacle.fragment, obstacle.op, obstacle.operand));
  return success();
}

/// Adds the memory that a conversion needs, and says how it is done.
void LaunchLayouts::finishConversion(ConvertLayoutOp op) {
  Type type = op.getMovedType();
  int64_t bits = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  ConversionPlan plan = cantFail(ConversionPlan::get(
      getPin(op.getSrc()).getValue(), getPin(op.getDst()).getValue(), bits));
  if (plan.kind == ConversionKind::None)
    return;
  ++numConversions;
  remark::analysis(op.getLoc(), remark::RemarkOpts::name("layout-conversion")
                                    .category("tile-infer-layouts"))
      << remark::reason("fragment converted to another layout by {0}",
                        describe(plan));
  if (plan.kind != ConversionKind::SharedMemory || op.getScratch())
    return;
  OpBuilder builder(op);
  MemRefType scratch = getBufferType({op.getSrc().getType().getNumElements()},
                                     type, Scope::Shared);
  op.getScratchMutable().assign(
      AllocOp::create(builder, op.getLoc(), scratch).getBuffer());
}

LogicalResult LaunchLayouts::run() {
  if (failed(verifyPins()))
    return failure();
  while (true) {
    FragmentSites fragments(launch);
    for (auto &[fragment, obstacle] : fragments.rejected)
      if (failed(move(fragment, obstacle)))
        return failure();
    LayoutSolver solver(launch, target, fragments);
    std::optional<LayoutObstacle> obstacle = solver.run();
    if (!obstacle) {
      solver.write();
      numFragments = fragments.fragments.size();
      break;
    }
    if (failed(resolve(*obstacle, fragments)))
      return failure();
  }
  launch.walk([&](ConvertLayoutOp op) { finishConversion(op); });
  return success();
}

void InferLayoutsPass::runOnOperation() {
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target) {
    getOperation()->emitError(describeUnknownChip(chip));
    return signalPassFailure();
  }
  WalkResult result = getOperation()->walk([&](LaunchOp launch) {
    LaunchLayouts layouts(launch, *target);
    if (failed(layouts.run()))
      return WalkResult::interrupt();
    numRegisters += layouts.numFragments;
    numShared += layouts.moved.size();
    numConversions += layouts.numConversions;
    for (auto &[fragment, obstacle] : layouts.moved)
      remark::missed(fragment.getLoc(),
                     remark::RemarkOpts::name("fragment-in-shared")
                         .category("tile-infer-layouts"))
          << remark::reason("fragment kept in shared memory: {0}",
                            obstacle.reason);
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    signalPassFailure();
}
