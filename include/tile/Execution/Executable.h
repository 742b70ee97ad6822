//===- Executable.h - Compiled, callable entry functions --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes a module of tile IR to code that can be called in this process, or to
// the text of one of the stages before that. The module given is not changed:
// the pipelines run on a clone.
//
// The context must know what tile::registerAllDialects registers.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_EXECUTION_EXECUTABLE_H
#define TILE_EXECUTION_EXECUTABLE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <memory>
#include <string>

namespace mlir {
namespace tile {
struct LoadedHostCode;

enum class ExecutionTarget { CPU, CUDA };

struct ExecutionOptions {
  ExecutionTarget target = ExecutionTarget::CPU;
  /// The GPU to compile for, unused on the CPU.
  std::string chip = "sm_80";
  /// Of LLVM, for host and device code.
  int optLevel = 3;
  /// Whether kernels become machine code of `chip` now, where there is an
  /// assembler that takes them, and not when they are first launched.
  bool assemble = false;
  /// Called on each pass manager before it runs, to print IR and the like.
  std::function<LogicalResult(PassManager &)> configure;
};

/// The error of a compilation that has already reported itself through MLIR's
/// diagnostics.
class DiagnosedError : public llvm::ErrorInfo<DiagnosedError> {
public:
  static char ID;

  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;
};

/// A compiled entry function. Not to be destroyed while it runs; kernels that
/// it launched may outlive it.
class Executable {
public:
  static llvm::Expected<Executable> compile(ModuleOp module, StringRef entry,
                                            const ExecutionOptions &options);
  /// From the object file of an executable that was compiled on a machine with
  /// this kind of processor, by this version of the compiler.
  static llvm::Expected<Executable> load(std::string object);
  Executable(Executable &&);
  Executable &operator=(Executable &&);
  ~Executable();

  /// Calls the function with arguments packed as PackedArguments does. On the
  /// GPU this returns when the kernels are launched.
  llvm::Error invoke(void **packedArguments) const;

  /// The host code, with the images of its kernels, as an object file.
  StringRef getObject() const { return object; }

private:
  Executable(std::unique_ptr<LoadedHostCode> code, std::string object);

  std::unique_ptr<LoadedHostCode> code;
  std::string object;
};

/// The processor for which compile() makes code, with its features.
llvm::Expected<std::string> describeHostProcessor();

/// The PTX of the module's kernels.
llvm::Expected<std::string> emitPTX(ModuleOp module, StringRef entry,
                                    const ExecutionOptions &options);

/// The machine code of the module's kernels, as a cubin.
llvm::Expected<std::string> emitCubin(ModuleOp module, StringRef entry,
                                      const ExecutionOptions &options);

/// The LLVM IR of what runs on the host, before LLVM's optimisations.
llvm::Expected<std::string> emitLLVM(ModuleOp module, StringRef entry,
                                     const ExecutionOptions &options);

/// The chip name for a compute capability. From 9.0 on it includes the features
/// that only this architecture has ("sm_90a").
std::string getChipName(int major, int minor);

} // namespace tile
} // namespace mlir

#endif // TILE_EXECUTION_EXECUTABLE_H
