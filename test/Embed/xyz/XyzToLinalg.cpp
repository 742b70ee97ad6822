// XyzToLinalg.cpp - layers to linalg ops, which tile knows how to compute.

#include "Xyz.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

static Value getZero(OpBuilder &builder, Location loc, Value buffer) {
  Type type = cast<MemRefType>(buffer.getType()).getElementType();
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
}

static Value clear(OpBuilder &builder, Location loc, Value buffer) {
  Value zero = getZero(builder, loc, buffer);
  linalg::FillOp::create(builder, loc, zero, buffer);
  return zero;
}

namespace {
struct LowerDense : OpRewritePattern<xyz::DenseOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(xyz::DenseOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value y = op.getY(), zero = clear(rewriter, loc, y);
    linalg::MatmulOp::create(rewriter, loc, ValueRange{op.getX(), op.getW()},
                             ValueRange{y});
    AffineExpr j = rewriter.getAffineDimExpr(1);
    SmallVector<AffineMap> maps{AffineMap::get(2, 0, j), // of the bias
                                rewriter.getMultiDimIdentityMap(2)};
    SmallVector<utils::IteratorType> loops(2, utils::IteratorType::parallel);
    linalg::GenericOp::create(
        rewriter, loc, ValueRange{op.getBias()}, ValueRange{y}, maps, loops,
        [&](OpBuilder &body, Location, ValueRange args) {
          Value sum = arith::AddFOp::create(body, loc, args[1], args[0]);
          Value result = arith::MaximumFOp::create(body, loc, sum, zero);
          linalg::YieldOp::create(body, loc, result);
        });
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerRowSum : OpRewritePattern<xyz::RowSumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(xyz::RowSumOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    clear(rewriter, loc, op.getY());
    linalg::ReduceOp::create(
        rewriter, loc, ValueRange{op.getX()}, ValueRange{op.getY()},
        ArrayRef<int64_t>{1}, [&](OpBuilder &body, Location, ValueRange args) {
          Value sum = arith::AddFOp::create(body, loc, args[0], args[1]);
          linalg::YieldOp::create(body, loc, sum);
        });
    rewriter.eraseOp(op);
    return success();
  }
};

struct XyzToLinalgPass : PassWrapper<XyzToLinalgPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(XyzToLinalgPass)

  StringRef getArgument() const override { return "convert-xyz-to-linalg"; }
  StringRef getDescription() const override { return "xyz ops to linalg ops"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, linalg::LinalgDialect>();
  }
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<LowerDense, LowerRowSum>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace

void xyz::registerXyzToLinalg() { PassRegistration<XyzToLinalgPass>(); }
