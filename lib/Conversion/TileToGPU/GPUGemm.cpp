//===- GPUGemm.cpp - matrix products by the threads of a block --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generic product: each thread sums the elements of C that it holds. Where
// C lies in registers, one loop along K carries all of a thread's sums, so that
// what it reads of A and B is shared between them. Tensor cores are not used.
//
//===----------------------------------------------------------------------===//

#include "GPUGemm.h"

#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

class GemmOnThreads {
public:
  GemmOnThreads(GemmOp op, ThreadExecutor &executor)
      : op(op), executor(executor), loc(op.getLoc()),
        stored(op.getC().getType().getElementType()),
        type(getReduceType(stored)) {}

  void inRegisters(OpBuilder &builder);
  void oneByOne(OpBuilder &builder);

private:
  Value initial(OpBuilder &b, function_ref<Value()> load);
  Value step(OpBuilder &b, Value i, Value j, Value k, Value sum);
  Value loadInput(OpBuilder &b, Value buffer, Value row, Value column,
                  bool transposed);
  scf::ForOp loopAlongK(
      OpBuilder &b, ValueRange sums,
      function_ref<SmallVector<Value>(OpBuilder &, Value, ValueRange)> body);

  GemmOp op;
  ThreadExecutor &executor;
  Location loc;
  Type stored, type;
};

} // namespace

/// Where a sum begins: what C held, or zero.
Value GemmOnThreads::initial(OpBuilder &b, function_ref<Value()> load) {
  Value cleared = getZero(b, loc, type);
  if (op.getClear())
    return cleared;
  Value held = convertElement(b, loc, load(), type);
  if (!op.getClearIf())
    return held;
  return arith::SelectOp::create(b, loc, op.getClearIf(), cleared, held);
}

Value GemmOnThreads::loadInput(OpBuilder &b, Value buffer, Value row,
                               Value column, bool transposed) {
  if (transposed)
    std::swap(row, column);
  Value value = memref::LoadOp::create(b, loc, buffer, ValueRange{row, column});
  value = convertElement(b, loc, value, type);
  if (op.getPrecision() == Precision::TF32)
    value = roundToTF32(b, loc, value);
  return value;
}

/// `sum` with one more product added.
Value GemmOnThreads::step(OpBuilder &b, Value i, Value j, Value k, Value sum) {
  Value lhs = loadInput(b, op.getA(), i, k, op.getTransposeA());
  Value rhs = loadInput(b, op.getB(), k, j, op.getTransposeB());
  if (isa<FloatType>(type))
    return math::FmaOp::create(b, loc, lhs, rhs, sum);
  Value product = arith::MulIOp::create(b, loc, lhs, rhs);
  return arith::AddIOp::create(b, loc, sum, product);
}

scf::ForOp GemmOnThreads::loopAlongK(
    OpBuilder &b, ValueRange sums,
    function_ref<SmallVector<Value>(OpBuilder &, Value, ValueRange)> body) {
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value size = arith::ConstantIndexOp::create(b, loc, op.getK());
  return scf::ForOp::create(
      b, loc, zero, size, one, sums,
      [&](OpBuilder &nested, Location, Value k, ValueRange carried) {
        scf::YieldOp::create(nested, loc, body(nested, k, carried));
      });
}

void GemmOnThreads::inRegisters(OpBuilder &builder) {
  const ThreadValueLayout &layout = *executor.getLayout(op.getC());
  Value array = executor.getPrivateArray(op.getC());
  Value last = arith::ConstantIndexOp::create(builder, loc, 0);
  SmallVector<ThreadExecutor::Owned> owned;
  SmallVector<Value> sums;
  for (int64_t s = 0, e = layout.numValues(); s < e; ++s) {
    Value slot = arith::ConstantIndexOp::create(builder, loc, s);
    owned.push_back(executor.getOwned(builder, loc, layout, slot, s));
    // A slot beyond the end sums some element that exists; nobody reads it.
    if (Value exists = owned.back().exists)
      for (Value &index : owned.back().indices)
        index = arith::SelectOp::create(builder, loc, exists, index, last);
    sums.push_back(initial(builder, [&] {
      return memref::LoadOp::create(builder, loc, array, slot).getResult();
    }));
  }
  scf::ForOp loop =
      loopAlongK(builder, sums, [&](OpBuilder &b, Value k, ValueRange carried) {
        SmallVector<Value> next;
        for (auto [element, sum] : llvm::zip_equal(owned, carried))
          next.push_back(
              step(b, element.indices[0], element.indices[1], k, sum));
        return next;
      });
  for (auto [element, sum] : llvm::zip_equal(owned, loop.getResults()))
    memref::StoreOp::create(builder, loc,
                            convertElement(builder, loc, sum, stored), array,
                            element.slot);
}

void GemmOnThreads::oneByOne(OpBuilder &builder) {
  SmallVector<OpFoldResult> extents = getAsIndexOpFoldResult(
      builder.getContext(), op.getC().getType().getShape());
  executor.forEach(
      builder, loc, extents, executor.getLayout(op.getC()),
      [&](OpBuilder &b, Location, ValueRange point) {
        Value sum =
            initial(b, [&] { return executor.load(b, loc, op.getC(), point); });
        scf::ForOp loop = loopAlongK(
            b, sum, [&](OpBuilder &nested, Value k, ValueRange carried) {
              return SmallVector<Value>{
                  step(nested, point[0], point[1], k, carried.front())};
            });
        executor.store(b, loc,
                       convertElement(b, loc, loop.getResult(0), stored),
                       op.getC(), point);
      });
}

void mlir::tile::lowerGemmOnThreads(GemmOp op, ThreadExecutor &executor,
                                    OpBuilder &builder) {
  GemmOnThreads gemm(op, executor);
  if (executor.isInRegisters(op.getC()) &&
      executor.isUnrolled(*executor.getLayout(op.getC())))
    return gemm.inRegisters(builder);
  gemm.oneByOne(builder);
}
