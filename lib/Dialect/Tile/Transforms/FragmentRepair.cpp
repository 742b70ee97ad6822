//===- FragmentRepair.cpp - fragments without a common layout ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FragmentRepair.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

LogicalResult mlir::tile::moveToShared(Value buffer) {
  for (Operation *user : llvm::to_vector(buffer.getUsers())) {
    if (auto convert = dyn_cast<ConvertLayoutOp>(user)) {
      OpBuilder builder(convert);
      CopyOp::create(builder, convert.getLoc(), convert.getSrc(), ValueRange(),
                     convert.getDst(), ValueRange());
      convert.erase();
      continue;
    }
    if (auto store = dyn_cast<StagedStoreOp>(user)) {
      // It still takes its elements from registers.
      OpBuilder builder(store);
      Value own = AllocOp::create(builder, store.getLoc(),
                                  cast<MemRefType>(buffer.getType()))
                      .getBuffer();
      CopyOp::create(builder, store.getLoc(), buffer, ValueRange(), own,
                     ValueRange());
      store.getSrcMutable().set(own);
      continue;
    }
    if (isa<FillOp, CopyOp, TransposeOp, GemmOp, ReduceOp, ScanOp,
            memref::LoadOp, memref::StoreOp, memref::DimOp>(user))
      continue;
    auto view = dyn_cast<ViewLikeOpInterface>(user);
    if (!view || view.getViewSource() != buffer ||
        !isa<MemRefType>(view.getViewDest().getType()))
      return user->emitOpError("unsupported use of a fragment buffer; expected "
                               "tile ops, element accesses or views");
    if (failed(moveToShared(view.getViewDest())))
      return failure();
  }
  buffer.setType(withScope(cast<MemRefType>(buffer.getType()), Scope::Shared));
  return success();
}

/// The uses of `fragment` in `op` and its body, or that operand only.
static SmallVector<OpOperand *> getUses(Value fragment, Operation *op,
                                        std::optional<unsigned> operand) {
  SmallVector<OpOperand *> uses;
  if (operand)
    uses.push_back(&op->getOpOperand(*operand));
  else
    for (OpOperand &use : fragment.getUses())
      if (op->isAncestor(use.getOwner()))
        uses.push_back(&use);
  return uses;
}

static bool writes(OpOperand &use) {
  auto effects = dyn_cast<MemoryEffectOpInterface>(use.getOwner());
  SmallVector<MemoryEffects::EffectInstance> found;
  if (!effects)
    return true;
  effects.getEffectsOnValue(use.get(), found);
  return llvm::any_of(found, [](const MemoryEffects::EffectInstance &effect) {
    return isa<MemoryEffects::Write>(effect.getEffect());
  });
}

/// Whether the use needs what the fragment held: it reads it, or leaves some of
/// it as it was.
static bool needsContent(OpOperand &use, Operation *op) {
  Operation *user = use.getOwner();
  if (auto gemm = dyn_cast<GemmOp>(user))
    return gemm.getC() != use.get() || !gemm.getClear();
  if (auto reduce = dyn_cast<ReduceOp>(user))
    return reduce.getSrc() == use.get() || reduce.getAccumulate();
  // A loop stores to all elements of a fragment, or to those of a condition.
  return !isa<memref::StoreOp>(user) || user->getParentOp() != op;
}

/// The outermost loop around `op` in which nobody writes to `fragment`; `op`
/// itself when there is none.
static Operation *getOutermost(Operation *op, Value fragment) {
  Operation *place = op;
  while (auto loop = dyn_cast<LoopLikeOpInterface>(place->getParentOp())) {
    bool isWritten = llvm::any_of(fragment.getUses(), [&](OpOperand &use) {
      return loop->isAncestor(use.getOwner()) && writes(use);
    });
    if (isWritten)
      break;
    place = loop;
  }
  return place;
}

Value mlir::tile::giveOwnFragment(Value fragment, Operation *op,
                                  std::optional<unsigned> operand) {
  SmallVector<OpOperand *> uses = getUses(fragment, op, operand);
  bool isWritten = false, isNeeded = false;
  for (OpOperand *use : uses) {
    isWritten |= writes(*use);
    isNeeded |= needsContent(*use, op);
  }
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfterValue(fragment);
  Location loc = op->getLoc();
  Value own = AllocOp::create(builder, fragment.getLoc(),
                              cast<MemRefType>(fragment.getType()))
                  .getBuffer();
  if (isNeeded) {
    builder.setInsertionPoint(isWritten ? op : getOutermost(op, fragment));
    ConvertLayoutOp::create(builder, loc, fragment, own, Value());
  }
  if (isWritten) {
    builder.setInsertionPointAfter(op);
    ConvertLayoutOp::create(builder, loc, own, fragment, Value());
  }
  for (OpOperand *use : uses)
    use->set(own);
  return own;
}

void mlir::tile::replaceByConversion(CopyOp op) {
  OpBuilder builder(op);
  ConvertLayoutOp::create(builder, op.getLoc(), op.getSrc(), op.getDst(),
                          Value());
  op.erase();
}
