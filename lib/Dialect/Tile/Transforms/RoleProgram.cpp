//===- RoleProgram.cpp - the program of each warp role ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both roles run the whole program of the block, each with its own copy of the
// state: the producer without what it does to memory, the consumers without
// their copies. So they agree on every stage without a word, whatever loops
// stand around the pipelined ones.
//
// A stage has two barriers. `full` ends a phase when the copies into it are
// done, `empty` when all consumer warps have read it. The n-th use of a stage
// waits for phase n of `full`, and the n-th filling for phase n - 1 of `empty`:
// the first does not wait. A count of iterations that each role keeps over all
// runs of a loop gives stage and phase.
//
// Where blocks of a cluster copy the same tile, each copies a part of it to all
// of them. The bytes of the whole tile arrive at `full` in each block, and a
// stage is empty when the consumers of all these blocks have read it.
//
//===----------------------------------------------------------------------===//

#include "RoleProgram.h"
#include "ClusterCopies.h"
#include "PingPong.h"
#include "StagedBuffers.h"

#include "tile/Dialect/Tile/Analysis/ConsumerWork.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Layout/Warp.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

/// The registers that a producer needs.
static constexpr int64_t kProducerRegisters = 40;
/// The most products that a wait leaves under way.
static constexpr int64_t kMaxPending = 7;

namespace {

/// What the roles of one loop share.
struct Ring {
  RoleLoop role;
  /// The buffers of its copies, with the stages in front, and the maps.
  SmallVector<AllocOp> buffers;
  SmallVector<Value> maps;
  LoopShares shares;
  Value full, empty;
  /// How many iterations the consumers have seen.
  CountedLoop consumed;
};

/// Rewrites one launch.
class RolePrograms {
public:
  RolePrograms(LaunchOp launch, const WarpRoles &roles, IRRewriter &rewriter)
      : launch(launch), roles(roles), rewriter(rewriter), loc(launch.getLoc()),
        numConsumers(launch.getThreads()) {}

  void run(const StorePlan &stores);

private:
  /// Where an iteration stands in a ring.
  struct Position {
    Value count, stage, round;
  };

  void makeMaps();
  Value makeBarriers(int64_t count);
  void makeRings();
  int64_t getNumWorkers() const;
  void setRegisters(RegisterAction action, int64_t count);
  void buildProducer(Block *part, Block *program);
  void buildConsumer(Block *part);
  void fill(Ring &ring, PipelinedOp loop, Value counter);
  void load(Ring &ring, size_t number, ValueRange indices, Value stage);
  void work(Ring &ring, Value counter);
  void release(Ring &ring, Value count);
  scf::ForOp moveToLoop(PipelinedOp loop);
  Position advance(Ring &ring, Value counter);
  Value makeCounter(Block *part);
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }

  LaunchOp launch;
  const WarpRoles &roles;
  IRRewriter &rewriter;
  Location loc;
  int64_t numConsumers;
  SmallVector<Ring, 1> rings;
  /// The barriers at which groups that take turns wait for each other.
  Value order;
};

} // namespace

//===----------------------------------------------------------------------===//
// Host code
//===----------------------------------------------------------------------===//

void RolePrograms::makeMaps() {
  rewriter.setInsertionPoint(launch);
  for (const RoleLoop &role : roles.loops) {
    Ring &ring = rings.emplace_back();
    ring.role = role;
    for (BoxCopy copy : role.copies)
      ring.maps.push_back(TensorMapOp::create(rewriter, copy.copy.getLoc(),
                                              copy.map, copy.copy.getSrc(),
                                              /*fetch=*/IntegerAttr()));
  }
}

//===----------------------------------------------------------------------===//
// What the roles share
//===----------------------------------------------------------------------===//

/// A buffer for barriers, which are yet to be initialised.
Value RolePrograms::makeBarriers(int64_t count) {
  auto type = MemRefType::get(
      {count}, rewriter.getI64Type(), MemRefLayoutAttrInterface(),
      ScopeAttr::get(rewriter.getContext(), Scope::Shared));
  return AllocOp::create(rewriter, loc, type);
}

