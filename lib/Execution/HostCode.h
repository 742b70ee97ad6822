//===- HostCode.h - Object files with host code -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Host code in the LLVM dialect becomes an object file, and an object file a
// function that can be called. In between it may be stored.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_EXECUTION_HOSTCODE_H
#define TILE_LIB_EXECUTION_HOSTCODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir::tile {

/// Adds a function that takes an array of pointers to the arguments of
/// `callee`, and calls it with them.
llvm::Function *addPackedEntry(llvm::Module &module, llvm::Function *callee,
                               const llvm::Twine &name);

/// The machine code of this machine for `module`, which is in the LLVM dialect
/// and has the C interface of the entry `name`.
llvm::Expected<std::string> emitHostObject(ModuleOp module, StringRef name,
                                           int optLevel);

/// Host code in the memory of this process.
struct LoadedHostCode {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  void (*function)(void **);
  /// Tells the runtime that its images are those of no other code.
  uint64_t owner;
};

/// Loads what emitHostObject made.
llvm::Expected<LoadedHostCode> loadHostObject(StringRef object);

} // namespace mlir::tile

#endif // TILE_LIB_EXECUTION_HOSTCODE_H
