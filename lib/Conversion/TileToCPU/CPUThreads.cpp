//===- CPUThreads.cpp - threads one after another ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CPUThreads.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/ThreadBuffers.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Expands one buffer to one piece of memory with a copy for each thread.
class ThreadBuffer {
public:
  ThreadBuffer(Value buffer, int64_t threads, RewriterBase &rewriter,
               function_ref<Value(MemRefType)> alloc)
      : buffer(buffer), threads(threads), rewriter(rewriter),
        type(cast<MemRefType>(buffer.getType())), loc(buffer.getLoc()) {
    DataLayout layout = DataLayout::closest(buffer.getDefiningOp());
    size = type.getNumElements() *
           layout.getTypeSize(type.getElementType()).getFixedValue();
    memory = alloc(MemRefType::get({threads * size}, rewriter.getI8Type()));
  }

  void expand();

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }
  Value getCopy(Value thread);
  void initialize(AllocVarOp op);
  void replaceIn(ThreadsOp op);
  void repeatForEachThread(Operation *op);

  Value buffer;
  int64_t threads;
  RewriterBase &rewriter;
  MemRefType type;
  Location loc;
  int64_t size;
  Value memory;
};

} // namespace

/// The copy of `thread`, as a buffer of the same shape.
Value ThreadBuffer::getCopy(Value thread) {
  Value offset = arith::MulIOp::create(rewriter, loc, thread, index(size));
  // The scope stays, since it decides what tile.copy means; all of them are
  // replaced at the end.
  return memref::ViewOp::create(rewriter, loc, type, memory, offset,
                                ValueRange());
}

/// Emits a loop over the threads at the rewriter's position and goes inside.
static Value beginLoop(RewriterBase &rewriter, Location loc, int64_t threads) {
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  Value count = arith::ConstantIndexOp::create(rewriter, loc, threads);
  auto loop = scf::ForOp::create(rewriter, loc, zero, count, one);
  rewriter.setInsertionPointToStart(loop.getBody());
  return loop.getInductionVar();
}

void ThreadBuffer::initialize(AllocVarOp op) {
  rewriter.setInsertionPoint(op);
  Value init = getInitialValue(rewriter, op);
  Value thread = beginLoop(rewriter, loc, threads);
  memref::StoreOp::create(rewriter, loc, init, getCopy(thread));
}

void ThreadBuffer::replaceIn(ThreadsOp op) {
  rewriter.setInsertionPointToStart(&op.getBody().front());
  Value copy = getCopy(op.getThreadId());
  rewriter.replaceUsesWithIf(buffer, copy, [&](OpOperand &use) {
    return op->isProperAncestor(use.getOwner());
  });
}

void ThreadBuffer::repeatForEachThread(Operation *op) {
  rewriter.setInsertionPoint(op);
  Value copy = getCopy(beginLoop(rewriter, loc, threads));
  rewriter.moveOpAfter(op, copy.getDefiningOp());
  op->replaceUsesOfWith(buffer, copy);
}

void ThreadBuffer::expand() {
  Operation *alloc = buffer.getDefiningOp();
  if (auto var = dyn_cast<AllocVarOp>(alloc))
    initialize(var);
  while (!buffer.use_empty()) {
    Operation *user = *buffer.getUsers().begin();
    if (auto op = user->getParentOfType<ThreadsOp>())
      replaceIn(op);
    else
      repeatForEachThread(user);
  }
  rewriter.eraseOp(alloc);
}

void mlir::tile::expandThreadBuffers(LaunchOp launch, RewriterBase &rewriter,
                                     function_ref<Value(MemRefType)> alloc) {
  for (Value buffer : getThreadBuffers(launch))
    ThreadBuffer(buffer, launch.getThreads(), rewriter, alloc).expand();
}

void mlir::tile::lowerThreadsOnCPU(ThreadsOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  auto launch = op->getParentOfType<LaunchOp>();
  Value thread = beginLoop(rewriter, op.getLoc(), launch.getThreads());
  Block *body = &op.getBody().front();
  rewriter.eraseOp(body->getTerminator());
  rewriter.inlineBlockBefore(body, thread.getParentBlock()->getTerminator(),
                             thread);
  rewriter.eraseOp(op);
}
