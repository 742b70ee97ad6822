//===- ExpandTrigonometry.cpp - circular and hyperbolic functions -*- C++
//-*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An angle is reduced to a quarter turn around zero in f64, with pi/2 in two
// parts, so that what is left has the precision of f32 up to angles of about
// 1e14. Beyond, where neighbouring f32 values are many turns apart, the result
// is some value that a sine can have. The hyperbolic functions go through expm1
// and log1p, which keep small arguments exact, and halve large ones.
//
//===----------------------------------------------------------------------===//

#include "ExpandMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

/// Below this, the functions whose slope at zero is one return the argument.
static constexpr double kTiny = 2.4e-4;

namespace {

/// Emits scalar arithmetic.
class Math {
public:
  Math(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  Value constant(double value, Type type) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(type, value));
  }
  Value f32(double value) { return constant(value, builder.getF32Type()); }
  Value f64(double value) { return constant(value, builder.getF64Type()); }
  template <typename Op, typename... Args>
  Value emit(Args... args) {
    return Op::create(builder, loc, args...);
  }
  Value add(Value a, Value b) { return emit<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return emit<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return emit<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return emit<arith::DivFOp>(a, b); }
  Value fma(Value a, Value b, Value c) { return emit<math::FmaOp>(a, b, c); }
  Value neg(Value a) { return emit<arith::NegFOp>(a); }
  Value abs(Value a) { return emit<math::AbsFOp>(a); }
  Value less(Value a, Value b) {
    return emit<arith::CmpFOp>(arith::CmpFPredicate::OLT, a, b);
  }
  Value equal(Value a, Value b) {
    return emit<arith::CmpFOp>(arith::CmpFPredicate::OEQ, a, b);
  }
  Value either(Value a, Value b) { return emit<arith::OrIOp>(a, b); }
  Value select(Value c, Value a, Value b) {
    return emit<arith::SelectOp>(c, a, b);
  }
  /// `value` with the sign of `x`, or `x` itself when that is tiny.
  Value signedLike(Value value, Value x) {
    Value result = emit<math::CopySignOp>(value, x);
    return select(less(abs(x), f32(kTiny)), x, result);
  }

private:
  OpBuilder &builder;
  Location loc;
};

/// An angle as a number of quarter turns, and the sine and cosine of the rest.
struct Reduced {
  /// Which of the four quarters, as f64: 0, 1, 2 or 3.
  Value quarter;
  Value sin, cos;
};

} // namespace

static Reduced reduce(Math &m, OpBuilder &builder, Value x) {
  Value wide = m.emit<arith::ExtFOp>(builder.getF64Type(), x);
  Value turns =
      m.emit<math::RoundEvenOp>(m.mul(wide, m.f64(0.6366197723675814)));
  Value back = m.neg(turns);
  Value rest = m.fma(back, m.f64(1.5707963267948966), wide);
  rest = m.fma(back, m.f64(6.123233995736766e-17), rest);
  rest = m.emit<arith::MaximumFOp>(rest, m.f64(-1));
  rest = m.emit<arith::MinimumFOp>(rest, m.f64(1));
  Value quarter =
      m.fma(m.emit<math::FloorOp>(m.mul(turns, m.f64(0.25))), m.f64(-4), turns);

  // Polynomials on [-pi/4, pi/4].
  Value r = m.emit<arith::TruncFOp>(builder.getF32Type(), rest);
  Value s = m.mul(r, r);
  Value sin = m.fma(s, m.f32(-1.9515295891e-4), m.f32(8.3321608736e-3));
  sin = m.fma(s, sin, m.f32(-1.6666654611e-1));
  sin = m.fma(m.mul(s, r), sin, r);
  Value cos =
      m.fma(s, m.f32(2.443315711809948e-5), m.f32(-1.388731625493765e-3));
  cos = m.fma(s, cos, m.f32(4.166664568298827e-2));
  cos = m.fma(s, cos, m.f32(-0.5));
  cos = m.fma(s, cos, m.f32(1));
  return {quarter, sin, cos};
}

static Value expandSin(Math &m, OpBuilder &builder, Value x) {
  Reduced r = reduce(m, builder, x);
  Value isOdd =
      m.either(m.equal(r.quarter, m.f64(1)), m.equal(r.quarter, m.f64(3)));
  Value value = m.select(isOdd, r.cos, r.sin);
  value = m.select(m.less(r.quarter, m.f64(2)), value, m.neg(value));
  return m.select(m.less(m.abs(x), m.f32(kTiny)), x, value);
}

