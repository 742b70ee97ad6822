//===- Emit.cpp - The text of a stage ---------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compile.h"
#include "tile/Runtime/Runtime.h"
#include "tile/Support/Error.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

/// The PTX of each gpu.binary, in order.
static Expected<SmallVector<std::string>>
emitImages(ModuleOp module, StringRef entry, const ExecutionOptions &options) {
  auto lowered = lowerToPTX(module, entry, options);
  if (!lowered)
    return lowered.takeError();
  SmallVector<std::string> images;
  lowered->get().walk([&](gpu::BinaryOp binary) {
    for (auto object : binary.getObjects().getAsRange<gpu::ObjectAttr>())
      // The text may carry its terminating zero.
      images.push_back(object.getObject().getValue().rtrim('\0').str());
  });
  if (images.empty())
    return makeError("the module has no kernel");
  return images;
}

Expected<std::string> mlir::tile::emitPTX(ModuleOp module, StringRef entry,
                                          const ExecutionOptions &options) {
  auto images = emitImages(module, entry, options);
  if (!images)
    return images.takeError();
  return llvm::join(*images, "\n");
}

Expected<std::string> mlir::tile::emitCubin(ModuleOp module, StringRef entry,
                                            const ExecutionOptions &options) {
  auto images = emitImages(module, entry, options);
  if (!images)
    return images.takeError();
  if (images->size() != 1)
    return makeError("expected one image for a cubin, got " +
                     Twine(images->size()));
  const std::string &ptx = images->front();
  void *cubin = nullptr;
  size_t bytes = 0;
  if (tileAssemble(ptx.data(), ptx.size(), options.chip.c_str(),
                   options.optLevel, &cubin, &bytes))
    return makeError(tileRuntimeLastError());
  auto release = llvm::scope_exit([&] { std::free(cubin); });
  return std::string(static_cast<const char *>(cubin), bytes);
}

Expected<std::string> mlir::tile::emitLLVM(ModuleOp module, StringRef entry,
                                           const ExecutionOptions &options) {
  auto lowered = lowerToLLVMDialect(module, entry, options);
  if (!lowered)
    return lowered.takeError();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated =
      translateModuleToLLVMIR(lowered->get(), context);
  if (!translated)
    return llvm::make_error<DiagnosedError>();
  std::string text;
  llvm::raw_string_ostream os(text);
  translated->print(os, nullptr);
  return text;
}

std::string mlir::tile::getChipName(int major, int minor) {
  std::string name = "sm_" + std::to_string(10 * major + minor);
  return major >= 9 ? name + "a" : name;
}
