//===- WgmmaInstruction.cpp - one instruction of a warpgroup ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// nvvm.wgmma.mma_async, where it has a form: it takes A from shared memory only
// and knows at compile time whether it adds. The others are inline assembly.
//
//===----------------------------------------------------------------------===//

#include "WgmmaInstruction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

static constexpr int64_t kAtomRows = 64;

static NVVM::WGMMATypes getWgmmaType(Type type) {
  if (type.isF16())
    return NVVM::WGMMATypes::f16;
  if (type.isBF16())
    return NVVM::WGMMATypes::bf16;
  if (type.isF32())
    return NVVM::WGMMATypes::tf32;
  if (isa<Float8E4M3FNType>(type))
    return NVVM::WGMMATypes::e4m3;
  if (isa<Float8E5M2Type>(type))
    return NVVM::WGMMATypes::e5m2;
  assert(type.isInteger(8) && "a type without a matrix instruction");
  return NVVM::WGMMATypes::s8;
}

static NVVM::WGMMATypes getSumType(Type type) {
  return type.isInteger() ? NVVM::WGMMATypes::s32 : NVVM::WGMMATypes::f32;
}

/// The type of the elements of `sum`, a struct.
static Type getSumElement(Value sum) {
  return cast<LLVM::LLVMStructType>(sum.getType()).getBody().front();
}

/// Inline assembly that gives `values` anew and reads `others`.
static LLVM::InlineAsmOp buildAssembly(OpBuilder &builder, Location loc,
                                       StringRef text, ValueRange values,
                                       ValueRange others) {
  auto getRegister = [](Type type) {
    return type.isF32() ? "f" : type.isInteger(64) ? "l" : "r";
  };
  SmallVector<std::string> constraints;
  for (Type type : values.getTypes())
    constraints.push_back(std::string("=") + getRegister(type));
  for (size_t i = 0; i < values.size(); ++i)
    constraints.push_back(std::to_string(i));
  for (Type type : others.getTypes())
    constraints.push_back(getRegister(type));
  SmallVector<Value> operands(values);
  llvm::append_range(operands, others);
  auto type = LLVM::LLVMStructType::getLiteral(
      builder.getContext(), SmallVector<Type>(values.getTypes()));
  return LLVM::InlineAsmOp::create(
      builder, loc, values.size() == 1 ? type.getBody().front() : Type(type),
      operands, text, llvm::join(constraints, ","),
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr());
}

SmallVector<Value> mlir::tile::passThrough(OpBuilder &builder, Location loc,
                                           StringRef text, ValueRange values) {
  Value all = ::buildAssembly(builder, loc, text, values, {}).getRes();
  if (values.size() == 1)
    return {all};
  SmallVector<Value> results;
  for (size_t i = 0; i < values.size(); ++i)
    results.push_back(LLVM::ExtractValueOp::create(builder, loc, all, i));
  return results;
}

Value WgmmaInstruction::build(OpBuilder &builder, Location loc,
                              Value sum) const {
  if (!a || clearIf)
    return buildAssembly(builder, loc, sum);
  MLIRContext *context = builder.getContext();
  auto getLayout = [&](bool isRow) {
    return NVVM::MMALayoutAttr::get(context, isRow ? NVVM::MMALayout::row
                                                   : NVVM::MMALayout::col);
  };
  auto getType = [&](NVVM::WGMMATypes value) {
    return NVVM::WGMMATypesAttr::get(context, value);
  };
  auto one = NVVM::WGMMAScaleInAttr::get(context, NVVM::WGMMAScaleIn::one);
  return NVVM::WgmmaMmaAsyncOp::create(
      builder, loc, sum.getType(), sum, a, b,
      NVVM::MMAShapeAttr::get(context, kAtomRows, n, k),
      getType(getWgmmaType(typeA)), getType(getWgmmaType(typeB)),
      getType(getSumType(getSumElement(sum))),
      NVVM::WGMMAScaleOutAttr::get(context, clears ? NVVM::WGMMAScaleOut::zero
                                                   : NVVM::WGMMAScaleOut::one),
      one, one, getLayout(isAKMajor), getLayout(!isBKMajor),
      NVVM::MMAIntOverflowAttr());
}

std::string WgmmaInstruction::getName(Type sum) const {
  return llvm::formatv("wgmma.mma_async.sync.aligned.m{0}n{1}k{2}.{3}.{4}.{5}",
                       kAtomRows, n, k,
                       NVVM::stringifyWGMMATypes(getSumType(sum)),
                       NVVM::stringifyWGMMATypes(getWgmmaType(typeA)),
                       NVVM::stringifyWGMMATypes(getWgmmaType(typeB)));
}

/// `count` operands of inline assembly, from `first` on.
static std::string getList(size_t first, size_t count) {
  std::string text;
  for (size_t i = first; i < first + count; ++i)
    text += (i == first ? "$" : ", $") + std::to_string(i);
  return '{' + text + '}';
}

Value WgmmaInstruction::buildAssembly(OpBuilder &builder, Location loc,
                                      Value sum) const {
  auto type = cast<LLVM::LLVMStructType>(sum.getType());
  SmallVector<Value> values, others(registers);
  for (size_t i = 0; i < type.getBody().size(); ++i)
    values.push_back(LLVM::ExtractValueOp::create(builder, loc, sum, i));
  // Behind the results and the operands that are tied to them.
  size_t first = 2 * values.size();
  std::string left = getList(first, registers.size());
  if (a) {
    left = '$' + std::to_string(first);
    others.push_back(a);
  }
  others.push_back(b);
  std::string adds = clears ? "0" : "1";
  std::string right = '$' + std::to_string(first + others.size() - 1);
  if (clearIf) {
    adds = '$' + std::to_string(first + others.size());
    Value one =
        arith::ConstantIntOp::create(builder, loc, builder.getI1Type(), 1);
    others.push_back(arith::ExtUIOp::create(
        builder, loc, builder.getI32Type(),
        arith::XOrIOp::create(builder, loc, clearIf, one)));
  }
  // Integers are never negated, and only elements of 16 bits are transposed.
  std::string flags;
  if (!typeA.isInteger())
    flags += ", 1, 1";
  if (typeA.isF16() || typeA.isBF16()) {
    if (a)
      flags += isAKMajor ? ", 0" : ", 1";
    flags += isBKMajor ? ", 0" : ", 1";
  }
  std::string text = llvm::formatv(
      "{{ .reg .pred p; setp.ne.b32 p, {0}, 0; {1} {2}, {3}, {4}, p{5}; }",
      adds, getName(type.getBody().front()), getList(0, values.size()), left,
      right, flags);
  return ::buildAssembly(builder, loc, text, values, others).getRes();
}