void RolePrograms::makeRings() {
  rewriter.setInsertionPointToStart(&launch.getBody().front());
  bool areShared = false;
  for (Ring &ring : rings) {
    ring.shares = buildShares(launch, ring.role.copies, rewriter);
    int64_t numReaders = std::max<int64_t>(ring.shares.readers.size(), 1);
    areShared |= numReaders > 1;
    int64_t stages = ring.role.stages;
    for (BoxCopy &copy : ring.role.copies) {
      auto old = copy.copy.getDst().getDefiningOp<AllocOp>();
      AllocOp staged = makeStages(rewriter, old, stages);
      staged.setSwizzle(copy.map.getSwizzle());
      ring.buffers.push_back(staged);
    }
    ring.full = makeBarriers(stages);
    ring.empty = makeBarriers(stages);
    for (int64_t stage = 0; stage < stages; ++stage) {
      MBarrierInitOp::create(rewriter, loc, ring.full, index(stage), 1);
      MBarrierInitOp::create(rewriter, loc, ring.empty, index(stage),
                             numConsumers / kWarpSize * numReaders);
    }
  }
  if (roles.turns) {
    order = makeBarriers(roles.getNumGroups());
    for (int64_t group = 0; group < roles.getNumGroups(); ++group)
      MBarrierInitOp::create(rewriter, loc, order, index(group),
                             numConsumers / kWarpSize);
  }
  FenceOp::create(rewriter, loc, FenceKind::MBarrierInit);
  if (!areShared) {
    BarrierOp::create(rewriter, loc);
    return;
  }
  // No block copies to one that has not made its barriers, or ends while others
  // copy to it or arrive at its barriers.
  ClusterBarrierOp::create(rewriter, loc);
  rewriter.setInsertionPoint(launch.getBody().front().getTerminator());
  ClusterBarrierOp::create(rewriter, loc);
}

/// The count of iterations of a role over all runs of a loop.
Value RolePrograms::makeCounter(Block *part) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(part);
  return AllocVarOp::create(rewriter, loc, rewriter.getIndexType(), index(0));
}

/// Counts an iteration and says where it stands.
RolePrograms::Position RolePrograms::advance(Ring &ring, Value counter) {
  Value count = memref::LoadOp::create(rewriter, loc, counter);
  Value next = arith::AddIOp::create(rewriter, loc, count, index(1));
  memref::StoreOp::create(rewriter, loc, next, counter);
  Value stages = index(ring.role.stages);
  return {count, arith::RemUIOp::create(rewriter, loc, count, stages),
          arith::DivUIOp::create(rewriter, loc, count, stages)};
}

/// Replaces `loop` by one that is not pipelined.
scf::ForOp RolePrograms::moveToLoop(PipelinedOp loop) {
  rewriter.setInsertionPoint(loop);
  auto forOp = scf::ForOp::create(rewriter, loop.getLoc(), loop.getLower(),
                                  loop.getUpper(), loop.getStep());
  Block *body = &loop.getBody().front();
  rewriter.eraseOp(body->getTerminator());
  rewriter.inlineBlockBefore(body, forOp.getBody()->getTerminator(),
                             forOp.getInductionVar());
  rewriter.eraseOp(loop);
  rewriter.setInsertionPointToStart(forOp.getBody());
  return forOp;
}

/// The threads that compute, of all groups.
int64_t RolePrograms::getNumWorkers() const {
  return numConsumers * roles.getNumGroups();
}

void RolePrograms::setRegisters(RegisterAction action, int64_t count) {
  // Fewer threads have as many registers as they can use.
  if (getNumWorkers() > kProducerThreads)
    SetMaxRegistersOp::create(rewriter, loc, action, count);
}

/// The registers that are left for each thread of the consumers.
static int64_t getConsumerRegisters(int64_t numConsumers) {
  int64_t numThreads = numConsumers + kProducerThreads;
  int64_t total = getRegistersOfThread(numThreads) * numThreads;
  int64_t left = total - kProducerRegisters * kProducerThreads;
  return llvm::alignDown(left / numConsumers, kRegisterUnit);
}

//===----------------------------------------------------------------------===//
// The producer
//===----------------------------------------------------------------------===//

