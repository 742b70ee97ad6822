//===- CPUGemm.cpp - matrix products on the CPU -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The product runs in the type it accumulates in, over blocks of a few rows by
// a few vectors of columns that stay in vector registers along K. Where an
// operand does not have that type, or its rows cannot be read as vectors, it is
// first copied to a scratch buffer in the form that the blocks want, with the
// columns padded to whole vectors.
//
//===----------------------------------------------------------------------===//

#include "CPUGemm.h"

#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

/// Bytes of a vector, rows of a block and vectors in a row of a block: enough
/// independent sums to keep the multipliers busy, few enough for 32 registers.
static constexpr int64_t kVectorBytes = 64;
static constexpr int64_t kBlockRows = 8;
static constexpr int64_t kBlockVectors = 2;

namespace {

class GemmOnCPU {
public:
  GemmOnCPU(GemmOp op, OpBuilder &builder, AllocFn alloc)
      : op(op), builder(builder), alloc(alloc), loc(op.getLoc()) {
    type = getReduceType(op.getC().getType().getElementType());
    lanes = kVectorBytes * 8 / type.getIntOrFloatBitWidth();
    vectorType = VectorType::get(lanes, type);
    m = op.getM(), n = op.getN(), k = op.getK();
    paddedN = llvm::alignTo(n, lanes);
    zero = index(0), one = index(1);
  }

  void run();

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  void loop(int64_t size, int64_t step, function_ref<void(Value)> body);
  void loopNest(int64_t rows, int64_t columns,
                function_ref<void(Value, Value)> body);
  bool hasRowsOfVectors(MemRefType buffer);
  Value convertInput(Value value);
  Value prepareA();
  Value prepareB();
  void storeBack();
  void blockColumn(Value j, int64_t vectors);
  void block(Value i, Value j, int64_t rows, int64_t vectors);
  Value initial(Value row, Value column);
  Value multiplyAdd(Value lhs, Value rhs, Value sum);

  GemmOp op;
  OpBuilder &builder;
  AllocFn alloc;
  Location loc;
  Type type;
  VectorType vectorType;
  int64_t lanes, m, n, k, paddedN;
  Value zero, one;
  Value a, b, c;
};

} // namespace

/// Emits a loop and its body from zero to `size`.
void GemmOnCPU::loop(int64_t size, int64_t step,
                     function_ref<void(Value)> body) {
  auto forOp = scf::ForOp::create(builder, loc, zero, index(size), index(step));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(forOp.getBody());
  body(forOp.getInductionVar());
}

void GemmOnCPU::loopNest(int64_t rows, int64_t columns,
                         function_ref<void(Value, Value)> body) {
  loop(rows, 1,
       [&](Value i) { loop(columns, 1, [&](Value j) { body(i, j); }); });
}

/// Whether rows of `buffer` can be read and written as whole vectors of the
/// type that the product runs in.
bool GemmOnCPU::hasRowsOfVectors(MemRefType buffer) {
  SmallVector<int64_t> strides;
  int64_t offset;
  return buffer.getElementType() == type && n == paddedN &&
         succeeded(buffer.getStridesAndOffset(strides, offset)) &&
         strides.back() == 1;
}

Value GemmOnCPU::convertInput(Value value) {
  value = convertElement(builder, loc, value, type);
  if (op.getPrecision() == Precision::TF32)
    value = roundToTF32(builder, loc, value);
  return value;
}

/// A as it is stored, in the type of the product.
Value GemmOnCPU::prepareA() {
  MemRefType stored = op.getA().getType();
  if (stored.getElementType() == type && op.getPrecision() == Precision::Full)
    return op.getA();
  Value packed = alloc(MemRefType::get(stored.getShape(), type));
  loopNest(stored.getDimSize(0), stored.getDimSize(1), [&](Value i, Value j) {
    Value value = memref::LoadOp::create(builder, loc, op.getA(), {i, j});
    memref::StoreOp::create(builder, loc, convertInput(value), packed, {i, j});
  });
  return packed;
}

/// B as K rows of whole vectors.
Value GemmOnCPU::prepareB() {
  if (!op.getTransposeB() && hasRowsOfVectors(op.getB().getType()) &&
      op.getPrecision() == Precision::Full)
    return op.getB();
  Value packed = alloc(MemRefType::get({k, paddedN}, type));
  loopNest(k, n, [&](Value i, Value j) {
    SmallVector<Value> indices{i, j};
    if (op.getTransposeB())
      std::swap(indices[0], indices[1]);
    Value value = memref::LoadOp::create(builder, loc, op.getB(), indices);
    memref::StoreOp::create(builder, loc, convertInput(value), packed, {i, j});
  });
  if (n == paddedN)
    return packed;
  // The lanes beyond N are computed too, and dropped.
  Value pad = getZero(builder, loc, type);
  loopNest(k, paddedN - n, [&](Value i, Value j) {
    Value column = arith::AddIOp::create(builder, loc, j, index(n));
    memref::StoreOp::create(builder, loc, pad, packed, {i, column});
  });
  return packed;
}

