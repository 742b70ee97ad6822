//===- CheckResources.cpp - launches within the limits of the target ------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Target/TargetInfo.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILECHECKRESOURCES
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

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
  });
  if (hasFailed)
    signalPassFailure();
}
