//===- Compile.h - Running the pipelines on a clone -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_EXECUTION_COMPILE_H
#define TILE_LIB_EXECUTION_COMPILE_H

#include "tile/Execution/Executable.h"

#include "mlir/IR/OwningOpRef.h"

namespace mlir::tile {

/// Host code in the LLVM dialect, and what its entry is called there.
struct LoweredEntry {
  OwningOpRef<ModuleOp> module;
  std::string name;
};

/// The host part of the module in the LLVM dialect, with a C interface for the
/// entry. Kernels are images in it. The entry gets a name that no function of C
/// has: lowering and linking find those by name, so a kernel called `expf` or
/// `malloc` would take their place.
llvm::Expected<LoweredEntry> lowerEntry(ModuleOp module, StringRef entry,
                                        const ExecutionOptions &options);

/// The same with all names as they are, to be read.
llvm::Expected<OwningOpRef<ModuleOp>>
lowerToLLVMDialect(ModuleOp module, StringRef entry,
                   const ExecutionOptions &options);

/// The module with its kernels as PTX in gpu.binary operations.
llvm::Expected<OwningOpRef<ModuleOp>>
lowerToPTX(ModuleOp module, StringRef entry, const ExecutionOptions &options);

} // namespace mlir::tile

#endif // TILE_LIB_EXECUTION_COMPILE_H
