//===- VectorCopy.cpp - copies between memory in vectors --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Consecutive threads move consecutive vectors of the region's rows, as wide as
// VectorAccess allows, and have several loads under way before they store.
// What VectorAccess leaves to run time is tested in front; the other branch
// moves single elements in the same way.
//
//===----------------------------------------------------------------------===//

#include "VectorCopy.h"
#include "ThreadPoints.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

/// The loads that a thread has under way in a loop: of vectors, and of single
/// elements.
static constexpr int64_t kGroupSize = 4, kElementGroupSize = 8;

namespace {

class MemoryCopy {
public:
  MemoryCopy(CopyOp op, Value threadId, int64_t numThreads, OpBuilder &builder)
      : op(op), threadId(threadId), numThreads(numThreads), loc(op.getLoc()) {
    extents = clampExtents(builder, loc, op.reifyRegion(builder));
    int64_t rank = extents.size();
    src =
        BufferRegion::get(builder, loc, op.getSrc(), op.getSrcIndices(), rank);
    dst =
        BufferRegion::get(builder, loc, op.getDst(), op.getDstIndices(), rank);
    pad = op.getPad();
    if (!pad)
      pad = getZero(builder, loc, getElementType(src));
  }

  void run(OpBuilder &builder, DivisibilityAnalysis &divisibility);
  void copy(OpBuilder &builder, int64_t width);

private:
  static Type getElementType(const BufferRegion &side) {
    return cast<MemRefType>(side.buffer.getType()).getElementType();
  }
  Value load(OpBuilder &b, const ThreadPoint &point);
  void store(OpBuilder &b, const ThreadPoint &point, Value value);
  Value loadInside(OpBuilder &b, ValueRange indices);
  Value convert(OpBuilder &b, Value value);
  llvm::MaybeAlign getAlignment(const BufferRegion &side) const;
  ThreadPoint getElement(OpBuilder &b, const ThreadPoint &point);

  CopyOp op;
  Value threadId;
  int64_t numThreads;
  Location loc;
  SmallVector<OpFoldResult> extents;
  BufferRegion src, dst;
  Value pad;
  /// The elements that are moved at once.
  int64_t width = 1;
};

} // namespace

llvm::MaybeAlign MemoryCopy::getAlignment(const BufferRegion &side) const {
  Type type = getElementType(side);
  int64_t bytes = type.isIndex() ? 8 : type.getIntOrFloatBitWidth() / 8;
  return llvm::MaybeAlign(width * bytes);
}

Value MemoryCopy::loadInside(OpBuilder &b, ValueRange indices) {
  if (width == 1)
    return memref::LoadOp::create(b, loc, src.buffer, indices);
  return vector::LoadOp::create(
      b, loc, VectorType::get(width, getElementType(src)), src.buffer, indices,
      /*nontemporal=*/false, getAlignment(src));
}

/// What the source has at `point`, or the pad value outside of it.
Value MemoryCopy::load(OpBuilder &b, const ThreadPoint &point) {
  SmallVector<Value> indices = src.getIndices(b, loc, point.indices);
  Value inside =
      allOf(b, loc, point.exists, src.isInside(b, loc, extents, indices));
  if (!inside)
    return loadInside(b, indices);
  auto ifOp = scf::IfOp::create(
      b, loc, inside,
      [&](OpBuilder &nested, Location) {
        scf::YieldOp::create(nested, loc, loadInside(nested, indices));
      },
      [&](OpBuilder &nested, Location) {
        Value value = pad;
        if (width != 1)
          value = vector::BroadcastOp::create(
              nested, loc, VectorType::get(width, pad.getType()), pad);
        scf::YieldOp::create(nested, loc, value);
      });
  return ifOp.getResult(0);
}

/// Converts one element or a vector of them.
Value MemoryCopy::convert(OpBuilder &b, Value value) {
  Type to = getElementType(dst);
  return width == 1 ? convertElement(b, loc, value, to)
                    : convertVector(b, loc, value, to);
}

