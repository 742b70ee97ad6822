//===- TileComputeOps.cpp - operations that compute on whole tiles --------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CastFolding.h"
#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/InterleavedRange.h"

using namespace mlir;
using namespace mlir::tile;

static bool isFloat8(Type type) {
  return isa<Float8E4M3FNType, Float8E5M2Type>(type);
}

/// Verifies that `buffer` is in a scope that the whole block can work on and
/// has a static shape.
static LogicalResult verifyTile(Operation *op, Value buffer, StringRef role) {
  if (failed(verifyBlockScope(op, buffer, role)))
    return failure();
  return verifyStaticShape(op, buffer, role);
}

/// Verifies that both buffers have one element type.
static LogicalResult verifyElementTypes(Operation *op, MemRefType src,
                                        MemRefType dst) {
  if (src.getElementType() == dst.getElementType())
    return success();
  return op->emitOpError("expected source and destination of one element type, "
                         "found ")
         << src.getElementType() << " and " << dst.getElementType();
}

static LogicalResult verifyDim(Operation *op, int64_t dim, MemRefType src) {
  if (dim < src.getRank())
    return success();
  return op->emitOpError("expected a dimension below the source's rank ")
         << src.getRank() << ", found " << dim;
}

static std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << llvm::interleaved_array(shape);
  return text;
}

/// Verifies that arithmetic can combine elements of `type` by `kind`.
static LogicalResult verifyNumeric(Operation *op, Type type, StringRef kind) {
  if (!type.isInteger(1))
    return success();
  return op->emitOpError("expected float or wider integer elements for ")
         << kind << ", found " << type;
}

//===----------------------------------------------------------------------===//
// GemmOp
//===----------------------------------------------------------------------===//

void GemmOp::build(OpBuilder &builder, OperationState &state, Value a, Value b,
                   Value c, bool transposeA, bool transposeB, bool clear,
                   Value clearIf, Precision precision, GemmPolicy policy) {
  state.addOperands({a, b, c});
  if (clearIf)
    state.addOperands(clearIf);
  Properties &props = state.getOrAddProperties<Properties>();
  UnitAttr unit = builder.getUnitAttr();
  props.transpose_a = transposeA ? unit : UnitAttr();
  props.transpose_b = transposeB ? unit : UnitAttr();
  props.clear = clear ? unit : UnitAttr();
  props.precision = PrecisionAttr::get(builder.getContext(), precision);
  props.policy = GemmPolicyAttr::get(builder.getContext(), policy);
}

/// The accumulator types that go with inputs `a` and `b`; empty when there are
/// none.
static SmallVector<Type> getAccumulatorTypes(Type a, Type b) {
  Builder builder(a.getContext());
  if (isFloat8(a) && isFloat8(b))
    return {builder.getF32Type(), builder.getF16Type()};
  if (a != b)
    return {};
  if (a.isF64() || a.isF32())
    return {a};
  if (a.isF16())
    return {builder.getF32Type(), a};
  if (a.isBF16())
    return {builder.getF32Type()};
  if (a.isInteger(8))
    return {builder.getI32Type()};
  return {};
}

static LogicalResult verifyGemmTypes(GemmOp op) {
  Type a = op.getA().getType().getElementType();
  Type b = op.getB().getType().getElementType();
  Type c = op.getC().getType().getElementType();
  SmallVector<Type> accumulators = getAccumulatorTypes(a, b);
  if (accumulators.empty())
    return op.emitOpError("unsupported element types ")
           << a << " and " << b << " of a and b: expected both f64, f32, f16, "
           << "bf16 or i8, or any two of f8E4M3FN and f8E5M2";
  if (!llvm::is_contained(accumulators, c)) {
    InFlightDiagnostic diag = op.emitOpError("expected an accumulator of ");
    llvm::interleave(
        accumulators, diag, [&](Type type) { diag << type; }, " or ");
    return diag << " for inputs of " << a << " and " << b << ", found " << c;
  }
  if (op.getPrecision() == Precision::TF32 && !a.isF32())
    return op.emitOpError("expected f32 inputs with precision(tf32), found ")
           << a;
  return success();
}

