//===- Pipelines.h - the order of the passes --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The way from tile IR to the CPU and to PTX as pass pipelines. Pipelines.cpp
// is the only place that knows the order of the passes.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PIPELINES_PIPELINES_H
#define TILE_PIPELINES_PIPELINES_H

#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir::tile {

/// Options of the pipelines that lead to a GPU.
struct GPUPipelineOptions : PassPipelineOptions<GPUPipelineOptions> {
  Option<std::string> chip{
      *this, "chip", llvm::cl::desc("Target processor, for example sm_90a"),
      llvm::cl::init("sm_80")};
  Option<int> optLevel{
      *this, "opt-level",
      llvm::cl::desc("Optimization level of LLVM for device code, 0 to 3"),
      llvm::cl::init(3)};
  Option<StoreChoice> stores{
      *this, "stores",
      llvm::cl::desc("How fragments get to tensors where a launch does not say "
                     "so"),
      llvm::cl::values(
          clEnumValN(StoreChoice::Auto, "auto",
                     "through shared memory where it pays"),
          clEnumValN(StoreChoice::Direct, "direct", "from registers"),
          clEnumValN(StoreChoice::Staged, "staged",
                     "through shared memory wherever it can be")),
      llvm::cl::init(StoreChoice::Auto)};
  Option<std::string> drawLayouts{
      *this, "draw-layouts",
      llvm::cl::desc("Folder for pictures of the layouts of buffers"),
      llvm::cl::init("")};
};

/// Adds `tile-to-cpu`: from tile IR to the LLVM dialect, run by one CPU thread.
void buildTileToCPUPipeline(OpPassManager &pm);

/// Adds the part of `tile-to-gpu` that leaves tile IR, with all that the
/// lowering has to know.
void buildTilePlanPipeline(OpPassManager &pm,
                           const GPUPipelineOptions &options);

/// Adds what follows it in `tile-to-ptx`. The code in between is long, and what
/// it has to be follows from the passes: `shouldVerifyCode` says whether it is
/// to be verified after each of them, as it is in builds with assertions.
void buildPlanToPTXPipeline(OpPassManager &pm,
                            const GPUPipelineOptions &options);
bool shouldVerifyCode();

/// Adds `tile-to-gpu`: from tile IR to the gpu dialect and upstream dialects,
/// kernels outlined into a gpu.module.
void buildTileToGPUPipeline(OpPassManager &pm,
                            const GPUPipelineOptions &options);

/// Adds `tile-to-nvvm`: `tile-to-gpu`, then device code to the NVVM dialect.
void buildTileToNVVMPipeline(OpPassManager &pm,
                             const GPUPipelineOptions &options);

/// Adds `tile-to-ptx`: `tile-to-nvvm`, then each gpu.module to a gpu.binary
/// that holds PTX. Host code stays as it is.
void buildTileToPTXPipeline(OpPassManager &pm,
                            const GPUPipelineOptions &options);

/// Adds `tile-host-to-llvm`: what `tile-to-ptx` left as host code, to the LLVM
/// dialect, with kernels launched through the runtime.
void buildTileHostToLLVMPipeline(OpPassManager &pm);

/// Registers these pipelines under their names.
void registerPipelines();

} // namespace mlir::tile

#endif // TILE_PIPELINES_PIPELINES_H
