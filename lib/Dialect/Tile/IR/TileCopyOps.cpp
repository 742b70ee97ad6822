//===- TileCopyOps.cpp - copies of regions ----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile.copy and tile.async_copy have the same operands and the same rules for
// their regions, so the code for both is written once.
//
//===----------------------------------------------------------------------===//

#include "CastFolding.h"
#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::tile;

template <typename Op>
static void buildCopy(OpBuilder &builder, OperationState &state, Value src,
                      ValueRange srcIndices, Value dst, ValueRange dstIndices,
                      ArrayRef<OpFoldResult> extents, Value pad) {
  SmallVector<Value> values;
  SmallVector<int64_t> constants;
  dispatchIndexOpFoldResults(extents, values, constants);
  Op::build(builder, state, TypeRange(), src, srcIndices, dst, dstIndices,
            values, pad,
            extents.empty() ? DenseI64ArrayAttr()
                            : builder.getDenseI64ArrayAttr(constants));
}

template <typename Op>
static SmallVector<OpFoldResult> getGivenExtents(Op op) {
  if (!op.getStaticExtents())
    return {};
  return getMixedValues(*op.getStaticExtents(), op.getExtents(),
                        op.getContext());
}

/// The side whose shape gives the extents by rules 2 and 3 of tile.copy's
/// description; null when rule 4 applies.
template <typename Op>
static TypedValue<MemRefType> getShapingSide(Op op) {
  bool srcWhole = op.getSrcIndices().empty();
  bool dstWhole = op.getDstIndices().empty();
  if (srcWhole != dstWhole)
    return srcWhole ? op.getSrc() : op.getDst();
  bool srcGlobal = getScope(op.getSrc()) == Scope::Global;
  bool dstGlobal = getScope(op.getDst()) == Scope::Global;
  if (srcGlobal != dstGlobal)
    return srcGlobal ? op.getDst() : op.getSrc();
  return nullptr;
}

template <typename Op>
static int64_t getSmallerRank(Op op) {
  return std::min(op.getSrc().getType().getRank(),
                  op.getDst().getType().getRank());
}

template <typename Op>
static SmallVector<int64_t> getKnownExtents(Op op) {
  if (op.getStaticExtents())
    return SmallVector<int64_t>(*op.getStaticExtents());
  size_t rank = op.getRegionRank();
  if (TypedValue<MemRefType> side = getShapingSide(op))
    return SmallVector<int64_t>(side.getType().getShape().take_back(rank));
  SmallVector<int64_t> extents;
  for (auto [src, dst] :
       llvm::zip_equal(op.getSrc().getType().getShape().take_back(rank),
                       op.getDst().getType().getShape().take_back(rank))) {
    bool isStatic = ShapedType::isStatic(src) && ShapedType::isStatic(dst);
    extents.push_back(isStatic ? std::min(src, dst) : ShapedType::kDynamic);
  }
  return extents;
}

template <typename Op>
static LogicalResult verifyRegion(Op op) {
  if (std::optional<ArrayRef<int64_t>> extents = op.getStaticExtents()) {
    if (static_cast<int64_t>(extents->size()) != op.getRegionRank())
      return op.emitOpError("expected ")
             << op.getRegionRank()
             << " extents, the smaller rank of the two buffers, found "
             << extents->size();
    return verifyExtents(op, *extents, op.getExtents().size());
  }
  if (failed(verifyExtents(op, {}, op.getExtents().size())))
    return failure();
  // The side that gives the extents must not have dimensions of its own: they
  // would count as one element each, silently.
  if (TypedValue<MemRefType> side = getShapingSide(op)) {
    ArrayRef<int64_t> leading = side.getType().getShape().drop_back(
        static_cast<size_t>(op.getRegionRank()));
    if (!llvm::all_of(leading, [](int64_t size) { return size == 1; }))
      return op.emitOpError(
                 "expected extents, since the rank of the other side is "
                 "smaller than that of ")
             << side.getType();
  }
  return success();
}

template <typename Op>
static LogicalResult verifyCopy(Op op) {
  // The generic form can say any sizes that add up.
  ArrayRef<int32_t> sizes = op.getProperties().operandSegmentSizes;
  if (sizes[0] != 1 || sizes[2] != 1)
    return op.emitOpError("expected one source and one destination, found ")
           << sizes[0] << " and " << sizes[2];
  if (!op.getSrcIndices().empty() &&
      failed(verifyIndices(op, "source", op.getSrc().getType(),
                           op.getSrcIndices())))
    return failure();
  if (!op.getDstIndices().empty() &&
      failed(verifyIndices(op, "destination", op.getDst().getType(),
                           op.getDstIndices())))
    return failure();
  if (op.getPad() &&
      op.getPad().getType() != op.getSrc().getType().getElementType())
    return op.emitOpError("expected a pad value of the source's element type ")
           << op.getSrc().getType().getElementType() << ", found "
           << op.getPad().getType();
  return verifyRegion(op);
}