/// Begins copy number `number` of an iteration, box by box.
void RolePrograms::load(Ring &ring, size_t number, ValueRange indices,
                        Value stage) {
  const BoxCopy &copy = ring.role.copies[number];
  const CopyShare &share = ring.shares.copies[number];
  int64_t rows = copy.map.getBox().drop_back().back();
  int64_t width = copy.map.getBox().back();
  for (int64_t row = 0; row < copy.numRows / copy.numShares; ++row)
    for (int64_t panel = 0; panel < copy.numPanels; ++panel) {
      SmallVector<Value> coordinates(indices);
      if (coordinates.empty())
        coordinates.assign(copy.map.getBox().size(), index(0));
      size_t rank = coordinates.size();
      auto add = [&](Value lhs, Value rhs) {
        return rewriter.createOrFold<arith::AddIOp>(loc, lhs, rhs);
      };
      Value firstRow = index(row * rows), firstColumn = index(panel * width);
      if (share.row)
        firstRow = add(share.row, firstRow);
      coordinates[rank - 2] = add(coordinates[rank - 2], firstRow);
      coordinates[rank - 1] = add(coordinates[rank - 1], firstColumn);
      TmaLoadOp::create(rewriter, loc, ring.maps[number], coordinates,
                        ring.buffers[number].getBuffer(),
                        ValueRange{stage, firstRow, firstColumn}, ring.full,
                        stage, share.mask, /*ordered=*/true);
    }
}

/// Makes `loop` one that fills the ring.
void RolePrograms::fill(Ring &ring, PipelinedOp loop, Value counter) {
  SmallVector<CopyOp> copies(loop.getBody().front().getOps<CopyOp>());
  for (GemmOp gemm :
       llvm::make_early_inc_range(loop.getBody().front().getOps<GemmOp>()))
    rewriter.eraseOp(gemm);
  scf::ForOp forOp = moveToLoop(loop);
  Position at = advance(ring, counter);
  Value parity = arith::RemUIOp::create(rewriter, loc, at.round, index(2));
  MBarrierWaitOp::create(
      rewriter, loc, ring.empty, at.stage,
      arith::SubIOp::create(rewriter, loc, index(1), parity));
  int64_t bytes = 0;
  for (BoxCopy &copy : ring.role.copies)
    bytes += copy.getNumBytes();
  MBarrierArriveOp::create(rewriter, loc, ring.full, at.stage,
                           ArrivalKind::Block,
                           rewriter.getI64IntegerAttr(bytes));
  rewriter.setInsertionPoint(forOp.getBody()->getTerminator());
  for (auto [number, copy] : llvm::enumerate(copies)) {
    load(ring, number, copy.getSrcIndices(), at.stage);
    rewriter.eraseOp(copy);
  }
}

/// Fills `part` with the program of the block as far as copies need it.
void RolePrograms::buildProducer(Block *part, Block *program) {
  rewriter.setInsertionPointToStart(part);
  setRegisters(RegisterAction::Decrease, kProducerRegisters);
  auto single = SpecializeOp::create(
      rewriter, loc, ArrayRef<int64_t>{1, kProducerThreads - 1});
  Block *body = &single.getParts().front().front();
  IRMapping map;
  rewriter.setInsertionPointToStart(body);
  for (Operation &op : *program)
    rewriter.clone(op, map);
  SmallVector<Operation *> others;
  ConsumerWork work;
  body->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<PipelinedOp>(op))
      return WalkResult::skip();
    if (!work.contains(op))
      return WalkResult::advance();
    others.push_back(op);
    return WalkResult::skip();
  });
  for (Operation *op : llvm::reverse(others))
    rewriter.eraseOp(op);
  for (Ring &ring : rings)
    fill(ring, cast<PipelinedOp>(map.lookup(ring.role.loop.getOperation())),
         makeCounter(body));
}

//===----------------------------------------------------------------------===//
// The consumers
//===----------------------------------------------------------------------===//

/// Gives back the stage of the iteration before number `count`.
void RolePrograms::release(Ring &ring, Value count) {
  Value before = arith::SubIOp::create(rewriter, loc, count, index(1));
  Value stage =
      arith::RemUIOp::create(rewriter, loc, before, index(ring.role.stages));
  for (Value reader : ring.shares.readers)
    MBarrierArriveRemoteOp::create(rewriter, loc, ring.empty, stage, reader);
  if (ring.shares.readers.empty())
    MBarrierArriveOp::create(rewriter, loc, ring.empty, stage,
                             ArrivalKind::Warp, IntegerAttr());
}

