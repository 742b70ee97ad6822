//===- ThreadExecutor.cpp - the threads of a block on a GPU -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadExecutor.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

static Value getIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// The indices of point number `number` of an index space.
static SmallVector<Value> delinearize(OpBuilder &builder, Location loc,
                                      Value number,
                                      ArrayRef<OpFoldResult> extents) {
  SmallVector<Value> indices(extents.size());
  for (size_t dim = extents.size(); dim-- > 0;) {
    if (isOneInteger(extents[dim])) {
      indices[dim] = getIndex(builder, loc, 0);
      continue;
    }
    // What is left of the number is the outermost index.
    bool isLast = llvm::all_of(extents.take_front(dim), isOneInteger);
    if (isLast) {
      indices[dim] = number;
      continue;
    }
    Value extent = getValueOrCreateConstantIndexOp(builder, loc, extents[dim]);
    indices[dim] = arith::RemUIOp::create(builder, loc, number, extent);
    number = arith::DivUIOp::create(builder, loc, number, extent);
  }
  return indices;
}

int64_t ThreadExecutor::getNumSlots(ArrayRef<int64_t> shape) const {
  return llvm::divideCeil(ShapedType::getNumElements(shape), numThreads);
}

/// The number of the element in `slot` of this thread.
Value ThreadExecutor::linearize(OpBuilder &builder, Location loc,
                                Value slot) const {
  Value threads = getIndex(builder, loc, numThreads);
  Value first = arith::MulIOp::create(builder, loc, slot, threads);
  return arith::AddIOp::create(builder, loc, first, threadId);
}

ThreadExecutor::Owned ThreadExecutor::getOwned(OpBuilder &builder, Location loc,
                                               ArrayRef<int64_t> shape,
                                               Value slot,
                                               int64_t constantSlot) const {
  int64_t total = ShapedType::getNumElements(shape);
  Value number = linearize(builder, loc, slot);
  Value exists;
  bool isFull = constantSlot >= 0 && (constantSlot + 1) * numThreads <= total;
  if (!isFull && total % numThreads != 0)
    exists = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult,
                                   number, getIndex(builder, loc, total));
  SmallVector<Value> indices =
      delinearize(builder, loc, number,
                  getAsIndexOpFoldResult(builder.getContext(), shape));
  return {slot, indices, exists};
}

/// Builds `body` where `condition` holds, or always when it is null.
static void guarded(OpBuilder &builder, Location loc, Value condition,
                    function_ref<void(OpBuilder &)> body) {
  if (!condition)
    return body(builder);
  scf::IfOp::create(builder, loc, condition, [&](OpBuilder &nested, Location) {
    body(nested);
    scf::YieldOp::create(nested, loc);
  });
}

void ThreadExecutor::forEach(OpBuilder &builder, Location loc,
                             ArrayRef<OpFoldResult> extents,
                             bool touchesFragments, BodyFn body) {
  Value one = getIndex(builder, loc, 1);
  if (!touchesFragments) {
    Value total = one;
    for (OpFoldResult extent : extents)
      total = arith::MulIOp::create(
          builder, loc, total,
          getValueOrCreateConstantIndexOp(builder, loc, extent));
    Value step = getIndex(builder, loc, numThreads);
    scf::ForOp::create(
        builder, loc, threadId, total, step, {},
        [&](OpBuilder &nested, Location, Value number, ValueRange) {
          body(nested, loc, delinearize(nested, loc, number, extents));
          scf::YieldOp::create(nested, loc);
        });
    return;
  }

  SmallVector<int64_t> shape = *getConstantIntValues(extents);
  int64_t numSlots = getNumSlots(shape);
  auto runSlot = [&](OpBuilder &nested, Value slot, int64_t constantSlot) {
    Owned owned = getOwned(nested, loc, shape, slot, constantSlot);
    guarded(nested, loc, owned.exists, [&](OpBuilder &inner) {
      currentSlot = slot;
      body(inner, loc, owned.indices);
      currentSlot = Value();
    });
  };
  if (numSlots <= unrollLimit) {
    for (int64_t slot = 0; slot < numSlots; ++slot)
      runSlot(builder, getIndex(builder, loc, slot), slot);
    return;
  }
  scf::ForOp::create(builder, loc, getIndex(builder, loc, 0),
                     getIndex(builder, loc, numSlots), one, {},
                     [&](OpBuilder &nested, Location, Value slot, ValueRange) {
                       runSlot(nested, slot, /*constantSlot=*/-1);
                       scf::YieldOp::create(nested, loc);
                     });
}

bool ThreadExecutor::isInRegisters(Value buffer) {
  // Scalar code may use memory spaces that are no scope of this dialect.
  return tile::getScope(cast<MemRefType>(buffer.getType())) == Scope::Fragment;
}

void ThreadExecutor::addFragment(OpBuilder &builder, Location loc,
                                 Value fragment) {
  auto type = cast<MemRefType>(fragment.getType());
  int64_t numSlots = std::max<int64_t>(getNumSlots(type.getShape()), 1);
  arrays[fragment] = memref::AllocaOp::create(
      builder, loc,
      getBufferType({numSlots}, type.getElementType(), Scope::Local));
}

Value ThreadExecutor::load(OpBuilder &builder, Location loc, Value buffer,
                           ValueRange indices) {
  if (isInRegisters(buffer))
    return memref::LoadOp::create(builder, loc, getPrivateArray(buffer),
                                  currentSlot);
  return memref::LoadOp::create(builder, loc, buffer, indices);
}

void ThreadExecutor::store(OpBuilder &builder, Location loc, Value value,
                           Value buffer, ValueRange indices) {
  if (isInRegisters(buffer)) {
    memref::StoreOp::create(builder, loc, value, getPrivateArray(buffer),
                            currentSlot);
    return;
  }
  memref::StoreOp::create(builder, loc, value, buffer, indices);
}
