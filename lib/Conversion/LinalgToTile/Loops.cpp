//===- Loops.cpp - linalg ops as loops over elements ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One iteration for each element of the results runs through the reduction
// loops in order and reads its operands where they are. Any indexing maps and
// bodies are right this way, and none is fast.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "TiledKernel.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::tile;

/// The indices of the element that the operand's map gives for an iteration.
static SmallVector<Value> getElement(OpBuilder &builder, linalg::LinalgOp op,
                                     OpOperand &operand, ValueRange iteration) {
  SmallVector<Value> indices;
  for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults())
    indices.push_back(affine::expandAffineExpr(builder, op.getLoc(), expr,
                                               iteration, /*symbolValues=*/{}));
  return indices;
}

/// Computes the body from the operands and what the results were before.
static SmallVector<Value> computeIteration(OpBuilder &builder,
                                           linalg::LinalgOp op,
                                           ValueRange iteration,
                                           ValueRange before) {
  SmallVector<Value> args;
  for (OpOperand *input : op.getDpsInputOperands()) {
    Value value = input->get();
    if (isa<MemRefType>(value.getType()))
      value =
          memref::LoadOp::create(builder, op.getLoc(), value,
                                 getElement(builder, op, *input, iteration));
    args.push_back(value);
  }
  llvm::append_range(args, before);
  IRMapping results = cloneBody(builder, op, args,
                                [&](unsigned loop) { return iteration[loop]; });
  SmallVector<Value> after;
  for (Value yielded : op.getBlock()->getTerminator()->getOperands())
    after.push_back(results.lookupOrDefault(yielded));
  return after;
}

/// Runs the reduction loops for one element of each result. `iteration` has the
/// values of the parallel loops.
static void buildIteration(OpBuilder &builder, TiledKernel &kernel,
                           SmallVector<Value> iteration) {
  linalg::LinalgOp op = kernel.getOp();
  Location loc = op.getLoc();
  SmallVector<unsigned> loops;
  op.getReductionDims(loops);
  SmallVector<Value> values;
  for (OpOperand &output : op.getDpsInitsMutable())
    values.push_back(
        memref::LoadOp::create(builder, loc, output.get(),
                               getElement(builder, op, output, iteration)));
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> lower(loops.size(), zero), step(loops.size(), one), upper;
  for (unsigned loop : loops)
    upper.push_back(kernel.getLoopSize(builder, loop));
  auto runBody = [&](OpBuilder &body, Location, ValueRange ivs,
                     ValueRange before) {
    for (auto [loop, iv] : llvm::zip_equal(loops, ivs))
      iteration[loop] = iv;
    return computeIteration(body, op, iteration, before);
  };
  if (loops.empty())
    values = runBody(builder, loc, {}, values);
  else
    values = llvm::to_vector(
        scf::buildLoopNest(builder, loc, lower, upper, step, values,
                           [&](OpBuilder &body, Location nested, ValueRange ivs,
                               ValueRange before) {
                             return runBody(body, nested, ivs, before);
                           })
            .results);
  for (auto [output, value] : llvm::zip_equal(op.getDpsInitsMutable(), values))
    memref::StoreOp::create(builder, loc, value, output.get(),
                            getElement(builder, op, output, iteration));
}

void mlir::tile::buildLoops(OpBuilder &builder, linalg::LinalgOp op,
                            const KernelOptions &options) {
  SmallVector<unsigned> loops;
  op.getParallelDims(loops);
  TiledKernel kernel(op, getElementwiseTile(op, options));
  kernel.launch(builder, options.threads, [&](OpBuilder &body) {
    SmallVector<Value> iteration(op.getNumLoops());
    SmallVector<OpFoldResult> extents;
    for (unsigned loop : loops)
      extents.push_back(kernel.getInnerSize(body, loop));
    if (loops.empty())
      return buildIteration(body, kernel, iteration);
    ParallelOp::create(body, op.getLoc(), extents,
                       [&](OpBuilder &nested, Location, ValueRange point) {
                         for (auto [loop, i] : llvm::zip_equal(loops, point))
                           iteration[loop] =
                               kernel.getIteration(nested, loop, i);
                         buildIteration(nested, kernel, iteration);
                       });
  });
}
