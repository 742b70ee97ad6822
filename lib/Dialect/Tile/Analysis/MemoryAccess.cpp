//===- MemoryAccess.cpp - what an op reads and writes -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

Value mlir::tile::getRootBuffer(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>()) {
    if (view.getViewDest() != buffer)
      break;
    buffer = view.getViewSource();
  }
  return buffer;
}

/// The scope of the memory behind `root`; nothing when it is not sure. A value
/// of global scope that is no argument of the function may have been chosen
/// among buffers whose scope was cast away.
static std::optional<Scope> getSureScope(Value root, MemRefType type) {
  std::optional<Scope> scope = getScope(type);
  if (scope != Scope::Global)
    return scope;
  auto arg = dyn_cast<BlockArgument>(root);
  if (arg && isa<FunctionOpInterface>(arg.getOwner()->getParentOp()))
    return scope;
  return std::nullopt;
}

/// Adds an access to `buffer`, which may be null or not a memref.
static void addAccess(Value buffer, bool isWrite,
                      SmallVectorImpl<MemoryAccess> &accesses) {
  MemoryAccess access{Value(), std::nullopt, isWrite};
  auto type = buffer ? dyn_cast<MemRefType>(buffer.getType()) : MemRefType();
  if (type) {
    // A view may lie about the memory space; the buffer itself does not.
    access.root = getRootBuffer(buffer);
    auto rootType = dyn_cast<MemRefType>(access.root.getType());
    access.scope = getSureScope(access.root, rootType ? rootType : type);
  }
  if (access.scope == Scope::Fragment || access.scope == Scope::Local)
    return;
  accesses.push_back(access);
}

void mlir::tile::collectAccesses(Operation *op,
                                 SmallVectorImpl<MemoryAccess> &accesses) {
  op->walk([&](Operation *nested) {
    // Prints, assertions and assumptions order nothing.
    if (isa<PrintOp, AssertOp, AssumeOp, BarrierOp>(nested))
      return;
    auto effectOp = dyn_cast<MemoryEffectOpInterface>(nested);
    if (!effectOp) {
      if (!nested->hasTrait<OpTrait::HasRecursiveMemoryEffects>() &&
          !nested->hasTrait<OpTrait::IsTerminator>())
        addAccess(Value(), /*isWrite=*/true, accesses);
      return;
    }
    SmallVector<MemoryEffects::EffectInstance> effects;
    effectOp.getEffects(effects);
    for (const MemoryEffects::EffectInstance &effect : effects)
      if (isa<MemoryEffects::Read, MemoryEffects::Write>(effect.getEffect()))
        addAccess(effect.getValue(),
                  isa<MemoryEffects::Write>(effect.getEffect()), accesses);
  });
}

bool mlir::tile::conflict(const MemoryAccess &first,
                          const MemoryAccess &second) {
  if (!first.isWrite && !second.isWrite)
    return false;
  if (!first.scope || !second.scope)
    return true;
  if (first.scope != second.scope)
    return false;
  // Two buffers that were allocated apart share nothing.
  bool areAllocated = first.root && second.root &&
                      first.root.getDefiningOp<AllocOp>() &&
                      second.root.getDefiningOp<AllocOp>();
  return !areAllocated || first.root == second.root;
}
