//===- CompileToPTX.cpp - PTX of device code in linear time -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PTXSerializer.h"
#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/WaitingKernels.h"

#include "mlir/Dialect/GPU/IR/CompilationInterfaces.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILECOMPILETOPTX
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct CompileToPTXPass
    : public tile::impl::TileCompileToPTXBase<CompileToPTXPass> {
  void runOnOperation() override;
};
} // namespace

/// Replaces the module by a binary with its PTX.
static LogicalResult compile(gpu::GPUModuleOp module) {
  OpBuilder builder(module);
  gpu::TargetOptions options(
      /*toolkitPath=*/{}, /*librariesToLink=*/{}, /*cmdOptions=*/{},
      /*elfSection=*/{}, gpu::CompilationTarget::Assembly);
  SmallVector<Attribute> objects;
  if (ArrayAttr targets = module.getTargetsAttr())
    for (auto target : targets.getAsRange<NVVM::NVVMTargetAttr>()) {
      std::optional<SmallVector<char, 0>> ptx =
          PTXSerializer(module, target).run();
      if (!ptx)
        return module.emitError("failed to compile to PTX");
      objects.push_back(cast<gpu::TargetAttrInterface>(target).createObject(
          module, *ptx, options));
    }
  if (objects.empty())
    return module.emitError("expected a target, found none");
  auto binary =
      gpu::BinaryOp::create(builder, module.getLoc(), module.getName(),
                            builder.getAttr<gpu::SelectObjectAttr>(nullptr),
                            builder.getArrayAttr(objects));
  if (Attribute waits = module->getAttr(kWaitsAttrName))
    binary->setAttr(kWaitsAttrName, waits);
  module->erase();
  return success();
}

void CompileToPTXPass::runOnOperation() {
  NVVM::SerializeGPUModuleBase::init();
  for (auto module :
       llvm::make_early_inc_range(getOperation().getOps<gpu::GPUModuleOp>()))
    if (failed(compile(module)))
      return signalPassFailure();
}
