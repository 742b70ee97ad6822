//===- tile-opt.cpp - runs passes on tile IR --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The usual MLIR driver over the dialects and passes that tile uses. Only those
// are registered, so that the tool starts fast.
//
//===----------------------------------------------------------------------===//

#include "tile/InitAllDialects.h"
#include "tile/InitAllPasses.h"
#include "tile/Support/CrashReproducer.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

/// Runs as MlirOptMain does, and keeps the input for the case of a crash.
static LogicalResult runOnFile(int argc, char **argv, StringRef inputName,
                               StringRef outputName,
                               DialectRegistry &registry) {
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return MlirOptMain(argc, argv, inputName, outputName, registry);
  std::string problem;
  auto input = openInputFile(inputName, &problem);
  auto output = input ? openOutputFile(outputName, &problem) : nullptr;
  if (!output) {
    llvm::errs() << problem << "\n";
    return failure();
  }
  static tile::CrashReproducer reproducer(
      ArrayRef<const char *>(argv, static_cast<size_t>(argc)));
  // The buffer itself goes to MLIR, which may free it.
  static std::string kept = input->getBuffer().str();
  reproducer.watch(inputName, kept);
  if (failed(MlirOptMain(output->os(), std::move(input), registry, config)))
    return failure();
  output->keep();
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  tile::registerAllDialects(registry);
  tile::registerAllPasses();
  tile::registerUpstreamPasses();
  auto [inputName, outputName] = registerAndParseCLIOptions(
      argc, argv, "tile optimizer driver\n", registry);
  return asMainReturnCode(
      runOnFile(argc, argv, inputName, outputName, registry));
}
