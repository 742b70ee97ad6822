//===- Dialect.h - the dialect, and IR as text -------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_DIALECT_H
#define TILE_C_DIALECT_H

#include "mlir-c/IR.h"
#include "tile-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Tile, tile);

/// Adds the dialects and interfaces that tile IR, its pipelines and compiled
/// code use. To build IR of one of them, also load it.
MLIR_CAPI_EXPORTED TileStatus
tileRegisterAllDialects(MlirDialectRegistry registry);

/// Parses a module from text or bytecode. `name` stands for the file in
/// messages.
MLIR_CAPI_EXPORTED TileStatus tileModuleParse(MlirContext context,
                                              MlirStringRef text,
                                              MlirStringRef name,
                                              MlirModule *module);

/// Verifies an operation and all that is in it.
MLIR_CAPI_EXPORTED TileStatus tileOperationVerify(MlirOperation operation);

/// Writes an operation as bytecode of the dialect's present version.
MLIR_CAPI_EXPORTED TileStatus
tileOperationWriteBytecode(MlirOperation operation, TileBytes *bytecode);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_DIALECT_H
