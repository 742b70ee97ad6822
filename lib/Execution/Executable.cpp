//===- Executable.cpp - Compiled, callable entry functions ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/Executable.h"
#include "Compile.h"
#include "MaskedStores.h"
#include "tile/Runtime/Runtime.h"
#include "tile/Support/Error.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

/// A code generator for this machine with all the features it has.
static Expected<std::unique_ptr<llvm::TargetMachine>>
createHostMachine(int optLevel) {
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(llvm::CodeGenOpt::getLevel(optLevel).value_or(
      llvm::CodeGenOptLevel::Default));
  return builder->createTargetMachine();
}

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

static void registerRuntime(ExecutionEngine &engine) {
  engine.registerSymbols([](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap map;
    for (const TileRuntimeSymbol &symbol : getRuntimeSymbols())
      map[intern(symbol.name)] = {
          llvm::orc::ExecutorAddr::fromPtr(symbol.address),
          llvm::JITSymbolFlags::Exported};
    return map;
  });
}

/// Gives an entry for the CPU a name that no function of C has. Lowering and
/// linking find those by name, so a kernel called `expf` or `malloc` would take
/// their place. Returns the new name, or the old one if there is no entry.
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

Expected<Executable> Executable::compile(ModuleOp module, StringRef entry,
                                         const ExecutionOptions &options) {
  static const bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialized;

  OwningOpRef<ModuleOp> clone = module.clone();
  std::string name = options.target == ExecutionTarget::CPU
                         ? renameEntry(*clone, entry)
                         : entry.str();
  auto lowered = lowerToLLVMDialect(*clone, name, options);
  if (!lowered)
    return lowered.takeError();
  if (Error error = checkSymbols(lowered->get()))
    return error;

  // One machine tells the optimiser about the host, the engine owns the other.
  auto machine = createHostMachine(options.optLevel);
  if (!machine)
    return machine.takeError();
  auto engineMachine = createHostMachine(options.optLevel);
  if (!engineMachine)
    return engineMachine.takeError();
  auto optimize = makeOptimizingTransformer(options.optLevel,
                                            /*sizeLevel=*/0, machine->get());
  auto transformer = [&](llvm::Module *module) {
    Error error = optimize(module);
    expandMaskedStoresOfOneLane(*module);
    return error;
  };
  ExecutionEngineOptions engineOptions;
  engineOptions.transformer = transformer;
  engineOptions.enableGDBNotificationListener = false;
  engineOptions.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(lowered->get(), engineOptions,
                                        std::move(*engineMachine));
  if (!engine)
    return engine.takeError();
  registerRuntime(**engine);
  (*engine)->initialize();
  auto function = (*engine)->lookupPacked("_mlir_ciface_" + name);
  if (!function)
    return function.takeError();
  return Executable(std::move(*engine), *function);
}

Executable::Executable(std::unique_ptr<ExecutionEngine> engine,
                       void (*function)(void **))
    : engine(std::move(engine)), function(function) {}
Executable::Executable(Executable &&) = default;
Executable &Executable::operator=(Executable &&) = default;
Executable::~Executable() = default;

Error Executable::invoke(void **packedArguments) const {
  if (!tileRuntimeInvoke(function, packedArguments))
    return Error::success();
  const char *text = tileRuntimeLastError();
  return makeError(text ? text : "unknown failure");
}