/// Where a block's sums begin: what C held, or zero.
Value GemmOnCPU::initial(Value row, Value column) {
  Value cleared =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(vectorType));
  if (op.getClear())
    return cleared;
  Value held =
      vector::LoadOp::create(builder, loc, vectorType, c, {row, column});
  if (!op.getClearIf())
    return held;
  return arith::SelectOp::create(builder, loc, op.getClearIf(), cleared, held);
}

Value GemmOnCPU::multiplyAdd(Value lhs, Value rhs, Value sum) {
  if (isa<FloatType>(type))
    return vector::FMAOp::create(builder, loc, lhs, rhs, sum);
  Value product = arith::MulIOp::create(builder, loc, lhs, rhs);
  return arith::AddIOp::create(builder, loc, sum, product);
}

/// One block of `rows` by `vectors`, along the whole of K.
void GemmOnCPU::block(Value i, Value j, int64_t rows, int64_t vectors) {
  SmallVector<Value> rowIndices, columnIndices, sums;
  for (int64_t r = 0; r < rows; ++r)
    rowIndices.push_back(arith::AddIOp::create(builder, loc, i, index(r)));
  for (int64_t v = 0; v < vectors; ++v)
    columnIndices.push_back(
        arith::AddIOp::create(builder, loc, j, index(v * lanes)));
  for (Value row : rowIndices)
    for (Value column : columnIndices)
      sums.push_back(initial(row, column));

  auto alongK = scf::ForOp::create(builder, loc, zero, index(k), one, sums);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(alongK.getBody());
    Value step = alongK.getInductionVar();
    SmallVector<Value> columns, next;
    for (Value column : columnIndices)
      columns.push_back(
          vector::LoadOp::create(builder, loc, vectorType, b, {step, column}));
    for (auto [r, row] : llvm::enumerate(rowIndices)) {
      SmallVector<Value> indices{row, step};
      if (op.getTransposeA())
        std::swap(indices[0], indices[1]);
      Value element = memref::LoadOp::create(builder, loc, a, indices);
      Value splat =
          vector::BroadcastOp::create(builder, loc, vectorType, element);
      for (auto [v, column] : llvm::enumerate(columns))
        next.push_back(multiplyAdd(splat, column,
                                   alongK.getRegionIterArg(r * vectors + v)));
    }
    scf::YieldOp::create(builder, loc, next);
  }
  for (auto [r, row] : llvm::enumerate(rowIndices))
    for (auto [v, column] : llvm::enumerate(columnIndices))
      vector::StoreOp::create(builder, loc, alongK.getResult(r * vectors + v),
                              c, {row, column});
}

/// All blocks of the columns that begin at `j`.
void GemmOnCPU::blockColumn(Value j, int64_t vectors) {
  int64_t whole = m / kBlockRows * kBlockRows;
  if (whole)
    loop(whole, kBlockRows, [&](Value i) { block(i, j, kBlockRows, vectors); });
  if (m > whole)
    block(index(whole), j, m - whole, vectors);
}

void GemmOnCPU::storeBack() {
  Type stored = op.getC().getType().getElementType();
  loopNest(m, n, [&](Value i, Value j) {
    Value value = memref::LoadOp::create(builder, loc, c, {i, j});
    memref::StoreOp::create(builder, loc,
                            convertElement(builder, loc, value, stored),
                            op.getC(), {i, j});
  });
}

void GemmOnCPU::run() {
  a = prepareA();
  b = prepareB();
  bool inPlace = hasRowsOfVectors(op.getC().getType());
  c = op.getC();
  if (!inPlace) {
    c = alloc(MemRefType::get({m, paddedN}, type));
    if (!op.getClear())
      loopNest(m, n, [&](Value i, Value j) {
        Value value = memref::LoadOp::create(builder, loc, op.getC(), {i, j});
        memref::StoreOp::create(
            builder, loc, convertElement(builder, loc, value, type), c, {i, j});
      });
  }
  int64_t blockColumns = kBlockVectors * lanes;
  int64_t whole = paddedN / blockColumns * blockColumns;
  if (whole)
    loop(whole, blockColumns, [&](Value j) { blockColumn(j, kBlockVectors); });
  if (paddedN > whole)
    blockColumn(index(whole), (paddedN - whole) / lanes);
  if (!inPlace)
    storeBack();
}

void mlir::tile::lowerGemmOnCPU(GemmOp op, OpBuilder &builder, AllocFn alloc) {
  GemmOnCPU(op, builder, alloc).run();
}
