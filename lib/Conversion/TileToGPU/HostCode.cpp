//===- HostCode.cpp - what host code may do on a GPU ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostCode.h"
#include "TensorMaps.h"

#include "tile/Conversion/Utils/HostOps.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

/// Whether `buffer` is passed to the function, and so lies on the GPU.
static bool isArgument(func::FuncOp func, Value buffer) {
  auto arg = dyn_cast<BlockArgument>(getRootBuffer(buffer));
  return arg && arg.getOwner() == &func.getBody().front();
}

/// Whether `buffer` was made by host code.
static bool isHostMemory(Value buffer) {
  Operation *op = getRootBuffer(buffer).getDefiningOp();
  return isa_and_nonnull<memref::AllocOp, memref::AllocaOp,
                         memref::GetGlobalOp>(op);
}

/// Refuses a read or write of an argument's elements by host code.
static LogicalResult checkAccess(func::FuncOp func, Operation *op) {
  auto effectOp = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effectOp || op->getNumRegions())
    return success();
  SmallVector<MemoryEffects::EffectInstance> effects;
  effectOp.getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects) {
    Value buffer = effect.getValue();
    if (buffer && isa<BaseMemRefType>(buffer.getType()) &&
        isArgument(func, buffer))
      return op->emitOpError(
          "cannot access the elements of a buffer on the GPU "
          "in host code; expected it inside a "
          "'tile.launch'");
  }
  return success();
}

/// Refuses a buffer that is not what its type says. What memref's own ops make
/// in a kernel is private to a thread, so the block can share none of it; only
/// a 'tile.alloc' has a place as a fragment; a scope cannot become another.
static LogicalResult checkScopes(Operation *op) {
  if (auto cast = dyn_cast<memref::MemorySpaceCastOp>(op)) {
    auto from = dyn_cast<MemRefType>(cast.getSource().getType());
    auto to = dyn_cast<MemRefType>(cast.getType());
    if (from && to && tile::getScope(to) != Scope::Global &&
        tile::getScope(to) != tile::getScope(from))
      return op->emitOpError("cannot give a buffer another scope in a kernel; "
                             "expected a cast from ")
             << to << ", found one from " << from;
  }
  for (Value result : op->getResults()) {
    auto type = dyn_cast<MemRefType>(result.getType());
    if (!type || isa<AllocOp, AllocVarOp>(op))
      continue;
    std::optional<Scope> scope = tile::getScope(type);
    bool isPrivate = isa<memref::AllocaOp>(op) &&
                     (scope == Scope::Local ||
                      (scope == Scope::Global && getThreadLevelParent(op)));
    if (scope == Scope::Fragment ||
        (isa<memref::AllocOp, memref::AllocaOp>(op) && !isPrivate))
      return op->emitOpError("cannot make this buffer in a kernel; expected a "
                             "'tile.alloc', found a result of ")
             << type;
  }
  return success();
}

/// Refuses a use of host memory and calls inside a launch.
static LogicalResult checkLaunch(LaunchOp launch) {
  WalkResult result = launch.walk([&](Operation *op) {
    if (failed(checkScopes(op)))
      return WalkResult::interrupt();
    // What the inliner left calls itself or has no body.
    if (auto call = dyn_cast<func::CallOp>(op)) {
      call.emitOpError("cannot call '")
          << call.getCallee()
          << "' in a kernel; expected a function that can be inlined";
      return WalkResult::interrupt();
    }
    for (Value operand : op->getOperands()) {
      Operation *owner = nullptr;
      if (isa<BaseMemRefType>(operand.getType()) && isHostMemory(operand))
        owner = getRootBuffer(operand).getDefiningOp();
      if (!owner || launch->isProperAncestor(owner))
        continue;
      InFlightDiagnostic diag =
          op->emitOpError("cannot use host memory in a kernel; expected a "
                          "buffer that is an argument of the function");
      diag.attachNote(owner->getLoc()) << "the memory is made here";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult mlir::tile::checkHostCode(func::FuncOp func) {
  SmallVector<LaunchOp> launches;
  func.walk([&](LaunchOp op) { launches.push_back(op); });
  if (launches.empty())
    return success();
  for (LaunchOp launch : launches)
    if (failed(checkLaunch(launch)))
      return failure();
  WalkResult result = func.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<LaunchOp>(op))
      return WalkResult::skip();
    return WalkResult(checkAccess(func, op));
  });
  return failure(result.wasInterrupted());
}

static void lowerHostVar(AllocVarOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  Value init = getInitialValue(rewriter, op);
  Value slot = memref::AllocaOp::create(
      rewriter, op.getLoc(), MemRefType::get({}, op.getElementType()));
  memref::StoreOp::create(rewriter, op.getLoc(), init, slot);
  rewriter.replaceOp(op, slot);
}

LogicalResult mlir::tile::lowerHostCode(func::FuncOp func) {
  IRRewriter rewriter(func.getContext());
  SmallVector<Operation *> ops;
  func.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa_and_nonnull<TileDialect>(op->getDialect()))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto print = dyn_cast<PrintOp>(op))
      lowerHostPrint(print, rewriter);
    else if (auto check = dyn_cast<AssertOp>(op))
      lowerHostAssert(check, rewriter);
    else if (auto assume = dyn_cast<AssumeOp>(op))
      lowerAssume(assume, rewriter);
    else if (auto var = dyn_cast<AllocVarOp>(op))
      lowerHostVar(var, rewriter);
    else if (auto map = dyn_cast<TensorMapOp>(op))
      lowerTensorMap(map, rewriter);
    else
      return op->emitOpError("expected to stand inside a 'tile.launch' on a "
                             "GPU, found in host code");
  }
  return success();
}
