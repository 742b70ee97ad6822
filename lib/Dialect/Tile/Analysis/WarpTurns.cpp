//===- WarpTurns.cpp - iterations that groups take in turn ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/WarpTurns.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

/// Whether the op reads or writes a variable of the threads.
static bool isVariableAccess(Operation *op) {
  Value buffer;
  if (auto load = dyn_cast<memref::LoadOp>(op))
    buffer = load.getMemRef();
  if (auto store = dyn_cast<memref::StoreOp>(op))
    buffer = store.getMemRef();
  return buffer && tile::getScope(buffer) == Scope::Local;
}

bool mlir::tile::isScalarCode(Operation *op) {
  WalkResult result = op->walk([](Operation *nested) {
    bool isScalar = nested->hasTrait<OpTrait::IsTerminator>() ||
                    isa<AllocOp, AllocVarOp>(nested) ||
                    isVariableAccess(nested) ||
                    (!nested->hasTrait<BlockLevel>() &&
                     (isMemoryEffectFree(nested) ||
                      nested->hasTrait<OpTrait::HasRecursiveMemoryEffects>()));
    return isScalar ? WalkResult::advance() : WalkResult::interrupt();
  });
  return !result.wasInterrupted();
}

/// Whether the op gives all elements of `buffer` new values.
static bool overwrites(Operation *op, Value buffer) {
  if (auto fill = dyn_cast<FillOp>(op))
    return fill.getBuffer() == buffer;
  auto copy = dyn_cast<CopyOp>(op);
  return copy && copy.getDst() == buffer && copy.getSrc() != buffer &&
         ArrayRef(copy.getStaticRegion()) ==
             cast<MemRefType>(buffer.getType()).getShape();
}

/// Whether an iteration can see what an earlier one has left in `alloc`.
static bool keepsContents(AllocOp alloc, Block *body) {
  // What pipelined loops copy is the producer's.
  auto isCopied = [&](Operation *user) {
    auto copy = dyn_cast<CopyOp>(user);
    return copy && copy.getDst() == alloc.getBuffer() &&
           isa<PipelinedOp>(copy->getParentOp());
  };
  if (llvm::any_of(alloc->getUsers(), isCopied))
    return false;
  for (Operation &op : *body) {
    bool isUsed = llvm::any_of(alloc->getUsers(), [&](Operation *user) {
      return op.isAncestor(user);
    });
    if (isUsed)
      return !overwrites(&op, alloc.getBuffer());
  }
  return false;
}

/// Whether the op writes what other blocks can see.
static bool writesGlobal(Operation *op) {
  SmallVector<MemoryAccess> accesses;
  collectAccesses(op, accesses);
  return llvm::any_of(accesses, [](const MemoryAccess &access) {
    return access.isWrite &&
           access.scope.value_or(Scope::Global) == Scope::Global;
  });
}

/// Whether the group that leaves out an iteration of `body` would miss what the
/// other one has computed; then the `reason`.
static bool sharesValues(Block *body, std::string &reason) {
  for (Operation &op : *body) {
    if (isScalarCode(&op) || isa<PipelinedOp>(op))
      continue;
    if (!op.use_empty())
      reason = llvm::formatv("'{0}' gives a value to other code of a tile",
                             op.getName());
    op.walk([&](memref::StoreOp store) {
      auto variable = store.getMemRef().getDefiningOp<AllocVarOp>();
      if (variable && !op.isProperAncestor(variable))
        reason = "a variable is stored where a tile is computed";
    });
    if (!reason.empty())
      return true;
  }
  return false;
}

/// Whether an iteration of `body` may read a tensor that another one writes.
/// Atomic updates may come in any order.
static bool readsOtherTiles(Block *body) {
  SmallVector<MemoryAccess> accesses;
  body->walk([&](Operation *op) {
    if (op->getNumRegions() == 0 && !isa<AtomicOp>(op))
      collectAccesses(op, accesses);
  });
  llvm::erase_if(accesses, [](const MemoryAccess &access) {
    return access.scope == Scope::Shared;
  });
  return llvm::any_of(accesses, [&](const MemoryAccess &write) {
    return write.isWrite &&
           llvm::any_of(accesses, [&](const MemoryAccess &read) {
             return !read.isWrite && mayBeSame(write.root, read.root);
           });
  });
}

Block *mlir::tile::findTurns(ArrayRef<PipelinedOp> loops, std::string &reason) {
  Block *body = loops.front()->getBlock();
  auto launch = loops.front()->getParentOfType<LaunchOp>();
  if (!isa<scf::ForOp, scf::WhileOp>(body->getParentOp()) ||
      !llvm::all_of(
          loops, [&](PipelinedOp loop) { return loop->getBlock() == body; })) {
    reason = "its pipelined loops are not all in the body of one loop";
    return nullptr;
  }
  WalkResult result = launch.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op->getBlock() == body)
      return WalkResult::skip();
    auto alloc = dyn_cast<AllocOp>(op);
    if (alloc && keepsContents(alloc, body))
      reason = llvm::formatv("a buffer of type {0} keeps its contents from "
                             "tile to tile",
                             alloc.getBuffer().getType());
    else if (isa<PrintOp>(op) || (!op->getNumRegions() && writesGlobal(op)))
      reason = llvm::formatv("'{0}' stands outside of the loop over tiles",
                             op->getName());
    return reason.empty() ? WalkResult::advance() : WalkResult::interrupt();
  });
  if (result.wasInterrupted() || sharesValues(body, reason))
    return nullptr;
  if (!readsOtherTiles(body))
    return body;
  reason = "a tile may read what another one writes";
  return nullptr;
}
