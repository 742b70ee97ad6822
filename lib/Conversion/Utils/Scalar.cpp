//===- Scalar.cpp - arithmetic on elements ----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace mlir::tile;

static bool isFloat8(Type type) {
  return isa<Float8E4M3FNType, Float8E5M2Type>(type);
}

static Value getFloat(OpBuilder &builder, Location loc, double value,
                      Type type) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getFloatAttr(type, value));
}

SmallVector<OpFoldResult>
mlir::tile::clampExtents(OpBuilder &builder, Location loc,
                         ArrayRef<OpFoldResult> extents) {
  return llvm::map_to_vector(extents, [&](OpFoldResult extent) {
    auto value = dyn_cast<Value>(extent);
    if (!value)
      return extent;
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    return OpFoldResult(
        arith::MaxSIOp::create(builder, loc, value, zero).getResult());
  });
}

Value mlir::tile::getZero(OpBuilder &builder, Location loc, Type type) {
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
}

Value mlir::tile::getInitialValue(OpBuilder &builder, AllocVarOp op) {
  if (op.getInit())
    return op.getInit();
  return getZero(builder, op.getLoc(), op.getElementType());
}

/// A float as another float type, rounded once. 8-bit floats widen to f32
/// first, which is exact; two types of one width go through f32 too.
static Value convertFloat(OpBuilder &builder, Location loc, Value value,
                          FloatType type) {
  auto from = cast<FloatType>(value.getType());
  if (from == type)
    return value;
  Type f32 = builder.getF32Type();
  if (from.getWidth() < 32 &&
      (isFloat8(from) || type.getWidth() <= from.getWidth())) {
    value = arith::ExtFOp::create(builder, loc, f32, value);
    return convertFloat(builder, loc, value, type);
  }
  if (from.getWidth() < type.getWidth())
    return arith::ExtFOp::create(builder, loc, type, value);
  return arith::TruncFOp::create(builder, loc, type, value);
}

/// A float as a signed integer: towards zero, clamped, NaN as zero.
static Value convertFloatToInt(OpBuilder &builder, Location loc, Value value,
                               IntegerType type) {
  if (cast<FloatType>(value.getType()).getWidth() < 32)
    value = convertFloat(builder, loc, value, builder.getF32Type());
  Type from = value.getType();
  unsigned width = type.getWidth();
  double limit = std::ldexp(1.0, width - 1);
  auto select = [&](arith::CmpFPredicate predicate, Value bound, APInt special,
                    Value otherwise) -> Value {
    Value test = arith::CmpFOp::create(builder, loc, predicate, value, bound);
    Value constant = arith::ConstantOp::create(
        builder, loc, builder.getIntegerAttr(type, special));
    return arith::SelectOp::create(builder, loc, test, constant, otherwise);
  };
  Value result = arith::FPToSIOp::create(builder, loc, type, value);
  result =
      select(arith::CmpFPredicate::OGE, getFloat(builder, loc, limit, from),
             APInt::getSignedMaxValue(width), result);
  result =
      select(arith::CmpFPredicate::OLE, getFloat(builder, loc, -limit, from),
             APInt::getSignedMinValue(width), result);
  return select(arith::CmpFPredicate::UNO, value, APInt::getZero(width),
                result);
}

/// A signed integer as a float, rounded once.
static Value convertIntToFloat(OpBuilder &builder, Location loc, Value value,
                               FloatType type) {
  auto from = cast<IntegerType>(value.getType());
  if (from.getWidth() == 1)
    value = arith::ExtUIOp::create(builder, loc, builder.getI8Type(), value);
  // An integer that f32 cannot hold would be rounded twice on its way to a
  // narrow float if it went through f32.
  FloatType middle = type;
  if (type.getWidth() < 32)
    middle = from.getWidth() > 16 ? builder.getF64Type() : builder.getF32Type();
  value = arith::SIToFPOp::create(builder, loc, middle, value);
  return convertFloat(builder, loc, value, type);
}

static Value convertInt(OpBuilder &builder, Location loc, Value value,
                        IntegerType type) {
  auto from = cast<IntegerType>(value.getType());
  if (from == type)
    return value;
  if (type.getWidth() == 1)
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                                 getZero(builder, loc, from));
  if (type.getWidth() < from.getWidth())
    return arith::TruncIOp::create(builder, loc, type, value);
  if (from.getWidth() == 1)
    return arith::ExtUIOp::create(builder, loc, type, value);
  return arith::ExtSIOp::create(builder, loc, type, value);
}

