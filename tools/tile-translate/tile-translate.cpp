//===- tile-translate.cpp - tile IR to PTX as text --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/InitAllDialects.h"
#include "tile/Pipelines/Pipelines.h"
#include "tile/Support/CrashReproducer.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

static llvm::cl::opt<std::string>
    chip("chip", llvm::cl::desc("GPU to compile for (sm_80)"),
         llvm::cl::value_desc("sm_XX"), llvm::cl::init("sm_80"));
static llvm::cl::opt<int> optLevel("opt-level",
                                   llvm::cl::desc("Of LLVM, 0 to 3 (3)"),
                                   llvm::cl::value_desc("N"),
                                   llvm::cl::init(3));

static bool hasLaunches(ModuleOp module) {
  auto visit = [](tile::LaunchOp) { return WalkResult::interrupt(); };
  return module.walk(visit).wasInterrupted();
}

/// Runs tile-to-ptx on the module and writes the PTX of its kernels.
static LogicalResult translateToPTX(ModuleOp module, raw_ostream &os) {
  tile::GPUPipelineOptions options;
  options.chip = chip;
  options.optLevel = optLevel;
  PassManager plan(module->getContext()), lower(module->getContext());
  tile::buildTilePlanPipeline(plan, options);
  lower.enableVerifier(tile::shouldVerifyCode());
  tile::buildPlanToPTXPipeline(lower, options);
  bool hadLaunches = hasLaunches(module);
  if (failed(plan.run(module)))
    return failure();
  // Where no grid has a block there is nothing to launch, but still PTX.
  if (hadLaunches && !hasLaunches(module)) {
    module->getContext()->loadDialect<gpu::GPUDialect>();
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    gpu::GPUModuleOp::create(builder, module.getLoc(), "empty");
  }
  if (failed(lower.run(module)))
    return failure();
  SmallVector<gpu::BinaryOp> binaries(module.getOps<gpu::BinaryOp>());
  if (binaries.empty())
    return module.emitError("expected a kernel, found none");
  for (gpu::BinaryOp binary : binaries)
    for (auto object : binary.getObjects().getAsRange<gpu::ObjectAttr>())
      os << object.getObject().getValue().rtrim('\0');
  return success();
}

/// Keeps the input for the case of a crash.
static void watch(tile::CrashReproducer &reproducer,
                  const llvm::SourceMgr &source) {
  const llvm::MemoryBuffer *buffer =
      source.getMemoryBuffer(source.getMainFileID());
  StringRef name = buffer->getBufferIdentifier();
  // Kept apart, as what has been read from may be freed.
  static std::string content;
  content = buffer->getBuffer().str();
  reproducer.watch(name == "<stdin>" ? "-" : name, content);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  static tile::CrashReproducer reproducer(
      ArrayRef<const char *>(argv, static_cast<size_t>(argc)));
  TranslateRegistration toPTX(
      "tile-to-ptx", "Translate tile IR to PTX",
      [](const std::shared_ptr<llvm::SourceMgr> &source, raw_ostream &os,
         MLIRContext *context) -> LogicalResult {
        watch(reproducer, *source);
        DialectRegistry registry;
        tile::registerAllDialects(registry);
        context->appendDialectRegistry(registry);
        OwningOpRef<ModuleOp> module =
            parseSourceFile<ModuleOp>(source, context);
        return module ? translateToPTX(*module, os) : failure();
      });
  return failed(mlirTranslateMain(argc, argv, "tile translation driver"));
}
