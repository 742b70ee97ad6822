//===- AheadOfTime.h - Kernels for programs in C ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes a module of tile IR to what a program in C links or loads: an object
// file or a shared library, and the header that declares its functions. Neither
// Python nor LLVM is needed to run them, only the C library; for a GPU, the
// CUDA driver.
//
// An object is linked with libtile-runtime.a. A shared library has all it needs
// inside and shows nothing but the functions of its header.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_EXECUTION_AHEADOFTIME_H
#define TILE_EXECUTION_AHEADOFTIME_H

#include "tile/Execution/Executable.h"

namespace mlir::tile {

struct ExportOptions : ExecutionOptions {
  /// The name of the C function; that of the entry if empty.
  std::string symbol;
  /// The processor that the host's code is for, as LLVM calls it; "native" for
  /// the one at hand, and empty for any of its architecture.
  std::string cpu;
};

/// A copy of the module with the entry and what it needs, where each argument
/// that is known at compile time, and each size and element type of which an
/// annotation says so, has one of the `values`, given as NAME=VALUE, or its
/// default. Such arguments are gone.
llvm::Expected<OwningOpRef<ModuleOp>>
fixCompileTimeArguments(ModuleOp module, StringRef entry,
                        ArrayRef<std::string> values,
                        const ExecutionOptions &options);

/// The C header of the entry.
llvm::Expected<std::string> emitCHeader(ModuleOp module, StringRef entry,
                                        const ExportOptions &options);

/// An object file with the functions of the header.
llvm::Expected<std::string> emitObject(ModuleOp module, StringRef entry,
                                       const ExportOptions &options);

/// Writes a shared library of an object file and of the runtime, which is the
/// path of libtile-runtime.a. It takes the linker that the environment variable
/// TILE_LINKER names, or else ld.lld, ld or cc where they are in PATH. On
/// failure, nothing is written to `path`.
llvm::Error linkSharedLibrary(StringRef object, StringRef runtime,
                              StringRef path);

} // namespace mlir::tile

#endif // TILE_EXECUTION_AHEADOFTIME_H