static Value expandCos(Math &m, OpBuilder &builder, Value x) {
  Reduced r = reduce(m, builder, x);
  Value isFirst = m.equal(r.quarter, m.f64(1));
  Value isOdd = m.either(isFirst, m.equal(r.quarter, m.f64(3)));
  Value value = m.select(isOdd, r.sin, r.cos);
  Value isNegative = m.either(isFirst, m.equal(r.quarter, m.f64(2)));
  return m.select(isNegative, m.neg(value), value);
}

static Value expandTan(Math &m, OpBuilder &builder, Value x) {
  Reduced r = reduce(m, builder, x);
  Value isOdd =
      m.either(m.equal(r.quarter, m.f64(1)), m.equal(r.quarter, m.f64(3)));
  Value value = m.div(m.select(isOdd, m.neg(r.cos), r.sin),
                      m.select(isOdd, r.sin, r.cos));
  return m.select(m.less(m.abs(x), m.f32(kTiny)), x, value);
}

/// exp(a) / 2 for large a, where exp(a) itself may be infinite.
static Value halfExp(Math &m, Value a) {
  Value root = m.emit<math::ExpOp>(m.mul(a, m.f32(0.5)));
  return m.mul(m.mul(root, m.f32(0.5)), root);
}

static Value expandSinh(Math &m, OpBuilder &, Value x) {
  Value a = m.abs(x);
  Value t = m.emit<math::ExpM1Op>(a);
  Value small = m.mul(m.f32(0.5), m.add(t, m.div(t, m.add(t, m.f32(1)))));
  return m.signedLike(m.select(m.less(a, m.f32(20)), small, halfExp(m, a)), x);
}

static Value expandCosh(Math &m, OpBuilder &, Value x) {
  Value a = m.abs(x);
  Value e = m.emit<math::ExpOp>(a);
  Value small = m.mul(m.f32(0.5), m.add(e, m.div(m.f32(1), e)));
  return m.select(m.less(a, m.f32(20)), small, halfExp(m, a));
}

/// log(2 a), for a so large that its square may be infinite.
static Value logOfTwice(Math &m, Value a) {
  return m.add(m.emit<math::LogOp>(a), m.f32(0.6931471805599453));
}

static Value expandAsinh(Math &m, OpBuilder &, Value x) {
  Value a = m.abs(x);
  Value square = m.mul(a, a);
  Value root = m.emit<math::SqrtOp>(m.add(square, m.f32(1)));
  Value small =
      m.emit<math::Log1pOp>(m.add(a, m.div(square, m.add(root, m.f32(1)))));
  Value value = m.select(m.less(a, m.f32(1e9)), small, logOfTwice(m, a));
  // A NaN is not less than anything, and stays.
  return m.signedLike(value, x);
}

static Value expandAcosh(Math &m, OpBuilder &, Value x) {
  Value t = m.sub(x, m.f32(1));
  Value root = m.emit<math::SqrtOp>(m.mul(t, m.add(t, m.f32(2))));
  Value small = m.emit<math::Log1pOp>(m.add(t, root));
  Value value = m.select(m.less(x, m.f32(1e9)), small, logOfTwice(m, x));
  Value nan = m.f32(std::numeric_limits<double>::quiet_NaN());
  return m.select(m.less(x, m.f32(1)), nan, value);
}

static Value expandAtanh(Math &m, OpBuilder &, Value x) {
  Value a = m.abs(x);
  Value ratio = m.div(m.add(a, a), m.sub(m.f32(1), a));
  Value value = m.mul(m.f32(0.5), m.emit<math::Log1pOp>(ratio));
  value = m.select(m.less(m.f32(1), a),
                   m.f32(std::numeric_limits<double>::quiet_NaN()), value);
  return m.signedLike(value, x);
}

namespace {

/// Replaces an op on an f32 scalar by what `expand` emits.
template <typename Op, Value (*expand)(Math &, OpBuilder &, Value)>
struct Expand : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    Math m(rewriter, op.getLoc());
    rewriter.replaceOp(op, expand(m, rewriter, op.getOperand()));
    return success();
  }
};

} // namespace

void mlir::tile::populateTrigonometryPatterns(RewritePatternSet &patterns) {
  patterns
      .add<Expand<math::SinOp, expandSin>, Expand<math::CosOp, expandCos>,
           Expand<math::TanOp, expandTan>, Expand<math::SinhOp, expandSinh>,
           Expand<math::CoshOp, expandCosh>, Expand<math::AsinhOp, expandAsinh>,
           Expand<math::AcoshOp, expandAcosh>,
           Expand<math::AtanhOp, expandAtanh>>(patterns.getContext(),
                                               /*benefit=*/2);
}
