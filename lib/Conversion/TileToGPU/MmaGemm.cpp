//===- MmaGemm.cpp - matrix products by tensor cores ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each warp computes its block of the accumulator by mma.sync, atom by atom.
// The accumulator is in registers for the whole product, converted from and to
// the type of the fragment, so that a narrow result is rounded once.
//
//===----------------------------------------------------------------------===//

#include "MmaGemm.h"
#include "MmaOperands.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
class TensorCoreGemm {
public:
  TensorCoreGemm(GemmOp op, const TensorCoreProduct &product,
                 ThreadExecutor &executor, OpBuilder &builder)
      : op(op), product(product), executor(executor), builder(builder),
        loc(op.getLoc()), stored(op.getC().getType().getElementType()),
        type(getReduceType(stored)) {}

  void run();

private:
  void loadAccumulators();
  void storeAccumulators();
  void multiply(MmaOperandReader &a, MmaOperandReader &b, int64_t row,
                int64_t column, int64_t step);
  Value emitMma(ValueRange a, ValueRange b, ValueRange c);
  Value emitFloat8Mma(Type result, ValueRange a, ValueRange b, ValueRange c);

  GemmOp op;
  const TensorCoreProduct &product;
  ThreadExecutor &executor;
  OpBuilder &builder;
  Location loc;
  Type stored, type;
  SmallVector<Value> sums;
};
} // namespace

/// How many atoms a warp has along a dimension of the padded tile.
static int64_t countAtoms(const ThreadValueLayout &tile, unsigned dim,
                          int64_t warps, int64_t extent) {
  return tile.padded()[dim] / (warps * extent);
}

void TensorCoreGemm::loadAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  Value zero = getZero(builder, loc, type);
  for (int64_t i = 0, e = product.c.numValues(); i < e; ++i) {
    if (op.getClear()) {
      sums.push_back(zero);
      continue;
    }
    Value slot = arith::ConstantIndexOp::create(builder, loc, i);
    Value held = memref::LoadOp::create(builder, loc, array, slot);
    held = convertElement(builder, loc, held, type);
    if (op.getClearIf())
      held = arith::SelectOp::create(builder, loc, op.getClearIf(), zero, held);
    sums.push_back(held);
  }
}

void TensorCoreGemm::storeAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  for (auto [i, sum] : llvm::enumerate(sums)) {
    Value slot = arith::ConstantIndexOp::create(builder, loc, i);
    memref::StoreOp::create(
        builder, loc, convertElement(builder, loc, sum, stored), array, slot);
  }
}

static NVVM::MMATypes getMmaType(Type type) {
  if (type.isF16())
    return NVVM::MMATypes::f16;
  if (type.isBF16())
    return NVVM::MMATypes::bf16;
  if (type.isF32())
    return NVVM::MMATypes::tf32;
  if (type.isF64())
    return NVVM::MMATypes::f64;
  assert(type.isInteger(8) && "a type without a matrix instruction");
  return NVVM::MMATypes::s8;
}

static StringRef getFloat8Name(Value operand) {
  Type type = cast<MemRefType>(operand.getType()).getElementType();
  return isa<Float8E4M3FNType>(type) ? "e4m3" : "e5m2";
}

/// The instruction on 8-bit floats, which nvvm.mma.sync refuses.
Value TensorCoreGemm::emitFloat8Mma(Type result, ValueRange a, ValueRange b,
                                    ValueRange c) {
  std::string name =
      llvm::formatv("llvm.nvvm.mma.m16n8k32.row.col.f32.{0}.{1}.f32",
                    getFloat8Name(op.getA()), getFloat8Name(op.getB()));
  SmallVector<Value> operands(a);
  llvm::append_range(operands, b);
  llvm::append_range(operands, c);
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

/// The results of one instruction, in a struct.
Value TensorCoreGemm::emitMma(ValueRange a, ValueRange b, ValueRange c) {
  Type result = LLVM::LLVMStructType::getLiteral(
      builder.getContext(), SmallVector<Type>(c.size(), type));
  Type element = op.getA().getType().getElementType();
  if (isa<Float8E4M3FNType, Float8E5M2Type>(element))
    return emitFloat8Mma(result, a, b, c);
  NVVM::MMATypes mmaType = getMmaType(element);
  std::optional<NVVM::MMAIntOverflow> overflow;
  if (element.isInteger())
    overflow = NVVM::MMAIntOverflow::wrapped;
  const MmaAtom &atom = product.atom;
  return NVVM::MmaOp::create(
      builder, loc, result, a, b, c, ArrayRef<int64_t>{atom.m, atom.n, atom.k},
      /*b1Op=*/std::nullopt, overflow, std::array{mmaType, mmaType},
      std::array{NVVM::MMALayout::row, NVVM::MMALayout::col});
}

/// Adds the product of one atom of A and one of B.
void TensorCoreGemm::multiply(MmaOperandReader &a, MmaOperandReader &b,
                              int64_t row, int64_t column, int64_t step) {
  const MmaAtom &atom = product.atom;
  int64_t columns = countAtoms(product.c, 1, product.warpsN, atom.n);
  int64_t steps = countAtoms(product.a, 1, 1, atom.k);
  unsigned bits = op.getA().getType().getElementType().getIntOrFloatBitWidth();
  int64_t packed = bits < 32 ? 32 / bits : 1;
  auto getRegisters = [&](MmaOperandReader &reader,
                          const ThreadValueLayout &layout, int64_t number) {
    int64_t count = layout.numValues() / packed;
    SmallVector<Value> values;
    for (int64_t i = 0; i < count; ++i)
      values.push_back(reader.get(builder, number * count + i));
    return values;
  };
  SmallVector<Value> left = getRegisters(a, atom.a, row * steps + step);
  SmallVector<Value> right = getRegisters(b, *atom.b, step * columns + column);
  int64_t count = atom.c.numValues();
  MutableArrayRef<Value> held =
      MutableArrayRef(sums).slice((row * columns + column) * count, count);
  Value result = emitMma(left, right, SmallVector<Value>(held));
  for (int64_t i = 0; i < count; ++i)
    held[i] = LLVM::ExtractValueOp::create(builder, loc, result, i);
}

void TensorCoreGemm::run() {
  const MmaAtom &atom = product.atom;
  bool tf32 = op.getPrecision() == Precision::TF32;
  MmaOperandReader a(executor, loc, op.getA(), product.a, op.getTransposeA(),
                     /*sumDim=*/1, tf32);
  MmaOperandReader b(executor, loc, op.getB(), product.b, op.getTransposeB(),
                     /*sumDim=*/0, tf32);
  loadAccumulators();
  int64_t rows = countAtoms(product.c, 0, product.warpsM, atom.m);
  int64_t columns = countAtoms(product.c, 1, product.warpsN, atom.n);
  int64_t steps = countAtoms(product.a, 1, 1, atom.k);
  for (int64_t step = 0; step < steps; ++step)
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        multiply(a, b, row, column, step);
  storeAccumulators();
}

bool mlir::tile::lowerGemmOnTensorCores(GemmOp op, const TargetInfo &target,
                                        ThreadExecutor &executor,
                                        OpBuilder &builder) {
  std::string reason;
  std::optional<TensorCoreProduct> product =
      matchTensorCores(op, executor.getNumThreads(), target, reason);
  if (!product) {
    remark::missed(op.getLoc(), remark::RemarkOpts::name("no-tensor-cores")
                                    .category("convert-tile-to-gpu"))
        << remark::reason("product without tensor cores: {0}", reason);
    return false;
  }
  TensorCoreGemm(op, *product, executor, builder).run();
  return true;
}
