//===- FragmentSites.cpp - where fragments are touched ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/FragmentSites.h"
#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

static bool isFragment(Value value) {
  auto type = dyn_cast<MemRefType>(value.getType());
  return type && tile::getScope(type) == Scope::Fragment;
}

/// The dimensions 0, 1, ..., or kUnitDim where the extent is 1.
static SmallVector<int64_t> getOwnDims(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> dims;
  for (auto [dim, size] : llvm::enumerate(shape))
    dims.push_back(size == 1 ? kUnitDim : static_cast<int64_t>(dim));
  return dims;
}

void FragmentSites::reject(Value fragment, Operation *op,
                           const llvm::Twine &reason) {
  if (!fragments.remove(fragment))
    return;
  rejected.insert({fragment, {op, reason.str()}});
  for (FragmentSite &site : sites) {
    size_t before = site.accesses.size();
    llvm::erase_if(site.accesses, [&](const FragmentAccess &access) {
      return access.fragment == fragment;
    });
    // What is copied or reduced from memory can have any layout.
    auto reduce = dyn_cast<ReduceOp>(site.op);
    if (site.accesses.size() != before &&
        (isa<CopyOp>(site.op) || (reduce && reduce.getSrc() == fragment)))
      site.accesses.clear();
  }
}

/// Whether an iteration that ran twice would do something else than once: it
/// changes memory that it also reads, or uses what an atomic returned.
static bool needsSingleRun(ParallelOp op) {
  llvm::SmallPtrSet<Value, 4> read, written;
  bool result = false;
  op.getBody().walk([&](Operation *nested) {
    if (auto load = dyn_cast<memref::LoadOp>(nested))
      read.insert(getRootBuffer(load.getMemRef()));
    else if (auto store = dyn_cast<memref::StoreOp>(nested))
      written.insert(getRootBuffer(store.getMemRef()));
    else if (isa<AtomicOp>(nested))
      result |= !nested->use_empty();
  });
  return result || llvm::any_of(written, [&](Value buffer) {
           return !isFragment(buffer) && read.contains(buffer) &&
                  tile::getScope(buffer) != Scope::Local;
         });
}

void FragmentSites::addParallel(ParallelOp op) {
  FragmentSite site{op, SmallVector<int64_t>(op.getStaticExtents()), {}};
  site.allowsReplicas = !needsSingleRun(op);
  bool isStatic = !ShapedType::isDynamicShape(op.getStaticExtents());
  auto add = [&](Operation *access, Value buffer, ValueRange indices) {
    if (!isFragment(buffer))
      return;
    auto type = cast<MemRefType>(buffer.getType());
    std::optional<SmallVector<int64_t>> dims =
        getIndexDims(type.getShape(), indices, op.getInductionVars());
    bool fits = dims && isStatic;
    for (size_t i = 0; fits && i < dims->size(); ++i)
      fits = (*dims)[i] == kUnitDim ||
             site.extents[(*dims)[i]] == type.getDimSize(i);
    if (!fits)
      return reject(buffer, access,
                    "an iteration accesses an element other than its own");
    site.accesses.push_back({buffer, *dims});
  };
  op.getBody().walk([&](Operation *nested) {
    if (auto load = dyn_cast<memref::LoadOp>(nested))
      add(load, load.getMemRef(), load.getIndices());
    else if (auto store = dyn_cast<memref::StoreOp>(nested))
      add(store, store.getMemRef(), store.getIndices());
  });
  sites.push_back(std::move(site));
}

void FragmentSites::addReduce(ReduceOp op) {
  ArrayRef<int64_t> extents = op.getSrc().getType().getShape();
  if (!isFragment(op.getSrc()))
    return;
  FragmentSite site{op, SmallVector<int64_t>(extents), {}};
  SmallVector<int64_t> dims = getOwnDims(extents);
  site.accesses.push_back({op.getSrc(), dims});
  if (isFragment(op.getDst())) {
    int64_t dim = op.getDim();
    if (op.getDst().getType().getRank() == static_cast<int64_t>(dims.size()))
      dims[dim] = kUnitDim;
    else
      dims.erase(dims.begin() + dim);
    site.accesses.push_back({op.getDst(), dims});
  }
  sites.push_back(std::move(site));
}

