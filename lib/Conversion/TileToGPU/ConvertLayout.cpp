//===- ConvertLayout.cpp - fragments in other layouts -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a thread needs comes from registers that are the same in all threads, or
// from one of a few. It takes each of these from the thread that it needs it
// of, and selects.
//
//===----------------------------------------------------------------------===//

#include "ConvertLayout.h"
#include "Shuffle.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Layout/ConversionPlan.h"
#include "tile/Layout/Warp.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
class LayoutConversion {
public:
  LayoutConversion(ConvertLayoutOp op, ThreadExecutor &executor,
                   OpBuilder &builder)
      : op(op), executor(executor), builder(builder), loc(op.getLoc()),
        from(*executor.getLayout(op.getSrc())),
        to(*executor.getLayout(op.getDst())), moved(op.getMovedType()) {}

  void inRegisters(const ConversionPlan &plan);
  void throughScratch();

private:
  /// The number of the thread or value that holds an element, by parts.
  struct Owner {
    Value thread, value;
  };

  Value getIndex(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value load(int64_t slot);
  Value loadWord(int64_t slot, int64_t width);
  void storeWord(Value word, int64_t slot, int64_t width);
  Owner findOwner(const OwnerMap &owners, int64_t slot);
  Value convertGroup(const ConversionPlan &plan, int64_t group);
  Value getPlace(OpBuilder &b, ValueRange point);

  ConvertLayoutOp op;
  ThreadExecutor &executor;
  OpBuilder &builder;
  Location loc;
  const ThreadValueLayout &from, &to;
  Type moved;
};
} // namespace

Value LayoutConversion::load(int64_t slot) {
  Value held = memref::LoadOp::create(
      builder, loc, executor.getPrivateArray(op.getSrc()), getIndex(slot));
  return convertElement(builder, loc, held, moved);
}

/// `width` consecutive values in an integer, or a single one as it is.
Value LayoutConversion::loadWord(int64_t slot, int64_t width) {
  if (width == 1)
    return load(slot);
  SmallVector<Value> elements;
  for (int64_t i = 0; i < width; ++i)
    elements.push_back(load(slot + i));
  Value vector = vector::FromElementsOp::create(
      builder, loc, VectorType::get({width}, moved), elements);
  Type word = builder.getIntegerType(width * moved.getIntOrFloatBitWidth());
  vector = vector::BitCastOp::create(builder, loc, VectorType::get({1}, word),
                                     vector);
  return vector::ExtractOp::create(builder, loc, vector, 0);
}

void LayoutConversion::storeWord(Value word, int64_t slot, int64_t width) {
  Value array = executor.getPrivateArray(op.getDst());
  auto store = [&](Value element, int64_t at) {
    element = convertElement(builder, loc, element,
                             op.getDst().getType().getElementType());
    memref::StoreOp::create(builder, loc, element, array, getIndex(at));
  };
  if (width == 1)
    return store(word, slot);
  Value vector = vector::FromElementsOp::create(
      builder, loc, VectorType::get({1}, word.getType()), word);
  vector = vector::BitCastOp::create(builder, loc,
                                     VectorType::get({width}, moved), vector);
  for (int64_t i = 0; i < width; ++i)
    store(vector::ExtractOp::create(builder, loc, vector, i), slot + i);
}

/// Who holds what this thread has as value number `slot` of the result.
LayoutConversion::Owner LayoutConversion::findOwner(const OwnerMap &owners,
                                                    int64_t slot) {
  ThreadExecutor::Owned owned =
      executor.getOwned(builder, loc, to, getIndex(slot), slot);
  Owner owner{getIndex(0), getIndex(0)};
  for (const OwnerDigit &digit : owners.digits) {
    Value number =
        digit.dim ? owned.indices[*digit.dim] : executor.getThreadId();
    int64_t divisor = digit.dim ? digit.step : digit.place;
    number =
        builder.createOrFold<arith::DivUIOp>(loc, number, getIndex(divisor));
    number = builder.createOrFold<arith::RemUIOp>(loc, number,
                                                  getIndex(digit.extent));
    number =
        builder.createOrFold<arith::MulIOp>(loc, number, getIndex(digit.place));
    bool isThread = digit.source == CoordinateTerm::Source::Thread;
    Value &sum = isThread ? owner.thread : owner.value;
    sum = builder.createOrFold<arith::AddIOp>(loc, sum, number);
  }
  return owner;
}

