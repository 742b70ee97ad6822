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
static void moveSymbols(gpu::GPUModuleOp from, gpu::GPUModuleOp to,
                        DenseMap<SymbolRefAttr, SymbolRefAttr> &renamed) {
  SymbolTable source(from), target(to);
  auto nameIn = [](gpu::GPUModuleOp module, StringAttr name) {
    return SymbolRefAttr::get(module.getNameAttr(),
                              FlatSymbolRefAttr::get(name));
  };
  for (Operation &op :
       llvm::make_early_inc_range(from.getBody()->getOperations())) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol) {
      op.moveBefore(to.getBody(), to.getBody()->end());
      continue;
    }
    StringAttr oldName = symbol.getNameAttr();
    if (target.lookup(oldName)) {
      // Uses in the region of a module are replaced whatever it holds.
      [[maybe_unused]] auto newName = source.renameToUnique(&op, {&target});
      assert(succeeded(newName) && "expected a region that can be walked");
    }
    renamed[nameIn(from, oldName)] = nameIn(to, symbol.getNameAttr());
    source.remove(&op);
    op.remove();
    target.insert(&op);
  }
}

void MergeGPUModulesPass::runOnOperation() {
  SmallVector<gpu::GPUModuleOp> modules(
      getOperation().getOps<gpu::GPUModuleOp>());
  if (modules.size() < 2)
    return;
  DenseMap<SymbolRefAttr, SymbolRefAttr> renamed;
  for (gpu::GPUModuleOp from : llvm::drop_begin(modules))
    moveSymbols(from, modules.front(), renamed);
  getOperation().walk([&](gpu::LaunchFuncOp launch) {
    if (SymbolRefAttr kernel = renamed.lookup(launch.getKernel()))
      launch.setKernelAttr(kernel);
  });
  for (gpu::GPUModuleOp from : llvm::drop_begin(modules))
    from.erase();
}
