//===- ThreadPoints.cpp - points of an index space, in groups ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread's points are `threads` apart. Where the row length divides the
// number of threads, they lie in one column, so that only the first has to be
// found by division.
//
//===----------------------------------------------------------------------===//

#include "ThreadPoints.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

static Value getIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

SmallVector<Value> mlir::tile::delinearize(OpBuilder &builder, Location loc,
                                           Value number,
                                           ArrayRef<OpFoldResult> extents) {
  SmallVector<Value> indices(extents.size());
  for (size_t dim = extents.size(); dim-- > 0;) {
    if (isOneInteger(extents[dim])) {
      indices[dim] = getIndex(builder, loc, 0);
      continue;
    }
    // What is left of the number is the outermost index.
    bool isLast = llvm::all_of(extents.take_front(dim), isOneInteger);
    if (isLast) {
      indices[dim] = number;
      continue;
    }
    Value extent = getValueOrCreateConstantIndexOp(builder, loc, extents[dim]);
    indices[dim] = arith::RemUIOp::create(builder, loc, number, extent);
    number = arith::DivUIOp::create(builder, loc, number, extent);
  }
  return indices;
}

namespace {

/// Builds the points of one group.
class PointBuilder {
public:
  PointBuilder(Location loc, int64_t numThreads, ArrayRef<OpFoldResult> extents,
               Value total)
      : loc(loc), numThreads(numThreads), extents(extents), total(total) {
    for (auto [dim, extent] : llvm::enumerate(extents))
      if (!isOneInteger(extent))
        dims.push_back(dim);
    if (dims.size() > 2)
      return;
    std::optional<int64_t> row =
        dims.size() == 2 ? getConstantIntValue(extents[dims[1]]) : 1;
    if (row && *row > 0 && numThreads % *row == 0)
      rowStep = numThreads / *row;
  }

  /// The group of `count` points that begins with point number `first`; those
  /// from `certain` on may not exist.
  SmallVector<ThreadPoint> build(OpBuilder &b, Value first, int64_t count,
                                 int64_t certain) {
    SmallVector<ThreadPoint> points;
    for (int64_t i = 0; i < count; ++i) {
      Value number = add(b, first, i * numThreads);
      ThreadPoint point;
      if (i == 0 || !rowStep || dims.empty()) {
        point.indices = delinearize(b, loc, number, extents);
      } else {
        point.indices = points.front().indices;
        Value &row = point.indices[dims.front()];
        row = add(b, row, i * rowStep);
        point.distance.assign(extents.size(), 0);
        point.distance[dims.front()] = i * rowStep;
      }
      if (i >= certain)
        point.exists = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                             number, total);
      points.push_back(point);
    }
    return points;
  }

private:
  Value add(OpBuilder &b, Value value, int64_t offset) {
    if (offset == 0)
      return value;
    return arith::AddIOp::create(b, loc, value, getIndex(b, loc, offset));
  }

  Location loc;
  int64_t numThreads;
  ArrayRef<OpFoldResult> extents;
  Value total;
  /// The dimensions that are not one, and how many rows the threads cover when
  /// that is a whole number; else 0.
  SmallVector<size_t> dims;
  int64_t rowStep = 0;
};

} // namespace

void mlir::tile::forEachGroup(
    OpBuilder &builder, Location loc, Value threadId, int64_t numThreads,
    ArrayRef<OpFoldResult> extents, int64_t groupSize,
    function_ref<void(OpBuilder &, ArrayRef<ThreadPoint>)> body) {
  Value total = getIndex(builder, loc, 1);
  for (OpFoldResult extent : extents)
    total = builder.createOrFold<arith::MulIOp>(
        loc, total, getValueOrCreateConstantIndexOp(builder, loc, extent));
  PointBuilder points(loc, numThreads, extents, total);
  std::optional<int64_t> count = getConstantIntValue(total);
  int64_t rounds = count ? llvm::divideCeil(*count, numThreads) : 0;
  if (count && rounds <= 2 * groupSize) {
    int64_t certain = *count / numThreads;
    return body(builder, points.build(builder, threadId, rounds, certain));
  }
  // A group that divides the rounds leaves no rest to test for.
  while (count && groupSize > 2 && rounds % groupSize)
    --groupSize;
  int64_t step = groupSize * numThreads;
  int64_t certain = count && *count % step == 0 ? groupSize : 1;
  scf::ForOp::create(builder, loc, threadId, total,
                     getIndex(builder, loc, step), {},
                     [&](OpBuilder &b, Location, Value first, ValueRange) {
                       body(b, points.build(b, first, groupSize, certain));
                       scf::YieldOp::create(b, loc);
                     });
}
