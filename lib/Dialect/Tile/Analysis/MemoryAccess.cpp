//===- MemoryAccess.cpp - what an op reads and writes -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
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

/// Whether `root` is an argument of a function.
static bool isArgument(Value root) {
  auto arg = dyn_cast_if_present<BlockArgument>(root);
  return arg && isa<FunctionOpInterface>(arg.getOwner()->getParentOp());
}

bool mlir::tile::mayBeSame(Value first, Value second) {
  return first == second || !isArgument(first) || !isArgument(second);
}

/// The scope of the memory behind `root`; nothing when it is not sure. A value
/// of global scope that is no argument of the function may have been chosen
/// among buffers whose scope was cast away.
static std::optional<Scope> getSureScope(Value root, MemRefType type) {
  std::optional<Scope> scope = getScope(type);
  if (scope != Scope::Global || isArgument(root))
    return scope;
  return std::nullopt;
}

/// The bytes of the allocated buffer that `buffer` is a part of; nothing when
/// they are not known.
static std::optional<ByteRange> getBytes(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  // The offset of a subview's type counts from the buffer's beginning.
  while (auto view = buffer.getDefiningOp<memref::SubViewOp>())
    buffer = view.getSource();
  int64_t offset;
  SmallVector<int64_t> strides;
  if (!buffer.getDefiningOp<AllocOp>() || !type.hasStaticShape() ||
      failed(type.getStridesAndOffset(strides, offset)) ||
      ShapedType::isDynamic(offset) || ShapedType::isDynamicShape(strides))
    return std::nullopt;
  int64_t last = offset;
  for (auto [size, stride] : llvm::zip_equal(type.getShape(), strides)) {
    if (stride < 0)
      return std::nullopt;
    last += (size - 1) * stride;
  }
  int64_t width = getNumBytes(MemRefType::get({1}, type.getElementType()));
  return ByteRange{offset * width, (last + 1) * width};
}

/// Adds an access to `buffer`, which may be null or not a memref.
static void addAccess(Value buffer, bool isWrite, bool isAsync,
                      SmallVectorImpl<MemoryAccess> &accesses) {
  MemoryAccess access{Value(), std::nullopt, isWrite, std::nullopt, isAsync};
  auto type = buffer ? dyn_cast<MemRefType>(buffer.getType()) : MemRefType();
  if (type) {
    // A view may lie about the memory space; the buffer itself does not.
    access.root = getRootBuffer(buffer);
    auto rootType = dyn_cast<MemRefType>(access.root.getType());
    access.scope = getSureScope(access.root, rootType ? rootType : type);
    access.bytes = getBytes(buffer);
  }
  if (access.scope == Scope::Fragment || access.scope == Scope::Local)
    return;
  accesses.push_back(access);
}

/// Adds the accesses of a copy between `buffer` and a tensor in global memory.
static void addBoxAccesses(Value buffer, Value map, bool isLoad,
                           SmallVectorImpl<MemoryAccess> &accesses) {
  addAccess(buffer, /*isWrite=*/isLoad, /*isAsync=*/false, accesses);
  auto made = map.getDefiningOp<TensorMapOp>();
  addAccess(made ? made.getSource() : Value(), /*isWrite=*/!isLoad,
            /*isAsync=*/true, accesses);
}

/// Adds the accesses of an op that works with a copy engine or with barriers;
/// returns whether it is one. What uses a barrier is ordered after what makes
/// it, but not among each other.
static bool addTmaAccesses(Operation *op,
                           SmallVectorImpl<MemoryAccess> &accesses) {
  auto addBarrier = [&](Value barriers, bool isWrite, bool isByFirstThread) {
    addAccess(barriers, isWrite, /*isAsync=*/false, accesses);
    accesses.back().isByFirstThread = isByFirstThread;
    return true;
  };
  if (auto init = dyn_cast<MBarrierInitOp>(op))
    return addBarrier(init.getBarriers(), /*isWrite=*/true,
                      /*isByFirstThread=*/true);
  if (auto arrive = dyn_cast<MBarrierArriveOp>(op))
    return addBarrier(arrive.getBarriers(), /*isWrite=*/false,
                      arrive.getPer() == ArrivalKind::Block);
  if (auto arrive = dyn_cast<MBarrierArriveRemoteOp>(op))
    return addBarrier(arrive.getBarriers(), /*isWrite=*/false,
                      /*isByFirstThread=*/false);
  if (auto wait = dyn_cast<MBarrierWaitOp>(op))
    return addBarrier(wait.getBarriers(), /*isWrite=*/false,
                      /*isByFirstThread=*/false);
  if (auto load = dyn_cast<TmaLoadOp>(op)) {
    addBoxAccesses(load.getDst(), load.getMap(), /*isLoad=*/true, accesses);
    return addBarrier(load.getBarriers(), /*isWrite=*/false,
                      /*isByFirstThread=*/true);
  }
  if (auto store = dyn_cast<TmaStoreOp>(op)) {
    addBoxAccesses(store.getSrc(), store.getMap(), /*isLoad=*/false, accesses);
    return true;
  }
  if (auto store = dyn_cast<StagedStoreOp>(op)) {
    addBoxAccesses(store.getStage(), store.getMap(), /*isLoad=*/false,
                   accesses);
    addAccess(store.getStage(), /*isWrite=*/true, /*isAsync=*/false, accesses);
    return true;
  }
  return false;
}

