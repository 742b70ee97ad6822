//===- PlanMemory.cpp - places of shared buffers ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEPLANMEMORY
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// Offsets are multiples of this many bytes, the widest access of a thread.
static constexpr int64_t kAlignment = 16;

namespace {
struct PlanMemoryPass : public tile::impl::TilePlanMemoryBase<PlanMemoryPass> {
  void runOnOperation() override;
};
} // namespace

void PlanMemoryPass::runOnOperation() {
  getOperation()->walk([&](LaunchOp launch) {
    Builder builder(&getContext());
    DataLayout layout = DataLayout::closest(launch);
    int64_t bytes = 0;
    launch.walk([&](AllocOp op) {
      MemRefType type = op.getBuffer().getType();
      if (tile::getScope(type) != Scope::Shared)
        return;
      op.setOffset(bytes);
      int64_t size = type.getNumElements() *
                     layout.getTypeSize(type.getElementType()).getFixedValue();
      bytes += llvm::alignTo(size, kAlignment);
    });
    launch.setSharedBytes(bytes ? std::optional<int64_t>(bytes) : std::nullopt);
    numBytes += bytes;
  });
}
