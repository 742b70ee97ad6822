//===- Diagnostics.h - MLIR diagnostics as Python objects -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_DIAGNOSTICS_H
#define TILE_PYTHON_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace mlir::tile::python {

/// A place in a file. A diagnostic has one for each call that led to it, the
/// innermost first.
struct Frame {
  std::string file;
  unsigned line;
  unsigned column;
};

/// A diagnostic, kept after the context has moved on.
struct DiagnosticRecord {
  std::string severity;
  std::string message;
  std::vector<Frame> frames;
  std::vector<DiagnosticRecord> notes;
};

/// Collects the diagnostics of a context while it lives.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(MLIRContext *context);

  std::vector<DiagnosticRecord> take() { return std::move(records); }

  /// Throws what was collected as tile.errors.DiagnosticError; `what` says what
  /// failed when nothing was collected.
  [[noreturn]] void raise(const std::string &what);

  /// Throws `error`, with what was collected.
  [[noreturn]] void raise(llvm::Error error);

private:
  std::vector<DiagnosticRecord> records;
  ScopedDiagnosticHandler handler;
};

/// The places of a location, the innermost first.
std::vector<Frame> getFrames(Location loc);

void bindDiagnostics(nanobind::module_ &module);

} // namespace mlir::tile::python

#endif // TILE_PYTHON_DIAGNOSTICS_H
