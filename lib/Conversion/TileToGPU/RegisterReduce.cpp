//===- RegisterReduce.cpp - reductions of fragments -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All threads that hold a part of a line end up with its result, combined in
// the same order, so that replicas agree to the last bit.
//
//===----------------------------------------------------------------------===//

#include "RegisterReduce.h"
#include "Shuffle.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Dialect/Tile/Analysis/ThreadReduction.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
class RegisterReduction {
public:
  RegisterReduction(ReduceOp op, ThreadExecutor &executor, OpBuilder &builder)
      : op(op), executor(executor), builder(builder), loc(op.getLoc()),
        source(*executor.getLayout(op.getSrc())),
        plan(*ThreadReduction::get(source, op.getDim())),
        stored(op.getDst().getType().getElementType()),
        type(getReduceType(stored)) {}

  void run();

private:
  Value getIndex(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value combine(OpBuilder &b, Value lhs, Value rhs) {
    return combineReduce(b, loc, op.getKind(), lhs, rhs, op.getIgnoreNan());
  }
  void reduceThread();
  void reduceWarp();
  void reduceBlock();
  void storeResults();
  Value getMeetingThread(OpBuilder &b, Value number);

  ReduceOp op;
  ThreadExecutor &executor;
  OpBuilder &builder;
  Location loc;
  const ThreadValueLayout &source;
  ThreadReduction plan;
  Type stored, type;
  /// One for each value of the sliced layout.
  SmallVector<Value> results;
};
} // namespace

/// What each thread makes of its own elements.
void RegisterReduction::reduceThread() {
  Value identity =
      getReduceIdentity(builder, loc, op.getKind(), type, op.getIgnoreNan());
  results.assign(plan.slice.layout.numValues(), Value());
  Value array = executor.getPrivateArray(op.getSrc());
  for (int64_t i = 0, e = source.numValues(); i < e; ++i) {
    Value slot = getIndex(i);
    ThreadExecutor::Owned owned =
        executor.getOwned(builder, loc, source, slot, i);
    Value element = memref::LoadOp::create(builder, loc, array, slot);
    element = convertElement(builder, loc, element, type);
    element = getReduceInput(builder, loc, op.getKind(), element);
    if (owned.exists)
      element = arith::SelectOp::create(builder, loc, owned.exists, element,
                                        identity);
    Value &result = results[plan.slice.valueMap(i)];
    result = combine(builder, result ? result : identity, element);
  }
}

void RegisterReduction::reduceWarp() {
  for (int64_t mask : plan.shuffleMasks) {
    Value offset =
        arith::ConstantIntOp::create(builder, loc, builder.getI32Type(), mask);
    for (Value &result : results)
      result =
          combine(builder, result,
                  shuffle(builder, loc, result, offset, gpu::ShuffleMode::XOR));
  }
}

/// The thread that is number `number` among those that meet with this one.
Value RegisterReduction::getMeetingThread(OpBuilder &b, Value number) {
  Value thread = executor.getThreadId();
  for (ThreadReduction::Digit digit : plan.digits) {
    Value extent = arith::ConstantIndexOp::create(b, loc, digit.extent);
    Value divisor = arith::ConstantIndexOp::create(b, loc, digit.divisor);
    auto scaled = [&](Value value) -> Value {
      return arith::MulIOp::create(b, loc, value, divisor);
    };
    Value own = arith::DivUIOp::create(b, loc, executor.getThreadId(), divisor);
    own = arith::RemUIOp::create(b, loc, own, extent);
    Value other = arith::RemUIOp::create(b, loc, number, extent);
    number = arith::DivUIOp::create(b, loc, number, extent);
    thread = arith::SubIOp::create(b, loc, thread, scaled(own));
    thread = arith::AddIOp::create(b, loc, thread, scaled(other));
  }
  return thread;
}

void RegisterReduction::reduceBlock() {
  if (plan.digits.empty())
    return;
  Value scratch = op.getScratch();
  auto getPlace = [&](OpBuilder &b, int64_t slot, Value thread) -> Value {
    Value first =
        arith::ConstantIndexOp::create(b, loc, slot * executor.getNumThreads());
    return arith::AddIOp::create(b, loc, first, thread);
  };
  for (auto [slot, result] : llvm::enumerate(results))
    memref::StoreOp::create(builder, loc, result, scratch,
                            getPlace(builder, slot, executor.getThreadId()));
  gpu::BarrierOp::create(builder, loc);
  Value identity =
      getReduceIdentity(builder, loc, op.getKind(), type, op.getIgnoreNan());
  auto loop = scf::ForOp::create(
      builder, loc, getIndex(0), getIndex(plan.getNumMeeting()), getIndex(1),
      SmallVector<Value>(results.size(), identity),
      [&](OpBuilder &b, Location, Value number, ValueRange carried) {
        Value thread = getMeetingThread(b, number);
        SmallVector<Value> next;
        for (auto [slot, sum] : llvm::enumerate(carried)) {
          Value part = memref::LoadOp::create(b, loc, scratch,
                                              getPlace(b, slot, thread));
          next.push_back(combine(b, sum, part));
        }
        scf::YieldOp::create(b, loc, next);
      });
  results.assign(loop.getResults().begin(), loop.getResults().end());
}

void RegisterReduction::storeResults() {
  const ThreadValueLayout &layout = plan.slice.layout;
  bool keepsDim = op.getDst().getType().getRank() == source.rank();
  int64_t slot = 0;
  auto store = [&](OpBuilder &b, Location, ValueRange point) {
    SmallVector<Value> indices(point);
    if (keepsDim)
      indices.insert(indices.begin() + op.getDim(),
                     arith::ConstantIndexOp::create(b, loc, 0));
    Value result = results[slot++];
    if (op.getAccumulate()) {
      Value held = executor.load(b, loc, op.getDst(), indices);
      result = combine(b, convertElement(b, loc, held, type), result);
    }
    result = convertElement(b, loc, result, stored);
    executor.store(b, loc, result, op.getDst(), indices);
  };
  executor.forEach(builder, loc,
                   getAsIndexOpFoldResult(builder.getContext(), layout.shape()),
                   &layout, store);
}

void RegisterReduction::run() {
  reduceThread();
  reduceWarp();
  reduceBlock();
  storeResults();
}

void mlir::tile::lowerReduceInRegisters(ReduceOp op, ThreadExecutor &executor,
                                        OpBuilder &builder) {
  RegisterReduction(op, executor, builder).run();
}
