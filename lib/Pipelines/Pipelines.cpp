//===- Pipelines.cpp - the order of the passes ------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Pipelines/Pipelines.h"

#include "tile/Conversion/Passes.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Target/TargetInfo.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/RequestCWrappers.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::tile;

/// Arithmetic on 8-bit floats, and on bf16 where asked, in f32; then their
/// conversions in integer code.
static void addNarrowFloats(OpPassManager &pm, bool bf16) {
  SmallVector<std::string> types{"f8E4M3FN", "f8E5M2"};
  if (bf16)
    types.push_back("bf16");
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  emulate.sourceTypeStrs = types;
  emulate.targetTypeStr = "f32";
  TileExpandFloat8Options expand;
  expand.bf16 = bf16;
  // The emulation would send integers through f32, which rounds them twice; it
  // makes conversions of its own, too.
  pm.addPass(createTileExpandFloat8(expand));
  pm.addPass(arith::createArithEmulateUnsupportedFloats(emulate));
  pm.addPass(createTileExpandFloat8(expand));
}

/// What the two ways share: no imports, no classes, no calls of functions that
/// work on tiles, no prints of buffers, no votes.
static void addCommonPasses(OpPassManager &pm) {
  pm.addPass(createTileImport());
  pm.addPass(createTileDropCompileTimeArguments());
  pm.addPass(createTileInlineMeta());
  pm.addPass(createTileBindShapes());
  pm.addPass(createInlinerPass());
  pm.addPass(createSymbolDCEPass());
  pm.addPass(createTileFoldDivisibility());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createTileExpandPrint());
  pm.addPass(createTileExpandVotes());
}

void mlir::tile::buildTileToCPUPipeline(OpPassManager &pm) {
  addCommonPasses(pm);
  pm.addPass(createTileExpandTma());
  pm.addPass(createConvertTileToCPU());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(math::createMathExtendToSupportedTypes());
  addNarrowFloats(pm, /*bf16=*/true);
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertVectorToSCFPass());
  pm.addPass(createTileFlattenControlFlow());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  // Casts that nothing uses are left over, and cannot be translated.
  pm.addPass(createCanonicalizerPass());
}

void mlir::tile::buildTilePlanPipeline(OpPassManager &pm,
                                       const GPUPipelineOptions &options) {
  addCommonPasses(pm);
  TileExpandTmaOptions expand;
  expand.chip = options.chip;
  pm.addPass(createTileExpandTma(expand));
  pm.addPass(createTileIsolateEffects());
  pm.addPass(createTileVersionLaunches());
  TileInferLayoutsOptions layouts;
  layouts.chip = options.chip;
  pm.addPass(createTileInferLayouts(layouts));
  TileSpecializeWarpsOptions specialize;
  specialize.chip = options.chip;
  specialize.stores = options.stores;
  pm.addPass(createTileSpecializeWarps(specialize));
  TilePlanPipelineOptions pipeline;
  pipeline.chip = options.chip;
  pm.addPass(createTilePlanPipeline(pipeline));
  pm.addPass(createTileSwizzleShared());
  if (!options.drawLayouts.empty()) {
    TileDrawLayoutsOptions draw;
    draw.dir = options.drawLayouts;
    pm.addPass(createTileDrawLayouts(draw));
  }
  // Buffers that share memory must not touch each other's accesses.
  pm.addPass(createTilePlanMemory());
  pm.addPass(createTileInsertBarriers());
  TileCheckResourcesOptions check;
  check.chip = options.chip;
  pm.addPass(createTileCheckResources(check));
}

/// Blocks are left to LLVM, which simplifies them in less time.
static GreedyRewriteConfig getLongCodeConfig() {
  return GreedyRewriteConfig().setRegionSimplificationLevel(
      GreedySimplifyRegionLevel::Disabled);
}

/// Tile IR with plans to the gpu dialect.
static void addPlanToGPU(OpPassManager &pm, const GPUPipelineOptions &options) {
  ConvertTileToGPUOptions convert;
  convert.chip = options.chip;
  pm.addPass(createConvertTileToGPU(convert));
  pm.addPass(createTileVersionLoops());
  // Most of what there is now are constants.
  pm.addPass(createTileSimplifyLaunches());
  // Constants and sizes are computed in the kernel, not passed to it.
  pm.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addPass(createGpuKernelOutliningPass());
  pm.addPass(createTileMergeGPUModules());
  pm.addPass(createCanonicalizerPass(getLongCodeConfig()));
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
}

void mlir::tile::buildTileToGPUPipeline(OpPassManager &pm,
                                        const GPUPipelineOptions &options) {
  buildTilePlanPipeline(pm, options);
  addPlanToGPU(pm, options);
}

