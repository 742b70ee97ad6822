//===- ExpandExponentials.cpp - exp and exp2 on a GPU -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A GPU has an instruction for powers of two, which is exact enough near zero.
// So the exponent is split into a whole number n and a rest of at most a half,
// and the power of the rest is scaled by 2^n, whose bits are those of n in the
// place of a float's exponent.
//
//===----------------------------------------------------------------------===//

#include "ExpandMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

bool mlir::tile::isApproximateExp2(Operation *op) {
  auto exp2 = dyn_cast<math::Exp2Op>(op);
  return exp2 && exp2.getType().isF32() &&
         arith::bitEnumContainsAny(exp2.getFastmath(),
                                   arith::FastMathFlags::afn);
}

static Value createFloat(OpBuilder &builder, Location loc, float value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF32FloatAttr(value));
}

/// 2^exponent, where `getRest` gives the exact exponent less a whole number.
static Value createPower(PatternRewriter &rewriter, Location loc,
                         Value exponent,
                         llvm::function_ref<Value(Value)> getRest) {
  // Beyond, 2^n would be no normal number, and the rest makes up for it.
  Value low = createFloat(rewriter, loc, -126);
  Value high = createFloat(rewriter, loc, 126);
  Value kept = arith::MaxNumFOp::create(rewriter, loc, exponent, low);
  kept = arith::MinNumFOp::create(rewriter, loc, kept, high);
  // Floats of this size have no fraction, so the sum is rounded to a whole
  // number, and its last bits are those of n + 127.
  Value shift = createFloat(rewriter, loc, 0x1.8p23f + 127);
  Value shifted = arith::AddFOp::create(rewriter, loc, kept, shift);
  Value whole = arith::SubFOp::create(rewriter, loc, shifted, shift);
  Value power = math::Exp2Op::create(rewriter, loc, getRest(whole),
                                     arith::FastMathFlags::afn);
  Type i32 = rewriter.getI32Type();
  Value bits = arith::BitcastOp::create(rewriter, loc, i32, shifted);
  Value place =
      arith::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(23));
  bits = arith::ShLIOp::create(rewriter, loc, bits, place);
  Value scale =
      arith::BitcastOp::create(rewriter, loc, rewriter.getF32Type(), bits);
  return arith::MulFOp::create(rewriter, loc, power, scale);
}

namespace {

/// exp(x) = 2^(x log2(e)), with log2(e) in two parts.
struct ExpandExp : OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ExpOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    Location loc = op.getLoc();
    Value x = op.getOperand();
    Value log2e = createFloat(rewriter, loc, 0x1.715476p+0f);
    Value rest = createFloat(rewriter, loc, 0x1.4ae0cp-26f);
    Value exponent = arith::MulFOp::create(rewriter, loc, x, log2e);
    Value power = createPower(rewriter, loc, exponent, [&](Value whole) {
      Value minus = arith::NegFOp::create(rewriter, loc, whole);
      Value near = math::FmaOp::create(rewriter, loc, x, log2e, minus);
      return math::FmaOp::create(rewriter, loc, x, rest, near).getResult();
    });
    rewriter.replaceOp(op, power);
    return success();
  }
};

struct ExpandExp2 : OpRewritePattern<math::Exp2Op> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::Exp2Op op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32() || tile::isApproximateExp2(op))
      return failure();
    Location loc = op.getLoc();
    Value x = op.getOperand();
    Value power = createPower(rewriter, loc, x, [&](Value whole) {
      return arith::SubFOp::create(rewriter, loc, x, whole).getResult();
    });
    rewriter.replaceOp(op, power);
    return success();
  }
};

} // namespace

void mlir::tile::populateExponentialPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandExp, ExpandExp2>(patterns.getContext(), /*benefit=*/2);
}
