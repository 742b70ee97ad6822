//===- MmaOperands.cpp - operands of matrix instructions --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ldmatrix where rows of 16 bytes lie in the buffer, else element by element; a
// fragment has its elements where the instruction takes them from.
//
//===----------------------------------------------------------------------===//

#include "MmaOperands.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::tile;

/// The bytes of a row that ldmatrix reads.
static constexpr int64_t kRowBytes = 16;

/// Whether every row that ldmatrix reads lies in the buffer and is aligned.
static bool hasWholeRows(const ThreadValueLayout &stored, int64_t elementBits) {
  int64_t perRow = kRowBytes * 8 / elementBits;
  return stored.shape()[1] % perRow == 0;
}

MmaOperandReader::MmaOperandReader(ThreadExecutor &executor, Location loc,
                                   Value buffer,
                                   const ThreadValueLayout &layout,
                                   bool isTransposed, unsigned sumDim,
                                   bool roundsToTF32)
    : executor(executor), loc(loc), buffer(buffer),
      layout(getStoredLayout(layout, isTransposed)), roundsToTF32(roundsToTF32),
      elementType(cast<MemRefType>(buffer.getType()).getElementType()) {
  int64_t bits = elementType.getIntOrFloatBitWidth();
  packed = std::max<int64_t>(32 / bits, 1);
  if (isTransposed)
    sumDim = 1 - sumDim;
  hasWholeSums = this->layout.shape()[sumDim] == this->layout.padded()[sumDim];
  if (!executor.isInRegisters(buffer) && bits <= 32 && hasWholeSums &&
      hasWholeRows(this->layout, bits))
    matrices = matchMatrixAccess(this->layout, bits);
}

/// The elements of a register in the type that mma.sync takes.
Value MmaOperandReader::toRegister(OpBuilder &builder, Value elements) {
  if (elementType.isF16())
    return elements;
  if (roundsToTF32) {
    Value value = vector::ExtractOp::create(builder, loc, elements, 0);
    return NVVM::ConvertFloatToTF32Op::create(
        builder, loc, builder.getI32Type(), value,
        NVVM::FPRoundingModeAttr::get(builder.getContext(),
                                      NVVM::FPRoundingMode::RNA));
  }
  Type word = VectorType::get({1}, builder.getI32Type());
  elements = vector::BitCastOp::create(builder, loc, word, elements);
  return vector::ExtractOp::create(builder, loc, elements, 0);
}

/// One element of a fragment; zero where it would change the product.
Value MmaOperandReader::loadHeld(OpBuilder &builder, int64_t value) {
  Value slot = arith::ConstantIndexOp::create(builder, loc, value);
  Value loaded = memref::LoadOp::create(builder, loc,
                                        executor.getPrivateArray(buffer), slot);
  if (hasWholeSums)
    return loaded;
  ThreadExecutor::Owned owned =
      executor.getOwned(builder, loc, layout, slot, value);
  if (!owned.exists)
    return loaded;
  return arith::SelectOp::create(builder, loc, owned.exists, loaded,
                                 getZero(builder, loc, elementType));
}

/// One element; zero where the tile has none.
Value MmaOperandReader::loadElement(OpBuilder &builder, int64_t value) {
  if (executor.isInRegisters(buffer))
    return loadHeld(builder, value);
  Value slot = arith::ConstantIndexOp::create(builder, loc, value);
  ThreadExecutor::Owned owned =
      executor.getOwned(builder, loc, layout, slot, value);
  if (!owned.exists)
    return executor.load(builder, loc, buffer, owned.indices);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  for (Value &index : owned.indices)
    index = arith::SelectOp::create(builder, loc, owned.exists, index, zero);
  Value loaded = executor.load(builder, loc, buffer, owned.indices);
  return arith::SelectOp::create(builder, loc, owned.exists, loaded,
                                 getZero(builder, loc, elementType));
}

Value MmaOperandReader::load(OpBuilder &builder, int64_t number) {
  if (elementType.getIntOrFloatBitWidth() == 64)
    return loadElement(builder, number);
  SmallVector<Value> elements;
  for (int64_t i = 0; i < packed; ++i)
    elements.push_back(loadElement(builder, number * packed + i));
  Value vector = vector::FromElementsOp::create(
      builder, loc, VectorType::get({packed}, elementType), elements);
  return toRegister(builder, vector);
}

/// Loads the registers of one ldmatrix.
void MmaOperandReader::loadMatrices(OpBuilder &builder, int64_t instruction) {
  Value slot = arith::ConstantIndexOp::create(builder, loc, instruction);
  ThreadExecutor::Owned row =
      executor.getOwned(builder, loc, matrices->addresses, slot, instruction);
  // Rows beyond the tile only reach what is beyond the product; any row will
  // do for them.
  if (row.exists) {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    for (Value &index : row.indices)
      index = arith::SelectOp::create(builder, loc, row.exists, index, zero);
  }
  auto type = VectorType::get({matrices->count, packed}, elementType);
  Value loaded = nvgpu::LdMatrixOp::create(
      builder, loc, type, buffer, row.indices, matrices->isTransposed,
      static_cast<uint32_t>(matrices->count));
  for (int64_t i = 0; i < matrices->count; ++i)
    registers[instruction * matrices->count + i] =
        toRegister(builder, vector::ExtractOp::create(builder, loc, loaded, i));
}

Value MmaOperandReader::get(OpBuilder &builder, int64_t number) {
  if (!registers.contains(number)) {
    if (matrices)
      loadMatrices(builder, number / matrices->count);
    else
      registers[number] = load(builder, number);
  }
  return registers.lookup(number);
}
