//===- IR.h - Modules and their operations in Python ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_IR_H
#define TILE_PYTHON_IR_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassInstrumentation.h"

#include <nanobind/nanobind.h>

namespace mlir::tile::python {

class DiagnosticCollector;

/// An MLIR context that knows every dialect of tile. Not for several threads at
/// once.
class IRContext {
public:
  IRContext();
  MLIRContext *get() { return &context; }

private:
  MLIRContext context;
};

/// A module, which keeps its context alive.
struct IRModule {
  nanobind::object context;
  OwningOpRef<ModuleOp> module;
};

/// Runs a pipeline given as text, without the lock of the interpreter; throws
/// what is wrong with it or what it reports.
void runPipeline(ModuleOp module, const std::string &pipeline,
                 DiagnosticCollector &diagnostics,
                 std::unique_ptr<PassInstrumentation> instrumentation = {});

void bindIR(nanobind::module_ &module);
void bindBuilder(nanobind::module_ &module);
void bindBuildId(nanobind::module_ &module);
void bindExecution(nanobind::module_ &module);
void bindExport(nanobind::module_ &module);
void bindProfiling(nanobind::module_ &module);
void bindLauncher(nanobind::module_ &module);
void bindSignature(nanobind::module_ &module);

} // namespace mlir::tile::python

#endif // TILE_PYTHON_IR_H