void FragmentSites::addCopy(CopyOp op) {
  if (!isFragment(op.getSrc()) || !isFragment(op.getDst()))
    return;
  MemRefType src = op.getSrc().getType(), dst = op.getDst().getType();
  bool isWhole = op.getSrcIndices().empty() && op.getDstIndices().empty() &&
                 src.getShape() == dst.getShape() &&
                 ArrayRef(op.getStaticRegion()) == src.getShape();
  if (!isWhole)
    return reject(op.getSrc(), op, "a part is copied to another fragment");
  FragmentSite site{op, SmallVector<int64_t>(dst.getShape()), {}};
  SmallVector<int64_t> dims = getOwnDims(dst.getShape());
  site.accesses = {{op.getSrc(), dims}, {op.getDst(), dims}};
  sites.push_back(std::move(site));
}

/// Rejects the fragment where the use can never be done by the thread that
/// holds an element.
void FragmentSites::addUse(OpOperand &use) {
  Operation *op = use.getOwner();
  Value fragment = use.get();
  auto refuse = [&](StringRef reason) { reject(fragment, op, reason); };
  llvm::TypeSwitch<Operation *>(op)
      .Case<FillOp, ReduceOp, GemmOp, ConvertLayoutOp, memref::DimOp>(
          [](auto) {})
      .Case([&](CopyOp copy) {
        if (tile::getScope(copy.getDst()) == Scope::Local)
          refuse("it is copied to a local buffer");
      })
      .Case([&](TransposeOp transpose) {
        if (tile::getScope(transpose.getDst()) == Scope::Local)
          refuse("it is transposed to a local buffer");
        else if (transpose.getSrc() == fragment &&
                 isFragment(transpose.getDst()))
          refuse("it is transposed to another fragment");
      })
      .Case<GemmWaitOp, StagedStoreOp>([](auto) {})
      .Case([&](ScanOp) { refuse("it is scanned"); })
      .Case<memref::LoadOp, memref::StoreOp>([&](auto access) {
        Operation *parent = getThreadLevelParent(access);
        if (!parent)
          refuse("an element is accessed by the whole block");
        else if (!isa<ParallelOp>(parent))
          refuse("an element is accessed by a thread of any number");
      })
      .Default([&](Operation *) { refuse("a view of it is taken"); });
}

/// The launch or the part of a block whose threads execute `op`.
static Region *getPart(Operation *op) {
  Region *region = op->getParentRegion();
  while (region && !isa<LaunchOp, SpecializeOp>(region->getParentOp()))
    region = region->getParentRegion();
  return region;
}

/// A use that needs threads which hold the fragment.
static bool needsHolders(Operation *user) { return !isa<memref::DimOp>(user); }

Operation *mlir::tile::getHolder(Value fragment) {
  for (Operation *user : fragment.getUsers())
    if (needsHolders(user))
      return user;
  return fragment.getDefiningOp();
}

int64_t mlir::tile::getNumHolders(Value fragment) {
  return tile::getNumThreads(getHolder(fragment));
}

/// Rejects the fragment where threads use it that do not hold it.
void FragmentSites::addHolders(Value fragment) {
  Region *part = nullptr;
  for (Operation *user : fragment.getUsers()) {
    if (!needsHolders(user))
      continue;
    if (part && part != getPart(user))
      return reject(fragment, user, "several parts of the block use it");
    part = getPart(user);
  }
}

FragmentSites::FragmentSites(LaunchOp launch) {
  launch.walk([&](AllocOp op) {
    if (isFragment(op.getBuffer()))
      fragments.insert(op.getBuffer());
  });
  for (Value fragment : llvm::to_vector(fragments)) {
    addHolders(fragment);
    for (OpOperand &use : fragment.getUses())
      addUse(use);
  }
  launch.walk([&](Operation *op) {
    llvm::TypeSwitch<Operation *>(op)
        .Case([&](ParallelOp parallel) { addParallel(parallel); })
        .Case([&](ReduceOp reduce) { addReduce(reduce); })
        .Case([&](CopyOp copy) { addCopy(copy); });
  });
  for (FragmentSite &site : sites) {
    auto isGone = [&](const FragmentAccess &access) {
      return !fragments.contains(access.fragment);
    };
    if (!isa<ParallelOp>(site.op) && llvm::any_of(site.accesses, isGone) &&
        (isa<CopyOp>(site.op) || isGone(site.accesses.front())))
      site.accesses.clear();
    llvm::erase_if(site.accesses, isGone);
  }
}