Value mlir::tile::convertElement(OpBuilder &builder, Location loc, Value value,
                                 Type type) {
  if (value.getType() == type)
    return value;
  if (value.getType().isIndex())
    value =
        arith::IndexCastOp::create(builder, loc, builder.getI64Type(), value);
  if (type.isIndex()) {
    value = convertElement(builder, loc, value, builder.getI64Type());
    return arith::IndexCastOp::create(builder, loc, type, value);
  }
  auto toFloat = dyn_cast<FloatType>(type);
  if (isa<FloatType>(value.getType())) {
    if (toFloat)
      return convertFloat(builder, loc, value, toFloat);
    if (!type.isInteger(1))
      return convertFloatToInt(builder, loc, value, cast<IntegerType>(type));
    if (cast<FloatType>(value.getType()).getWidth() < 32)
      value = convertFloat(builder, loc, value, builder.getF32Type());
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, value,
                                 getZero(builder, loc, value.getType()));
  }
  if (toFloat)
    return convertIntToFloat(builder, loc, value, toFloat);
  return convertInt(builder, loc, value, cast<IntegerType>(type));
}

Value mlir::tile::convertVector(OpBuilder &builder, Location loc, Value vector,
                                Type type) {
  auto from = cast<VectorType>(vector.getType());
  if (from.getElementType() == type)
    return vector;
  VectorType to = from.clone(type);
  // Two of these are converted by one instruction where the target has one.
  if (from.getElementType().isF32() && (type.isF16() || type.isBF16()))
    return arith::TruncFOp::create(builder, loc, to, vector);
  SmallVector<Value> elements;
  for (int64_t i = 0; i < from.getNumElements(); ++i)
    elements.push_back(convertElement(
        builder, loc, vector::ExtractOp::create(builder, loc, vector, i),
        type));
  return vector::FromElementsOp::create(builder, loc, to, elements);
}

Value mlir::tile::roundToTF32(OpBuilder &builder, Location loc, Value value) {
  Type i32 = builder.getI32Type();
  auto constant = [&](int32_t bits) -> Value {
    return arith::ConstantIntOp::create(builder, loc, i32, bits);
  };
  // Drop 13 of the 23 bits of the mantissa, half of the last place added. An
  // infinity or NaN stays as it is.
  Value bits = arith::BitcastOp::create(builder, loc, i32, value);
  Value rounded = arith::AddIOp::create(builder, loc, bits, constant(0x1000));
  rounded = arith::AndIOp::create(builder, loc, rounded, constant(~0x1FFF));
  Value exponent =
      arith::AndIOp::create(builder, loc, bits, constant(0x7F800000));
  Value isFinite = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                         exponent, constant(0x7F800000));
  rounded = arith::SelectOp::create(builder, loc, isFinite, rounded, bits);
  return arith::BitcastOp::create(builder, loc, value.getType(), rounded);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Type mlir::tile::getReduceType(Type type) {
  auto floatType = dyn_cast<FloatType>(type);
  if (floatType && floatType.getWidth() < 32)
    return Float32Type::get(type.getContext());
  return type;
}

Value mlir::tile::getReduceIdentity(OpBuilder &builder, Location loc,
                                    ReduceKind kind, Type type,
                                    bool ignoreNaN) {
  if (isa<FloatType>(type)) {
    if (ignoreNaN)
      return getFloat(builder, loc, std::numeric_limits<double>::quiet_NaN(),
                      type);
    double infinity = std::numeric_limits<double>::infinity();
    switch (kind) {
    case ReduceKind::Max:
      return getFloat(builder, loc, -infinity, type);
    case ReduceKind::Min:
      return getFloat(builder, loc, infinity, type);
    case ReduceKind::Sum:
      // -0 + x is x for every x, also for -0.
      return getFloat(builder, loc, -0.0, type);
    default:
      return getZero(builder, loc, type);
    }
  }
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  APInt identity = APInt::getZero(width);
  if (kind == ReduceKind::Max)
    identity = APInt::getSignedMinValue(width);
  else if (kind == ReduceKind::Min)
    identity = APInt::getSignedMaxValue(width);
  else if (kind == ReduceKind::And)
    identity = APInt::getAllOnes(width);
  return arith::ConstantOp::create(builder, loc,
                                   builder.getIntegerAttr(type, identity));
}