/// Adds what `op` itself touches.
static void addOwnAccesses(Operation *op,
                           SmallVectorImpl<MemoryAccess> &accesses) {
  // Prints, assertions and assumptions order nothing.
  if (isa<PrintOp, AssertOp, AssumeOp, BarrierOp, ClusterBarrierOp,
          AsyncCommitOp, AsyncWaitOp, FenceOp, NamedBarrierOp,
          SetMaxRegistersOp, TmaPrefetchOp, TmaStoreCommitOp, TmaStoreWaitOp>(
          op) ||
      addTmaAccesses(op, accesses))
    return;
  auto effectOp = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effectOp) {
    if (!op->hasTrait<OpTrait::HasRecursiveMemoryEffects>() &&
        !op->hasTrait<OpTrait::IsTerminator>())
      addAccess(Value(), /*isWrite=*/true, /*isAsync=*/false, accesses);
    return;
  }
  SmallVector<MemoryEffects::EffectInstance> effects;
  effectOp.getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects)
    if (isa<MemoryEffects::Read, MemoryEffects::Write>(effect.getEffect()))
      addAccess(effect.getValue(),
                isa<MemoryEffects::Write>(effect.getEffect()),
                isa<AsyncCopyOp>(op), accesses);
}

/// Notes the branch in which `op` makes the accesses.
static void addCondition(Operation *op,
                         MutableArrayRef<MemoryAccess> accesses) {
  auto launch = op->getParentOfType<LaunchOp>();
  for (Region *region = op->getParentRegion();
       launch && region != &launch.getBody();
       region = region->getParentRegion()) {
    auto ifOp = dyn_cast<scf::IfOp>(region->getParentOp());
    if (!ifOp || !ifOp.getCondition().getParentRegion()->isProperAncestor(
                     &launch.getBody()))
      continue;
    for (MemoryAccess &access : accesses) {
      access.condition = ifOp.getCondition();
      access.isOtherwise = region == &ifOp.getElseRegion();
    }
    return;
  }
}

void mlir::tile::collectAccesses(Operation *op,
                                 SmallVectorImpl<MemoryAccess> &accesses) {
  op->walk([&](Operation *nested) {
    size_t before = accesses.size();
    addOwnAccesses(nested, accesses);
    if (accesses.size() != before)
      addCondition(nested, MutableArrayRef(accesses).drop_front(before));
  });
}

SmallVector<bool>
mlir::tile::getWrittenArguments(FunctionOpInterface function) {
  SmallVector<MemoryAccess> accesses;
  collectAccesses(function, accesses);
  SmallVector<bool> written(function.getNumArguments());
  for (const MemoryAccess &access : accesses)
    if (auto argument = dyn_cast_or_null<BlockArgument>(access.root))
      if (access.isWrite && argument.getOwner()->getParentOp() == function)
        written[argument.getArgNumber()] = true;
  return written;
}

bool mlir::tile::conflict(const MemoryAccess &first,
                          const MemoryAccess &second) {
  if (!first.isWrite && !second.isWrite)
    return false;
  if (first.isByFirstThread && second.isByFirstThread)
    return false;
  if (first.condition && first.condition == second.condition &&
      first.isOtherwise != second.isOtherwise)
    return false;
  if (!first.scope || !second.scope)
    return true;
  if (first.scope != second.scope)
    return false;
  if (first.scope == Scope::Global && (first.isAsync || second.isAsync))
    return first.root == second.root;
  auto getAlloc = [](const MemoryAccess &access) {
    return access.root ? access.root.getDefiningOp<AllocOp>() : AllocOp();
  };
  AllocOp firstAlloc = getAlloc(first), secondAlloc = getAlloc(second);
  if (!firstAlloc || !secondAlloc)
    return true;
  bool isPlanned = firstAlloc.getOffset() && secondAlloc.getOffset();
  if (firstAlloc != secondAlloc && !isPlanned)
    return false;
  auto getPlace = [](AllocOp alloc, const MemoryAccess &access) {
    ByteRange bytes = access.bytes.value_or(
        ByteRange{0, getNumBytes(alloc.getBuffer().getType())});
    int64_t offset = alloc.getOffset().value_or(0);
    return ByteRange{offset + bytes.begin, offset + bytes.end};
  };
  return getPlace(firstAlloc, first).overlaps(getPlace(secondAlloc, second));
}
