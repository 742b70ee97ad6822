//===- CheckResources.cpp - launches within the limits of the target ------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Target/TargetInfo.h"

#include "llvm/Support/MathExtras.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILECHECKRESOURCES
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// The barriers of a block, of which number 0 is that of all threads.
static constexpr int64_t kNumBarriers = 16;
/// The most registers that a thread may be given.
static constexpr int64_t kMaxThreadRegisters = 256;

namespace {
struct CheckResourcesPass
    : public tile::impl::TileCheckResourcesBase<CheckResourcesPass> {
  using Base::Base;
  void runOnOperation() override;
};
} // namespace

static LogicalResult checkSharedMemory(LaunchOp op, const TargetInfo &target) {
  int64_t bytes = op.getSharedBytes().value_or(0);
  if (bytes <= target.maxSharedBytes)
    return success();
  InFlightDiagnostic diag = op.emitOpError("expected at most ")
                            << target.maxSharedBytes
                            << " bytes of shared memory on " << target.chip
                            << ", found " << bytes;
  op.walk([&](AllocOp alloc) {
    MemRefType type = alloc.getBuffer().getType();
    if (tile::getScope(type) == Scope::Shared)
      diag.attachNote(alloc.getLoc())
          << "this buffer takes part of it: " << type;
  });
  return diag;
}

static LogicalResult checkCluster(LaunchOp op, const TargetInfo &target) {
  std::optional<ArrayRef<int64_t>> cluster = op.getCluster();
  if (!cluster || target.maxClusterSize == 1)
    return success();
  int64_t size = ShapedType::getNumElements(*cluster);
  if (size <= target.maxClusterSize)
    return success();
  return op.emitOpError("expected a cluster of at most ")
         << target.maxClusterSize << " blocks on " << target.chip << ", found "
         << size;
}

/// Parts of a block are numbered from the outside in; those in which a barrier
/// stands need the hardware's barrier of that number.
static LogicalResult checkBarriers(LaunchOp op) {
  DenseMap<Region *, int64_t> numbers;
  op.walk<WalkOrder::PreOrder>([&](SpecializeOp parts) {
    for (Region &part : parts.getParts())
      numbers.try_emplace(&part, numbers.size() + 1);
  });
  WalkResult result = op.walk([&](BarrierOp barrier) {
    Region *part = barrier->getParentRegion();
    while (part != &op.getBody() && !numbers.contains(part))
      part = part->getParentRegion();
    int64_t number = numbers.lookup(part);
    if (number < kNumBarriers)
      return WalkResult::advance();
    InFlightDiagnostic diag = op.emitOpError("expected barriers in the first ")
                              << kNumBarriers - 1
                              << " parts of the block only, found one in part "
                              << number;
    diag.attachNote(barrier.getLoc()) << "this is the barrier";
    return WalkResult(diag);
  });
  return failure(result.wasInterrupted());
}

/// The most registers that the threads of `part` ask for, or `atLaunch`.
static int64_t getRegisters(Region &part, int64_t atLaunch) {
  int64_t count = 0;
  part.walk([&](SetMaxRegistersOp op) {
    count = std::max(count, static_cast<int64_t>(op.getCount()));
  });
  return count == 0 ? atLaunch : count;
}

/// Checks that the parts of a block ask for no more registers than it has, for
/// which they would wait for ever.
static LogicalResult checkRegisters(SpecializeOp op, const TargetInfo &target) {
  if (!target.movesRegisters || op->getParentOfType<SpecializeOp>())
    return success();
  int64_t numThreads = tile::getNumThreads(op);
  int64_t atLaunch = llvm::alignDown(
      std::min(kRegisters / numThreads, kMaxThreadRegisters), kRegisterUnit);
  int64_t total = 0;
  for (auto [part, count] : llvm::zip_equal(op.getParts(), op.getThreads()))
    total += getRegisters(part, atLaunch) * count;
  if (total <= atLaunch * numThreads)
    return success();
  InFlightDiagnostic diag = op.emitOpError("expected parts that have at most ")
                            << atLaunch * numThreads
                            << " registers in all, as a block of " << numThreads
                            << " threads has, found " << total;
  op.walk([&](SetMaxRegistersOp budget) {
    diag.attachNote(budget.getLoc())
        << budget.getCount() << " registers for " << tile::getNumThreads(budget)
        << " threads are asked for here";
  });
  return diag;
}

void CheckResourcesPass::runOnOperation() {
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target) {
    getOperation()->emitError(describeUnknownChip(chip));
    return signalPassFailure();
  }
  bool hasFailed = false;
  getOperation()->walk([&](LaunchOp op) {
    if (failed(checkSharedMemory(op, *target)))
      hasFailed = true;
    if (failed(checkCluster(op, *target)))
      hasFailed = true;
    if (failed(checkBarriers(op)))
      hasFailed = true;
  });
  getOperation()->walk([&](SpecializeOp op) {
    if (failed(checkRegisters(op, *target)))
      hasFailed = true;
  });
  if (hasFailed)
    signalPassFailure();
}