LogicalResult GemmOp::verify() {
  for (auto [buffer, role] : {std::pair<Value, StringRef>{getA(), "a"},
                              {getB(), "b"},
                              {getC(), "c"}}) {
    if (failed(verifyTile(*this, buffer, role)))
      return failure();
    auto type = cast<MemRefType>(buffer.getType());
    if (type.getRank() != 2)
      return emitOpError("expected ")
             << role << " of rank 2, found " << type.getRank();
  }
  if (failed(verifyGemmTypes(*this)))
    return failure();
  ArrayRef<int64_t> a = getA().getType().getShape();
  ArrayRef<int64_t> b = getB().getType().getShape();
  ArrayRef<int64_t> c = getC().getType().getShape();
  auto check = [&](StringRef what, StringRef first, int64_t size,
                   StringRef second, int64_t other) -> LogicalResult {
    if (size == other)
      return success();
    return emitOpError("expected the same ")
           << what << " in " << first << " and " << second << ", found " << size
           << " and " << other;
  };
  if (failed(check("M", "a", a[getTransposeA() ? 1 : 0], "c", c[0])) ||
      failed(check("N", "b", b[getTransposeB() ? 0 : 1], "c", c[1])) ||
      failed(check("K", "a", a[getTransposeA() ? 0 : 1], "b",
                   b[getTransposeB() ? 1 : 0])))
    return failure();
  if (getClear() && getClearIf())
    return emitOpError(
        "expected at most one of clear and clear_if, found both");
  return success();
}

LogicalResult GemmOp::canonicalize(GemmOp op, PatternRewriter &rewriter) {
  APInt condition;
  if (op.getClearIf() &&
      matchPattern(op.getClearIf(), m_ConstantInt(&condition))) {
    rewriter.modifyOpInPlace(op, [&] {
      op.getClearIfMutable().clear();
      op.setClear(condition.isOne());
    });
    return success();
  }
  return foldCasts(op, rewriter);
}

//===----------------------------------------------------------------------===//
// ReduceOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyReduceType(ReduceOp op, Type type) {
  bool isBitwise = llvm::is_contained(
      {ReduceKind::And, ReduceKind::Or, ReduceKind::Xor}, op.getKind());
  if (isBitwise && isa<FloatType>(type))
    return op.emitOpError("expected integer or i1 elements for ")
           << stringifyReduceKind(op.getKind()) << ", found " << type;
  bool isExtremum = llvm::is_contained(
      {ReduceKind::Max, ReduceKind::Min, ReduceKind::AbsMax}, op.getKind());
  if (op.getIgnoreNan() && !isExtremum)
    return op.emitOpError("expected max, min or absmax with ignore_nan, found ")
           << stringifyReduceKind(op.getKind());
  if (isBitwise)
    return success();
  return verifyNumeric(op, type, stringifyReduceKind(op.getKind()));
}

/// Whether threads can meet in `scratch`, which may be null.
static LogicalResult verifyScratch(Operation *op, Value scratch) {
  if (!scratch)
    return success();
  auto type = cast<MemRefType>(scratch.getType());
  if (getScope(scratch) == Scope::Shared && type.getRank() == 1)
    return success();
  return op->emitOpError(
             "expected a shared buffer of rank 1 as scratch, found ")
         << type;
}

LogicalResult ReduceOp::verify() {
  if (failed(verifyTile(*this, getSrc(), "source")) ||
      failed(verifyTile(*this, getDst(), "destination")))
    return failure();
  MemRefType src = getSrc().getType(), dst = getDst().getType();
  int64_t dim = getDim();
  if (failed(verifyElementTypes(*this, src, dst)) ||
      failed(verifyReduceType(*this, src.getElementType())) ||
      failed(verifyDim(*this, dim, src)))
    return failure();
  if (failed(verifyScratch(*this, getScratch())))
    return failure();
  SmallVector<int64_t> kept(src.getShape()), dropped(src.getShape());
  kept[dim] = 1;
  dropped.erase(dropped.begin() + dim);
  if (dst.getShape() != ArrayRef(kept) && dst.getShape() != ArrayRef(dropped))
    return emitOpError("expected a destination of shape ")
           << shapeText(dropped) << " or " << shapeText(kept) << ", found "
           << shapeText(dst.getShape());
  return success();
}

LogicalResult ReduceOp::canonicalize(ReduceOp op, PatternRewriter &rewriter) {
  if (op.getIgnoreNan() &&
      !isa<FloatType>(op.getSrc().getType().getElementType())) {
    rewriter.modifyOpInPlace(op, [&] { op.setIgnoreNan(false); });
    return success();
  }
  return foldCasts(op, rewriter);
}

