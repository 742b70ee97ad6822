//===- PlaceFragments.cpp - fragments in registers or shared memory -------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A use of a fragment is fine when each thread touches only what it holds. The
// first use that is not decides for shared memory, where any thread can touch
// anything.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEPLACEFRAGMENTS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct PlaceFragmentsPass
    : public tile::impl::TilePlaceFragmentsBase<PlaceFragmentsPass> {
  void runOnOperation() override;
  LogicalResult place(AllocOp op);
};
} // namespace

/// Whether `parallel` runs over the elements of a buffer of type `type` and
/// `indices` name the element of the iteration itself. Dimensions of size 1 do
/// not count.
static bool isOwnElement(ParallelOp parallel, MemRefType type,
                         OperandRange indices) {
  SmallVector<std::pair<int64_t, Value>> points, elements;
  for (auto [extent, iv] : llvm::zip_equal(parallel.getStaticExtents(),
                                           parallel.getInductionVars()))
    if (extent != 1)
      points.push_back({extent, iv});
  for (auto [size, index] : llvm::zip_equal(type.getShape(), indices))
    if (size != 1)
      elements.push_back({size, index});
  return points == elements;
}

/// Why the element access `op` needs more than the thread's own elements.
static std::optional<StringRef> checkAccess(Operation *op, MemRefType type,
                                            OperandRange indices) {
  Operation *parent = getThreadLevelParent(op);
  if (!parent)
    return "an element is accessed by the whole block";
  auto parallel = dyn_cast<ParallelOp>(parent);
  if (!parallel)
    return "an element is accessed by a thread of any number";
  if (!isOwnElement(parallel, type, indices))
    return "an iteration accesses an element other than its own";
  return std::nullopt;
}

/// Why the copy between two fragments, or from one to each thread's own buffer,
/// cannot stay inside each thread.
static std::optional<StringRef> checkCopy(CopyOp op) {
  MemRefType src = op.getSrc().getType(), dst = op.getDst().getType();
  if (tile::getScope(op.getDst()) == Scope::Local)
    return "it is copied to a local buffer";
  if (tile::getScope(op.getSrc()) != Scope::Fragment ||
      tile::getScope(op.getDst()) != Scope::Fragment)
    return std::nullopt;
  bool isWhole = op.getSrcIndices().empty() && op.getDstIndices().empty() &&
                 src.getShape() == dst.getShape() &&
                 ArrayRef(op.getStaticRegion()) == src.getShape();
  if (isWhole)
    return std::nullopt;
  return "a part is copied to another fragment";
}

/// Why the transposition cannot stay inside each thread. If both sides are
/// fragments, only one of them has to give way.
static std::optional<StringRef> checkTranspose(TransposeOp op, Value fragment) {
  if (tile::getScope(op.getDst()) == Scope::Local)
    return "it is transposed to a local buffer";
  if (op.getSrc() == fragment && tile::getScope(op.getDst()) == Scope::Fragment)
    return "it is transposed to another fragment";
  return std::nullopt;
}

/// Why this use needs more than the thread's own elements; nothing when it
/// does not.
static std::optional<StringRef> checkUse(OpOperand &use) {
  using Result = std::optional<StringRef>;
  return llvm::TypeSwitch<Operation *, Result>(use.getOwner())
      .Case([](FillOp) { return std::nullopt; })
      .Case([](CopyOp op) { return checkCopy(op); })
      .Case([&](TransposeOp op) { return checkTranspose(op, use.get()); })
      .Case([&](GemmOp op) -> Result {
        if (op.getA() == use.get() || op.getB() == use.get())
          return "it is an operand of a product";
        return std::nullopt;
      })
      .Case([&](ReduceOp op) -> Result {
        if (op.getSrc() == use.get())
          return "it is the source of a reduction";
        return std::nullopt;
      })
      .Case([](ScanOp) -> Result { return "it is scanned"; })
      .Case<memref::LoadOp, memref::StoreOp>([](auto op) {
        return checkAccess(op, op.getMemRefType(), op.getIndices());
      })
      .Default([](Operation *) -> Result { return "a view of it is taken"; });
}

/// Gives `buffer` and the views of it the shared scope.
static LogicalResult moveToShared(Value buffer) {
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
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

LogicalResult PlaceFragmentsPass::place(AllocOp op) {
  for (OpOperand &use : op.getBuffer().getUses()) {
    std::optional<StringRef> reason = checkUse(use);
    if (!reason)
      continue;
    remark::missed(op.getLoc(), remark::RemarkOpts::name("fragment-in-shared")
                                    .category("tile-place-fragments"))
        << remark::reason("fragment kept in shared memory: {0}", *reason);
    ++numShared;
    return moveToShared(op.getBuffer());
  }
  ++numRegisters;
  return success();
}

void PlaceFragmentsPass::runOnOperation() {
  WalkResult result = getOperation()->walk([&](LaunchOp launch) {
    return launch.walk([&](AllocOp op) {
      if (tile::getScope(op.getBuffer()) != Scope::Fragment)
        return WalkResult::advance();
      return WalkResult(place(op));
    });
  });
  if (result.wasInterrupted())
    signalPassFailure();
}
