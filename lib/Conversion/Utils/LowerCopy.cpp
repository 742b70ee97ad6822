//===- LowerCopy.cpp - element loops of tile.copy ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A copy runs over its region; an element outside the source reads as the pad
// value, one outside the destination is not written. Where one side lies in
// registers, the loop runs over that side's elements instead, so that each
// thread touches its own.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/BlockExecutor.h"
#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

class CopyLowering {
public:
  CopyLowering(CopyOp op, BlockExecutor &executor, OpBuilder &builder)
      : op(op), executor(executor), builder(builder), loc(op.getLoc()) {
    extents = clampExtents(builder, loc, op.reifyRegion(builder));
    int64_t rank = extents.size();
    src =
        BufferRegion::get(builder, loc, op.getSrc(), op.getSrcIndices(), rank);
    dst =
        BufferRegion::get(builder, loc, op.getDst(), op.getDstIndices(), rank);
    pad = op.getPad();
    if (!pad)
      pad = getZero(builder, loc, op.getSrc().getType().getElementType());
  }

  void run();

private:
  /// Runs `body` over the region, by one thread each, or by every thread when
  /// each has its own copy of the destination.
  void forEachInRegion(BlockExecutor::BodyFn body) {
    if (tile::getScope(op.getDst()) == Scope::Local)
      executor.forEachInEveryThread(builder, loc, extents, body);
    else
      executor.forEach(builder, loc, extents, /*layout=*/nullptr, body);
  }
  void copyRegion();
  void copyGuarded();
  void copyUnguarded();
  void copyOwned(const BufferRegion &owner);
  void padOutsideSource();
  void copyElement(OpBuilder &b, ValueRange point, bool guardSrc,
                   bool guardDst);
  Value loadElement(OpBuilder &b, ValueRange srcIndices, Value inBounds);

  SmallVector<Value> getIndices(OpBuilder &b, const BufferRegion &side,
                                ValueRange point) {
    return side.getIndices(b, loc, point);
  }
  Value isInside(OpBuilder &b, const BufferRegion &side, ValueRange indices) {
    return side.isInside(b, loc, extents, indices);
  }

  CopyOp op;
  BlockExecutor &executor;
  OpBuilder &builder;
  Location loc;
  SmallVector<OpFoldResult> extents;
  BufferRegion src, dst;
  Value pad;
};

} // namespace

/// The source's element, or the pad value where `inBounds` does not hold.
Value CopyLowering::loadElement(OpBuilder &b, ValueRange srcIndices,
                                Value inBounds) {
  if (!inBounds)
    return executor.load(b, loc, src.buffer, srcIndices);
  auto ifOp = scf::IfOp::create(
      b, loc, inBounds,
      [&](OpBuilder &nested, Location) {
        Value value = executor.load(nested, loc, src.buffer, srcIndices);
        scf::YieldOp::create(nested, loc, value);
      },
      [&](OpBuilder &nested, Location) {
        scf::YieldOp::create(nested, loc, pad);
      });
  return ifOp.getResult(0);
}

/// Copies the element at `point` of the region.
void CopyLowering::copyElement(OpBuilder &b, ValueRange point, bool guardSrc,
                               bool guardDst) {
  SmallVector<Value> srcIndices = getIndices(b, src, point);
  SmallVector<Value> dstIndices = getIndices(b, dst, point);
  Type dstType = op.getDst().getType().getElementType();
  auto move = [&](OpBuilder &nested) {
    Value inSrc = guardSrc ? isInside(nested, src, srcIndices) : Value();
    Value value = loadElement(nested, srcIndices, inSrc);
    value = convertElement(nested, loc, value, dstType);
    executor.store(nested, loc, value, dst.buffer, dstIndices);
  };
  Value inDst = guardDst ? isInside(b, dst, dstIndices) : Value();
  if (!inDst)
    return move(b);
  scf::IfOp::create(b, loc, inDst, [&](OpBuilder &nested, Location) {
    move(nested);
    scf::YieldOp::create(nested, loc);
  });
}

void CopyLowering::copyGuarded() {
  forEachInRegion([&](OpBuilder &b, Location, ValueRange point) {
    copyElement(b, point, /*guardSrc=*/true, /*guardDst=*/true);
  });
}

void CopyLowering::copyUnguarded() {
  forEachInRegion([&](OpBuilder &b, Location, ValueRange point) {
    copyElement(b, point, /*guardSrc=*/false, /*guardDst=*/false);
  });
}