void MemoryCopy::store(OpBuilder &b, const ThreadPoint &point, Value value) {
  SmallVector<Value> indices = dst.getIndices(b, loc, point.indices);
  Value inside =
      allOf(b, loc, point.exists, dst.isInside(b, loc, extents, indices));
  auto storeInside = [&](OpBuilder &nested) {
    Value converted = convert(nested, value);
    if (width == 1)
      memref::StoreOp::create(nested, loc, converted, dst.buffer, indices);
    else
      vector::StoreOp::create(nested, loc, converted, dst.buffer, indices,
                              /*nontemporal=*/false, getAlignment(dst));
  };
  if (!inside)
    return storeInside(b);
  scf::IfOp::create(b, loc, inside, [&](OpBuilder &nested, Location) {
    storeInside(nested);
    scf::YieldOp::create(nested, loc);
  });
}

/// `point`, counted in vectors along the last dimension, in elements.
ThreadPoint MemoryCopy::getElement(OpBuilder &b, const ThreadPoint &point) {
  ThreadPoint element = point;
  if (width != 1) {
    Value size = arith::ConstantIndexOp::create(b, loc, width);
    Value &last = element.indices.back();
    last = b.createOrFold<arith::MulIOp>(loc, last, size);
  }
  return element;
}

void MemoryCopy::copy(OpBuilder &builder, int64_t vectorWidth) {
  width = vectorWidth;
  SmallVector<OpFoldResult> counts = extents;
  if (width != 1) {
    Value last = getValueOrCreateConstantIndexOp(builder, loc, extents.back());
    Value size = arith::ConstantIndexOp::create(builder, loc, width);
    counts.back() = getAsOpFoldResult(
        builder.createOrFold<arith::DivUIOp>(loc, last, size));
  }
  int64_t groupSize = width == 1 ? kElementGroupSize : kGroupSize;
  forEachGroup(builder, loc, threadId, numThreads, counts, groupSize,
               [&](OpBuilder &b, ArrayRef<ThreadPoint> points) {
                 SmallVector<ThreadPoint> elements;
                 SmallVector<Value> values;
                 for (const ThreadPoint &point : points) {
                   elements.push_back(getElement(b, point));
                   values.push_back(load(b, elements.back()));
                 }
                 for (auto [element, value] : llvm::zip_equal(elements, values))
                   store(b, element, value);
               });
}

void MemoryCopy::run(OpBuilder &builder, DivisibilityAnalysis &divisibility) {
  VectorAccess access(builder, {src, dst}, extents, op, divisibility);
  int64_t vectorWidth = access.getNumElements();
  if (vectorWidth == 1) {
    remark::missed(
        loc,
        remark::RemarkOpts::name("scalar-copy").category("convert-tile-to-gpu"))
        << remark::reason("copied element by element: {0}", access.getReason());
    return copy(builder, 1);
  }
  Value condition = access.buildCondition(builder, loc);
  if (!condition)
    return copy(builder, vectorWidth);
  auto ifOp =
      scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  copy(builder, vectorWidth);
  builder.setInsertionPointToStart(ifOp.elseBlock());
  copy(builder, 1);
}

bool mlir::tile::lowerMemoryCopy(CopyOp op, Value threadId, int64_t numThreads,
                                 DivisibilityAnalysis &divisibility,
                                 OpBuilder &builder) {
  auto isMemory = [](Value buffer) {
    Scope scope = *tile::getScope(cast<MemRefType>(buffer.getType()));
    return scope == Scope::Global || scope == Scope::Shared;
  };
  if (!isMemory(op.getSrc()) || !isMemory(op.getDst()))
    return false;
  MemoryCopy(op, threadId, numThreads, builder).run(builder, divisibility);
  return true;
}

void mlir::tile::lowerElementCopy(CopyOp op, Value threadId, int64_t numThreads,
                                  OpBuilder &builder) {
  MemoryCopy(op, threadId, numThreads, builder).copy(builder, /*width=*/1);
}
