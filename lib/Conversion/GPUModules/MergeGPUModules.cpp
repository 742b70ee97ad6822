//===- MergeGPUModules.cpp - one gpu.module for all kernels -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernel outlining makes a gpu.module for each kernel. One for all gives one
// image to compile and to load.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEMERGEGPUMODULES
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

namespace {
struct MergeGPUModulesPass
    : public tile::impl::TileMergeGPUModulesBase<MergeGPUModulesPass> {
  void runOnOperation() override;
};
} // namespace

/// Moves what `from` holds into `to`, under new names where they are taken, and
/// says in `renamed` where each kernel went.
static LogicalResult
moveSymbols(gpu::GPUModuleOp from, gpu::GPUModuleOp to,
            DenseMap<SymbolRefAttr, SymbolRefAttr> &renamed) {
  SymbolTable source(from), target(to);
  for (Operation &op :
       llvm::make_early_inc_range(from.getBody()->getOperations())) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol)
      continue;
    StringAttr oldName = symbol.getNameAttr();
    if (target.lookup(oldName) && failed(source.renameToUnique(&op, {&target})))
      return op.emitError("failed to rename a symbol of several kernels");
    auto nameIn = [](gpu::GPUModuleOp module, StringAttr name) {
      return SymbolRefAttr::get(module.getNameAttr(),
                                FlatSymbolRefAttr::get(name));
    };
    renamed[nameIn(from, oldName)] = nameIn(to, symbol.getNameAttr());
    source.remove(&op);
    op.remove();
    target.insert(&op);
  }
  return success();
}

void MergeGPUModulesPass::runOnOperation() {
  SmallVector<gpu::GPUModuleOp> modules(
      getOperation().getOps<gpu::GPUModuleOp>());
  if (modules.size() < 2)
    return;
  DenseMap<SymbolRefAttr, SymbolRefAttr> renamed;
  for (gpu::GPUModuleOp from : llvm::drop_begin(modules))
    if (failed(moveSymbols(from, modules.front(), renamed)))
      return signalPassFailure();
  getOperation().walk([&](gpu::LaunchFuncOp launch) {
    if (SymbolRefAttr kernel = renamed.lookup(launch.getKernel()))
      launch.setKernelAttr(kernel);
  });
  for (gpu::GPUModuleOp from : llvm::drop_begin(modules))
    from.erase();
}