Value mlir::tile::getReduceInput(OpBuilder &builder, Location loc,
                                 ReduceKind kind, Value element) {
  if (kind != ReduceKind::AbsSum && kind != ReduceKind::AbsMax)
    return element;
  if (isa<FloatType>(element.getType()))
    return math::AbsFOp::create(builder, loc, element);
  Value zero = getZero(builder, loc, element.getType());
  Value negated = arith::SubIOp::create(builder, loc, zero, element);
  Value isNegative = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::slt, element, zero);
  return arith::SelectOp::create(builder, loc, isNegative, negated, element);
}

/// The larger or smaller of two floats, or the one that is a number.
/// arith.maxnumf would leave open which of two zeros is the larger one. Said in
/// comparisons, a value is used several times, and LLVM 22 looks at each of the
/// ways through an unrolled loop, of which there are powers of that.
static Value combineNumbers(OpBuilder &builder, Location loc, StringRef name,
                            Value lhs, Value rhs) {
  Type type = lhs.getType();
  assert((type.isF32() || type.isF64()) && "expected what getReduceType gives");
  StringAttr intrinsic = builder.getStringAttr(
      "llvm." + name + ".f" + Twine(type.getIntOrFloatBitWidth()));
  return LLVM::CallIntrinsicOp::create(builder, loc, type, intrinsic,
                                       ValueRange{lhs, rhs})
      .getResult(0);
}

Value mlir::tile::combineReduce(OpBuilder &builder, Location loc,
                                ReduceKind kind, Value lhs, Value rhs,
                                bool ignoreNaN) {
  bool isFloat = isa<FloatType>(lhs.getType());
  if (isFloat && ignoreNaN)
    return combineNumbers(builder, loc,
                          kind == ReduceKind::Min ? "minimumnum" : "maximumnum",
                          lhs, rhs);
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::AbsSum:
    if (isFloat)
      return arith::AddFOp::create(builder, loc, lhs, rhs);
    return arith::AddIOp::create(builder, loc, lhs, rhs);
  case ReduceKind::Max:
    if (isFloat)
      return arith::MaximumFOp::create(builder, loc, lhs, rhs);
    return arith::MaxSIOp::create(builder, loc, lhs, rhs);
  case ReduceKind::AbsMax:
    if (isFloat)
      return arith::MaximumFOp::create(builder, loc, lhs, rhs);
    return arith::MaxUIOp::create(builder, loc, lhs, rhs);
  case ReduceKind::Min:
    if (isFloat)
      return arith::MinimumFOp::create(builder, loc, lhs, rhs);
    return arith::MinSIOp::create(builder, loc, lhs, rhs);
  case ReduceKind::And:
    return arith::AndIOp::create(builder, loc, lhs, rhs);
  case ReduceKind::Or:
    return arith::OrIOp::create(builder, loc, lhs, rhs);
  case ReduceKind::Xor:
    return arith::XOrIOp::create(builder, loc, lhs, rhs);
  }
  llvm_unreachable("unknown reduction");
}

arith::AtomicRMWKind mlir::tile::getAtomicKind(AtomicKind kind, Type type) {
  bool isFloat = isa<FloatType>(type);
  switch (kind) {
  case AtomicKind::Add:
    return isFloat ? arith::AtomicRMWKind::addf : arith::AtomicRMWKind::addi;
  case AtomicKind::Max:
    return isFloat ? arith::AtomicRMWKind::maximumf
                   : arith::AtomicRMWKind::maxs;
  case AtomicKind::Min:
    return isFloat ? arith::AtomicRMWKind::minimumf
                   : arith::AtomicRMWKind::mins;
  case AtomicKind::And:
    return arith::AtomicRMWKind::andi;
  case AtomicKind::Or:
    return arith::AtomicRMWKind::ori;
  case AtomicKind::Xor:
    return arith::AtomicRMWKind::xori;
  case AtomicKind::Exchange:
    return arith::AtomicRMWKind::assign;
  }
  llvm_unreachable("unknown atomic update");
}

StringRef mlir::tile::getPrintfFormat(OpBuilder &builder, Location loc,
                                      Value &value) {
  Type type = value.getType();
  if (isa<FloatType>(type)) {
    value = convertElement(builder, loc, value, builder.getF64Type());
    return type.isF64() ? "%.17g" : "%.9g";
  }
  if (type.isInteger(1)) {
    value = arith::ExtUIOp::create(builder, loc, builder.getI32Type(), value);
    return "%d";
  }
  if (type.isIndex() || type.isInteger(64)) {
    value = convertElement(builder, loc, value, builder.getI64Type());
    return "%lld";
  }
  value = convertElement(builder, loc, value, builder.getI32Type());
  return "%d";
}
