//===- BlockParts.cpp - the threads that execute an op ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BlockParts.h"

#include "Shuffle.h"
#include "tile/Layout/Warp.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::tile;

/// The barriers of a block, that of all threads included.
static constexpr int64_t kMaxBarriers = 16;

static Value getIndex(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

void BlockParts::add(gpu::LaunchOp op, int64_t numThreads,
                     int64_t unrollLimit) {
  launch = op;
  parts[&launch.getBody()] = {
      std::make_unique<ThreadExecutor>(launch.getThreadIds().x, numThreads,
                                       unrollLimit),
      numBarriers++, Value()};
  launch.walk<WalkOrder::PreOrder>([&](SpecializeOp nested) {
    ops.push_back(nested);
    addParts(nested, unrollLimit);
  });
}

void BlockParts::addParts(SpecializeOp op, int64_t unrollLimit) {
  Location loc = op.getLoc();
  OpBuilder b(op);
  Value threadId = getPart(op).executor->getThreadId();
  bool areWarps = llvm::all_of(
      op.getThreads(), [](int64_t count) { return count % kWarpSize == 0; });
  Value number = areWarps ? takeFromFirstLane(b, loc, threadId) : threadId;
  int64_t first = 0;
  for (auto [region, count] : llvm::zip_equal(op.getParts(), op.getThreads())) {
    Value isMember;
    if (first + count != tile::getNumThreads(op) &&
        &region != &op.getParts().back())
      isMember = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                       number, getIndex(b, loc, first + count));
    // One thread is always the first one.
    Value id = threadId;
    if (count == 1)
      id = getIndex(b, loc, 0);
    else if (first != 0)
      id = arith::SubIOp::create(b, loc, threadId, getIndex(b, loc, first));
    parts[&region] = {std::make_unique<ThreadExecutor>(id, count, unrollLimit),
                      numBarriers++, isMember};
    first += count;
  }
}

BlockParts::Part &BlockParts::getPart(Operation *op) {
  Region *region = op == launch ? &launch.getBody() : op->getParentRegion();
  while (!parts.contains(region))
    region = region->getParentRegion();
  return parts.find(region)->second;
}

ThreadExecutor &BlockParts::getExecutor(Operation *op) {
  return *getPart(op).executor;
}

void BlockParts::buildBarrier(OpBuilder &b, Operation *op) {
  const Part &part = getPart(op);
  Location loc = op->getLoc();
  if (part.executor->getNumThreads() == 1)
    return;
  if (part.barrier == 0) {
    gpu::BarrierOp::create(b, loc);
    return;
  }
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(b, loc, b.getI32Type(), value);
  };
  NVVM::BarrierOp::create(b, loc, TypeRange(), constant(part.barrier),
                          constant(part.executor->getNumThreads()),
                          NVVM::BarrierReductionAttr(), Value());
}

std::optional<int64_t> BlockParts::addBarriers(Operation *op, int64_t count) {
  Part &part = getPart(op);
  if (part.numGroups == 0 && numBarriers + count <= kMaxBarriers) {
    part.groupBarrier = numBarriers;
    part.numGroups = count;
    numBarriers += count;
  }
  return part.numGroups == count ? std::optional<int64_t>(part.groupBarrier)
                                 : std::nullopt;
}

void BlockParts::lower(RewriterBase &rewriter) {
  // The inner ones first.
  for (SpecializeOp op : llvm::reverse(ops)) {
    rewriter.setInsertionPoint(op);
    for (Region &region : op.getParts()) {
      Block *body = &region.front();
      rewriter.eraseOp(body->getTerminator());
      Value isMember = parts.find(&region)->second.isMember;
      if (!isMember) {
        rewriter.inlineBlockBefore(body, rewriter.getInsertionBlock(),
                                   rewriter.getInsertionPoint());
        break;
      }
      auto ifOp = scf::IfOp::create(rewriter, op.getLoc(), isMember,
                                    /*withElseRegion=*/true);
      rewriter.inlineBlockBefore(body, ifOp.thenYield());
      rewriter.setInsertionPoint(ifOp.elseYield());
    }
    rewriter.eraseOp(op);
  }
}
