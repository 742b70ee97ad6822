//===- LowerReduce.cpp - element loops of reduce and scan -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/BlockExecutor.h"
#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

/// Each element of the destination is one iteration, which runs along the
/// reduced dimension.
void mlir::tile::lowerReduce(ReduceOp op, BlockExecutor &executor,
                             OpBuilder &builder) {
  Location loc = op.getLoc();
  ReduceKind kind = op.getKind();
  MemRefType srcType = op.getSrc().getType();
  Type elementType = srcType.getElementType();
  Type computeType = getReduceType(elementType);
  int64_t dim = op.getDim();
  bool keepsDim = op.getDst().getType().getRank() == srcType.getRank();

  auto reduceOne = [&](OpBuilder &b, Location, ValueRange point) {
    SmallVector<Value> indices(point);
    if (!keepsDim)
      indices.insert(indices.begin() + dim, Value());
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    Value size =
        arith::ConstantIndexOp::create(b, loc, srcType.getDimSize(dim));
    Value init =
        getReduceIdentity(b, loc, kind, computeType, op.getIgnoreNan());
    if (op.getAccumulate())
      init = convertElement(b, loc, executor.load(b, loc, op.getDst(), point),
                            computeType);
    auto loop = scf::ForOp::create(
        b, loc, zero, size, one, init,
        [&](OpBuilder &nested, Location, Value i, ValueRange carried) {
          indices[dim] = i;
          Value element = executor.load(nested, loc, op.getSrc(), indices);
          element = convertElement(nested, loc, element, computeType);
          element = getReduceInput(nested, loc, kind, element);
          Value next = combineReduce(nested, loc, kind, carried.front(),
                                     element, op.getIgnoreNan());
          scf::YieldOp::create(nested, loc, next);
        });
    Value result = convertElement(b, loc, loop.getResult(0), elementType);
    executor.store(b, loc, result, op.getDst(), point);
  };
  executor.forEach(builder, loc,
                   getAsIndexOpFoldResult(builder.getContext(),
                                          op.getDst().getType().getShape()),
                   executor.getLayout(op.getDst()), reduceOne);
}

static ReduceKind getReduceKind(ScanKind kind) {
  return kind == ScanKind::Sum ? ReduceKind::Sum : ReduceKind::Max;
}

/// Each line along the scanned dimension is one iteration. It reads an element
/// before it writes the one at the same place, so it can work in place.
void mlir::tile::lowerScan(ScanOp op, BlockExecutor &executor,
                           OpBuilder &builder) {
  Location loc = op.getLoc();
  ReduceKind kind = getReduceKind(op.getKind());
  MemRefType type = op.getSrc().getType();
  Type elementType = type.getElementType();
  Type computeType = getReduceType(elementType);
  int64_t dim = op.getDim(), size = type.getDimSize(dim);

  auto scanLine = [&](OpBuilder &b, Location, ValueRange point) {
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    Value count = arith::ConstantIndexOp::create(b, loc, size);
    Value last = arith::ConstantIndexOp::create(b, loc, size - 1);
    Value init = getReduceIdentity(b, loc, kind, computeType);
    scf::ForOp::create(
        b, loc, zero, count, one, init,
        [&](OpBuilder &nested, Location, Value i, ValueRange carried) {
          SmallVector<Value> indices(point);
          if (op.getReverse())
            i = arith::SubIOp::create(nested, loc, last, i);
          indices[dim] = i;
          Value element = executor.load(nested, loc, op.getSrc(), indices);
          element = convertElement(nested, loc, element, computeType);
          Value sum =
              combineReduce(nested, loc, kind, carried.front(), element);
          Value result = convertElement(nested, loc, sum, elementType);
          executor.store(nested, loc, result, op.getDst(), indices);
          scf::YieldOp::create(nested, loc, sum);
        });
  };
  // One point stands for each line.
  SmallVector<int64_t> lines(type.getShape());
  lines[dim] = 1;
  SmallVector<OpFoldResult> extents =
      getAsIndexOpFoldResult(builder.getContext(), lines);
  if (tile::getScope(op.getDst()) == Scope::Local)
    return executor.forEachInEveryThread(builder, loc, extents, scanLine);
  executor.forEach(builder, loc, extents, /*layout=*/nullptr, scanLine);
}
