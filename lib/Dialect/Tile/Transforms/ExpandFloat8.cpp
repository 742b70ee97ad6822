//===- ExpandFloat8.cpp - conversions of narrow floats in integer code ----===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The formats have so few bits that rounding is an addition on the bits of the
// f32 value: half of the last place, less one, plus the last bit that is kept.
// Below the smallest normal number the last place is fixed, and adding a power
// of two whose own last place is the same lets the f32 adder round there.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "llvm/ADT/APFloat.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEEXPANDFLOAT8
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

namespace {

/// Emits arithmetic on scalars or on vectors of them alike.
class Emitter {
public:
  Emitter(OpBuilder &builder, Location loc, Type like)
      : builder(builder), loc(loc), like(like) {}

  /// `element`, or a vector of it when the code works on vectors.
  Type typeOf(Type element) const {
    if (auto shaped = dyn_cast<ShapedType>(like))
      return shaped.clone(element);
    return element;
  }
  Type i32() const { return typeOf(builder.getI32Type()); }
  Type f32() const { return typeOf(builder.getF32Type()); }

  Value constant(Attribute element, Type type) {
    auto attr = cast<TypedAttr>(element);
    if (auto shaped = dyn_cast<ShapedType>(type))
      attr = DenseElementsAttr::get(shaped, element);
    return arith::ConstantOp::create(builder, loc, type, attr);
  }
  Value bits(uint32_t value) {
    return constant(builder.getI32IntegerAttr(value), i32());
  }
  Value real(double value) {
    return constant(builder.getF32FloatAttr(value), f32());
  }
  template <typename Op>
  Value emit(Type type, Value operand) {
    return Op::create(builder, loc, type, operand);
  }
  template <typename Op>
  Value emit(Value lhs, Value rhs) {
    return Op::create(builder, loc, lhs, rhs);
  }
  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(builder, loc, predicate, lhs, rhs);
  }
  Value compare(arith::CmpFPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpFOp::create(builder, loc, predicate, lhs, rhs);
  }
  Value select(Value condition, Value yes, Value no) {
    return arith::SelectOp::create(builder, loc, condition, yes, no);
  }

private:
  OpBuilder &builder;
  Location loc;
  Type like;
};

/// What the expansion needs to know of a format.
struct Format {
  explicit Format(FloatType type)
      : width(type.getWidth()), mantissa(type.getFPMantissaWidth() - 1),
        minExponent(
            llvm::APFloat::semanticsMinExponent(type.getFloatSemantics())),
        hasInfinity(llvm::APFloat::semanticsHasInf(type.getFloatSemantics())) {}

  unsigned width;
  unsigned mantissa;
  int minExponent;
  bool hasInfinity;

  unsigned getDroppedBits() const { return 23 - mantissa; }
  /// How much smaller the exponent field of a number is than in f32.
  uint32_t getBiasDifference() const { return 127 - (1 - minExponent); }
  uint32_t getMagnitudeMask() const { return (1u << (width - 1)) - 1; }
  /// The first code that is no finite number: infinity, or the only NaN.
  uint32_t getFirstSpecial() const {
    if (!hasInfinity)
      return getMagnitudeMask();
    return getMagnitudeMask() >> mantissa << mantissa;
  }
  uint32_t getNaN() const {
    return hasInfinity ? getFirstSpecial() | 1u << (mantissa - 1)
                       : getMagnitudeMask();
  }
};

} // namespace

/// An f64 value as f32, rounded to odd: what is lost stays visible in the last
/// bit, so that a second rounding goes the right way.
static Value roundToOdd(Emitter &e, Value wide) {
  Value narrow = e.emit<arith::TruncFOp>(e.f32(), wide);
  Value back = e.emit<arith::ExtFOp>(wide.getType(), narrow);
  Value bits = e.emit<arith::BitcastOp>(e.i32(), narrow);
  Value isExact = e.compare(arith::CmpFPredicate::UEQ, back, wide);
  Value isOdd = e.compare(arith::CmpIPredicate::ne,
                          e.emit<arith::AndIOp>(bits, e.bits(1)), e.bits(0));
  // The neighbour on the other side of the value differs by one in magnitude.
  Value isNegative = e.compare(arith::CmpIPredicate::slt, bits, e.bits(0));
  Value isBelow = e.compare(arith::CmpFPredicate::OLT, back, wide);
  Value isSmaller = e.emit<arith::XOrIOp>(isNegative, isBelow);
  Value up = e.emit<arith::AddIOp>(bits, e.bits(1));
  Value down = e.emit<arith::SubIOp>(bits, e.bits(1));
  Value other = e.select(isSmaller, up, down);
  Value keep = e.emit<arith::OrIOp>(isExact, isOdd);
  return e.emit<arith::BitcastOp>(e.f32(), e.select(keep, bits, other));
}

