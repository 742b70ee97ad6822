//===- WgmmaRemarks.cpp - what slows products by wgmma down -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WgmmaRemarks.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

template <typename... Args>
static void remarkSerial(GemmOp op, const char *reason, Args &&...args) {
  remark::missed(
      op.getLoc(),
      remark::RemarkOpts::name("serial-wgmma").category("convert-tile-to-gpu"))
      << remark::reason(reason, std::forward<Args>(args)...);
}

/// Products of kernels that call functions are serial.
static void remarkCalls(GemmOp op) {
  op->getParentOfType<gpu::LaunchOp>().walk([&](Operation *caller) {
    if (!isa<PrintOp, AssertOp>(caller))
      return WalkResult::advance();
    remarkSerial(op, "products one after another: '{0}' calls a function",
                 caller->getName());
    return WalkResult::interrupt();
  });
}

/// So are those for which registers do not suffice: the assembler needs some
/// besides theirs.
static void remarkRegisters(GemmOp op, const WarpgroupProduct &product,
                            int64_t numThreads) {
  constexpr int64_t kFewestOthers = 24;
  int64_t needed = product.rows * product.columns * product.atom.c.numValues();
  if (!product.a)
    needed += product.aFragment.numValues() * product.b.elementBytes / 4;
  int64_t block = getThreadsOfBlock(op, numThreads);
  int64_t left = getRegistersOfThread(block);
  if (needed + kFewestOthers <= left)
    return;
  bool canShare =
      needed / 2 + kFewestOthers <= getRegistersOfThread(block + numThreads);
  remarkSerial(op,
               "products one after another: they hold {0} registers and need "
               "{1} others, but a thread of {2} has {3}; take a smaller "
               "tile{4}",
               needed, kFewestOthers, block, left,
               canShare ? " or more threads" : "");
}

void mlir::tile::remarkSerialProducts(GemmOp op,
                                      const WarpgroupProduct &product,
                                      int64_t numThreads) {
  remarkCalls(op);
  remarkRegisters(op, product, numThreads);
}
