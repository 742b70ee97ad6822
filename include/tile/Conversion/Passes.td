//===----------------------------------------------------------------------===//
// Passes.td - conversions between dialects
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_PASSES_TD
#define TILE_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertTileToCPU : Pass<"convert-tile-to-cpu", "ModuleOp"> {
  let summary = "convert tile ops to loops on one CPU thread";
  let description = [{
    The executable meaning of the dialect: blocks run one after another, each
    op to its end before the next. Every buffer becomes ordinary memory. Leaves
    func, scf, arith, math, memref, vector and LLVM calls of the runtime.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect",
    "math::MathDialect", "memref::MemRefDialect", "scf::SCFDialect",
    "vector::VectorDialect"
  ];
}

def ConvertTileToGPU : Pass<"convert-tile-to-gpu", "ModuleOp"> {
  let summary = "convert tile ops to gpu.launch and code for each thread";
  let description = [{
    Each `tile.launch` becomes a `gpu.launch`, each block-level op a loop over
    the elements that belong to the thread. Buffers in shared memory become
    views of the dynamic shared memory at the offsets that `tile-plan-memory`
    chose, fragments private arrays. Needs the passes before it in
    `tile-to-gpu`.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "cf::ControlFlowDialect", "gpu::GPUDialect",
    "LLVM::LLVMDialect", "math::MathDialect", "memref::MemRefDialect",
    "scf::SCFDialect"
  ];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, for example sm_80 or sm_90a">,
    Option<"unrollLimit", "unroll-limit", "int64_t", /*default=*/"128",
           "Most elements of a fragment that a thread keeps in registers">
  ];
}

def ConvertTileGPUToNVVM
    : Pass<"convert-tile-gpu-to-nvvm", "gpu::GPUModuleOp"> {
  let summary = "convert device code to NVVM without a device library";
  let description = [{
    Converts what `convert-tile-to-gpu` made, in a `gpu.module`, to the NVVM and
    LLVM dialects, with the patterns of upstream's `convert-gpu-to-nvvm`. Math
    becomes LLVM intrinsics instead of calls of a device library, so
    `tile-expand-math` must have run; atomic updates become relaxed ones of
    device scope.
  }];
  let dependentDialects = ["LLVM::LLVMDialect", "NVVM::NVVMDialect"];
}

def TileMergeGPUModules : Pass<"tile-merge-gpu-modules", "ModuleOp"> {
  let summary = "put all kernels into one gpu.module";
  let description = [{
    Moves the kernels of all `gpu.module`s into the first one, under new names
    where they clash, and updates the launches. Runs after
    `gpu-kernel-outlining`, which makes one for each kernel.
  }];
}

def TileExternalizeSharedMemory
    : Pass<"tile-externalize-shared-memory", "gpu::GPUModuleOp"> {
  let summary = "make the dynamic shared memory an external symbol";
  let description = [{
    Gives the array of no bytes that stands for a kernel's dynamic shared memory
    external linkage and an alignment of 1024 bytes. Runs after
    `convert-tile-gpu-to-nvvm`.
  }];
}

def ConvertGPULaunchToRuntime
    : Pass<"convert-gpu-launch-to-runtime", "ModuleOp"> {
  let summary = "convert launches of compiled kernels to runtime calls";
  let description = [{
    Makes each `gpu.binary` a constant and each `gpu.launch_func` of it, whose
    operands have LLVM types, a call of `tileRuntimeLaunch`.
  }];
  let dependentDialects = ["LLVM::LLVMDialect"];
}

#endif // TILE_CONVERSION_PASSES_TD
