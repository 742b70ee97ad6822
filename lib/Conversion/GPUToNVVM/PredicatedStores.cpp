//===- PredicatedStores.cpp - stores under a condition ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PredicatedStores.h"

#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace {
struct LowerMaskedStore : ConvertOpToLLVMPattern<vector::MaskedStoreOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(vector::MaskedStoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override;
};
} // namespace

/// The bits of `vector` in registers of up to 32 bits.
static SmallVector<Value> toWords(OpBuilder &b, Location loc, Value vector) {
  auto type = cast<VectorType>(vector.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  auto word = b.getIntegerType(std::min<int64_t>(bits, 32));
  auto words = VectorType::get(bits / word.getWidth(), word);
  Value cast = LLVM::BitcastOp::create(b, loc, words, vector);
  SmallVector<Value> values;
  for (int64_t i = 0; i < words.getNumElements(); ++i) {
    Value index = LLVM::ConstantOp::create(b, loc, b.getI32Type(), i);
    Value value = LLVM::ExtractElementOp::create(b, loc, cast, index);
    // No register has eight bits.
    if (word.getWidth() == 8)
      value = LLVM::ZExtOp::create(b, loc, b.getI16Type(), value);
    values.push_back(value);
  }
  return values;
}

/// The instruction that stores `count` words of `bits` each.
static std::string getCode(int64_t count, int64_t bits) {
  std::string code = "st.global";
  std::string values = "$1";
  if (count > 1) {
    code += ".v" + std::to_string(count);
    values = "{$1";
    for (int64_t i = 2; i <= count; ++i)
      values += ", $" + std::to_string(i);
    values += "}";
  }
  return code + ".b" + std::to_string(bits) + " [$0], " + values + ";";
}

LogicalResult
LowerMaskedStore::matchAndRewrite(vector::MaskedStoreOp op, OpAdaptor adaptor,
                                  ConversionPatternRewriter &rewriter) const {
  auto mask = op.getMask().getDefiningOp<vector::BroadcastOp>();
  if (!mask || op.getMemRefType().getMemorySpace())
    return failure();
  Value condition = rewriter.getRemappedValue(mask.getSource());
  Location loc = op.getLoc();
  Value address = getStridedElementPtr(rewriter, loc, op.getMemRefType(),
                                       adaptor.getBase(), adaptor.getIndices());
  auto global = LLVM::LLVMPointerType::get(
      getContext(), static_cast<unsigned>(NVVM::NVVMMemorySpace::Global));
  address = LLVM::AddrSpaceCastOp::create(rewriter, loc, global, address);
  SmallVector<Value> operands{address};
  llvm::append_range(operands,
                     toWords(rewriter, loc, adaptor.getValueToStore()));
  int64_t count = operands.size() - 1;
  VectorType type = op.getVectorType();
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth() / count;
  NVVM::InlinePtxOp::create(rewriter, loc, TypeRange(), operands, ValueRange(),
                            getCode(count, bits), condition);
  rewriter.eraseOp(op);
  return success();
}

void mlir::tile::populatePredicatedStorePatterns(
    const LLVMTypeConverter &converter, RewritePatternSet &patterns,
    PatternBenefit benefit) {
  patterns.add<LowerMaskedStore>(converter, benefit);
}
