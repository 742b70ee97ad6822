//===- TilePlugin.cpp - tile in another project's mlir-opt ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a tool built on MlirOptMain looks for in the file that
// --load-dialect-plugin and --load-pass-plugin name. MLIR itself comes from the
// tool: the file only asks for the shared libMLIR that the tool has loaded.
//
//===----------------------------------------------------------------------===//

#include "tile/InitAllDialects.h"
#include "tile/InitAllPasses.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Tile", TILE_VERSION,
          [](mlir::DialectRegistry *registry) {
            mlir::tile::registerAllDialects(*registry);
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Tile", TILE_VERSION,
          mlir::tile::registerAllPasses};
}
