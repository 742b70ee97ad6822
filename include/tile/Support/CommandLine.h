//===- CommandLine.h - options and errors of tools --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SUPPORT_COMMANDLINE_H
#define TILE_SUPPORT_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace mlir::tile {

/// Parses the options of a tool, with what LLVM says of a wrong one as an error
/// of one line.
llvm::Error parseCommandLine(llvm::ArrayRef<const char *> arguments,
                             llvm::StringRef overview);

/// Prints `error`, if it is one, as one line of the tool, behind what the tool
/// has printed so far.
void reportError(llvm::StringRef tool, llvm::Error error);

} // namespace mlir::tile

#endif // TILE_SUPPORT_COMMANDLINE_H
