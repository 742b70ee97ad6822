//===- Module.cpp - The extension module tile._core -----------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"
#include "IR.h"

#include "tile/InitAllPasses.h"

#include <cstdlib>

using namespace mlir::tile::python;

NB_MODULE(_core, module) {
  // A function that another library keeps until the process ends, as torch
  // does, keeps the kernels of its module. That is no one's concern but ours.
  nanobind::set_leak_warnings(std::getenv("TILE_LEAK_WARNINGS") != nullptr);
  module.doc() = "The C++ library of tile: IR, passes, compilation, devices.";
  mlir::tile::registerAllPasses();
  mlir::tile::registerUpstreamPasses();
  bindDiagnostics(module);
  bindIR(module);
  bindBuilder(module);
  bindExecution(module);
  bindBuildId(module);
  bindProfiling(module);
  bindExport(module);
  bindSignature(module);
  bindLauncher(module);
}