/// Makes the loop of `ring` one that works on what the producer has copied. The
/// products of an iteration are under way while the next one begins; then those
/// of the one before are over and its stage is given back.
void RolePrograms::work(Ring &ring, Value counter) {
  PipelinedOp loop = ring.role.loop;
  Value lower = loop.getLower(), upper = loop.getUpper();
  ring.consumed = {nullptr, lower, upper, loop.getStep(), counter};
  llvm::SetVector<Value> accumulators;
  for (GemmOp gemm : loop.getBody().front().getOps<GemmOp>()) {
    gemm.setDeferred(true);
    accumulators.insert(gemm.getC());
  }
  scf::ForOp forOp = moveToLoop(loop);
  ring.consumed.loop = forOp;
  Position at = advance(ring, counter);
  MBarrierWaitOp::create(
      rewriter, loc, ring.full, at.stage,
      arith::RemUIOp::create(rewriter, loc, at.round, index(2)));
  for (auto [copy, staged] : llvm::zip_equal(ring.role.copies, ring.buffers)) {
    Value view = getStage(rewriter, loc, staged, at.stage);
    rewriter.replaceUsesWithIf(copy.copy.getDst(), view, [&](OpOperand &use) {
      return forOp->isProperAncestor(use.getOwner()) &&
             isa<GemmOp>(use.getOwner());
    });
    rewriter.eraseOp(copy.copy);
  }
  rewriter.setInsertionPoint(forOp.getBody()->getTerminator());
  GemmWaitOp::create(rewriter, loc,
                     std::min(ring.role.numProducts, kMaxPending),
                     ValueRange());
  Value isLater = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ne,
                                        forOp.getInductionVar(), lower);
  auto ifLater = scf::IfOp::create(rewriter, loc, isLater,
                                   /*withElseRegion=*/false);
  rewriter.setInsertionPointToStart(ifLater.thenBlock());
  release(ring, at.count);
  rewriter.setInsertionPointAfter(forOp);
  GemmWaitOp::create(rewriter, loc, 0, accumulators.getArrayRef());
  Value hasRun = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::slt,
                                       lower, upper);
  auto ifRun = scf::IfOp::create(rewriter, loc, hasRun,
                                 /*withElseRegion=*/false);
  rewriter.setInsertionPointToStart(ifRun.thenBlock());
  release(ring, memref::LoadOp::create(rewriter, loc, counter));
}

void RolePrograms::buildConsumer(Block *part) {
  for (Ring &ring : rings)
    work(ring, makeCounter(part));
  rewriter.setInsertionPointToStart(part);
  setRegisters(RegisterAction::Increase, getConsumerRegisters(getNumWorkers()));
}

void RolePrograms::run(const StorePlan &stores) {
  makeMaps();
  launch.setThreads(getNumWorkers() + kProducerThreads);
  Block *body = &launch.getBody().front();
  Operation *first = &body->front();
  rewriter.setInsertionPoint(body->getTerminator());
  auto parts = SpecializeOp::create(
      rewriter, loc, ArrayRef<int64_t>{numConsumers, kProducerThreads});
  Block *consumer = &parts.getParts()[0].front();
  consumer->getOperations().splice(consumer->begin(), body->getOperations(),
                                   first->getIterator(), parts->getIterator());
  makeRings();
  // The terminator is not a part of the program.
  Operation *yield = consumer->getTerminator();
  yield->remove();
  buildProducer(&parts.getParts()[1].front(), consumer);
  consumer->push_back(yield);
  buildConsumer(consumer);
  stageStores(launch, stores.staged, rewriter);
  // Those that have got stages are none of the program any more.
  launch.walk([&](AllocOp alloc) {
    if (alloc->use_empty())
      rewriter.eraseOp(alloc);
  });
  if (!roles.turns)
    return;
  SmallVector<CountedLoop> loops;
  for (Ring &ring : rings)
    loops.push_back(ring.consumed);
  takeTurns(parts, roles.turns, loops, order, rewriter);
}

void mlir::tile::buildRolePrograms(LaunchOp launch, const WarpRoles &roles,
                                   const StorePlan &stores,
                                   IRRewriter &rewriter) {
  RolePrograms(launch, roles, rewriter).run(stores);
}
