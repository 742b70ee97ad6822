//===- PTXSerializer.h - from a gpu.module to PTX ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's own pipelines are made for code of which nothing is known. What comes
// here is canonical, without common subexpressions, and every function has been
// inlined, so that few of their passes find something to do in long code, where
// each of them costs a noticeable time.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_GPUMODULES_PTXSERIALIZER_H
#define TILE_LIB_CONVERSION_GPUMODULES_PTXSERIALIZER_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Target/LLVM/NVVM/Utils.h"

namespace mlir::tile {

/// Translates one module to LLVM IR, optimizes it and emits PTX.
class PTXSerializer : public NVVM::SerializeGPUModuleBase {
public:
  PTXSerializer(gpu::GPUModuleOp module, NVVM::NVVMTargetAttr target)
      : SerializeGPUModuleBase(*module, target) {}

protected:
  LogicalResult optimizeModule(llvm::Module &module, int level) override;
  FailureOr<SmallVector<char, 0>> moduleToObject(llvm::Module &module) override;

private:
  /// Whether time that grows with the square of the instructions shows.
  bool isHuge = false;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_GPUMODULES_PTXSERIALIZER_H
