//===- Execution.h - Compiled code in Python --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_EXECUTION_H
#define TILE_PYTHON_EXECUTION_H

#include "Diagnostics.h"

#include "tile/Execution/Executable.h"

namespace mlir::tile::python {

/// Raises the runtime's last error, as tile.errors names it, after a call that
/// failed.
void check(int failed);

/// A compiled entry function. The types of its arguments are those of the
/// kernel arguments, in order.
class PyExecutable {
public:
  PyExecutable(Executable executable, std::vector<DiagnosticRecord> diagnostics)
      : diagnostics(std::move(diagnostics)), executable(std::move(executable)) {
  }

  /// Calls with a scalar's bits (int), or (address, shape, strides or None) for
  /// each argument; None is an absent tensor of the rank given to it.
  void call(const nanobind::sequence &arguments);

  /// Calls with packed arguments, without the interpreter's lock.
  llvm::Error invoke(void **packedArguments) const;

  nanobind::bytes getObject() const;

  const std::vector<DiagnosticRecord> diagnostics;

private:
  Executable executable;
};

} // namespace mlir::tile::python

#endif // TILE_PYTHON_EXECUTION_H
