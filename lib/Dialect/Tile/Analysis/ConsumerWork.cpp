//===- ConsumerWork.cpp - what only computing warps do ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/ConsumerWork.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

/// Whether nobody but `op`'s users would miss it.
static bool actsOnMemoryOnly(Operation *op) {
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return tile::getScope(store.getMemRefType()) != Scope::Local;
  if (isa<PipelinedOp, AllocOp, AllocVarOp>(op))
    return false;
  return isa<PrintOp, AssertOp, AtomicOp, ThreadsOp, memref::LoadOp>(op) ||
         op->hasTrait<BlockLevel>();
}

bool ConsumerWork::areUsers(Operation *op) {
  return llvm::all_of(op->getUsers(),
                      [&](Operation *user) { return contains(user); });
}

bool ConsumerWork::compute(Operation *op) {
  if (op->hasTrait<OpTrait::IsTerminator>() ||
      op->getParentOfType<PipelinedOp>())
    return false;
  if (actsOnMemoryOnly(op))
    return areUsers(op);
  auto ifOp = dyn_cast<scf::IfOp>(op);
  if (!ifOp)
    return isMemoryEffectFree(op) && !op->use_empty() && areUsers(op);
  // What computes the results must not be kept for them.
  auto isIdle = [&](Operation &inner) {
    return isMemoryEffectFree(&inner) || contains(&inner);
  };
  for (Region &region : ifOp->getRegions())
    for (Block &block : region)
      if (!llvm::all_of(block.without_terminator(), isIdle))
        return false;
  return areUsers(op);
}

bool ConsumerWork::contains(Operation *op) {
  auto found = known.find(op);
  if (found != known.end())
    return found->second;
  // Values are defined before their uses, and variables are always kept, so
  // this ends.
  bool result = compute(op);
  known[op] = result;
  return result;
}