template <typename Op>
static LogicalResult canonicalizeCopy(Op op, PatternRewriter &rewriter) {
  bool isEmpty = llvm::is_contained(op.getStaticRegion(), 0);
  bool isSelf = op.getSrc() == op.getDst() &&
                llvm::equal(op.getSrcIndices(), op.getDstIndices());
  if (isEmpty || isSelf) {
    rewriter.eraseOp(op);
    return success();
  }
  if (succeeded(foldCasts(op, rewriter)))
    return success();
  // Make constant extents static.
  SmallVector<OpFoldResult> extents = op.getMixedExtents();
  if (failed(foldDynamicIndexList(extents, /*onlyNonNegative=*/true)))
    return failure();
  rewriter.replaceOpWithNewOp<Op>(op, op.getSrc(), op.getSrcIndices(),
                                  op.getDst(), op.getDstIndices(), extents,
                                  op.getPad());
  return success();
}

//===----------------------------------------------------------------------===//
// CopyOp
//===----------------------------------------------------------------------===//

void CopyOp::build(OpBuilder &builder, OperationState &state, Value src,
                   ValueRange srcIndices, Value dst, ValueRange dstIndices,
                   ArrayRef<OpFoldResult> extents, Value pad) {
  buildCopy<CopyOp>(builder, state, src, srcIndices, dst, dstIndices, extents,
                    pad);
}

int64_t CopyOp::getRegionRank() { return getSmallerRank(*this); }

SmallVector<OpFoldResult> CopyOp::getMixedExtents() {
  return getGivenExtents(*this);
}

SmallVector<int64_t> CopyOp::getStaticRegion() {
  return getKnownExtents(*this);
}

SmallVector<OpFoldResult> CopyOp::reifyRegion(OpBuilder &builder) {
  if (getStaticExtents())
    return getMixedExtents();
  int64_t rank = getRegionRank();
  Location loc = getLoc();
  auto getSize = [&](TypedValue<MemRefType> side, int64_t dim) -> Value {
    dim += side.getType().getRank() - rank;
    return memref::DimOp::create(builder, loc, side, dim);
  };
  TypedValue<MemRefType> side = getShapingSide(*this);
  SmallVector<OpFoldResult> extents;
  for (auto [dim, extent] : llvm::enumerate(getStaticRegion())) {
    if (ShapedType::isStatic(extent))
      extents.push_back(builder.getIndexAttr(extent));
    else if (side)
      extents.push_back(getSize(side, dim));
    else
      extents.push_back(arith::MinSIOp::create(builder, loc,
                                               getSize(getSrc(), dim),
                                               getSize(getDst(), dim))
                            .getResult());
  }
  return extents;
}

LogicalResult CopyOp::verify() { return verifyCopy(*this); }

LogicalResult CopyOp::canonicalize(CopyOp op, PatternRewriter &rewriter) {
  return canonicalizeCopy(op, rewriter);
}

//===----------------------------------------------------------------------===//
// AsyncCopyOp
//===----------------------------------------------------------------------===//

void AsyncCopyOp::build(OpBuilder &builder, OperationState &state, Value src,
                        ValueRange srcIndices, Value dst, ValueRange dstIndices,
                        ArrayRef<OpFoldResult> extents, Value pad) {
  buildCopy<AsyncCopyOp>(builder, state, src, srcIndices, dst, dstIndices,
                         extents, pad);
}

int64_t AsyncCopyOp::getRegionRank() { return getSmallerRank(*this); }

SmallVector<OpFoldResult> AsyncCopyOp::getMixedExtents() {
  return getGivenExtents(*this);
}

SmallVector<int64_t> AsyncCopyOp::getStaticRegion() {
  return getKnownExtents(*this);
}

LogicalResult AsyncCopyOp::verify() {
  if (failed(verifyCopy(*this)))
    return failure();
  MemRefType src = getSrc().getType(), dst = getDst().getType();
  if (tile::getScope(src) != Scope::Global)
    return emitOpError("expected a source in global scope, found ") << src;
  if (tile::getScope(dst) != Scope::Shared)
    return emitOpError("expected a destination in shared scope, found ") << dst;
  if (src.getElementType() != dst.getElementType())
    return emitOpError("expected a destination of the source's element type ")
           << src.getElementType() << ", found " << dst.getElementType();
  return success();
}

LogicalResult AsyncCopyOp::canonicalize(AsyncCopyOp op,
                                        PatternRewriter &rewriter) {
  return canonicalizeCopy(op, rewriter);
}
