//===- Executable.cpp - Compiled, callable entry functions ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/Executable.h"
#include "Compile.h"
#include "HostCode.h"
#include "tile/Runtime/Runtime.h"
#include "tile/Support/Error.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/DynamicLibrary.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

static ArrayRef<TileRuntimeSymbol> getRuntimeSymbols() {
  size_t count = 0;
  const TileRuntimeSymbol *symbols = tileRuntimeSymbols(&count);
  return {symbols, count};
}

/// Reports a function that is called but defined nowhere, which the JIT would
/// do less legibly.
static Error checkSymbols(ModuleOp module) {
  llvm::sys::DynamicLibrary::LoadLibraryPermanently(nullptr);
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    StringRef name = function.getName();
    if (!function.isExternal() || name.starts_with("llvm.") ||
        SymbolTable::symbolKnownUseEmpty(function, module))
      continue;
    bool known =
        llvm::any_of(getRuntimeSymbols(), [&](const TileRuntimeSymbol &symbol) {
          return name == symbol.name;
        });
    if (!known &&
        !llvm::sys::DynamicLibrary::SearchForAddressOfSymbol(name.str()))
      return makeError("undefined function '" + name + "'");
  }
  return Error::success();
}

Expected<Executable> Executable::compile(ModuleOp module, StringRef entry,
                                         const ExecutionOptions &options) {
  auto lowered = lowerEntry(module, entry, options);
  if (!lowered)
    return lowered.takeError();
  if (Error error = checkSymbols(*lowered->module))
    return error;
  auto object =
      emitHostObject(*lowered->module, lowered->name, options.optLevel);
  if (!object)
    return object.takeError();
  return load(std::move(*object));
}

Expected<Executable> Executable::load(std::string object) {
  auto code = loadHostObject(object);
  if (!code)
    return code.takeError();
  return Executable(std::make_unique<LoadedHostCode>(std::move(*code)),
                    std::move(object));
}

Executable::Executable(std::unique_ptr<LoadedHostCode> code, std::string object)
    : code(std::move(code)), object(std::move(object)) {}
Executable::Executable(Executable &&) = default;
Executable &Executable::operator=(Executable &&) = default;
Executable::~Executable() = default;

Error Executable::invoke(void **packedArguments) const {
  if (!tileRuntimeInvokeOwned(code->owner, code->function, packedArguments))
    return Error::success();
  return makeError(tileRuntimeLastError());
}
