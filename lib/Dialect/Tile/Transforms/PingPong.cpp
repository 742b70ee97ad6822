//===- PingPong.cpp - groups of warps that take turns -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// While one group writes its tile, the other one multiplies. A wait for a phase
// of a barrier tells it from its neighbours only, so a group waits for the
// stages of its tile when the other one has seen all of the tile before. Each
// stage is given back by the group that has used it.
//
//===----------------------------------------------------------------------===//

#include "PingPong.h"

#include "tile/Dialect/Tile/Analysis/WarpTurns.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

/// Whether `op`, or what is inside it, uses a value that is defined by `first`
/// or behind it in its block.
static bool usesAnyFrom(Operation *op, Operation *first) {
  WalkResult result = op->walk([&](Operation *nested) {
    bool isLater = llvm::any_of(nested->getOperands(), [&](Value operand) {
      Operation *def = operand.getDefiningOp();
      return def && def->getBlock() == first->getBlock() &&
             !def->isBeforeInBlock(first);
    });
    return isLater ? WalkResult::interrupt() : WalkResult::advance();
  });
  return result.wasInterrupted();
}

/// The ops of `body` that belong to a tile. Those between them that touch no
/// memory move to the front where they can.
static SmallVector<Operation *> collectWork(Block *body) {
  SmallVector<Operation *> work;
  for (Operation &op : llvm::make_early_inc_range(body->without_terminator())) {
    if (!isScalarCode(&op)) {
      work.push_back(&op);
      continue;
    }
    bool canMove = isa<AllocOp, AllocVarOp>(op) || isMemoryEffectFree(&op);
    if (!work.empty() && canMove && !usesAnyFrom(&op, work.front()))
      op.moveBefore(work.front());
  }
  return work;
}

/// What follows each other directly. Scalar code that could not move divides
/// the work.
static SmallVector<SmallVector<Operation *>>
divideWork(ArrayRef<Operation *> work) {
  SmallVector<SmallVector<Operation *>> runs;
  for (Operation *op : work) {
    if (runs.empty() || runs.back().back()->getNextNode() != op)
      runs.emplace_back();
    runs.back().push_back(op);
  }
  return runs;
}

/// The number of iterations of a loop.
static Value buildTripCount(OpBuilder &b, Location loc,
                            const CountedLoop &loop) {
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value length = arith::SubIOp::create(b, loc, loop.upper, loop.lower);
  length = arith::MaxSIOp::create(b, loc, length, zero);
  return arith::CeilDivSIOp::create(b, loc, length, loop.step);
}

static void addTo(OpBuilder &b, Location loc, Value variable, Value amount) {
  Value sum = memref::LoadOp::create(b, loc, variable);
  sum = arith::AddIOp::create(b, loc, sum, amount);
  memref::StoreOp::create(b, loc, sum, variable);
}

/// Lets the loops of the group of the given number begin when the other one has
/// seen all stages of the tile before, which is number `count` - 1.
static void orderLoops(ArrayRef<CountedLoop> loops, Value order, Value number,
                       Value count, OpBuilder &b) {
  Operation *first = loops.front().loop, *last = first;
  for (const CountedLoop &loop : loops) {
    if (loop.loop->isBeforeInBlock(first))
      first = loop.loop;
    if (last->isBeforeInBlock(loop.loop))
      last = loop.loop;
  }
  Location loc = first->getLoc();
  b.setInsertionPoint(first);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  // The first group finds its barrier as it is new; the other one waits for the
  // first phase.
  Value rounds = arith::DivUIOp::create(b, loc, count, constant(2));
  Value other = arith::SubIOp::create(b, loc, constant(1), number);
  Value parity = arith::RemUIOp::create(
      b, loc, arith::AddIOp::create(b, loc, rounds, other), constant(2));
  MBarrierWaitOp::create(b, loc, order, number, parity);
  b.setInsertionPointAfter(last);
  MBarrierArriveOp::create(b, loc, order, other, ArrivalKind::Warp,
                           IntegerAttr());
}

/// Lets the group of the given number do the work of every other iteration.
static void guardWork(Block *body, Value number, Value turn, Value order,
                      ArrayRef<CountedLoop> loops, OpBuilder &b) {
  Location loc = body->getParentOp()->getLoc();
  SmallVector<Operation *> work = collectWork(body);
  b.setInsertionPointToStart(body);
  Value two = arith::ConstantIndexOp::create(b, loc, 2);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value count = memref::LoadOp::create(b, loc, turn);
  Value rest = arith::RemUIOp::create(b, loc, count, two);
  Value isMine =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest, number);
  addTo(b, loc, turn, one);
  scf::IfOp ifOp;
  for (ArrayRef<Operation *> run : divideWork(work)) {
    b.setInsertionPoint(run.front());
    bool isLast = run.back() == work.back();
    ifOp = scf::IfOp::create(b, loc, isMine, /*withElseRegion=*/isLast);
    for (Operation *op : run)
      op->moveBefore(ifOp.thenBlock()->getTerminator());
  }
  orderLoops(loops, order, number, count, b);
  // All that loops depend on is known at the last piece of work.
  b.setInsertionPointToStart(ifOp.elseBlock());
  for (const CountedLoop &loop : loops)
    addTo(b, loc, loop.counter, buildTripCount(b, loc, loop));
}

/// Gives `op`, a copy of the consumers, its own of the shared buffers that only
/// these use.
static void copyBuffers(SpecializeOp parts, Region &copy, Region &original,
                        OpBuilder &b) {
  Block *outside = parts->getBlock();
  for (AllocOp alloc : llvm::make_early_inc_range(outside->getOps<AllocOp>())) {
    bool isTheirs = !alloc->use_empty() &&
                    llvm::all_of(alloc->getUsers(), [&](Operation *user) {
                      return copy.isAncestor(user->getParentRegion()) ||
                             original.isAncestor(user->getParentRegion());
                    });
    if (!isTheirs)
      continue;
    b.setInsertionPointAfter(alloc);
    auto other = cast<AllocOp>(b.clone(*alloc));
    alloc.getBuffer().replaceUsesWithIf(other.getBuffer(), [&](OpOperand &use) {
      return copy.isAncestor(use.getOwner()->getParentRegion());
    });
  }
}

void mlir::tile::takeTurns(SpecializeOp parts, Block *body,
                           ArrayRef<CountedLoop> loops, Value order,
                           RewriterBase &rewriter) {
  Location loc = parts.getLoc();
  Region &consumers = parts.getParts().front();
  rewriter.setInsertionPointToStart(&consumers.front());
  Value number = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value turn =
      AllocVarOp::create(rewriter, loc, rewriter.getIndexType(),
                         arith::ConstantIndexOp::create(rewriter, loc, 0));
  guardWork(body, number, turn, order, loops, rewriter);

  ArrayRef<int64_t> threads = parts.getThreads();
  SmallVector<int64_t> counts{threads.front()};
  llvm::append_range(counts, threads);
  rewriter.setInsertionPoint(parts);
  auto groups = SpecializeOp::create(rewriter, loc, counts);
  IRMapping map;
  for (auto [i, part] : llvm::enumerate(groups.getParts().drop_front()))
    part.takeBody(parts.getParts()[i]);
  Region &second = groups.getParts()[1], &first = groups.getParts()[0];
  first.dropAllReferences();
  first.getBlocks().clear();
  second.cloneInto(&first, map);
  auto other = cast<arith::ConstantOp>(second.front().front());
  other.setValueAttr(rewriter.getIndexAttr(1));
  rewriter.eraseOp(parts);
  copyBuffers(groups, second, first, rewriter);
}
