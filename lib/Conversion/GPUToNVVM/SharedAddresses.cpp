//===- SharedAddresses.cpp - distances in shared memory ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a thread copies into shared memory, or loads for matrix instructions
// from there, is often constant distances apart, which the instructions have
// room for. LLVM loses these in the sum that is the offset: where it adds bits
// that are zero it makes an 'or' of it, and moves that.
//
//===----------------------------------------------------------------------===//

#include "SharedAddresses.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace {
/// A number: `rest`, null for 0, and a constant.
struct Sum {
  Value rest;
  int64_t constant = 0;
};
} // namespace

/// Splits a constant off `number`, looking through sums and products.
static Sum split(OpBuilder &b, Value number) {
  IntegerAttr attribute;
  if (matchPattern(number, m_Constant(&attribute)))
    return {Value(), attribute.getInt()};
  if (auto add = number.getDefiningOp<LLVM::AddOp>()) {
    Sum lhs = split(b, add.getLhs()), rhs = split(b, add.getRhs());
    int64_t constant = lhs.constant + rhs.constant;
    if (!lhs.rest || !rhs.rest)
      return {lhs.rest ? lhs.rest : rhs.rest, constant};
    if (constant == 0)
      return {number, 0};
    return {LLVM::AddOp::create(b, add.getLoc(), lhs.rest, rhs.rest), constant};
  }
  auto mul = number.getDefiningOp<LLVM::MulOp>();
  if (!mul || !matchPattern(mul.getRhs(), m_Constant(&attribute)))
    return {number, 0};
  Sum sum = split(b, mul.getLhs());
  if (sum.rest && sum.constant == 0)
    return {number, 0};
  if (sum.rest)
    sum.rest = LLVM::MulOp::create(b, mul.getLoc(), sum.rest, mul.getRhs());
  return {sum.rest, sum.constant * attribute.getInt()};
}

/// Writes an address as one that others may share and a constant.
static void splitAddress(OpOperand &operand) {
  auto address = operand.get().getDefiningOp<LLVM::GEPOp>();
  if (!address || address.getIndices().size() != 1 ||
      address.getDynamicIndices().empty())
    return;
  OpBuilder b(operand.getOwner());
  Sum sum = split(b, address.getDynamicIndices().front());
  if (!sum.rest || !llvm::isInt<32>(sum.constant) || sum.constant == 0)
    return;
  auto add = [&](Value base, LLVM::GEPArg index) -> Value {
    return LLVM::GEPOp::create(b, address.getLoc(), address.getType(),
                               address.getElemType(), base, index);
  };
  operand.set(add(add(address.getBase(), sum.rest),
                  static_cast<int32_t>(sum.constant)));
}

void mlir::tile::splitSharedAddresses(Operation *root) {
  root->walk([](NVVM::CpAsyncOp op) { splitAddress(op.getDstMutable()); });
  root->walk([](NVVM::LdMatrixOp op) { splitAddress(op.getPtrMutable()); });
}
