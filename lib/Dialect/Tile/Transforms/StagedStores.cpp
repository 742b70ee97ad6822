//===- StagedStores.cpp - stores by the copy engine -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StagedStores.h"

#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
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
  // A copy by the threads may come after a store by the copy engine, too.
  if (store.followsStores)
    TmaStoreWaitOp::create(rewriter, loc, /*pending=*/0, /*read=*/false);
  auto ifOp = scf::IfOp::create(rewriter, loc, condition,
                                /*withElseRegion=*/true);
  rewriter.setInsertionPointToStart(ifOp.thenBlock());
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

/// The bytes of shared memory that a launch takes whose loops have at most
/// `limit` stages.
static int64_t getNumBytes(LaunchOp launch, int64_t limit) {
  DenseMap<Operation *, int64_t> counts;
  launch.walk([&](PipelinedOp loop) {
    for (PipelineCopy &early : findPipelineCopies(loop))
      if (early.isEarly())
        counts[early.getBuffer()] = std::min<int64_t>(loop.getStages(), limit);
  });
  return planSharedMemory(launch,
                          [&](AllocOp op) {
                            return tile::getNumBytes(op.getBuffer().getType()) *
                                   counts.lookup_or(op, 1);
                          })
      .numBytes;
}

/// The stages that loops of a launch can have; 0 when not even one fits.
static int64_t getNumStages(LaunchOp launch, int64_t maxBytes) {
  if (getNumBytes(launch, 1) > maxBytes)
    return 0;
  int64_t most = 1;
  launch.walk([&](PipelinedOp loop) {
    most = std::max<int64_t>(most, loop.getStages());
  });
  return clampStages(most, maxBytes,
                     [&](int64_t limit) { return getNumBytes(launch, limit); });
}

bool mlir::tile::storeThroughMemory(CopyOp copy, int64_t maxBytes,
                                    IRRewriter &rewriter) {
  auto launch = copy->getParentOfType<LaunchOp>();
  int64_t stages = getNumStages(launch, maxBytes);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(copy);
  Location loc = copy.getLoc();
  MemRefType tensor = copy.getDst().getType();
  auto type =
      MemRefType::get(copy.getStaticRegion(), tensor.getElementType(),
                      MemRefLayoutAttrInterface(),
                      ScopeAttr::get(rewriter.getContext(), Scope::Shared));
  auto alloc = AllocOp::create(rewriter, loc, type);
  Value stage = alloc.getBuffer();
  auto write = CopyOp::create(rewriter, loc, copy.getSrc(),
                              copy.getSrcIndices(), stage, ValueRange());
  auto read = CopyOp::create(rewriter, loc, stage, ValueRange(), copy.getDst(),
                             copy.getDstIndices());
  int64_t left = getNumStages(launch, maxBytes);
  if (left > 0 && left == stages) {
    rewriter.eraseOp(copy);
    return true;
  }
  for (Operation *op :
       {read.getOperation(), write.getOperation(), alloc.getOperation()})
    rewriter.eraseOp(op);
  return false;
}
