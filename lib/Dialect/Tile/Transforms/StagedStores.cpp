//===- StagedStores.cpp - stores by the copy engine -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StagedStores.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::tile;

/// Strides in bytes are less.
static constexpr int64_t kStrideLimit = int64_t(1) << 40;

namespace {

/// Builds a condition of several tests.
class TestBuilder {
public:
  TestBuilder(OpBuilder &b, Location loc) : b(b), loc(loc) {}

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  void add(Value test) {
    result = result ? b.createOrFold<arith::AndIOp>(loc, result, test) : test;
  }
  void add(arith::CmpIPredicate predicate, Value lhs, int64_t rhs) {
    add(arith::CmpIOp::create(b, loc, predicate, lhs, constant(rhs)));
  }
  void addMultiple(Value value, int64_t divisor) {
    add(arith::CmpIPredicate::eq,
        arith::RemUIOp::create(b, loc, value, constant(divisor)), 0);
  }

  Value result;

private:
  OpBuilder &b;
  Location loc;
};

} // namespace

Value mlir::tile::buildBoxTest(OpBuilder &b, Location loc, Value tensor) {
  TestBuilder tests(b, loc);
  auto type = cast<MemRefType>(tensor.getType());
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, tensor);
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, tensor);
  tests.addMultiple(b.createOrFold<arith::AddIOp>(
                        loc, address,
                        b.createOrFold<arith::MulIOp>(loc, metadata.getOffset(),
                                                      tests.constant(bytes))),
                    kBoxBytes);
  auto [strides, offset] = type.getStridesAndOffset();
  for (auto [dim, stride] : llvm::enumerate(ArrayRef(strides).drop_back())) {
    if (ShapedType::isStatic(stride))
      continue;
    Value distance = metadata.getStrides()[dim];
    tests.add(arith::CmpIPredicate::sgt, distance, 0);
    tests.add(arith::CmpIPredicate::slt, distance, kStrideLimit / bytes);
    tests.addMultiple(
        arith::MulIOp::create(b, loc, distance, tests.constant(bytes)),
        kBoxBytes);
  }
  // There are no maps of nothing, either.
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size)) {
      Value last = arith::SubIOp::create(b, loc, metadata.getSizes()[dim],
                                         tests.constant(1));
      tests.add(arith::CmpIPredicate::ult, last, kMaxBoxSize);
    }
  return tests.result;
}

/// Whether the copy engine can do the store at its coordinates; `canMap` says
/// whether it can at all.
static Value buildCondition(const BoxStore &store, Value canMap, OpBuilder &b) {
  TestBuilder tests(b, BoxStore(store).copy.getLoc());
  tests.add(canMap);
  for (Value index : store.unsure)
    tests.add(arith::CmpIPredicate::sge, index, 0);
  int64_t bytes = store.map.getElementBytes();
  if (store.mayBeMisaligned)
    tests.addMultiple(BoxStore(store).copy.getDstIndices().back(),
                      kBoxBytes / std::min(bytes, kBoxBytes));
  return tests.result;
}

static void stageStore(const BoxStore &store, Value stage, Value map,
                       Value canMap, IRRewriter &rewriter) {
  CopyOp copy = store.copy;
  Location loc = copy.getLoc();
  rewriter.setInsertionPoint(copy);
  Value condition = buildCondition(store, canMap, rewriter);
  auto ifOp = scf::IfOp::create(rewriter, loc, condition,
                                /*withElseRegion=*/true);
  rewriter.setInsertionPointToStart(ifOp.thenBlock());
  if (store.followsStores)
    TmaStoreWaitOp::create(rewriter, loc, /*pending=*/0, /*read=*/false);
  SmallVector<Value> coordinates(copy.getDstIndices());
  while (coordinates.size() < store.map.getBox().size())
    coordinates.push_back(arith::ConstantIndexOp::create(rewriter, loc, 0));
  StagedStoreOp::create(rewriter, loc, copy.getSrc(), stage, map, coordinates);
  rewriter.moveOpBefore(copy, ifOp.elseBlock(), ifOp.elseBlock()->begin());
}

void mlir::tile::stageStores(LaunchOp launch, ArrayRef<BoxStore> stores,
                             IRRewriter &rewriter) {
  llvm::MapVector<std::pair<Type, int64_t>, Value> stages;
  for (const BoxStore &store : stores) {
    CopyOp copy = store.copy;
    Location loc = copy.getLoc();
    rewriter.setInsertionPoint(launch);
    Value canMap = buildBoxTest(rewriter, loc, copy.getDst());
    Value map = TensorMapOp::create(rewriter, loc, store.map, copy.getDst(),
                                    /*fetch=*/IntegerAttr(),
                                    /*optional=*/true);
    Value &stage = stages[{store.stage, store.map.getSwizzle()}];
    if (!stage) {
      rewriter.setInsertionPointToStart(&launch.getBody().front());
      auto alloc = AllocOp::create(rewriter, loc, store.stage);
      alloc.setSwizzle(store.map.getSwizzle());
      stage = alloc.getBuffer();
    }
    stageStore(store, stage, map, canMap, rewriter);
  }
}

void mlir::tile::storeThroughMemory(CopyOp copy, IRRewriter &rewriter) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(copy);
  Location loc = copy.getLoc();
  MemRefType tensor = copy.getDst().getType();
  auto type =
      MemRefType::get(copy.getStaticRegion(), tensor.getElementType(),
                      MemRefLayoutAttrInterface(),
                      ScopeAttr::get(rewriter.getContext(), Scope::Shared));
  Value stage = AllocOp::create(rewriter, loc, type).getBuffer();
  CopyOp::create(rewriter, loc, copy.getSrc(), copy.getSrcIndices(), stage,
                 ValueRange());
  CopyOp::create(rewriter, loc, stage, ValueRange(), copy.getDst(),
                 copy.getDstIndices());
  rewriter.eraseOp(copy);
}