//===----------------------------------------------------------------------===//
// ScanOp
//===----------------------------------------------------------------------===//

LogicalResult ScanOp::verify() {
  MemRefType src = getSrc().getType(), dst = getDst().getType();
  if ((getScope(getSrc()) == Scope::Local) !=
      (getScope(getDst()) == Scope::Local))
    return emitOpError("expected both buffers in local scope or none, found ")
           << src << " and " << dst;
  if (failed(verifyStaticShape(*this, getSrc(), "source")) ||
      failed(verifyStaticShape(*this, getDst(), "destination")) ||
      failed(verifyElementTypes(*this, src, dst)) ||
      failed(verifyNumeric(*this, src.getElementType(),
                           stringifyScanKind(getKind()))) ||
      failed(verifyDim(*this, getDim(), src)))
    return failure();
  if (src.getShape() == dst.getShape())
    return success();
  return emitOpError("expected a destination of shape ")
         << shapeText(src.getShape()) << ", found "
         << shapeText(dst.getShape());
}

LogicalResult ScanOp::canonicalize(ScanOp op, PatternRewriter &rewriter) {
  MemRefType type = op.getSrc().getType();
  bool isEmpty = llvm::is_contained(type.getShape(), 0);
  bool isSelf = op.getSrc() == op.getDst() && type.getDimSize(op.getDim()) == 1;
  if (isEmpty || isSelf) {
    rewriter.eraseOp(op);
    return success();
  }
  return foldCasts(op, rewriter);
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::verify() {
  for (auto [buffer, role] : {std::pair<Value, StringRef>{getSrc(), "source"},
                              {getDst(), "destination"}}) {
    if (failed(verifyStaticShape(*this, buffer, role)))
      return failure();
    int64_t rank = cast<MemRefType>(buffer.getType()).getRank();
    if (rank != 2)
      return emitOpError("expected ") << role << " of rank 2, found " << rank;
  }
  ArrayRef<int64_t> src = getSrc().getType().getShape();
  ArrayRef<int64_t> dst = getDst().getType().getShape();
  if (src[0] == dst[1] && src[1] == dst[0])
    return success();
  return emitOpError("expected a destination of shape ")
         << shapeText({src[1], src[0]}) << ", found " << shapeText(dst);
}

LogicalResult TransposeOp::canonicalize(TransposeOp op,
                                        PatternRewriter &rewriter) {
  if (llvm::is_contained(op.getSrc().getType().getShape(), 0)) {
    rewriter.eraseOp(op);
    return success();
  }
  return foldCasts(op, rewriter);
}

//===----------------------------------------------------------------------===//
// ConvertLayoutOp
//===----------------------------------------------------------------------===//

static int64_t getElementBits(Type type) {
  return type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
}

Type ConvertLayoutOp::getMovedType() {
  Type src = getSrc().getType().getElementType();
  Type dst = getDst().getType().getElementType();
  return getElementBits(dst) < getElementBits(src) ? dst : src;
}

LogicalResult ConvertLayoutOp::verify() {
  for (auto [buffer, role] : {std::pair<Value, StringRef>{getSrc(), "source"},
                              {getDst(), "destination"}}) {
    if (failed(verifyStaticShape(*this, buffer, role)))
      return failure();
    if (getScope(buffer) != Scope::Fragment)
      return emitOpError("expected ")
             << role << " in fragment scope, found " << buffer.getType();
  }
  ArrayRef<int64_t> src = getSrc().getType().getShape();
  if (src != getDst().getType().getShape())
    return emitOpError("expected a destination of shape ")
           << shapeText(src) << ", found "
           << shapeText(getDst().getType().getShape());
  if (failed(verifyScratch(*this, getScratch())))
    return failure();
  if (!getScratch())
    return success();
  auto expected =
      MemRefType::get({getSrc().getType().getNumElements()}, getMovedType());
  auto found = cast<MemRefType>(getScratch().getType());
  if (found.getShape() == expected.getShape() &&
      found.getElementType() == expected.getElementType())
    return success();
  return emitOpError("expected a scratch of ")
         << expected.getNumElements() << " elements of "
         << expected.getElementType() << ", found " << found;
}
