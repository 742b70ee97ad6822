//===- LowerElementwise.cpp - element loops of fill, reduce and parallel --===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/BlockExecutor.h"
#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

static SmallVector<OpFoldResult> getSizes(OpBuilder &builder, Location loc,
                                          Value buffer) {
  return memref::getMixedSizes(builder, loc, buffer);
}

void BlockExecutor::forEachInEveryThread(OpBuilder &builder, Location loc,
                                         ArrayRef<OpFoldResult> extents,
                                         BodyFn body) {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> lower(extents.size(), zero), step(extents.size(), one);
  SmallVector<Value> upper =
      getValueOrCreateConstantIndexOp(builder, loc, extents);
  if (extents.empty())
    return body(builder, loc, {});
  scf::buildLoopNest(builder, loc, lower, upper, step, body);
}

void mlir::tile::lowerFill(FillOp op, BlockExecutor &executor,
                           OpBuilder &builder) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> sizes = getSizes(builder, loc, op.getBuffer());
  auto store = [&](OpBuilder &b, Location, ValueRange point) {
    executor.store(b, loc, op.getValue(), op.getBuffer(), point);
  };
  if (tile::getScope(op.getBuffer()) == Scope::Local)
    return executor.forEachInEveryThread(builder, loc, sizes, store);
  executor.forEach(builder, loc, sizes, executor.isInRegisters(op.getBuffer()),
                   store);
}

/// Each element of the destination is one iteration, which runs along the
/// reduced dimension.
void mlir::tile::lowerReduce(ReduceOp op, BlockExecutor &executor,
                             OpBuilder &builder) {
  Location loc = op.getLoc();
  ReduceKind kind = op.getKind();
  MemRefType srcType = op.getSrc().getType();
  Type elementType = srcType.getElementType();
  Type computeType = getReduceType(elementType);
  int64_t dim = op.getDim();
  bool keepsDim = op.getDst().getType().getRank() == srcType.getRank();

  auto reduceOne = [&](OpBuilder &b, Location, ValueRange point) {
    SmallVector<Value> indices(point);
    if (!keepsDim)
      indices.insert(indices.begin() + dim, Value());
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    Value size =
        arith::ConstantIndexOp::create(b, loc, srcType.getDimSize(dim));
    Value init = getReduceIdentity(b, loc, kind, computeType);
    if (op.getAccumulate())
      init = convertElement(b, loc, executor.load(b, loc, op.getDst(), point),
                            computeType);
    auto loop = scf::ForOp::create(
        b, loc, zero, size, one, init,
        [&](OpBuilder &nested, Location, Value i, ValueRange carried) {
          indices[dim] = i;
          Value element = executor.load(nested, loc, op.getSrc(), indices);
          element = convertElement(nested, loc, element, computeType);
          element = getReduceInput(nested, loc, kind, element);
          Value next =
              combineReduce(nested, loc, kind, carried.front(), element);
          scf::YieldOp::create(nested, loc, next);
        });
    Value result = convertElement(b, loc, loop.getResult(0), elementType);
    executor.store(b, loc, result, op.getDst(), point);
  };
  executor.forEach(builder, loc, getSizes(builder, loc, op.getDst()),
                   executor.isInRegisters(op.getDst()), reduceOne);
}

void mlir::tile::lowerParallel(ParallelOp op, BlockExecutor &executor,
                               OpBuilder &builder) {
  auto getFragment = [&](Operation *access) -> Value {
    Value buffer;
    if (auto load = dyn_cast<memref::LoadOp>(access))
      buffer = load.getMemRef();
    else if (auto store = dyn_cast<memref::StoreOp>(access))
      buffer = store.getMemRef();
    return buffer && executor.isInRegisters(buffer) ? buffer : Value();
  };
  bool touchesFragments = op.walk([&](Operation *nested) {
                              return getFragment(nested)
                                         ? WalkResult::interrupt()
                                         : WalkResult::advance();
                            }).wasInterrupted();

  auto body = [&](OpBuilder &b, Location loc, ValueRange point) {
    IRMapping mapping;
    mapping.map(op.getInductionVars(), point);
    SmallVector<Operation *> accesses;
    for (Operation &nested : op.getBody().front().without_terminator())
      b.clone(nested, mapping)->walk([&](Operation *access) {
        if (getFragment(access))
          accesses.push_back(access);
      });
    for (Operation *access : accesses) {
      OpBuilder at(access);
      if (auto load = dyn_cast<memref::LoadOp>(access))
        load.replaceAllUsesWith(executor.load(
            at, load.getLoc(), load.getMemRef(), load.getIndices()));
      else if (auto store = dyn_cast<memref::StoreOp>(access))
        executor.store(at, store.getLoc(), store.getValueToStore(),
                       store.getMemRef(), store.getIndices());
      access->erase();
    }
  };
  SmallVector<OpFoldResult> extents =
      clampExtents(builder, op.getLoc(), op.getMixedExtents());
  executor.forEach(builder, op.getLoc(), extents, touchesFragments, body);
}

bool mlir::tile::lowerElementwise(Operation *op, BlockExecutor &executor,
                                  OpBuilder &builder) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](CopyOp copy) {
        lowerCopy(copy, executor, builder);
        return true;
      })
      .Case([&](FillOp fill) {
        lowerFill(fill, executor, builder);
        return true;
      })
      .Case([&](ReduceOp reduce) {
        lowerReduce(reduce, executor, builder);
        return true;
      })
      .Case([&](ParallelOp parallel) {
        lowerParallel(parallel, executor, builder);
        return true;
      })
      .Default([](Operation *) { return false; });
}
