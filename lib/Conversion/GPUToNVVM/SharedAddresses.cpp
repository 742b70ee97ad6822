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
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace {
/// A number: `rest`, null for 0, and a constant.
struct Sum {
  Value rest;
  int64_t constant = 0;
};

/// Splits constants off the numbers of one address.
class Splitter {
public:
  explicit Splitter(OpBuilder &b) : b(b) {}

  Sum split(Value number);

private:
  Sum compute(Value number);
  Sum compute(LLVM::AddOp add);
  Sum compute(LLVM::MulOp mul);

  OpBuilder &b;
  /// What is known: a number may be a part of many sums.
  DenseMap<Value, Sum> known;
};
} // namespace

Sum Splitter::split(Value number) {
  auto found = known.find(number);
  if (found != known.end())
    return found->second;
  Sum sum = compute(number);
  known.insert({number, sum});
  return sum;
}

Sum Splitter::compute(LLVM::AddOp add) {
  Sum lhs = split(add.getLhs()), rhs = split(add.getRhs());
  int64_t constant;
  if (llvm::AddOverflow(lhs.constant, rhs.constant, constant))
    return {add, 0};
  if (!lhs.rest || !rhs.rest)
    return {lhs.rest ? lhs.rest : rhs.rest, constant};
  if (constant == 0)
    return {add, 0};
  return {LLVM::AddOp::create(b, add.getLoc(), lhs.rest, rhs.rest), constant};
}

Sum Splitter::compute(LLVM::MulOp mul) {
  IntegerAttr factor;
  if (!matchPattern(mul.getRhs(), m_Constant(&factor)))
    return {mul, 0};
  Sum sum = split(mul.getLhs());
  int64_t constant;
  if ((sum.rest && sum.constant == 0) ||
      llvm::MulOverflow(sum.constant, factor.getInt(), constant))
    return {mul, 0};
  if (sum.rest)
    sum.rest = LLVM::MulOp::create(b, mul.getLoc(), sum.rest, mul.getRhs());
  return {sum.rest, constant};
}

/// Looks through sums and products.
Sum Splitter::compute(Value number) {
  IntegerAttr attribute;
  if (matchPattern(number, m_Constant(&attribute)))
    return {Value(), attribute.getInt()};
  if (auto add = number.getDefiningOp<LLVM::AddOp>())
    return compute(add);
  if (auto mul = number.getDefiningOp<LLVM::MulOp>())
    return compute(mul);
  return {number, 0};
}

/// Writes an address as one that others may share and a constant.
static void splitAddress(OpOperand &operand) {
  auto address = operand.get().getDefiningOp<LLVM::GEPOp>();
  if (!address || address.getIndices().size() != 1 ||
      address.getDynamicIndices().empty())
    return;
  OpBuilder b(operand.getOwner());
  Sum sum = Splitter(b).split(address.getDynamicIndices().front());
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
