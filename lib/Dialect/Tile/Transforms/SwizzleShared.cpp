//===- SwizzleShared.cpp - shared memory without conflicts ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ColumnPadding.h"

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/SharedConflicts.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILESWIZZLESHARED
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct SwizzleSharedPass
    : public tile::impl::TileSwizzleSharedBase<SwizzleSharedPass> {
  void runOnOperation() override;
  void swizzle(AllocOp op, int64_t maxBits);
  void count(AllocOp op);
};
} // namespace

/// The widest elements of which matrix instructions read whole rows, in bits.
static int64_t getMaxBits(GemmOp op) {
  return op.getPrecision() == Precision::TF32 ? 32 : 16;
}

/// Why the buffer cannot be swizzled; empty when it can.
static std::string getObstacle(AllocOp op, int64_t maxBits) {
  MemRefType type = op.getBuffer().getType();
  if (type.getElementTypeBitWidth() > maxBits)
    return "its elements have " +
           std::to_string(type.getElementTypeBitWidth()) + " bits";
  if (!getSwizzleWithoutConflicts(type))
    return "its rows are no multiple of 16 bytes";
  if (Operation *user = findUseWithoutIndices(op.getBuffer()))
    return ("it is used by '" + user->getName().getStringRef() + "'").str();
  return "";
}

void SwizzleSharedPass::swizzle(AllocOp op, int64_t maxBits) {
  std::string obstacle = getObstacle(op, maxBits);
  if (!obstacle.empty()) {
    remark::missed(op.getLoc(), remark::RemarkOpts::name("not-swizzled")
                                    .category("tile-swizzle-shared"))
        << remark::reason("operand of a product without swizzle: {0}",
                          obstacle);
    ++numPlain;
    return;
  }
  int64_t bytes = *getSwizzleWithoutConflicts(op.getBuffer().getType());
  if (bytes == 0)
    return;
  op.setSwizzle(bytes);
  ++numSwizzled;
}

/// Says how often the banks are asked, and how often is needed.
void SwizzleSharedPass::count(AllocOp op) {
  Wavefronts wavefronts = countSharedWavefronts(op);
  if (wavefronts.count == 0)
    return;
  numWavefronts += wavefronts.count;
  numConflicts += wavefronts.count - wavefronts.minimum;
  remark::analysis(op.getLoc(), remark::RemarkOpts::name("bank-conflicts")
                                    .category("tile-swizzle-shared"))
      << remark::metric("wavefronts", wavefronts.count)
      << remark::metric("conflicts", wavefronts.count - wavefronts.minimum);
}

/// Gives a buffer the swizzle by which a copy engine moves it.
static void followMap(Value buffer, TensorMapType map,
                      llvm::SmallPtrSetImpl<Operation *> &followed) {
  auto alloc = getRootBuffer(buffer).getDefiningOp<AllocOp>();
  if (!alloc)
    return;
  followed.insert(alloc);
  if (map.getSwizzle() && !alloc.getSwizzle())
    alloc.setSwizzle(map.getSwizzle());
}

void SwizzleSharedPass::runOnOperation() {
  llvm::SmallPtrSet<Operation *, 8> followed;
  getOperation()->walk([&](Operation *op) {
    if (auto load = dyn_cast<TmaLoadOp>(op))
      followMap(load.getDst(), load.getMap().getType(), followed);
    if (auto store = dyn_cast<TmaStoreOp>(op))
      followMap(store.getSrc(), store.getMap().getType(), followed);
    if (auto store = dyn_cast<StagedStoreOp>(op))
      followMap(store.getStage(), store.getMap().getType(), followed);
  });
  llvm::MapVector<AllocOp, int64_t> operands;
  getOperation()->walk([&](GemmOp gemm) {
    for (Value operand : {gemm.getA(), gemm.getB()}) {
      auto alloc = getRootBuffer(operand).getDefiningOp<AllocOp>();
      if (alloc && tile::getScope(alloc.getBuffer()) == Scope::Shared &&
          !alloc.getSwizzle() && !followed.contains(alloc))
        operands.insert({alloc, getMaxBits(gemm)});
    }
  });
  for (auto [op, maxBits] : operands)
    swizzle(op, maxBits);
  getOperation()->walk([](AllocOp op) { padForColumns(op); });
  getOperation()->walk([&](AllocOp op) {
    if (tile::getScope(op.getBuffer()) == Scope::Shared)
      count(op);
  });
}