Value LayoutConversion::convertGroup(const ConversionPlan &plan,
                                     int64_t group) {
  ArrayRef<int64_t> sources = plan.sources[group];
  Owner owner = findOwner(plan.owners, group * plan.width);
  Value lane;
  if (plan.isShuffled[group]) {
    lane = builder.createOrFold<arith::RemUIOp>(loc, owner.thread,
                                                getIndex(kWarpSize));
    lane = arith::IndexCastOp::create(builder, loc, builder.getI32Type(), lane);
  }
  Value result;
  for (int64_t source : sources) {
    Value word = loadWord(source, plan.width);
    if (lane)
      word = shuffle(builder, loc, word, lane, gpu::ShuffleMode::IDX);
    if (!result) {
      result = word;
      continue;
    }
    Value isWanted = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::eq, owner.value, getIndex(source));
    result = arith::SelectOp::create(builder, loc, isWanted, word, result);
  }
  return result;
}

void LayoutConversion::inRegisters(const ConversionPlan &plan) {
  for (int64_t group = 0, e = plan.sources.size(); group < e; ++group)
    if (Value word = convertGroup(plan, group))
      storeWord(word, group * plan.width, plan.width);
}

/// The place of an element in the scratch.
Value LayoutConversion::getPlace(OpBuilder &b, ValueRange point) {
  Value place = arith::ConstantIndexOp::create(b, loc, 0);
  for (auto [index, size] : llvm::zip_equal(point, to.shape())) {
    Value extent = arith::ConstantIndexOp::create(b, loc, size);
    place = b.createOrFold<arith::MulIOp>(loc, place, extent);
    place = b.createOrFold<arith::AddIOp>(loc, place, index);
  }
  return place;
}

void LayoutConversion::throughScratch() {
  SmallVector<OpFoldResult> extents =
      getAsIndexOpFoldResult(builder.getContext(), to.shape());
  executor.forEach(builder, loc, extents, &from,
                   [&](OpBuilder &b, Location, ValueRange point) {
                     Value element = executor.load(b, loc, op.getSrc(), point);
                     executor.store(b, loc,
                                    convertElement(b, loc, element, moved),
                                    op.getScratch(), getPlace(b, point));
                   });
  gpu::BarrierOp::create(builder, loc);
  executor.forEach(builder, loc, extents, &to,
                   [&](OpBuilder &b, Location, ValueRange point) {
                     Value element = memref::LoadOp::create(
                         b, loc, op.getScratch(), getPlace(b, point));
                     element =
                         convertElement(b, loc, element,
                                        op.getDst().getType().getElementType());
                     executor.store(b, loc, element, op.getDst(), point);
                   });
}

void mlir::tile::lowerConvertLayoutOnThreads(ConvertLayoutOp op,
                                             ThreadExecutor &executor,
                                             OpBuilder &builder) {
  LayoutConversion conversion(op, executor, builder);
  if (op.getScratch())
    return conversion.throughScratch();
  Type moved = op.getMovedType();
  ConversionPlan plan = cantFail(ConversionPlan::get(
      *executor.getLayout(op.getSrc()), *executor.getLayout(op.getDst()),
      moved.isIndex() ? 64 : moved.getIntOrFloatBitWidth()));
  assert(plan.kind != ConversionKind::SharedMemory && "a scratch for it");
  if (plan.kind == ConversionKind::None)
    return lowerConvertLayout(op, executor, builder);
  conversion.inRegisters(plan);
}
