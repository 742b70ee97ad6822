//===- LowerElementwise.cpp - loops of fill and parallel --------*- C++ -*-===//
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
#include "mlir/Interfaces/SideEffectInterfaces.h"
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
  executor.forEach(builder, loc, sizes, executor.getLayout(op.getBuffer()),
                   store, /*touchesOnlyFragments=*/
                   executor.isInRegisters(op.getBuffer()));
}

/// Runs over the side that lies in registers, or else over the destination.
void mlir::tile::lowerTranspose(TransposeOp op, BlockExecutor &executor,
                                OpBuilder &builder) {
  Location loc = op.getLoc();
  Type dstType = op.getDst().getType().getElementType();
  auto move = [&](OpBuilder &b, ValueRange src, ValueRange dst) {
    Value value = executor.load(b, loc, op.getSrc(), src);
    value = convertElement(b, loc, value, dstType);
    executor.store(b, loc, value, op.getDst(), dst);
  };
  auto overSource = [&](OpBuilder &b, Location, ValueRange point) {
    move(b, point, {point[1], point[0]});
  };
  auto overDestination = [&](OpBuilder &b, Location, ValueRange point) {
    move(b, {point[1], point[0]}, point);
  };
  SmallVector<OpFoldResult> sizes = getSizes(builder, loc, op.getDst());
  if (tile::getScope(op.getDst()) == Scope::Local)
    return executor.forEachInEveryThread(builder, loc, sizes, overDestination);
  if (!executor.isInRegisters(op.getSrc()))
    return executor.forEach(builder, loc, sizes,
                            executor.getLayout(op.getDst()), overDestination);
  executor.forEach(builder, loc, getSizes(builder, loc, op.getSrc()),
                   executor.getLayout(op.getSrc()), overSource);
}

/// Each element is at the same indices, and held by the same thread.
void mlir::tile::lowerConvertLayout(ConvertLayoutOp op, BlockExecutor &executor,
                                    OpBuilder &builder) {
  Location loc = op.getLoc();
  executor.forEach(builder, loc, getSizes(builder, loc, op.getDst()),
                   executor.getLayout(op.getDst()),
                   [&](OpBuilder &b, Location, ValueRange point) {
                     Value value = executor.load(b, loc, op.getSrc(), point);
                     value = convertElement(
                         b, loc, value, op.getDst().getType().getElementType());
                     executor.store(b, loc, value, op.getDst(), point);
                   });
}

/// The buffer that `access` loads from or stores to.
static Value getAccessed(Operation *access) {
  if (auto load = dyn_cast<memref::LoadOp>(access))
    return load.getMemRef();
  if (auto store = dyn_cast<memref::StoreOp>(access))
    return store.getMemRef();
  return Value();
}

/// Replaces an access to a fragment.
static void lowerFragmentAccess(Operation *access, BlockExecutor &executor) {
  OpBuilder at(access);
  if (auto load = dyn_cast<memref::LoadOp>(access))
    load.replaceAllUsesWith(
        executor.load(at, load.getLoc(), load.getMemRef(), load.getIndices()));
  else if (auto store = dyn_cast<memref::StoreOp>(access))
    executor.store(at, store.getLoc(), store.getValueToStore(),
                   store.getMemRef(), store.getIndices());
  access->erase();
}

/// Whether the op does something that other threads see.
static bool isVisible(Operation *op) {
  if (isa<AtomicOp, PrintOp, AssertOp>(op))
    return true;
  auto store = dyn_cast<memref::StoreOp>(op);
  return store && tile::getScope(store.getMemRef()) != Scope::Local;
}

/// Lets only one of several threads that run an iteration do what others see.
static void lowerVisible(Operation *op, BlockExecutor &executor) {
  OpBuilder at(op);
  Value condition = executor.isWriter(at, op->getLoc());
  if (!condition)
    return;
  assert(op->use_empty() && "a result that only one thread would have");
  auto ifOp = scf::IfOp::create(at, op->getLoc(), condition);
  op->moveBefore(ifOp.thenYield());
}

/// Whether an iteration that does not exist would only compute something and
/// leave it in registers that nobody reads: those of its own point.
static bool touchesOnlyFragments(ParallelOp op, BlockExecutor &executor) {
  auto isOwnPoint = [&](ValueRange indices) {
    return llvm::all_of(
        llvm::zip_equal(op.getInductionVars(), op.getStaticExtents()),
        [&](auto place) {
          auto [variable, extent] = place;
          return extent == 1 || llvm::is_contained(indices, variable);
        });
  };
  return llvm::all_of(op.getBody().front().without_terminator(),
                      [&](Operation &nested) {
                        if (auto load = dyn_cast<memref::LoadOp>(nested))
                          return executor.isInRegisters(load.getMemRef());
                        if (auto store = dyn_cast<memref::StoreOp>(nested))
                          return executor.isInRegisters(store.getMemRef()) &&
                                 isOwnPoint(store.getIndices());
                        return isPure(&nested) && nested.getNumRegions() == 0;
                      });
}

void mlir::tile::lowerParallel(ParallelOp op, BlockExecutor &executor,
                               OpBuilder &builder) {
  auto body = [&](OpBuilder &b, Location loc, ValueRange point) {
    IRMapping mapping;
    mapping.map(op.getInductionVars(), point);
    SmallVector<Operation *> nested;
    for (Operation &child : op.getBody().front().without_terminator())
      b.clone(child, mapping)->walk([&](Operation *n) { nested.push_back(n); });
    for (Operation *n : nested) {
      Value buffer = getAccessed(n);
      if (buffer && executor.isInRegisters(buffer))
        lowerFragmentAccess(n, executor);
      else if (isVisible(n))
        lowerVisible(n, executor);
    }
  };
  SmallVector<OpFoldResult> extents =
      clampExtents(builder, op.getLoc(), op.getMixedExtents());
  executor.forEach(builder, op.getLoc(), extents, executor.getLayout(op), body,
                   touchesOnlyFragments(op, executor));
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
      .Case([&](TransposeOp transpose) {
        lowerTranspose(transpose, executor, builder);
        return true;
      })
      .Case([&](ConvertLayoutOp convert) {
        lowerConvertLayout(convert, executor, builder);
        return true;
      })
      .Case([&](ReduceOp reduce) {
        lowerReduce(reduce, executor, builder);
        return true;
      })
      .Case([&](ScanOp scan) {
        lowerScan(scan, executor, builder);
        return true;
      })
      .Case([&](ParallelOp parallel) {
        lowerParallel(parallel, executor, builder);
        return true;
      })
      .Default([](Operation *) { return false; });
}
