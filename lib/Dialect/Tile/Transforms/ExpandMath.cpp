//===- ExpandMath.cpp - math functions without a device library -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpandMath.h"

#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEEXPANDMATH
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

namespace {

/// log10(x) = log(x) / ln(10).
struct ExpandLog10 : OpRewritePattern<math::Log10Op> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::Log10Op op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    Value log = math::LogOp::create(rewriter, op.getLoc(), op.getOperand());
    Value scale = arith::ConstantOp::create(
        rewriter, op.getLoc(), rewriter.getF32FloatAttr(0.4342944819032518f));
    rewriter.replaceOpWithNewOp<arith::MulFOp>(op, log, scale);
    return success();
  }
};

/// sin(x) and cos(x), each by itself.
struct ExpandSincos : OpRewritePattern<math::SincosOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::SincosOp op,
                                PatternRewriter &rewriter) const override {
    Value sin = math::SinOp::create(rewriter, op.getLoc(), op.getOperand());
    Value cos = math::CosOp::create(rewriter, op.getLoc(), op.getOperand());
    rewriter.replaceOp(op, {sin, cos});
    return success();
  }
};

struct ExpandMathPass : public tile::impl::TileExpandMathBase<ExpandMathPass> {
  void runOnOperation() override;
};

} // namespace

/// Whether every target computes the function by an instruction of its own.
static bool isNative(Operation *op) {
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
             math::CountLeadingZerosOp, math::CountTrailingZerosOp,
             math::CtPopOp, math::FloorOp, math::FmaOp, math::IsFiniteOp,
             math::IsInfOp, math::IsNaNOp, math::IsNormalOp, math::RoundOp,
             math::RoundEvenOp, math::SqrtOp, math::TruncOp>(op) ||
         tile::isApproximateExp2(op);
}

void ExpandMathPass::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  SmallVector<StringRef> expanded{"sinh",  "cosh", "tan",   "asinh", "acosh",
                                  "atanh", "powf", "fpowi", "ipowi", "rsqrt"};
  math::populateExpansionPatterns(patterns, expanded);
  patterns.add<ExpandLog10, ExpandSincos>(&getContext());
  tile::populateTrigonometryPatterns(patterns);
  tile::populateExponentialPatterns(patterns);
  populateMathPolynomialApproximationPatterns(patterns,
                                              [](StringRef) { return true; });
  if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
    return signalPassFailure();
  WalkResult result = getOperation()->walk([](Operation *op) {
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) || isNative(op))
      return WalkResult::advance();
    op->emitOpError("unsupported on a GPU for ")
        << op->getResultTypes().front() << ": expected "
        << (isa<math::IPowIOp>(op) ? "a loop of products"
                                   : "f32 or a narrower float");
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    signalPassFailure();
}
