//===- Passes.h - passes and pipelines ---------------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The included headers declare for each pass X a function mlirCreate...X, which
// makes it with its default options, and mlirRegister...X.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_PASSES_H
#define TILE_C_PASSES_H

#include "mlir-c/IR.h"
#include "mlir-c/Pass.h"
#include "tile-c/Support.h"

#include "tile/Conversion/Passes.capi.h.inc"
#include "tile/Dialect/Tile/Transforms/Passes.capi.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

/// Registers the passes and pipelines of the project and the upstream passes
/// that tile-opt knows, for pipelines given as text. May be called again.
MLIR_CAPI_EXPORTED void tileRegisterAllPasses(void);

/// Runs a pipeline given as text, such as `tile-to-ptx{chip=sm_90a}` or
/// `builtin.module(tile-bind-shapes,canonicalize)`, on a module.
MLIR_CAPI_EXPORTED TileStatus tileRunPipeline(MlirModule module,
                                              MlirStringRef pipeline);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_PASSES_H
