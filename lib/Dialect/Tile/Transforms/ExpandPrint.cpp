//===- ExpandPrint.cpp - prints of buffers as prints of elements ----------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEEXPANDPRINT
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct ExpandPrintPass
    : public tile::impl::TileExpandPrintBase<ExpandPrintPass> {
  void runOnOperation() override;
};
} // namespace

/// Prints every element of `buffer`, one line each.
static void printBuffer(OpBuilder &builder, Location loc, StringRef text,
                        Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> lower(type.getRank(), zero), step(type.getRank(), one);
  SmallVector<Value> upper =
      llvm::map_to_vector(type.getShape(), [&](int64_t size) -> Value {
        return arith::ConstantIndexOp::create(builder, loc, size);
      });
  auto printElement = [&](OpBuilder &b, Location, ValueRange indices) {
    SmallVector<Value> values(indices);
    values.push_back(memref::LoadOp::create(b, loc, buffer, indices));
    PrintOp::create(b, loc, text, values, /*element=*/true);
  };
  if (type.getRank() == 0)
    return printElement(builder, loc, {});
  scf::buildLoopNest(builder, loc, lower, upper, step, printElement);
}

void ExpandPrintPass::runOnOperation() {
  SmallVector<PrintOp> prints;
  getOperation()->walk([&](PrintOp op) {
    if (llvm::any_of(op.getValues().getTypes(), llvm::IsaPred<MemRefType>))
      prints.push_back(op);
  });
  for (PrintOp op : prints) {
    OpBuilder builder(op);
    // The scalars first, on a line of their own.
    SmallVector<Value> scalars;
    for (Value value : op.getValues())
      if (!isa<MemRefType>(value.getType()))
        scalars.push_back(value);
    if (!scalars.empty())
      PrintOp::create(builder, op.getLoc(), op.getText(), scalars);
    for (Value value : op.getValues())
      if (isa<MemRefType>(value.getType()))
        printBuffer(builder, op.getLoc(), op.getText(), value);
    op.erase();
  }
}