/// Device code to NVVM. Functions of f32 are computed by polynomials, so that
/// no device library is needed.
static void addDeviceCodeToNVVM(OpPassManager &pm,
                                const GPUPipelineOptions &options) {
  TileOverlapKernelsOptions overlap;
  overlap.chip = options.chip;
  pm.addPass(createTileOverlapKernels(overlap));
  pm.addPass(math::createMathExtendToSupportedTypes());
  addNarrowFloats(pm, /*bf16=*/false);
  pm.addPass(createTileExpandMath());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createTilePredicateStores());
  pm.addPass(createTileFlattenControlFlow());
  pm.addPass(createConvertTileGPUToNVVM());
  pm.addPass(createTilePlaceTensorMaps());
  pm.addPass(createTileExternalizeSharedMemory());
  pm.addPass(createConvertNVVMToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCSEPass());
  pm.addPass(createCanonicalizerPass(getLongCodeConfig()));
}

void mlir::tile::buildTileToNVVMPipeline(OpPassManager &pm,
                                         const GPUPipelineOptions &options) {
  buildTileToGPUPipeline(pm, options);
  addDeviceCodeToNVVM(pm.nest<gpu::GPUModuleOp>(), options);
}

void mlir::tile::buildPlanToPTXPipeline(OpPassManager &pm,
                                        const GPUPipelineOptions &options) {
  addPlanToGPU(pm, options);
  addDeviceCodeToNVVM(pm.nest<gpu::GPUModuleOp>(), options);
  GpuNVVMAttachTargetOptions target;
  target.chip = options.chip;
  target.optLevel = options.optLevel;
  // An unknown chip is an error of a pass before.
  if (std::optional<TargetInfo> info = getTargetInfo(options.chip))
    target.features = info->features.str();
  pm.addPass(createGpuNVVMAttachTarget(target));
  pm.addPass(createTileCompileToPTX());
}

bool mlir::tile::shouldVerifyCode() {
#ifdef NDEBUG
  return false;
#else
  return true;
#endif
}

void mlir::tile::buildTileToPTXPipeline(OpPassManager &pm,
                                        const GPUPipelineOptions &options) {
  buildTilePlanPipeline(pm, options);
  buildPlanToPTXPipeline(pm, options);
}

void mlir::tile::buildTileHostToLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createTileFlattenControlFlow());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createGpuToLLVMConversionPass());
  pm.addPass(createConvertGPULaunchToRuntime());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  // Casts that nothing uses are left over, and cannot be translated.
  pm.addPass(createCanonicalizerPass());
}

/// Registers a pipeline. To add passes on modules to a manager of other
/// operations ends the process, so a text that says so is refused before.
template <typename Options>
static void
registerPipeline(StringRef name, StringRef description,
                 std::function<void(OpPassManager &, const Options &)> build) {
  auto parse = [=](OpPassManager &pm, StringRef text,
                   function_ref<LogicalResult(const Twine &)> report) {
    StringRef anchor = pm.getOpAnchorName();
    if (pm.getOpName() && anchor != ModuleOp::getOperationName())
      return report("expected '" + name + "' in a pipeline of '" +
                    ModuleOp::getOperationName() + "', found it in one of '" +
                    anchor + "'");
    Options options;
    if (failed(options.parseFromString(text)))
      return failure();
    build(pm, options);
    return success();
  };
  registerPassPipeline(
      name, description, parse,
      [](function_ref<void(const mlir::detail::PassOptions &)> handle) {
        handle(Options());
      });
}

void mlir::tile::registerPipelines() {
  registerPipeline<EmptyPipelineOptions>(
      "tile-to-cpu", "Lower tile IR to the LLVM dialect for the CPU",
      [](OpPassManager &pm, const auto &) { buildTileToCPUPipeline(pm); });
  registerPipeline<GPUPipelineOptions>("tile-to-gpu",
                                       "Lower tile IR to the gpu dialect",
                                       buildTileToGPUPipeline);
  registerPipeline<GPUPipelineOptions>(
      "tile-to-nvvm", "Lower tile IR to the gpu and NVVM dialects",
      buildTileToNVVMPipeline);
  registerPipeline<GPUPipelineOptions>("tile-to-ptx",
                                       "Lower tile IR to PTX in a gpu.binary",
                                       buildTileToPTXPipeline);
  registerPipeline<EmptyPipelineOptions>(
      "tile-host-to-llvm",
      "Lower the host code that tile-to-ptx leaves to the LLVM dialect",
      [](OpPassManager &pm, const auto &) { buildTileHostToLLVMPipeline(pm); });
}
