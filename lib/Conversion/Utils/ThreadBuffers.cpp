//===- ThreadBuffers.cpp - what each thread keeps for itself ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/ThreadBuffers.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

/// Calls `fn` with each write inside of `threads` to a local buffer from
/// outside, and with that buffer.
static void forEachOuterWrite(ThreadsOp threads,
                              function_ref<void(Operation *, Value)> fn) {
  threads.getBody().walk([&](MemoryEffectOpInterface op) {
    SmallVector<MemoryEffects::EffectInstance> effects;
    op.getEffects<MemoryEffects::Write>(effects);
    for (const MemoryEffects::EffectInstance &effect : effects) {
      Value root =
          effect.getValue() ? getRootBuffer(effect.getValue()) : Value();
      auto type = root ? dyn_cast<MemRefType>(root.getType()) : MemRefType();
      if (type && tile::getScope(type) == Scope::Local &&
          !threads.getBody().isAncestor(root.getParentRegion()))
        fn(op, root);
    }
  });
}

llvm::SetVector<Value> mlir::tile::getThreadBuffers(LaunchOp launch) {
  llvm::SetVector<Value> buffers;
  launch.walk([&](ThreadsOp threads) {
    forEachOuterWrite(threads,
                      [&](Operation *, Value root) { buffers.insert(root); });
  });
  return buffers;
}

/// Whether the use outside of tile.threads only writes, and so can be done for
/// each thread's copy.
static bool onlyWrites(OpOperand &use) {
  Operation *user = use.getOwner();
  Value buffer = use.get();
  if (isa<FillOp>(user))
    return true;
  if (auto store = dyn_cast<memref::StoreOp>(user))
    return store.getMemRef() == buffer;
  if (auto copy = dyn_cast<CopyOp>(user))
    return copy.getDst() == buffer && copy.getSrc() != buffer;
  if (auto transpose = dyn_cast<TransposeOp>(user))
    return transpose.getDst() == buffer && transpose.getSrc() != buffer;
  if (auto scan = dyn_cast<ScanOp>(user))
    return scan.getSrc() == scan.getDst();
  return false;
}

static LogicalResult checkBuffer(ThreadsOp threads, Operation *write,
                                 Value buffer) {
  if (!isa_and_nonnull<AllocOp, AllocVarOp>(buffer.getDefiningOp()))
    return write->emitOpError("expected a local buffer of 'tile.alloc' or "
                              "'tile.alloc_var', or one that is made inside "
                              "the 'tile.threads', found ")
           << buffer.getType() << " from elsewhere";
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    if (user->getParentOfType<ThreadsOp>() || onlyWrites(use))
      continue;
    InFlightDiagnostic diag = user->emitOpError(
        "cannot use a local buffer here whose content differs between "
        "threads; expected it inside 'tile.threads', or only written");
    diag.attachNote(write->getLoc()) << "it is written by each thread here";
    return diag;
  }
  return success();
}

LogicalResult mlir::tile::checkThreads(ModuleOp module) {
  WalkResult result = module.walk([&](ThreadsOp threads) {
    if (!threads->getParentOfType<LaunchOp>()) {
      threads.emitOpError("expected to stand inside a 'tile.launch', which "
                          "says how many threads there are");
      return WalkResult::interrupt();
    }
    bool hasFailed = false;
    forEachOuterWrite(threads, [&](Operation *write, Value buffer) {
      hasFailed = hasFailed || failed(checkBuffer(threads, write, buffer));
    });
    return hasFailed ? WalkResult::interrupt() : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
