//===- Reduction.cpp - linalg ops that are a tile.reduce --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last reduction loop runs in tiles, the others element by element. What is
// combined is computed into a fragment with one dimension more than the result,
// or, when it is an operand as it is, copied there; what lies outside the loop
// gives way to the identity of the combination.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "TiledKernel.h"

#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
class ReductionBuilder {
public:
  ReductionBuilder(linalg::LinalgOp op, const Reduction &reduction,
                   const KernelOptions &options)
      : op(op), loc(op.getLoc()), reduction(reduction), options(options),
        output(*op.getDpsInitOperand(0)), kernel(op, getTile()) {}

  void build(OpBuilder &builder, Value init);

private:
  SmallVector<int64_t> getTile();
  /// The shape of the result's tile, of at least rank 1.
  SmallVector<int64_t> getResultShape();
  /// Combines the tile at the offsets of the loops from number `depth` on.
  void combine(OpBuilder &builder, Value result, unsigned depth);
  void combineOperand(OpBuilder &builder, Value result, OpOperand &operand,
                      unsigned dim);
  void combineComputed(OpBuilder &builder, Value result);
  /// Computes what one iteration combines.
  Value computeInput(OpBuilder &builder, ValueRange tiles, ValueRange point);

  linalg::LinalgOp op;
  Location loc;
  const Reduction &reduction;
  const KernelOptions &options;
  OpOperand &output;
  SmallVector<unsigned> loops;
  TiledKernel kernel;
};
} // namespace

/// Of the parallel loops, the last is tiled.
SmallVector<int64_t> ReductionBuilder::getTile() {
  SmallVector<int64_t> tile(op.getNumLoops(), 1);
  SmallVector<unsigned> parallel;
  op.getParallelDims(parallel);
  op.getReductionDims(loops);
  if (!parallel.empty())
    tile[parallel.back()] = options.reduceTile[0];
  tile[loops.back()] = options.reduceTile[1];
  return tile;
}

SmallVector<int64_t> ReductionBuilder::getResultShape() {
  SmallVector<int64_t> shape = kernel.getShape(output);
  if (shape.empty())
    shape.push_back(1);
  return shape;
}

void ReductionBuilder::combineOperand(OpBuilder &builder, Value result,
                                      OpOperand &operand, unsigned dim) {
  Value tile = kernel.allocate(builder, operand, Scope::Shared);
  Type type = cast<MemRefType>(tile.getType()).getElementType();
  Value pad;
  if (kernel.isRagged(loops.back()))
    pad = getReduceIdentity(builder, loc, reduction.kind, type,
                            reduction.ignoresNaN);
  kernel.read(builder, operand, tile, pad);
  ReduceOp::create(builder, loc, reduction.kind, tile, result, dim,
                   /*accumulate=*/true, reduction.ignoresNaN,
                   /*scratch=*/Value());
}

Value ReductionBuilder::computeInput(OpBuilder &builder, ValueRange tiles,
                                     ValueRange point) {
  SmallVector<Value> args;
  for (OpOperand &operand : op->getOpOperands()) {
    Value tile = tiles[operand.getOperandNumber()];
    if (tile && isa<MemRefType>(tile.getType()))
      tile = memref::LoadOp::create(builder, loc, tile,
                                    kernel.getElement(builder, operand, point));
    args.push_back(tile);
  }
  auto getIteration = [&](unsigned loop) {
    return kernel.getIteration(builder, loop, point[loop]);
  };
  IRMapping results =
      cloneBody(builder, op, args, getIteration, reduction.combiner);
  Value input = results.lookupOrDefault(reduction.input);
  unsigned loop = loops.back();
  if (!kernel.isRagged(loop))
    return input;
  Value isInside = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::slt, getIteration(loop),
      kernel.getLoopSize(builder, loop));
  Value identity = getReduceIdentity(builder, loc, reduction.kind,
                                     input.getType(), reduction.ignoresNaN);
  return arith::SelectOp::create(builder, loc, isInside, input, identity);
}

void ReductionBuilder::combineComputed(OpBuilder &builder, Value result) {
  SmallVector<Value> tiles;
  for (OpOperand &operand : op->getOpOperands()) {
    Value tile;
    if (op.payloadUsesValueFromOperand(&operand) && !op.isDpsInit(&operand))
      tile = operand.get();
    if (tile && op.getRank(&operand) != 0) {
      tile = kernel.allocate(builder, operand, Scope::Fragment);
      kernel.read(builder, operand, tile);
    }
    tiles.push_back(tile);
  }
  SmallVector<int64_t> shape = getResultShape();
  unsigned dim = shape.size();
  shape.push_back(kernel.getTileSize(loops.back()));
  Value inputs = AllocOp::create(
      builder, loc,
      getBufferType(shape, reduction.input.getType(), Scope::Shared));
  SmallVector<OpFoldResult> extents;
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    extents.push_back(builder.getIndexAttr(kernel.getTileSize(loop)));
  ParallelOp::create(
      builder, loc, extents, [&](OpBuilder &body, Location, ValueRange point) {
        Value input = computeInput(body, tiles, point);
        SmallVector<Value> indices = kernel.getElement(body, output, point);
        if (indices.empty())
          indices.push_back(arith::ConstantIndexOp::create(body, loc, 0));
        indices.push_back(point[loops.back()]);
        memref::StoreOp::create(body, loc, input, inputs, indices);
      });
  ReduceOp::create(builder, loc, reduction.kind, inputs, result, dim,
                   /*accumulate=*/true, reduction.ignoresNaN,
                   /*scratch=*/Value());
}

void ReductionBuilder::combine(OpBuilder &builder, Value result,
                               unsigned depth) {
  if (depth < loops.size())
    return kernel.forEachTile(
        builder, loops[depth], depth + 1 == loops.size() ? options.stages : 1,
        [&](OpBuilder &body) { combine(body, result, depth + 1); });
  unsigned dim;
  if (OpOperand *operand = getReducedOperand(op, reduction, dim))
    combineOperand(builder, result, *operand, dim);
  else
    combineComputed(builder, result);
}

void ReductionBuilder::build(OpBuilder &builder, Value init) {
  kernel.launch(builder, options.threads, [&](OpBuilder &body) {
    Type type = cast<MemRefType>(output.get().getType()).getElementType();
    Value result = AllocOp::create(
        body, loc, getBufferType(getResultShape(), type, Scope::Fragment));
    if (init)
      FillOp::create(body, loc, result, init);
    else
      kernel.read(body, output, result);
    combine(body, result, 0);
    kernel.write(body, output, result);
  });
}

void mlir::tile::buildReduction(OpBuilder &builder, linalg::LinalgOp op,
                                const Reduction &reduction, Value init,
                                const KernelOptions &options) {
  ReductionBuilder(op, reduction, options).build(builder, init);
}