/// The code of an f32 value in `format`, in the low bits of an i32.
static Value encode(Emitter &e, Value value, const Format &format) {
  unsigned dropped = format.getDroppedBits();
  Value bits = e.emit<arith::BitcastOp>(e.i32(), value);
  Value magnitude = e.emit<arith::AndIOp>(bits, e.bits(0x7FFFFFFF));

  // Normal numbers: round on the bits, then move the exponent.
  Value lastBit = e.emit<arith::AndIOp>(
      e.emit<arith::ShRUIOp>(magnitude, e.bits(dropped)), e.bits(1));
  Value half = e.bits((1u << (dropped - 1)) - 1);
  Value rounded =
      e.emit<arith::AddIOp>(magnitude, e.emit<arith::AddIOp>(half, lastBit));
  Value code = e.emit<arith::SubIOp>(
      e.emit<arith::ShRUIOp>(rounded, e.bits(dropped)),
      e.bits(format.getBiasDifference() << format.mantissa));
  code = e.emit<arith::MinUIOp>(code, e.bits(format.getFirstSpecial()));

  // Subnormal numbers: round with the adder. bf16 has those of f32, which the
  // bits above have already right.
  if (format.getBiasDifference() != 0) {
    int quantum = format.minExponent - static_cast<int>(format.mantissa);
    Value magic = e.real(std::ldexp(1.0, quantum + 23));
    Value sum = e.emit<arith::AddFOp>(
        e.emit<arith::BitcastOp>(e.f32(), magnitude), magic);
    Value small =
        e.emit<arith::SubIOp>(e.emit<arith::BitcastOp>(e.i32(), sum),
                              e.emit<arith::BitcastOp>(e.i32(), magic));
    uint32_t smallestNormal = (127 + format.minExponent) << 23;
    Value isSmall =
        e.compare(arith::CmpIPredicate::ult, magnitude, e.bits(smallestNormal));
    code = e.select(isSmall, small, code);
  }

  Value isNaN =
      e.compare(arith::CmpIPredicate::ugt, magnitude, e.bits(0x7F800000));
  code = e.select(isNaN, e.bits(format.getNaN()), code);
  Value sign = e.emit<arith::AndIOp>(
      e.emit<arith::ShRUIOp>(bits, e.bits(32 - format.width)),
      e.bits(1u << (format.width - 1)));
  return e.emit<arith::OrIOp>(code, sign);
}

/// The f32 value of a code of `format` in the low bits of an i32.
static Value decode(Emitter &e, Value code, const Format &format) {
  // With the exponents of f32 it is the upper part of one. Taking the sign
  // apart would also lose it: LLVM 22 makes |x| of the rest, and then drops it.
  if (format.getBiasDifference() == 0)
    return e.emit<arith::BitcastOp>(
        e.f32(), e.emit<arith::ShLIOp>(code, e.bits(32 - format.width)));
  Value sign = e.emit<arith::ShLIOp>(
      e.emit<arith::AndIOp>(code, e.bits(1u << (format.width - 1))),
      e.bits(32 - format.width));
  Value magnitude =
      e.emit<arith::AndIOp>(code, e.bits(format.getMagnitudeMask()));
  Value bits =
      e.emit<arith::ShLIOp>(magnitude, e.bits(format.getDroppedBits()));
  bits = e.emit<arith::AddIOp>(bits, e.bits(format.getBiasDifference() << 23));
  int quantum = format.minExponent - static_cast<int>(format.mantissa);
  Value count = e.emit<arith::UIToFPOp>(e.f32(), magnitude);
  Value small = e.emit<arith::MulFOp>(count, e.real(std::ldexp(1.0, quantum)));
  Value isSmall = e.compare(arith::CmpIPredicate::ult, magnitude,
                            e.bits(1u << format.mantissa));
  bits = e.select(isSmall, e.emit<arith::BitcastOp>(e.i32(), small), bits);
  // Infinity and NaN keep their mantissa under the exponent of f32.
  Value special = e.emit<arith::OrIOp>(bits, e.bits(0x7F800000));
  Value isSpecial = e.compare(arith::CmpIPredicate::uge, magnitude,
                              e.bits(format.getFirstSpecial()));
  bits = e.select(isSpecial, special, bits);
  return e.emit<arith::BitcastOp>(e.f32(), e.emit<arith::OrIOp>(bits, sign));
}

