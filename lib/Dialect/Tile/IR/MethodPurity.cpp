//===- MethodPurity.cpp - what a pure method may do -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That a pure method only calls pure ones is verified with the symbols.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

/// The buffer behind views and arguments of inline regions.
static Value getViewedBuffer(Value value) {
  while (true) {
    auto arg = dyn_cast<BlockArgument>(value);
    auto inlineOp =
        arg ? dyn_cast<InlineOp>(arg.getOwner()->getParentOp()) : InlineOp();
    if (inlineOp) {
      value = inlineOp.getArgs()[arg.getArgNumber()];
      continue;
    }
    auto view = value.getDefiningOp<ViewLikeOpInterface>();
    if (!view)
      return value;
    value = view.getViewSource();
  }
}

/// Whether `value` is, or is a view of, what `method` makes.
static bool isMadeInside(MethodOp method, Value value) {
  Operation *op = getViewedBuffer(value).getDefiningOp();
  return op && method->isProperAncestor(op) && isa<AllocOp, AllocVarOp>(op);
}

/// Whether `op` may write something that exists outside `method`.
static bool mayWrite(MethodOp method, Operation *op) {
  if (isa<SetOp>(op))
    return true;
  // An assertion is no result, and the other meta ops are verified where their
  // symbols are known.
  if (isa<AssertOp, AssumeOp, GetOp, InvokeOp, NewOp>(op))
    return false;
  auto effectOp = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effectOp)
    return !op->hasTrait<OpTrait::HasRecursiveMemoryEffects>();
  SmallVector<MemoryEffects::EffectInstance> effects;
  effectOp.getEffects<MemoryEffects::Write>(effects);
  return llvm::any_of(effects, [&](const MemoryEffects::EffectInstance &e) {
    Value value = e.getValue();
    return !value ||
           (value.getDefiningOp() != op && !isMadeInside(method, value));
  });
}

LogicalResult MethodOp::verifyRegions() {
  if (!getPure())
    return success();
  WalkResult result = getBody().walk([&](Operation *op) -> WalkResult {
    if (!mayWrite(*this, op))
      return WalkResult::advance();
    InFlightDiagnostic diag = op->emitOpError("cannot write in a pure method");
    diag.attachNote(getLoc()) << "the method is here";
    return diag;
  });
  return failure(result.wasInterrupted());
}
