//===- Elementwise.cpp - linalg ops without reductions ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tile of each operand is copied to a fragment, one iteration computes each
// element, and the fragments of the results are copied back. What lies outside
// is computed from padding and dropped by the copy.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "TiledKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::tile;

SmallVector<int64_t>
mlir::tile::getElementwiseTile(linalg::LinalgOp op,
                               const KernelOptions &options) {
  SmallVector<int64_t> tile(op.getNumLoops(), 1);
  SmallVector<unsigned> loops;
  op.getParallelDims(loops);
  ArrayRef<int64_t> extents = options.elementwiseTile;
  for (auto [loop, extent] :
       llvm::zip(llvm::reverse(loops), llvm::reverse(extents)))
    tile[loop] = extent;
  return tile;
}

/// Reads what the body needs, computes, and stores into the tiles of the
/// results. A buffer that is not there is used without a tile.
static void computeElement(OpBuilder &builder, TiledKernel &kernel,
                           ArrayRef<Value> tiles, ValueRange point) {
  linalg::LinalgOp op = kernel.getOp();
  Location loc = op.getLoc();
  SmallVector<Value> args;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!op.payloadUsesValueFromOperand(&operand))
      args.push_back(Value());
    else if (isa<MemRefType>(operand.get().getType()))
      args.push_back(memref::LoadOp::create(
          builder, loc, tiles[operand.getOperandNumber()],
          kernel.getElement(builder, operand, point)));
    else
      args.push_back(operand.get());
  }
  IRMapping results = cloneBody(builder, op, args, [&](unsigned loop) {
    return kernel.getIteration(builder, loop, point[loop]);
  });
  for (OpOperand &output : op.getDpsInitsMutable()) {
    Value yielded = op.getMatchingYieldValue(&output)->get();
    memref::StoreOp::create(builder, loc, results.lookupOrDefault(yielded),
                            tiles[output.getOperandNumber()],
                            kernel.getElement(builder, output, point));
  }
}

static void buildTile(OpBuilder &builder, TiledKernel &kernel) {
  linalg::LinalgOp op = kernel.getOp();
  SmallVector<Value> tiles;
  for (OpOperand &operand : op->getOpOperands()) {
    Value tile = operand.get();
    bool isRead = op.payloadUsesValueFromOperand(&operand);
    if (op.getRank(&operand) != 0 && (isRead || op.isDpsInit(&operand)))
      tile = kernel.allocate(builder, operand, Scope::Fragment);
    if (tile != operand.get() && isRead)
      kernel.read(builder, operand, tile);
    tiles.push_back(tile);
  }
  SmallVector<OpFoldResult> extents;
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    extents.push_back(builder.getIndexAttr(kernel.getTileSize(loop)));
  if (extents.empty())
    computeElement(builder, kernel, tiles, {});
  else
    ParallelOp::create(builder, op.getLoc(), extents,
                       [&](OpBuilder &body, Location, ValueRange point) {
                         computeElement(body, kernel, tiles, point);
                       });
  for (OpOperand &output : op.getDpsInitsMutable())
    if (op.getRank(&output) != 0)
      kernel.write(builder, output, tiles[output.getOperandNumber()]);
}

void mlir::tile::buildElementwise(OpBuilder &builder, linalg::LinalgOp op,
                                  const KernelOptions &options) {
  TiledKernel kernel(op, getElementwiseTile(op, options));
  kernel.launch(builder, options.threads,
                [&](OpBuilder &body) { buildTile(body, kernel); });
}
