//===- Options.h - What Python says of a compilation ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_OPTIONS_H
#define TILE_PYTHON_OPTIONS_H

#include "tile/Execution/Executable.h"

#include <string>

namespace mlir::tile::python {

/// The options of a compilation. Throws nanobind's value_error for a target
/// other than 'cpu' and 'cuda'; an empty chip is the usual one.
ExecutionOptions getOptions(const std::string &target, const std::string &chip,
                            int optLevel, bool assemble = false);

} // namespace mlir::tile::python

#endif // TILE_PYTHON_OPTIONS_H
