//===- BufferRegion.cpp - a region of a buffer and its bounds ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/BufferRegion.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

bool mlir::tile::mayLeave(OpFoldResult begin, OpFoldResult extent,
                          OpFoldResult size) {
  std::optional<int64_t> first = getConstantIntValue(begin);
  if (first && *first == 0 && extent == size)
    return false;
  std::optional<int64_t> count = getConstantIntValue(extent);
  std::optional<int64_t> limit = getConstantIntValue(size);
  // The sum of the first two may overflow.
  return !first || !count || !limit || *first < 0 || *first > *limit - *count;
}

Value mlir::tile::allOf(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  if (!lhs || !rhs)
    return lhs ? lhs : rhs;
  return arith::AndIOp::create(b, loc, lhs, rhs);
}

BufferRegion BufferRegion::get(OpBuilder &builder, Location loc, Value buffer,
                               ValueRange indices, int64_t rank) {
  // A cast may hide sizes that are known.
  if (auto cast = buffer.getDefiningOp<memref::CastOp>();
      cast && memref::CastOp::canFoldIntoConsumerOp(cast))
    buffer = cast.getSource();
  BufferRegion result{buffer, {}, {}};
  int64_t bufferRank = cast<MemRefType>(buffer.getType()).getRank();
  for (int64_t dim = 0; dim < bufferRank; ++dim) {
    OpFoldResult begin = indices.empty() ? OpFoldResult(builder.getIndexAttr(0))
                                         : getAsOpFoldResult(indices[dim]);
    OpFoldResult size = memref::getMixedSize(builder, loc, buffer, dim);
    (dim < bufferRank - rank ? result.leading : result.region)
        .push_back({begin, size});
  }
  return result;
}

SmallVector<Value> BufferRegion::getIndices(OpBuilder &b, Location loc,
                                            ValueRange point) const {
  SmallVector<Value> indices;
  for (const Dim &dim : leading)
    indices.push_back(getValueOrCreateConstantIndexOp(b, loc, dim.begin));
  for (auto [dim, offset] : llvm::zip_equal(region, point)) {
    if (isZeroInteger(dim.begin)) {
      indices.push_back(offset);
      continue;
    }
    Value begin = getValueOrCreateConstantIndexOp(b, loc, dim.begin);
    indices.push_back(arith::AddIOp::create(b, loc, begin, offset));
  }
  return indices;
}

bool BufferRegion::mayLeave(ArrayRef<OpFoldResult> extents) const {
  OpBuilder b(buffer.getContext());
  for (const Dim &dim : leading)
    if (tile::mayLeave(dim.begin, b.getIndexAttr(1), dim.size))
      return true;
  for (auto [dim, extent] : llvm::zip_equal(region, extents))
    if (tile::mayLeave(dim.begin, extent, dim.size))
      return true;
  return false;
}

Value BufferRegion::isInside(OpBuilder &b, Location loc,
                             ArrayRef<OpFoldResult> extents,
                             ValueRange indices) const {
  Value inside;
  auto check = [&](const Dim &dim, OpFoldResult extent, Value index) {
    if (!tile::mayLeave(dim.begin, extent, dim.size))
      return;
    Value size = getValueOrCreateConstantIndexOp(b, loc, dim.size);
    // Unsigned, so that a negative index is out of bounds too.
    Value test =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, index, size);
    inside = allOf(b, loc, inside, test);
  };
  for (auto [i, dim] : llvm::enumerate(leading))
    check(dim, b.getIndexAttr(1), indices[i]);
  for (auto [i, dim] : llvm::enumerate(region))
    check(dim, extents[i], indices[leading.size() + i]);
  return inside;
}

Value BufferRegion::isWhollyInside(OpBuilder &b, Location loc,
                                   ArrayRef<OpFoldResult> extents) const {
  Value inside;
  auto check = [&](const Dim &dim, OpFoldResult extent) {
    if (!tile::mayLeave(dim.begin, extent, dim.size))
      return;
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value begin = getValueOrCreateConstantIndexOp(b, loc, dim.begin);
    Value count = getValueOrCreateConstantIndexOp(b, loc, extent);
    Value size = getValueOrCreateConstantIndexOp(b, loc, dim.size);
    // begin <= size - extent, which cannot overflow.
    Value last = arith::SubIOp::create(b, loc, size, count);
    Value low =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge, begin, zero);
    Value high =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sle, begin, last);
    inside = allOf(b, loc, inside, allOf(b, loc, low, high));
  };
  for (const Dim &dim : leading)
    check(dim, b.getIndexAttr(1));
  for (auto [dim, extent] : llvm::zip_equal(region, extents))
    check(dim, extent);
  return inside;
}
