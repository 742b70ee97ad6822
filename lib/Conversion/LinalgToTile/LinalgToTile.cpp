//===- LinalgToTile.cpp - linalg ops to launches of kernels -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes the first kernel that an op fits. Kernels stand in front of the op,
// which goes away.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"

#include "tile/Conversion/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace mlir::tile {
#define GEN_PASS_DEF_CONVERTLINALGTOTILE
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct ConvertLinalgToTilePass
    : public tile::impl::ConvertLinalgToTileBase<ConvertLinalgToTilePass> {
  using ConvertLinalgToTileBase::ConvertLinalgToTileBase;

  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;
  void keep(Operation *op, const std::string &reason);
  void convert(linalg::LinalgOp op);
  void convertReduction(OpBuilder &builder, linalg::LinalgOp op);

  KernelOptions options;
  /// The fills that have become a part of a kernel.
  SmallPtrSet<Operation *, 8> absorbed;
};
} // namespace

static remark::RemarkOpts getRemark(StringRef name) {
  return remark::RemarkOpts::name(name).category("convert-linalg-to-tile");
}

/// Sets `sizes` to what the option gives, or to `defaults` when it gives none.
static LogicalResult readSizes(MLIRContext *context, StringRef option,
                               ArrayRef<int64_t> given,
                               ArrayRef<int64_t> defaults,
                               SmallVectorImpl<int64_t> &sizes) {
  sizes.assign((given.empty() ? defaults : given).begin(),
               (given.empty() ? defaults : given).end());
  if (sizes.size() != defaults.size())
    return emitError(UnknownLoc::get(context))
           << "expected " << defaults.size() << " sizes in '" << option
           << "', found " << sizes.size();
  for (int64_t size : sizes)
    if (size < 1)
      return emitError(UnknownLoc::get(context))
             << "expected positive sizes in '" << option << "', found " << size;
  return success();
}

LogicalResult ConvertLinalgToTilePass::initialize(MLIRContext *context) {
  if (failed(readSizes(context, "gemm-tile", gemmTile, {64, 64, 32},
                       options.gemmTile)) ||
      failed(readSizes(context, "elementwise-tile", elementwiseTile, {8, 256},
                       options.elementwiseTile)) ||
      failed(readSizes(context, "reduce-tile", reduceTile, {16, 128},
                       options.reduceTile)))
    return failure();
  if (threads < 1 || threads > 1024)
    return emitError(UnknownLoc::get(context))
           << "expected 1 to 1024 in 'threads', found " << threads.getValue();
  if (stages < 1)
    return emitError(UnknownLoc::get(context))
           << "expected a positive number in 'stages', found "
           << stages.getValue();
  options.threads = threads;
  options.stages = stages;
  return success();
}

/// The linalg.fill that sets the op's result just before it, if the op writes
/// all of the buffer, so that nobody sees what the fill has written.
static linalg::FillOp findFill(linalg::LinalgOp op) {
  Value result = op.getDpsInitOperand(0)->get();
  Operation *before = op->getPrevNode();
  while (before && isMemoryEffectFree(before))
    before = before->getPrevNode();
  auto fill = dyn_cast_or_null<linalg::FillOp>(before);
  if (!fill || !fill.hasPureBufferSemantics() || fill.getOutputs()[0] != result)
    return nullptr;
  // An input that is the result would see the fill.
  if (!op.getIndexingMapsArray().back().isProjectedPermutation() ||
      llvm::is_contained(op.getDpsInputs(), result) ||
      fill.value().getType() != getElementTypeOrSelf(result.getType()))
    return nullptr;
  return fill;
}

void ConvertLinalgToTilePass::convertReduction(OpBuilder &builder,
                                               linalg::LinalgOp op) {
  linalg::FillOp fill = findFill(op);
  Value init = fill ? fill.value() : Value();
  Product product;
  Reduction reduction;
  Reason noProduct, noReduction = checkTiles(op);
  if (matchProduct(op, product, noProduct)) {
    buildProduct(builder, op, product, init, options);
    ++numProducts;
  } else if (!noReduction && !(noReduction = matchReduction(op, reduction))) {
    buildReduction(builder, op, reduction, init, options);
    ++numReductions;
  } else {
    remark::missed(op.getLoc(), getRemark("linalg-loops"))
        << remark::reason("computed by loops over elements: {0}", *noReduction);
    buildLoops(builder, op, options);
    ++numLoops;
    return;
  }
  if (noProduct)
    remark::missed(op.getLoc(), getRemark("linalg-no-gemm"))
        << remark::reason("computed without 'tile.gemm': {0}", *noProduct);
  if (fill)
    absorbed.insert(fill);
}

void ConvertLinalgToTilePass::keep(Operation *op, const std::string &reason) {
  remark::missed(op->getLoc(), getRemark("linalg-kept"))
      << remark::reason("operation kept: {0}", reason);
  ++numKept;
}

void ConvertLinalgToTilePass::convert(linalg::LinalgOp op) {
  if (Reason reason = checkConvertible(op))
    return keep(op, *reason);
  OpBuilder builder(op);
  if (op.getNumReductionLoops()) {
    convertReduction(builder, op);
  } else if (Reason reason = checkTiles(op)) {
    remark::missed(op.getLoc(), getRemark("linalg-loops"))
        << remark::reason("computed by loops over elements: {0}", *reason);
    buildLoops(builder, op, options);
    ++numLoops;
  } else {
    buildElementwise(builder, op, options);
    ++numElementwise;
  }
  op.erase();
}

void ConvertLinalgToTilePass::runOnOperation() {
  absorbed.clear();
  SmallVector<linalg::LinalgOp> ops;
  getOperation()->walk([&](Operation *op) {
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      ops.push_back(linalgOp);
    else if (isa_and_nonnull<linalg::LinalgDialect>(op->getDialect()) &&
             !op->getParentOfType<linalg::LinalgOp>())
      keep(op, "it cannot be written as one 'linalg.generic'");
  });
  // From the end, so that a fill is still there when its product is converted.
  for (linalg::LinalgOp op : llvm::reverse(ops))
    if (!absorbed.contains(op))
      convert(op);
  for (Operation *fill : absorbed)
    fill->erase();
}
