//===- ObjectFile.cpp - Object files of kernels -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CInterface.h"
#include "Compile.h"
#include "HostMachine.h"
#include "tile/Support/Error.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

Expected<std::string> mlir::tile::emitObject(ModuleOp module, StringRef entry,
                                             const ExportOptions &options) {
  Expected<CInterface> interface = getCInterface(module, entry, options);
  if (!interface)
    return interface.takeError();
  auto machine = createObjectMachine(options.cpu, options.optLevel);
  if (!machine)
    return machine.takeError();

  auto lowered = lowerEntry(module, entry, options);
  if (!lowered)
    return lowered.takeError();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated =
      translateModuleToLLVMIR(*lowered->module, context);
  if (!translated)
    return llvm::make_error<DiagnosedError>();
  translated->setDataLayout((*machine)->createDataLayout());
  translated->setTargetTriple((*machine)->getTargetTriple());
  if (Error error = addCFunctions(*translated, *interface,
                                  "_mlir_ciface_" + lowered->name))
    return error;
  return generateObject(*translated, **machine, options.optLevel);
}
