//===- PipelineCopies.cpp - copies that can be begun early ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

bool mlir::tile::isPadZero(Value pad) {
  return !pad || matchPattern(pad, m_Zero()) ||
         matchPattern(pad, m_PosZeroFloat());
}

namespace {

class CopyFinder {
public:
  explicit CopyFinder(PipelinedOp loop)
      : loop(loop), body(&loop.getBody().front()) {
    SmallVector<MemoryAccess> accesses;
    collectAccesses(loop, accesses);
    for (const MemoryAccess &access : accesses)
      if (access.isWrite)
        writes.push_back(access);
  }

  SmallVector<PipelineCopy> run();

private:
  std::string check(PipelineCopy &early);
  std::string checkSource(CopyOp copy);
  std::string addToSlice(Value value, PipelineCopy &early);
  std::string checkUse(OpOperand &use, CopyOp copy);
  bool isOverwrittenBefore(Operation *user, Value buffer);

  PipelinedOp loop;
  Block *body;
  /// What the loop writes of global and shared memory.
  SmallVector<MemoryAccess> writes;
};

} // namespace

/// Whether the copy writes all elements of its destination.
static bool writesWhole(CopyOp copy) {
  return llvm::all_of(copy.getDstIndices(),
                      [](Value index) { return isZeroInteger(index); }) &&
         ArrayRef(copy.getStaticRegion()) == copy.getDst().getType().getShape();
}

std::string CopyFinder::checkSource(CopyOp copy) {
  SmallVector<MemoryAccess> accesses;
  collectAccesses(copy, accesses);
  const MemoryAccess *source = llvm::find_if(
      accesses, [](const MemoryAccess &access) { return !access.isWrite; });
  for (const MemoryAccess &write : writes) {
    if (!write.scope || !write.root)
      return "the loop writes memory that is not known";
    // A source that is no argument may be any of them.
    bool mayBeSource = !source->scope || write.root == source->root;
    if (write.scope == Scope::Global && mayBeSource)
      return "the loop may write its source";
  }
  return {};
}

/// Adds the operations of the body that compute `value`.
std::string CopyFinder::addToSlice(Value value, PipelineCopy &early) {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isProperAncestor(op) || early.slice.contains(op))
    return {};
  if (op->getNumRegions() || !isMemoryEffectFree(op))
    return llvm::formatv("what it copies depends on a '{0}' in the loop",
                         op->getName())
        .str();
  for (Value operand : op->getOperands())
    if (std::string obstacle = addToSlice(operand, early); !obstacle.empty())
      return obstacle;
  early.slice.insert(op);
  return {};
}

/// Whether a write of all of `buffer` stands on every way from the loop to
/// `user`, which is outside of it.
bool CopyFinder::isOverwrittenBefore(Operation *user, Value buffer) {
  // From `user` outwards, as long as the loop is not met.
  for (Operation *op = user; op && !op->isAncestor(loop);
       op = op->getParentOp()) {
    for (Operation *before = op->getPrevNode(); before;
         before = before->getPrevNode()) {
      if (before->isAncestor(loop))
        return false;
      auto copy = dyn_cast<CopyOp>(before);
      if (copy && copy.getDst() == buffer && copy.getSrc() != buffer &&
          writesWhole(copy))
        return true;
      auto fill = dyn_cast<FillOp>(before);
      if (fill && fill.getBuffer() == buffer)
        return true;
    }
    if (isa<LaunchOp>(op->getParentOp()))
      return false;
  }
  return false;
}

/// Checks another use of the copy's buffer than the copy itself.
std::string CopyFinder::checkUse(OpOperand &use, CopyOp copy) {
  Operation *user = use.getOwner();
  bool isKnown = isa<memref::LoadOp, memref::StoreOp, memref::DimOp>(user) ||
                 isa_and_nonnull<TileDialect>(user->getDialect());
  if (!isKnown || isa<ViewOp>(user))
    return "a view of its buffer is taken";
  SmallVector<MemoryAccess> accesses;
  collectAccesses(user, accesses);
  bool writesBuffer = llvm::any_of(accesses, [&](const MemoryAccess &access) {
    return access.isWrite && access.root == use.get();
  });
  if (loop->isProperAncestor(user)) {
    if (writesBuffer)
      return "its buffer is also written otherwise";
    Operation *ancestor = body->findAncestorOpInBlock(*user);
    if (!copy->isBeforeInBlock(ancestor))
      return "its buffer is read before it is written";
    return {};
  }
  bool isWholeCopy = false;
  if (auto other = dyn_cast<CopyOp>(user))
    isWholeCopy = other.getSrc() != use.get() && writesWhole(other);
  if (isWholeCopy || isa<FillOp, memref::DimOp>(user) ||
      isOverwrittenBefore(user, use.get()))
    return {};
  return "its buffer is used outside of the loop";
}

std::string CopyFinder::check(PipelineCopy &early) {
  CopyOp copy = early.copy;
  if (copy->getBlock() != body)
    return "it stands in a branch or a loop inside";
  AllocOp buffer = early.getBuffer();
  if (!buffer)
    return "its destination is a part of a buffer";
  if (copy.getSrc().getType().getElementType() !=
      copy.getDst().getType().getElementType())
    return "it converts elements";
  if (!writesWhole(copy))
    return "it writes only a part of its buffer";
  if (std::string obstacle = checkSource(copy); !obstacle.empty())
    return obstacle;
  for (OpOperand &operand : copy->getOpOperands()) {
    if (operand.get() == copy.getDst())
      continue;
    std::string obstacle = addToSlice(operand.get(), early);
    if (!obstacle.empty())
      return obstacle;
  }
  for (OpOperand &use : buffer.getBuffer().getUses()) {
    if (use.getOwner() == copy)
      continue;
    if (std::string obstacle = checkUse(use, copy); !obstacle.empty())
      return obstacle;
  }
  return {};
}

SmallVector<PipelineCopy> CopyFinder::run() {
  SmallVector<PipelineCopy> copies;
  loop.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<PipelinedOp>(op))
      return WalkResult::skip();
    auto copy = dyn_cast<CopyOp>(op);
    if (copy && tile::getScope(copy.getSrc()) == Scope::Global &&
        tile::getScope(copy.getDst()) == Scope::Shared) {
      copies.push_back({copy, {}, {}});
      copies.back().obstacle = check(copies.back());
    }
    return WalkResult::advance();
  });
  return copies;
}

SmallVector<PipelineCopy> mlir::tile::findPipelineCopies(PipelinedOp loop) {
  return CopyFinder(loop).run();
}
