//===- InsertBarriers.cpp - the barriers that the meaning needs -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks each launch in program order with the accesses that no barrier has
// ordered yet. An op that conflicts with one of them gets a barrier in front,
// which orders all. A loop's body is walked again with what its own end leaves,
// until no barrier is added.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEINSERTBARRIERS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

using Accesses = SmallVector<MemoryAccess>;

/// Finds the ops of one launch that need a barrier in front.
class BarrierPlacement {
public:
  void visit(Block &block, Accesses &pending);
  ArrayRef<Operation *> getOps() const { return places.getArrayRef(); }

private:
  void visit(Operation *op, Accesses &pending);
  void visitRegions(Operation *op, Accesses &pending);
  void visitLoop(MutableArrayRef<Region> regions, Accesses &pending);

  llvm::SetVector<Operation *> places;
};

struct InsertBarriersPass
    : public tile::impl::TileInsertBarriersBase<InsertBarriersPass> {
  void runOnOperation() override;
};

} // namespace

/// Adds those of `from` that `to` does not have.
static void merge(Accesses &to, ArrayRef<MemoryAccess> from) {
  for (const MemoryAccess &access : from) {
    bool isKnown = llvm::any_of(to, [&](const MemoryAccess &other) {
      return other.root == access.root && other.scope == access.scope &&
             other.isWrite == access.isWrite;
    });
    if (!isKnown)
      to.push_back(access);
  }
}

/// The regions may run any number of times in any order.
void BarrierPlacement::visitLoop(MutableArrayRef<Region> regions,
                                 Accesses &pending) {
  size_t numPlaces, numPending;
  do {
    numPlaces = places.size();
    numPending = pending.size();
    for (Region &region : regions)
      for (Block &block : region) {
        Accesses atEnd = pending;
        visit(block, atEnd);
        merge(pending, atEnd);
      }
  } while (places.size() != numPlaces || pending.size() != numPending);
}

void BarrierPlacement::visitRegions(Operation *op, Accesses &pending) {
  if (!isa<scf::IfOp>(op))
    return visitLoop(op->getRegions(), pending);
  // One of the branches runs, or none.
  Accesses before = pending;
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      Accesses atEnd = before;
      visit(block, atEnd);
      merge(pending, atEnd);
    }
}

void BarrierPlacement::visit(Operation *op, Accesses &pending) {
  if (isa<BarrierOp>(op)) {
    pending.clear();
    return;
  }
  if (op->getNumRegions() && !isa<ParallelOp, ThreadsOp>(op))
    return visitRegions(op, pending);
  Accesses accesses;
  collectAccesses(op, accesses);
  bool needsBarrier =
      places.contains(op) || llvm::any_of(accesses, [&](auto &access) {
        return llvm::any_of(
            pending, [&](auto &other) { return conflict(other, access); });
      });
  if (needsBarrier) {
    places.insert(op);
    pending.clear();
  }
  merge(pending, accesses);
}

void BarrierPlacement::visit(Block &block, Accesses &pending) {
  for (Operation &op : block)
    visit(&op, pending);
}

void InsertBarriersPass::runOnOperation() {
  getOperation()->walk([&](LaunchOp launch) {
    // One thread needs no barrier to see what it did.
    if (launch.getThreads() == 1)
      return;
    BarrierPlacement placement;
    Accesses pending;
    placement.visit(launch.getBody().front(), pending);
    for (Operation *op : placement.getOps()) {
      OpBuilder builder(op);
      BarrierOp::create(builder, op->getLoc());
      ++numBarriers;
    }
  });
}
