//===- CInterface.h - An entry function as C sees it ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_EXECUTION_CINTERFACE_H
#define TILE_LIB_EXECUTION_CINTERFACE_H

#include "tile/Execution/AheadOfTime.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinTypes.h"

namespace llvm {
class Module;
} // namespace llvm

namespace mlir::tile {

/// A parameter of the C function.
struct CParameter {
  /// As the kernel calls it, and as C can.
  std::string name, cName;
  Type type;
  /// Whether the tensor may be absent.
  bool isOptional;
  /// What the header says of it.
  std::string description;

  /// Null for a scalar.
  MemRefType getTensor() const { return dyn_cast<MemRefType>(type); }
  /// Whether C passes a plain address.
  bool isAddress() const { return getTensor() && getTensor().getRank() == 0; }
};

/// A C function, and the entry that it calls.
struct CInterface {
  std::string symbol;
  bool isForGPU;
  SmallVector<CParameter> parameters;

  std::string getErrorSymbol() const { return symbol + "_error"; }
};

/// How C calls the entry, or why it cannot.
llvm::Expected<CInterface> getCInterface(ModuleOp module, StringRef entry,
                                         const ExportOptions &options);

/// The C type of a scalar, or an empty text for a type that C cannot pass.
StringRef getCType(Type type);

/// Adds the functions of the interface to a module that holds `target`, the
/// entry with memref descriptors for its tensors. Everything else becomes
/// internal.
llvm::Error addCFunctions(llvm::Module &module, const CInterface &interface,
                          StringRef target);

} // namespace mlir::tile

#endif // TILE_LIB_EXECUTION_CINTERFACE_H
