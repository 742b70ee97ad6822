//===- HostCode.cpp - Object files with host code ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostCode.h"
#include "HostMachine.h"
#include "tile/Execution/Executable.h"
#include "tile/Runtime/Runtime.h"
#include "tile/Support/Error.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/Orc/RTDyldObjectLinkingLayer.h"
#include "llvm/ExecutionEngine/SectionMemoryManager.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Target/TargetMachine.h"

#include <atomic>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

/// What the function that takes packed arguments is called in every object.
static constexpr StringLiteral kPackedEntry = "tile_packed_entry";

Expected<std::string> mlir::tile::describeHostProcessor() {
  auto builder = detectHostMachine();
  if (!builder)
    return builder.takeError();
  return builder->getTargetTriple().str() + " " + builder->getCPU() + " " +
         builder->getFeatures().getString();
}

//===----------------------------------------------------------------------===//
// Making objects
//===----------------------------------------------------------------------===//

llvm::Function *mlir::tile::addPackedEntry(llvm::Module &module,
                                           llvm::Function *callee,
                                           const Twine &name) {
  llvm::IRBuilder<> builder(module.getContext());
  llvm::Type *pointer = builder.getPtrTy();
  auto *type = llvm::FunctionType::get(builder.getVoidTy(), {pointer}, false);
  auto *entry = llvm::Function::Create(type, llvm::Function::ExternalLinkage,
                                       name, module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", entry));
  SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : callee->args()) {
    llvm::Value *slot = builder.CreateConstGEP1_64(pointer, entry->getArg(0),
                                                   argument.getArgNo());
    llvm::Value *place = builder.CreateLoad(pointer, slot);
    arguments.push_back(builder.CreateLoad(argument.getType(), place));
  }
  builder.CreateCall(callee, arguments);
  builder.CreateRetVoid();
  return entry;
}

Expected<std::string> mlir::tile::emitHostObject(ModuleOp module,
                                                 StringRef name, int optLevel) {
  auto machine = createHostMachine(optLevel);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated =
      translateModuleToLLVMIR(module, context);
  if (!translated)
    return llvm::make_error<DiagnosedError>();
  translated->setDataLayout((*machine)->createDataLayout());
  translated->setTargetTriple((*machine)->getTargetTriple());
  std::string interface = ("_mlir_ciface_" + name).str();
  llvm::Function *callee = translated->getFunction(interface);
  if (!callee)
    return makeError("undefined function '" + Twine(interface) + "'");
  addPackedEntry(*translated, callee, kPackedEntry);
  return generateObject(*translated, **machine, optLevel);
}

//===----------------------------------------------------------------------===//
// Loading objects
//===----------------------------------------------------------------------===//

static llvm::orc::SymbolMap getRuntimeSymbols(llvm::orc::LLJIT &jit) {
  size_t count = 0;
  const TileRuntimeSymbol *symbols = tileRuntimeSymbols(&count);
  llvm::orc::SymbolMap map;
  for (const TileRuntimeSymbol &symbol : ArrayRef(symbols, count))
    map[jit.mangleAndIntern(symbol.name)] = {
        llvm::orc::ExecutorAddr::fromPtr(symbol.address),
        llvm::JITSymbolFlags::Exported};
  return map;
}

static Expected<std::unique_ptr<llvm::orc::LLJIT>> createJIT() {
  auto host = detectHostMachine();
  if (!host)
    return host.takeError();
  // Host code has neither constructors nor threads' variables, so that it
  // needs no platform.
  return llvm::orc::LLJITBuilder()
      .setJITTargetMachineBuilder(std::move(*host))
      .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
      .setObjectLinkingLayerCreator(
          [](llvm::orc::ExecutionSession &session)
              -> Expected<std::unique_ptr<llvm::orc::ObjectLayer>> {
            auto makeMemory = [](const llvm::MemoryBuffer &) {
              return std::make_unique<llvm::SectionMemoryManager>();
            };
            return std::make_unique<llvm::orc::RTDyldObjectLinkingLayer>(
                session, makeMemory);
          })
      .create();
}

Expected<LoadedHostCode> mlir::tile::loadHostObject(StringRef object) {
  auto jit = createJIT();
  if (!jit)
    return jit.takeError();
  auto symbols = llvm::orc::absoluteSymbols(getRuntimeSymbols(**jit));
  if (Error error = (*jit)->getMainJITDylib().define(std::move(symbols)))
    return error;
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(object, "tile");
  if (Error error = (*jit)->addObjectFile(std::move(buffer)))
    return error;
  auto entry = (*jit)->lookup(kPackedEntry);
  if (!entry)
    return entry.takeError();
  static std::atomic<uint64_t> numLoaded = 0;
  return LoadedHostCode{std::move(*jit), entry->toPtr<void (*)(void **)>(),
                        ++numLoaded};
}
