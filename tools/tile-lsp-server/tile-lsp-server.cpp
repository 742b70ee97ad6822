//===- tile-lsp-server.cpp - tile IR in an editor --------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's language server over the dialects that tile uses. docs/Editors.md
// shows how editors start it.
//
//===----------------------------------------------------------------------===//

#include "HoverFilter.h"
#include "tile/InitAllDialects.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::tile::registerAllDialects(registry);
  return mlir::tile::runWithDocumentation([&] {
    return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
  });
}