/// Both sides are memory: run over the region.
void CopyLowering::copyRegion() {
  if (!executor.testsWholeRegion())
    return copyGuarded();
  Value inside = allOf(builder, loc, src.isWhollyInside(builder, loc, extents),
                       dst.isWhollyInside(builder, loc, extents));
  if (!inside)
    return copyUnguarded();
  auto ifOp = scf::IfOp::create(builder, loc, inside, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  copyUnguarded();
  builder.setInsertionPointToStart(ifOp.elseBlock());
  copyGuarded();
}

/// One side lies in registers: run over its elements, and copy those that are
/// in the region.
void CopyLowering::copyOwned(const BufferRegion &owner) {
  auto type = cast<MemRefType>(owner.buffer.getType());
  SmallVector<OpFoldResult> shape =
      getAsIndexOpFoldResult(builder.getContext(), type.getShape());
  executor.forEach(
      builder, loc, shape, executor.getLayout(owner.buffer),
      [&](OpBuilder &b, Location, ValueRange indices) {
        Value inRegion;
        auto check = [&](Value offset, OpFoldResult extent) {
          Value count = getValueOrCreateConstantIndexOp(b, loc, extent);
          Value test = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                             offset, count);
          inRegion = allOf(b, loc, inRegion, test);
        };
        auto getOffset = [&](Value index, OpFoldResult begin) -> Value {
          if (isZeroInteger(begin))
            return index;
          Value first = getValueOrCreateConstantIndexOp(b, loc, begin);
          return arith::SubIOp::create(b, loc, index, first);
        };
        // The region covers a dimension when it begins at or before zero and
        // reaches the end.
        auto covers = [&](const BufferRegion::Dim &dim, OpFoldResult extent) {
          std::optional<int64_t> begin = getConstantIntValue(dim.begin);
          std::optional<int64_t> count = getConstantIntValue(extent);
          return begin && count && *begin <= 0 &&
                 *begin + *count >= *getConstantIntValue(dim.size);
        };
        size_t numLeading = owner.leading.size();
        SmallVector<Value> point;
        for (auto [i, dim] : llvm::enumerate(owner.leading))
          if (!covers(dim, b.getIndexAttr(1)))
            check(getOffset(indices[i], dim.begin), b.getIndexAttr(1));
        for (auto [i, dim] : llvm::enumerate(owner.region)) {
          Value offset = getOffset(indices[numLeading + i], dim.begin);
          point.push_back(offset);
          if (!covers(dim, extents[i]))
            check(offset, extents[i]);
        }
        bool ownsSrc = owner.buffer == src.buffer;
        if (!inRegion)
          return copyElement(b, point, !ownsSrc, ownsSrc);
        scf::IfOp::create(b, loc, inRegion, [&](OpBuilder &nested, Location) {
          copyElement(nested, point, !ownsSrc, ownsSrc);
          scf::YieldOp::create(nested, loc);
        });
      });
}

/// The source lies in registers, and the region leaves it: the elements outside
/// are nobody's, so write the pad value in a loop of its own.
void CopyLowering::padOutsideSource() {
  executor.forEach(
      builder, loc, extents, /*layout=*/nullptr,
      [&](OpBuilder &b, Location, ValueRange point) {
        Value inside = isInside(b, src, getIndices(b, src, point));
        SmallVector<Value> dstIndices = getIndices(b, dst, point);
        Value one = arith::ConstantIntOp::create(b, loc, b.getI1Type(), 1);
        Value outside = arith::XOrIOp::create(b, loc, inside, one);
        Value write = allOf(b, loc, outside, isInside(b, dst, dstIndices));
        scf::IfOp::create(b, loc, write, [&](OpBuilder &nested, Location) {
          Value value = convertElement(nested, loc, pad,
                                       op.getDst().getType().getElementType());
          executor.store(nested, loc, value, dst.buffer, dstIndices);
          scf::YieldOp::create(nested, loc);
        });
      });
}

void CopyLowering::run() {
  bool dstInRegisters = executor.isInRegisters(dst.buffer);
  if (dstInRegisters)
    return copyOwned(dst);
  if (!executor.isInRegisters(src.buffer))
    return copyRegion();
  copyOwned(src);
  if (src.mayLeave(extents))
    padOutsideSource();
}

void mlir::tile::lowerCopy(CopyOp op, BlockExecutor &executor,
                           OpBuilder &builder) {
  CopyLowering(op, executor, builder).run();
}
