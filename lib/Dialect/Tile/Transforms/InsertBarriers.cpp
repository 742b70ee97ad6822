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
// The copies of a copy engine do not see what threads have written until each
// of them has passed a fence. So writes are also kept until the next fence, be
// there barriers in between or not, and such a copy of what they wrote gets a
// fence and a barrier in front.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

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
  /// Those of stores of boxes that may be under way.
  Accesses storing;
  /// Writes that no fence has followed.
  Accesses unfenced;
};

/// What stands in front of an op.
struct Place {
  bool hasBarrier = false;
  std::optional<FenceKind> fence;
};

/// Finds the ops of one launch that need a barrier in front.
class BarrierPlacement {
public:
  void visit(Block &block, State &state);
  const llvm::MapVector<Operation *, Place> &getPlaces() const {
    return places;
  }

private:
  void visit(Operation *op, State &state);
  void visitAccesses(Operation *op, State &state);
  void addBarrier(Operation *op, State &state);
  void addFences(Operation *op, State &state);
  void visitBranches(Operation *op, State &state);
  void visitLoop(Operation *op, State &state);
  bool meets(Operation *op, Accesses &pending) const;

  llvm::MapVector<Operation *, Place> places;
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
  merge(to.storing, from.storing);
  merge(to.unfenced, from.unfenced);
}

/// Whether all threads of the block meet there.
static bool isBarrier(Operation *op) {
  return isa<BarrierOp, ClusterBarrierOp>(op);
}

/// Whether the copy engine does it.
static bool isTma(Operation *op) {
  return isa<TmaLoadOp, TmaStoreOp, StagedStoreOp>(op);
}

/// What `op` touches and the program does not order by itself.
static Accesses getAccesses(Operation *op) {
  Accesses accesses;
  collectAccesses(op, accesses);
  if (auto load = dyn_cast<TmaLoadOp>(op); load && load.getOrdered())
    llvm::erase_if(accesses, [&](const MemoryAccess &access) {
      return access.root != getRootBuffer(load.getBarriers());
    });
  if (auto store = dyn_cast<TmaStoreOp>(op); store && store.getOrdered())
    accesses.clear();
  return accesses;
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

/// Takes off what a fence orders.
static void applyFence(FenceKind kind, State &state) {
  if (kind == FenceKind::MBarrierInit)
    return;
  llvm::erase_if(state.unfenced, [&](const MemoryAccess &access) {
    return kind == FenceKind::Async || access.scope == Scope::Shared;
  });
}

/// Other threads learn from a barrier that stores are finished.
static void finishStores(TmaStoreWaitOp wait, State &state) {
  auto isOver = [&](const MemoryAccess &access) {
    return !wait.getRead() || access.scope == Scope::Shared;
  };
  for (const MemoryAccess &access : state.storing)
    if (isOver(access))
      merge(state.pending, access);
  if (wait.getPending() == 0)
    llvm::erase_if(state.storing, isOver);
}

/// Whether one of the accesses in `pending`, made before `op`, conflicts with
/// something inside of it before a barrier comes. Leaves those that may be
/// pending at the end.
bool BarrierPlacement::meets(Operation *op, Accesses &pending) const {
  if (isBarrier(op) || places.contains(op))
    pending.clear();
  if (pending.empty())
    return false;
  if (!hasBlockLevelBody(op))
    return conflicts(getAccesses(op), pending);
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

void BarrierPlacement::addBarrier(Operation *op, State &state) {
  places[op].hasBarrier = true;
  state.pending.clear();
}

/// Puts a fence and a barrier before `op` if something in it is a copy of what
/// was written without a fence.
void BarrierPlacement::addFences(Operation *op, State &state) {
  if (state.unfenced.empty())
    return;
  op->walk([&](Operation *nested) {
    if (!isTma(nested))
      return;
    Accesses accesses = getAccesses(nested);
    for (MemoryAccess &access : accesses) {
      // It is the copy engine that reads and writes, for the first thread.
      access.isByFirstThread = false;
      if (!conflicts(access, state.unfenced))
        continue;
      std::optional<FenceKind> &fence = places[op].fence;
      bool isShared = access.scope == Scope::Shared;
      if (!fence || !isShared)
        fence = isShared ? FenceKind::AsyncShared : FenceKind::Async;
    }
  });
  auto place = places.find(op);
  if (place == places.end() || !place->second.fence)
    return;
  addBarrier(op, state);
  applyFence(*place->second.fence, state);
}

/// The regions may run any number of times in any order.
void BarrierPlacement::visitLoop(Operation *op, State &state) {
  addFences(op, state);
  State body{{}, state.inFlight, state.storing, state.unfenced};
  size_t before, after;
  auto getSize = [&] {
    return places.size() + body.pending.size() + body.inFlight.size() +
           body.storing.size() + body.unfenced.size();
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
  if (meets(op, pending))
    addBarrier(op, state);
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
  if (isBarrier(op)) {
    state.pending.clear();
    return;
  }
  if (auto wait = dyn_cast<AsyncWaitOp>(op)) {
    merge(state.pending, state.inFlight);
    if (wait.getPending() == 0)
      state.inFlight.clear();
    return;
  }
  if (auto wait = dyn_cast<TmaStoreWaitOp>(op))
    return finishStores(wait, state);
  if (auto fence = dyn_cast<FenceOp>(op)) {
    // Other threads may not have passed it before a barrier.
    merge(state.pending, state.unfenced);
    return applyFence(fence.getKind(), state);
  }
  if (hasBlockLevelBody(op)) {
    if (places.contains(op))
      state.pending.clear();
    return isa<scf::IfOp, SpecializeOp>(op) ? visitBranches(op, state)
                                            : visitLoop(op, state);
  }
  visitAccesses(op, state);
}

void BarrierPlacement::visitAccesses(Operation *op, State &state) {
  Accesses accesses = getAccesses(op);
  addFences(op, state);
  if (places.contains(op) || conflicts(accesses, state.pending))
    addBarrier(op, state);
  // Which wait ends a load is not known; until it, nothing may touch its
  // memory, and after it everything is ordered.
  if (isa<TmaLoadOp>(op))
    return;
  if (isa<TmaStoreOp, StagedStoreOp>(op))
    return merge(state.storing, accesses);
  merge(isa<AsyncCopyOp>(op) ? state.inFlight : state.pending, accesses);
  llvm::erase_if(accesses,
                 [](const MemoryAccess &access) { return !access.isWrite; });
  merge(state.unfenced, accesses);
}

void BarrierPlacement::visit(Block &block, State &state) {
  for (Operation &op : block)
    visit(&op, state);
}

void InsertBarriersPass::runOnOperation() {
  getOperation()->walk([&](LaunchOp launch) {
    BarrierPlacement placement;
    State state;
    placement.visit(launch.getBody().front(), state);
    for (auto [op, place] : placement.getPlaces()) {
      OpBuilder builder(op);
      if (place.fence) {
        FenceOp::create(builder, op->getLoc(), *place.fence);
        ++numFences;
      }
      // One thread needs no barrier to see what it did.
      if (launch.getThreads() == 1)
        continue;
      BarrierOp::create(builder, op->getLoc());
      ++numBarriers;
    }
  });
}
