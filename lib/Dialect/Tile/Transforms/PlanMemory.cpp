//===- PlanMemory.cpp - places of shared buffers ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEPLANMEMORY
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct PlanMemoryPass : public tile::impl::TilePlanMemoryBase<PlanMemoryPass> {
  void runOnOperation() override;
};
} // namespace

/// Erases buffers that nothing uses, such as those that stages have replaced.
static void eraseUnused(LaunchOp launch) {
  launch.walk([](AllocOp alloc) {
    if (alloc.getBuffer().use_empty())
      alloc.erase();
  });
}

void PlanMemoryPass::runOnOperation() {
  getOperation()->walk([&](LaunchOp launch) {
    eraseUnused(launch);
    SharedMemoryPlan plan = planSharedMemory(launch);
    for (auto [op, offset] : plan.offsets)
      cast<AllocOp>(op).setOffset(offset);
    launch.setSharedBytes(plan.numBytes ? std::optional<int64_t>(plan.numBytes)
                                        : std::nullopt);
    numBytes += plan.numBytes;
    numUnshared += plan.numUnshared;
  });
}
