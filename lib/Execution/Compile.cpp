//===- Compile.cpp - Running the pipelines on a clone -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compile.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Execution/AheadOfTime.h"
#include "tile/Pipelines/Pipelines.h"
#include "tile/Runtime/Runtime.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Transforms/Passes.h"

#include <cstdlib>

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

/// Runs the passes that `build` adds to `pm`. The error says whether
/// diagnostics have already reported it.
static Error runPasses(PassManager &pm, ModuleOp module,
                       const ExecutionOptions &options,
                       llvm::function_ref<void(OpPassManager &)> build) {
  if (options.configure && failed(options.configure(pm)))
    return llvm::make_error<DiagnosedError>();
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

/// Runs the passes that `build` adds, behind those of every compilation.
static Error runPipeline(ModuleOp module, const ExecutionOptions &options,
                         llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  return runPasses(pm, module, options, [&](OpPassManager &passes) {
    // What a library uses must not be dropped before it is imported.
    passes.addPass(createTileImport());
    passes.addPass(createSymbolDCEPass());
    build(passes);
  });
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

Expected<OwningOpRef<ModuleOp>>
mlir::tile::fixCompileTimeArguments(ModuleOp module, StringRef entry,
                                    ArrayRef<std::string> values,
                                    const ExecutionOptions &options) {
  OwningOpRef<ModuleOp> fixed = cloneForEntry(module, entry);
  TileSpecializeOptions specializeOptions;
  llvm::append_range(specializeOptions.arguments, values);
  if (Error error = runPipeline(*fixed, options, [&](OpPassManager &pm) {
        pm.addPass(createTileSpecialize(specializeOptions));
        pm.addPass(createTileDropCompileTimeArguments());
      }))
    return error;
  return fixed;
}

/// Gives the entry a name that no function of C has. Returns it, or the old one
/// if there is no entry.
static std::string renameEntry(ModuleOp module, StringRef entry) {
  auto function = module.lookupSymbol<func::FuncOp>(entry);
  std::string name = ("tile_entry." + entry).str();
  if (!function || module.lookupSymbol(name))
    return entry.str();
  // A method of a class may have the name too, so only calls are changed.
  module.walk([&](func::CallOp call) {
    if (call.getCallee() == entry)
      call.setCallee(name);
  });
  function.setSymName(name);
  return name;
}

Expected<OwningOpRef<ModuleOp>>
mlir::tile::lowerToPTX(ModuleOp module, StringRef entry,
                       const ExecutionOptions &options) {
  OwningOpRef<ModuleOp> lowered = cloneForEntry(module, entry);
  GPUPipelineOptions pipelineOptions;
  pipelineOptions.chip = options.chip;
  pipelineOptions.optLevel = options.optLevel;
  if (Error error = runPipeline(*lowered, options, [&](OpPassManager &pm) {
        buildTilePlanPipeline(pm, pipelineOptions);
      }))
    return error;
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  pm.enableVerifier(shouldVerifyCode());
  if (Error error =
          runPasses(pm, *lowered, options, [&](OpPassManager &passes) {
            buildPlanToPTXPipeline(passes, pipelineOptions);
          }))
    return error;
  return lowered;
}

/// Puts machine code in the place of PTX. What no assembler here takes stays:
/// the driver may, and else the launch says why not.
static void assembleKernels(ModuleOp module, const ExecutionOptions &options) {
  module.walk([&](gpu::BinaryOp binary) {
    SmallVector<Attribute> objects;
    for (auto object : binary.getObjects().getAsRange<gpu::ObjectAttr>()) {
      StringRef ptx = object.getObject().getValue();
      void *cubin = nullptr;
      size_t bytes = 0;
      if (tileAssemble(ptx.data(), ptx.size(), options.chip.c_str(),
                       options.optLevel, &cubin, &bytes)) {
        tileRuntimeClearError();
        return;
      }
      auto image = StringAttr::get(
          module.getContext(), StringRef(static_cast<char *>(cubin), bytes));
      std::free(cubin);
      objects.push_back(
          gpu::ObjectAttr::get(module.getContext(), object.getTarget(),
                               gpu::CompilationTarget::Binary, image,
                               object.getProperties(), object.getKernels()));
    }
    binary.setObjectsAttr(ArrayAttr::get(module.getContext(), objects));
  });
}

/// Lowers for the CPU. Renaming comes first, as lowering calls functions of C.
static Expected<LoweredEntry> lowerForCPU(ModuleOp module, StringRef entry,
                                          const ExecutionOptions &options,
                                          bool rename) {
  LoweredEntry lowered = {cloneForEntry(module, entry), entry.str()};
  if (rename)
    lowered.name = renameEntry(*lowered.module, entry);
  if (Error error =
          runPipeline(*lowered.module, options, buildTileToCPUPipeline))
    return error;
  return lowered;
}

/// Lowers for a GPU. Renaming comes after the kernels got their names.
static Expected<LoweredEntry> lowerForGPU(ModuleOp module, StringRef entry,
                                          const ExecutionOptions &options,
                                          bool rename) {
  auto host = lowerToPTX(module, entry, options);
  if (!host)
    return host.takeError();
  LoweredEntry lowered = {std::move(*host), entry.str()};
  if (rename)
    lowered.name = renameEntry(*lowered.module, entry);
  if (options.assemble)
    assembleKernels(*lowered.module, options);
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  if (Error error =
          runPasses(pm, *lowered.module, options, buildTileHostToLLVMPipeline))
    return error;
  return lowered;
}

static Expected<LoweredEntry> lower(ModuleOp module, StringRef entry,
                                    const ExecutionOptions &options,
                                    bool rename) {
  return options.target == ExecutionTarget::CPU
             ? lowerForCPU(module, entry, options, rename)
             : lowerForGPU(module, entry, options, rename);
}

Expected<LoweredEntry> mlir::tile::lowerEntry(ModuleOp module, StringRef entry,
                                              const ExecutionOptions &options) {
  return lower(module, entry, options, /*rename=*/true);
}

Expected<OwningOpRef<ModuleOp>>
mlir::tile::lowerToLLVMDialect(ModuleOp module, StringRef entry,
                               const ExecutionOptions &options) {
  auto lowered = lower(module, entry, options, /*rename=*/false);
  if (!lowered)
    return lowered.takeError();
  return std::move(lowered->module);
}
