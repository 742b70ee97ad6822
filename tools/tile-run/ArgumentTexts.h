//===- ArgumentTexts.h - Arguments as text ----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TOOLS_TILE_RUN_ARGUMENTTEXTS_H
#define TILE_TOOLS_TILE_RUN_ARGUMENTTEXTS_H

#include "tile/Execution/Arguments.h"

#include <variant>

namespace mlir::tile {

/// The value of one argument: a scalar's bits or an array.
using ArgumentValue = std::variant<uint64_t, NpyArray>;

/// Turns the texts into values for the entry's arguments. Errors name the
/// argument.
llvm::Expected<std::vector<ArgumentValue>>
parseArguments(func::FuncOp entry, llvm::ArrayRef<std::string> texts);

} // namespace mlir::tile

#endif // TILE_TOOLS_TILE_RUN_ARGUMENTTEXTS_H
