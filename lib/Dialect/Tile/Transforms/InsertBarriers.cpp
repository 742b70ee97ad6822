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
// which orders all. Of a loop, first the iterations are ordered among each
// other: the body is walked with what its own end leaves, until no barrier is
// added. What stands before the loop then meets those barriers, or gets one in
// front of the loop.
//
// An asynchronous copy runs on behind barriers. It is ordered against what
// stands before it; from the next wait on, it counts as an access like others.
// Between the two nothing may touch its memory.
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

/// What no barrier has ordered yet.
struct State {
  /// Accesses that are over in the thread that made them.
  Accesses pending;
  /// Those of copies that may be under way.
  Accesses inFlight;
};

/// Finds the ops of one launch that need a barrier in front.
class BarrierPlacement {
public:
  void visit(Block &block, State &state);
  ArrayRef<Operation *> getOps() const { return places.getArrayRef(); }

private:
  void visit(Operation *op, State &state);
  void visitBranches(Operation *op, State &state);
  void visitLoop(Operation *op, State &state);
  bool meets(Operation *op, Accesses &pending) const;

  llvm::SetVector<Operation *> places;
};

struct InsertBarriersPass
    : public tile::impl::TileInsertBarriersBase<InsertBarriersPass> {
  void runOnOperation() override;
};

} // namespace

/// Adds those of `from` that `to` does not have.
static void merge(Accesses &to, ArrayRef<MemoryAccess> from) {
  for (const MemoryAccess &access : from)
    if (!llvm::is_contained(to, access))
      to.push_back(access);
}

static void merge(State &to, const State &from) {
  merge(to.pending, from.pending);
  merge(to.inFlight, from.inFlight);
}

/// Whether the body of `op` consists of ops that the block executes one after
/// another.
static bool hasBlockLevelBody(Operation *op) {
  return op->getNumRegions() && !isa<ParallelOp, ThreadsOp>(op);
}

static bool conflicts(ArrayRef<MemoryAccess> accesses,
                      ArrayRef<MemoryAccess> pending) {
  return llvm::any_of(accesses, [&](const MemoryAccess &access) {
    return llvm::any_of(pending, [&](const MemoryAccess &other) {
      return conflict(other, access);
    });
  });
}

/// Whether one of the accesses in `pending`, made before `op`, conflicts with
/// something inside of it before a barrier comes. Leaves those that may be
/// pending at the end.
bool BarrierPlacement::meets(Operation *op, Accesses &pending) const {
  if (isa<BarrierOp>(op) || places.contains(op))
    pending.clear();
  if (pending.empty())
    return false;
  if (!hasBlockLevelBody(op)) {
    Accesses accesses;
    collectAccesses(op, accesses);
    return conflicts(accesses, pending);
  }
  // A region may be left out.
  Accesses atEnd = isa<scf::IfOp>(op) && op->getRegion(1).hasOneBlock()
                       ? Accesses()
                       : pending;
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      Accesses inside = pending;
      for (Operation &nested : block)
        if (meets(&nested, inside))
          return true;
      merge(atEnd, inside);
    }
  pending = std::move(atEnd);
  return false;
}

/// The regions may run any number of times in any order.
void BarrierPlacement::visitLoop(Operation *op, State &state) {
  State body{{}, state.inFlight};
  size_t before, after;
  auto getSize = [&] {
    return places.size() + body.pending.size() + body.inFlight.size();
  };
  do {
    before = getSize();
    for (Region &region : op->getRegions())
      for (Block &block : region) {
        State atEnd = body;
        visit(block, atEnd);
        merge(body, atEnd);
      }
    after = getSize();
  } while (before != after);
  Accesses pending = state.pending;
  if (meets(op, pending)) {
    places.insert(op);
    state.pending.clear();
  }
  merge(state, body);
}

/// One of the branches runs, or none where there is only one.
void BarrierPlacement::visitBranches(Operation *op, State &state) {
  State before = std::move(state);
  state = State();
  for (Region &region : op->getRegions()) {
    State atEnd = before;
    if (!region.empty())
      visit(region.front(), atEnd);
    merge(state, atEnd);
  }
}

void BarrierPlacement::visit(Operation *op, State &state) {
  if (isa<BarrierOp>(op)) {
    state.pending.clear();
    return;
  }
  if (auto wait = dyn_cast<AsyncWaitOp>(op)) {
    merge(state.pending, state.inFlight);
    if (wait.getPending() == 0)
      state.inFlight.clear();
    return;
  }
  if (hasBlockLevelBody(op)) {
    if (places.contains(op))
      state.pending.clear();
    return isa<scf::IfOp>(op) ? visitBranches(op, state) : visitLoop(op, state);
  }
  Accesses accesses;
  collectAccesses(op, accesses);
  if (places.contains(op) || conflicts(accesses, state.pending)) {
    places.insert(op);
    state.pending.clear();
  }
  merge(isa<AsyncCopyOp>(op) ? state.inFlight : state.pending, accesses);
}

void BarrierPlacement::visit(Block &block, State &state) {
  for (Operation &op : block)
    visit(&op, state);
}

void InsertBarriersPass::runOnOperation() {
  getOperation()->walk([&](LaunchOp launch) {
    // One thread needs no barrier to see what it did.
    if (launch.getThreads() == 1)
      return;
    BarrierPlacement placement;
    State state;
    placement.visit(launch.getBody().front(), state);
    for (Operation *op : placement.getOps()) {
      OpBuilder builder(op);
      BarrierOp::create(builder, op->getLoc());
      ++numBarriers;
    }
  });
}
