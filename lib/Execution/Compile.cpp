//===- Compile.cpp - Running the pipelines on a clone -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compile.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

char DiagnosedError::ID = 0;

void DiagnosedError::log(llvm::raw_ostream &os) const {
  os << "compilation failed";
}

std::error_code DiagnosedError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

/// Runs the passes that `build` adds. The error says whether diagnostics have
/// already reported it.
static Error runPipeline(ModuleOp module, const ExecutionOptions &options,
                         llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  if (options.configure && failed(options.configure(pm)))
    return llvm::make_error<DiagnosedError>();
  // What a library uses must not be dropped before it is imported.
  pm.addPass(createTileImport());
  pm.addPass(createSymbolDCEPass());
  build(pm);
  bool diagnosed = false;
  ScopedDiagnosticHandler handler(
      module.getContext(), [&](Diagnostic &diagnostic) {
        diagnosed |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
        return failure(); // leaves the printing to the handlers outside
      });
  if (succeeded(pm.run(module)))
    return Error::success();
  if (diagnosed)
    return llvm::make_error<DiagnosedError>();
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "a pass failed without a diagnostic");
}

/// A copy of the module in which the entry can be called from outside and other
/// functions only from it, so that those it does not need can be dropped.
static OwningOpRef<ModuleOp> cloneForEntry(ModuleOp module, StringRef entry) {
  OwningOpRef<ModuleOp> clone = module.clone();
  for (auto function : clone->getOps<func::FuncOp>()) {
    if (function.getName() != entry) {
      function.setPrivate();
      continue;
    }
    function.setPublic();
    function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                      UnitAttr::get(module.getContext()));
  }
  return clone;
}

static void buildPTXPipeline(OpPassManager &pm,
                             const ExecutionOptions &options) {
  GPUPipelineOptions pipelineOptions;
  pipelineOptions.chip = options.chip;
  pipelineOptions.optLevel = options.optLevel;
  buildTileToPTXPipeline(pm, pipelineOptions);
}

Expected<OwningOpRef<ModuleOp>>
mlir::tile::lowerToPTX(ModuleOp module, StringRef entry,
                       const ExecutionOptions &options) {
  OwningOpRef<ModuleOp> lowered = cloneForEntry(module, entry);
  if (Error error = runPipeline(*lowered, options, [&](OpPassManager &pm) {
        buildPTXPipeline(pm, options);
      }))
    return error;
  return lowered;
}

Expected<OwningOpRef<ModuleOp>>
mlir::tile::lowerToLLVMDialect(ModuleOp module, StringRef entry,
                               const ExecutionOptions &options) {
  OwningOpRef<ModuleOp> lowered = cloneForEntry(module, entry);
  auto build = [&](OpPassManager &pm) {
    if (options.target == ExecutionTarget::CPU)
      return buildTileToCPUPipeline(pm);
    buildPTXPipeline(pm, options);
    buildTileHostToLLVMPipeline(pm);
  };
  if (Error error = runPipeline(*lowered, options, build))
    return error;
  return lowered;
}
