//===- Export.cpp - Kernels for programs in C, from Python ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"
#include "IR.h"
#include "Options.h"

#include "tile/Execution/AheadOfTime.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;
using namespace nb::literals;

using EmitFn = llvm::Expected<std::string> (*)(ModuleOp, StringRef,
                                               const ExportOptions &);

/// Calls `emit` for an entry of the module, with the name that C gives to it.
template <EmitFn emit>
static nb::bytes emitForC(IRModule &module, const std::string &entry,
                          const std::string &symbol, const std::string &target,
                          const std::string &chip, int optLevel,
                          const std::string &cpu, bool assemble) {
  DiagnosticCollector diagnostics(module.module->getContext());
  ExportOptions options;
  static_cast<ExecutionOptions &>(options) =
      getOptions(target, chip, optLevel, assemble);
  options.symbol = symbol;
  options.cpu = cpu;
  auto text = [&] {
    nb::gil_scoped_release release;
    return emit(*module.module, entry, options);
  }();
  if (!text)
    diagnostics.raise(text.takeError());
  return nb::bytes(text->data(), text->size());
}

static void linkShared(const nb::bytes &object, const std::string &runtime,
                       const std::string &path) {
  llvm::Error error = llvm::Error::success();
  {
    StringRef bytes(object.c_str(), object.size());
    nb::gil_scoped_release release;
    error = linkSharedLibrary(bytes, runtime, path);
  }
  if (error) {
    std::string text = toString(std::move(error));
    throw std::runtime_error(text);
  }
}

void mlir::tile::python::bindExport(nb::module_ &module) {
  module.def("emit_object", &emitForC<emitObject>, "module"_a, "entry"_a,
             "symbol"_a = "", "target"_a = "cpu", "chip"_a = "",
             "opt_level"_a = 3, "cpu"_a = "", "assemble"_a = false,
             "An object file with a function for C.");
  module.def("emit_c_header", &emitForC<emitCHeader>, "module"_a, "entry"_a,
             "symbol"_a = "", "target"_a = "cpu", "chip"_a = "",
             "opt_level"_a = 3, "cpu"_a = "", "assemble"_a = false,
             "The header of that function.");
  module.def("link_shared", &linkShared, "object"_a, "runtime"_a, "path"_a,
             "Writes a shared library of an object file and of the runtime. "
             "Raises RuntimeError without a linker.");
}
