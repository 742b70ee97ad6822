//===- HostMachine.h - Code generators for the host -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_EXECUTION_HOSTMACHINE_H
#define TILE_LIB_EXECUTION_HOSTMACHINE_H

#include "mlir/Support/LLVM.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace mlir::tile {

/// The processor at hand.
llvm::Expected<llvm::orc::JITTargetMachineBuilder> detectHostMachine();

/// A code generator for the processor at hand with all the features it has.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createHostMachine(int optLevel);

/// A code generator for object files. `cpu` is a name of LLVM's, "native", or
/// empty for any processor of the host's architecture.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createObjectMachine(StringRef cpu, int optLevel);

/// Optimises the module for the processor of the machine, and makes an object
/// file of it.
llvm::Expected<std::string> generateObject(llvm::Module &module,
                                           llvm::TargetMachine &machine,
                                           int optLevel);

} // namespace mlir::tile

#endif // TILE_LIB_EXECUTION_HOSTMACHINE_H
