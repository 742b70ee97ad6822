//===- InputFile.h - Tile IR with the names of its text ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TOOLS_TILE_COMPILE_INPUTFILE_H
#define TILE_TOOLS_TILE_COMPILE_INPUTFILE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"

#include <memory>

namespace mlir::tile {

/// Parses a file of tile IR. Arguments of functions get the names that they
/// have in its text, unless they have others. Null after an error, which is
/// reported.
OwningOpRef<ModuleOp>
parseWithNames(const std::shared_ptr<llvm::SourceMgr> &source,
               MLIRContext *context);

} // namespace mlir::tile

#endif // TILE_TOOLS_TILE_COMPILE_INPUTFILE_H
