//===- CheckedExpr.cpp - expressions of sizes that say if they fit --------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckedExpr.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineExprVisitor.h"

using namespace mlir;
using namespace mlir::tile;

Value mlir::tile::buildAnd(OpBuilder &builder, Location loc, Value lhs,
                           Value rhs) {
  if (!lhs || !rhs)
    return lhs ? lhs : rhs;
  return arith::AndIOp::create(builder, loc, lhs, rhs);
}

Value mlir::tile::buildNot(OpBuilder &builder, Location loc, Value condition) {
  Value one =
      arith::ConstantIntOp::create(builder, loc, builder.getI1Type(), 1);
  return arith::XOrIOp::create(builder, loc, condition, one);
}

CheckedValue mlir::tile::buildCheckedMul(OpBuilder &builder, Location loc,
                                         const CheckedValue &lhs,
                                         const CheckedValue &rhs) {
  // In i64: upstream folds an extended product of index to an invalid op.
  Type i64 = builder.getI64Type();
  auto toInteger = [&](Value value) -> Value {
    return arith::IndexCastOp::create(builder, loc, i64, value);
  };
  auto product = arith::MulSIExtendedOp::create(
      builder, loc, toInteger(lhs.value), toInteger(rhs.value));
  // It fits when the upper half repeats the sign of the lower one.
  Value places = arith::ConstantIntOp::create(builder, loc, i64, 63);
  Value sign = arith::ShRSIOp::create(builder, loc, product.getLow(), places);
  Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                     product.getHigh(), sign);
  Value value = arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                           product.getLow());
  Value isValid = buildAnd(builder, loc, lhs.isValid, rhs.isValid);
  return {value, buildAnd(builder, loc, isValid, fits)};
}

namespace {

class CheckedExpander
    : public AffineExprVisitor<CheckedExpander, CheckedValue> {
public:
  CheckedExpander(OpBuilder &builder, Location loc, ValueRange symbols)
      : builder(builder), loc(loc), symbols(symbols) {}

  CheckedValue visitConstantExpr(AffineConstantExpr expr) {
    return {constant(expr.getValue()), Value()};
  }
  CheckedValue visitSymbolExpr(AffineSymbolExpr expr) {
    return {symbols[expr.getPosition()], Value()};
  }
  CheckedValue visitDimExpr(AffineDimExpr) {
    llvm_unreachable("sizes are expressions of symbols");
  }
  CheckedValue visitAddExpr(AffineBinaryOpExpr expr);
  CheckedValue visitMulExpr(AffineBinaryOpExpr expr) {
    return buildCheckedMul(builder, loc, visit(expr.getLHS()),
                           visit(expr.getRHS()));
  }
  CheckedValue visitModExpr(AffineBinaryOpExpr expr) { return divide(expr); }
  CheckedValue visitFloorDivExpr(AffineBinaryOpExpr expr) {
    return divide(expr);
  }
  CheckedValue visitCeilDivExpr(AffineBinaryOpExpr expr) {
    return divide(expr);
  }

private:
  CheckedValue divide(AffineBinaryOpExpr expr);
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(builder, loc, predicate, lhs, rhs);
  }

  OpBuilder &builder;
  Location loc;
  ValueRange symbols;
};

} // namespace

CheckedValue CheckedExpander::visitAddExpr(AffineBinaryOpExpr expr) {
  CheckedValue lhs = visit(expr.getLHS()), rhs = visit(expr.getRHS());
  Value sum = arith::AddIOp::create(builder, loc, lhs.value, rhs.value);
  // Adding something negative makes less, and only that does.
  Value less = compare(arith::CmpIPredicate::slt, sum, lhs.value);
  Value negative = compare(arith::CmpIPredicate::slt, rhs.value, constant(0));
  Value fits = compare(arith::CmpIPredicate::eq, less, negative);
  Value isValid = buildAnd(builder, loc, lhs.isValid, rhs.isValid);
  return {sum, buildAnd(builder, loc, isValid, fits)};
}

CheckedValue CheckedExpander::divide(AffineBinaryOpExpr expr) {
  CheckedValue lhs = visit(expr.getLHS());
  AffineExpr dividend = builder.getAffineSymbolExpr(0);
  AffineExpr divisor = expr.getRHS();
  SmallVector<Value> operands{lhs.value};
  Value isValid = lhs.isValid;
  // A constant divisor is at least 1, as the attribute verifies.
  if (!isa<AffineConstantExpr>(divisor)) {
    CheckedValue rhs = visit(divisor);
    Value one = constant(1);
    isValid = buildAnd(builder, loc, isValid, rhs.isValid);
    isValid = buildAnd(builder, loc, isValid,
                       compare(arith::CmpIPredicate::sge, rhs.value, one));
    operands.push_back(arith::MaxSIOp::create(builder, loc, rhs.value, one));
    divisor = builder.getAffineSymbolExpr(1);
  }
  AffineExpr quotient =
      getAffineBinaryOpExpr(expr.getKind(), dividend, divisor);
  Value value = affine::expandAffineExpr(builder, loc, quotient,
                                         /*dimValues=*/{}, operands);
  return {value, isValid};
}

CheckedValue mlir::tile::buildChecked(OpBuilder &builder, Location loc,
                                      AffineExpr expr, ValueRange symbols) {
  return CheckedExpander(builder, loc, symbols).visit(expr);
}
