//===- HostMachine.cpp - Code generators for the host -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostMachine.h"
#include "MaskedStores.h"
#include "tile/Support/Error.h"

#include "mlir/ExecutionEngine/OptUtils.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;
using llvm::orc::JITTargetMachineBuilder;

static void initializeTarget() {
  static const bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialized;
}

static Expected<std::unique_ptr<llvm::TargetMachine>>
create(JITTargetMachineBuilder builder, int optLevel) {
  builder.setCodeGenOptLevel(llvm::CodeGenOpt::getLevel(optLevel).value_or(
      llvm::CodeGenOptLevel::Default));
  return builder.createTargetMachine();
}

Expected<JITTargetMachineBuilder> mlir::tile::detectHostMachine() {
  initializeTarget();
  return JITTargetMachineBuilder::detectHost();
}

Expected<std::unique_ptr<llvm::TargetMachine>>
mlir::tile::createHostMachine(int optLevel) {
  auto builder = detectHostMachine();
  if (!builder)
    return builder.takeError();
  return create(std::move(*builder), optLevel);
}

/// Code in a file goes where a linker puts it.
static JITTargetMachineBuilder &setForFiles(JITTargetMachineBuilder &builder) {
  return builder.setRelocationModel(llvm::Reloc::PIC_)
      .setCodeModel(llvm::CodeModel::Small);
}

Expected<std::unique_ptr<llvm::TargetMachine>>
mlir::tile::createObjectMachine(StringRef cpu, int optLevel) {
  if (cpu == "native") {
    auto builder = detectHostMachine();
    if (!builder)
      return builder.takeError();
    return create(setForFiles(*builder), optLevel);
  }
  initializeTarget();
  JITTargetMachineBuilder builder{llvm::Triple(llvm::sys::getProcessTriple())};
  setForFiles(builder);
  auto machine = create(builder, optLevel);
  if (!machine || cpu.empty())
    return machine;
  if (!(*machine)->getMCSubtargetInfo()->isCPUStringValid(cpu))
    return makeError("unknown CPU '" + cpu + "' for " +
                     (*machine)->getTargetTriple().getArchName() +
                     "; expected native or a name that llc -mcpu=help lists");
  builder.setCPU(cpu.str());
  return create(std::move(builder), optLevel);
}

Expected<std::string> mlir::tile::generateObject(llvm::Module &module,
                                                 llvm::TargetMachine &machine,
                                                 int optLevel) {
  auto optimize =
      makeOptimizingTransformer(optLevel, /*sizeLevel=*/0, &machine);
  if (Error error = optimize(&module))
    return error;
  expandMaskedStoresOfOneLane(module);
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  llvm::legacy::PassManager passes;
  // LLVM can write object files for every host.
  [[maybe_unused]] bool failed = machine.addPassesToEmitFile(
      passes, os, /*DwoOut=*/nullptr, llvm::CodeGenFileType::ObjectFile);
  assert(!failed && "expected a target with object files");
  passes.run(module);
  return std::string(object.begin(), object.end());
}
