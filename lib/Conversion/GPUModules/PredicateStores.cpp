//===- PredicateStores.cpp - stores under a condition -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thousands of branches around one store each cost LLVM time that grows with
// the square of their number: whenever it comes to one, it visits all uses of
// its condition, and the tests of the edges of a tile have many in common.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEPREDICATESTORES
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

namespace {
struct PredicateStoresPass
    : public tile::impl::TilePredicateStoresBase<PredicateStoresPass> {
  using TilePredicateStoresBase::TilePredicateStoresBase;

  void runOnOperation() override;
};

/// A store of an element or of a vector.
struct Store {
  Operation *op;
  Value value, buffer;
  OperandRange indices;
  /// In bytes; 0 is that of an element.
  uint64_t alignment;
};
} // namespace

static std::optional<Store> getStore(Operation *op) {
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return Store{op, store.getValue(), store.getMemRef(), store.getIndices(),
                 store.getAlignment().value_or(0)};
  if (auto store = dyn_cast<vector::StoreOp>(op))
    return Store{op, store.getValueToStore(), store.getBase(),
                 store.getIndices(), store.getAlignment().value_or(0)};
  return std::nullopt;
}

/// Whether one instruction stores the value to global memory.
static bool isOneAccess(const Store &store) {
  Type type = store.value.getType();
  int64_t count = 1;
  if (auto vector = dyn_cast<VectorType>(type)) {
    if (vector.getRank() != 1 || vector.isScalable())
      return false;
    count = vector.getNumElements();
  }
  Type element = getElementTypeOrSelf(type);
  if (!element.isIntOrFloat() ||
      cast<MemRefType>(store.buffer.getType()).getMemorySpace())
    return false;
  int64_t bits = count * element.getIntOrFloatBitWidth();
  bool isVector = count > 1 && bits >= 32 &&
                  store.alignment * 8 >= static_cast<uint64_t>(bits);
  return bits >= 8 && bits <= 128 && llvm::isPowerOf2_64(bits) &&
         (isVector || (count == 1 && store.alignment == 0));
}

/// Whether `op` may run where its result is not used.
static bool isHarmless(Operation *op) {
  if (isPure(op))
    return op->getNumRegions() == 0;
  auto load = dyn_cast<memref::LoadOp>(op);
  if (!load)
    return false;
  auto space = dyn_cast_or_null<gpu::AddressSpaceAttr>(
      load.getMemRefType().getMemorySpace());
  return space && space.getValue() == gpu::AddressSpace::Private &&
         llvm::all_of(load.getIndices(), [](Value index) {
           return matchPattern(index, m_Constant());
         });
}

/// The store that is all that `branch` does, if it is to have a predicate.
static std::optional<Store> getOnlyEffect(scf::IfOp branch) {
  Block *block = branch.thenBlock();
  if (branch.getNumResults() != 0 || branch.elseBlock() ||
      block->without_terminator().empty())
    return std::nullopt;
  std::optional<Store> store = getStore(block->getTerminator()->getPrevNode());
  if (!store || !isOneAccess(*store) ||
      !llvm::all_of(llvm::drop_end(*block, 2),
                    [](Operation &op) { return isHarmless(&op); }))
    return std::nullopt;
  return store;
}

static void predicate(scf::IfOp branch, Store store) {
  OpBuilder b(branch);
  Location loc = store.op->getLoc();
  Block *block = branch.thenBlock();
  branch->getBlock()->getOperations().splice(
      branch->getIterator(), block->getOperations(), block->begin(),
      store.op->getIterator());
  auto type = dyn_cast<VectorType>(store.value.getType());
  if (!type) {
    type = VectorType::get(1, store.value.getType());
    store.value = vector::BroadcastOp::create(b, loc, type, store.value);
  }
  Value mask = vector::BroadcastOp::create(b, loc, type.clone(b.getI1Type()),
                                           branch.getCondition());
  vector::MaskedStoreOp::create(b, loc, store.buffer, store.indices, mask,
                                store.value);
  branch.erase();
}

void PredicateStoresPass::runOnOperation() {
  for (auto kernel : getOperation().getOps<gpu::GPUFuncOp>()) {
    SmallVector<std::pair<scf::IfOp, Store>> stores;
    kernel.walk([&](scf::IfOp branch) {
      if (std::optional<Store> store = getOnlyEffect(branch))
        stores.emplace_back(branch, *store);
    });
    if (static_cast<int64_t>(stores.size()) < minStores)
      continue;
    for (auto [branch, store] : stores)
      predicate(branch, store);
    numStores += stores.size();
  }
}
