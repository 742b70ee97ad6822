//===- HoverFilter.h - documentation in an editor --------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TOOLS_TILELSPSERVER_HOVERFILTER_H
#define TILE_TOOLS_TILELSPSERVER_HOVERFILTER_H

#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir::tile {

/// Runs `serve`, and adds the documentation of the dialect's operations to what
/// it writes to the standard output about the place under the cursor. MLIR's
/// server has no place where a dialect could give it. Returns what `serve`
/// does.
int runWithDocumentation(llvm::function_ref<int()> serve);

} // namespace mlir::tile

#endif // TILE_TOOLS_TILELSPSERVER_HOVERFILTER_H