namespace {

/// Whether conversions of `type` are to be expanded.
struct IsNarrow {
  bool bf16;
  bool operator()(Type type) const {
    return isa<Float8E4M3FNType, Float8E5M2Type>(type) ||
           (bf16 && type.isBF16());
  }
};

struct ExpandTruncF : OpRewritePattern<arith::TruncFOp> {
  ExpandTruncF(MLIRContext *context, IsNarrow isNarrow)
      : OpRewritePattern(context), isNarrow(isNarrow) {}

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    auto to = cast<FloatType>(getElementTypeOrSelf(op.getType()));
    if (!isNarrow(to))
      return failure();
    Emitter e(rewriter, op.getLoc(), op.getType());
    Value value = op.getIn();
    Type from = getElementTypeOrSelf(value.getType());
    if (from.isF64())
      value = roundToOdd(e, value);
    else if (!from.isF32())
      value = e.emit<arith::ExtFOp>(e.f32(), value);
    Format format(to);
    Value code =
        e.emit<arith::TruncIOp>(e.typeOf(rewriter.getIntegerType(format.width)),
                                encode(e, value, format));
    rewriter.replaceOpWithNewOp<arith::BitcastOp>(op, op.getType(), code);
    return success();
  }

  IsNarrow isNarrow;
};

struct ExpandExtF : OpRewritePattern<arith::ExtFOp> {
  ExpandExtF(MLIRContext *context, IsNarrow isNarrow)
      : OpRewritePattern(context), isNarrow(isNarrow) {}

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    auto from = cast<FloatType>(getElementTypeOrSelf(op.getIn().getType()));
    if (!isNarrow(from))
      return failure();
    Emitter e(rewriter, op.getLoc(), op.getType());
    Format format(from);
    Value code = e.emit<arith::BitcastOp>(
        e.typeOf(rewriter.getIntegerType(format.width)), op.getIn());
    Value value = decode(e, e.emit<arith::ExtUIOp>(e.i32(), code), format);
    Type to = getElementTypeOrSelf(op.getType());
    if (to.isF64())
      value = e.emit<arith::ExtFOp>(op.getType(), value);
    else if (!to.isF32())
      value = e.emit<arith::TruncFOp>(op.getType(), value);
    rewriter.replaceOp(op, value);
    return success();
  }

  IsNarrow isNarrow;
};

/// Integers of more bits than f32 holds to bf16: an f64 value takes them on
/// their way, rounded to odd. Through f32 they would be rounded twice, which is
/// what later passes and LLVM for older chips do.
template <typename Op>
struct ExpandIntToBF16 : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    auto from = dyn_cast<IntegerType>(getElementTypeOrSelf(op.getIn()));
    if (!from || !getElementTypeOrSelf(op.getType()).isBF16() ||
        (from.getWidth() != 32 && from.getWidth() != 64))
      return failure();
    Emitter e(rewriter, op.getLoc(), op.getType());
    Value value = op.getIn();
    if (from.getWidth() == 64)
      value = cutToF64(e, rewriter, value);
    value = e.emit<Op>(e.typeOf(rewriter.getF64Type()), value);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(),
                                                 roundToOdd(e, value));
    return success();
  }

  /// An i64 value that f64 holds and that rounds to bf16 as `value` does: the
  /// low 12 bits of a number with more than 53 bits become one that says
  /// whether any of them was set.
  static Value cutToF64(Emitter &e, Builder &builder, Value value) {
    auto bits = [&](int64_t number) {
      return e.constant(builder.getI64IntegerAttr(number), value.getType());
    };
    constexpr bool isSigned = std::is_same_v<Op, arith::SIToFPOp>;
    int64_t limit = int64_t(1) << 53;
    Value low = e.emit<arith::AndIOp>(value, bits(0xFFF));
    Value high = e.emit<arith::SubIOp>(value, low);
    Value isCut = e.compare(arith::CmpIPredicate::ne, low, bits(0));
    Value cut = e.select(isCut, e.emit<arith::OrIOp>(high, bits(0x800)), high);
    // Whether the magnitude is below the limit, in one comparison.
    Value shifted =
        isSigned ? e.emit<arith::AddIOp>(value, bits(limit)) : value;
    Value fits = e.compare(arith::CmpIPredicate::ult, shifted,
                           bits(isSigned ? 2 * limit : limit));
    return e.select(fits, value, cut);
  }
};

struct ExpandFloat8Pass
    : public tile::impl::TileExpandFloat8Base<ExpandFloat8Pass> {
  using Base::Base;
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandExtF, ExpandTruncF>(&getContext(), IsNarrow{bf16});
    patterns.add<ExpandIntToBF16<arith::SIToFPOp>,
                 ExpandIntToBF16<arith::UIToFPOp>>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
