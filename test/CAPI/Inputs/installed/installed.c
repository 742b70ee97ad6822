//===- installed.c - a kernel through the installed library ---------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Dialect.h"
#include "tile-c/Execution.h"

#include <stdio.h>

static const char *const source =
    "func.func @twice(%x: memref<?xf32>) {\n"
    "  %c0 = arith.constant 0 : index\n"
    "  %c64 = arith.constant 64 : index\n"
    "  %n = memref.dim %x, %c0 : memref<?xf32>\n"
    "  %blocks = arith.ceildivui %n, %c64 : index\n"
    "  tile.launch blocks(%b) in (%blocks) threads(64) {\n"
    "    %at = arith.muli %b, %c64 : index\n"
    "    %t = tile.alloc : memref<64xf32, #tile.scope<fragment>>\n"
    "    tile.copy %x[%at], %t\n"
    "      : memref<?xf32> to memref<64xf32, #tile.scope<fragment>>\n"
    "    tile.parallel (%i) in (64) {\n"
    "      %v = memref.load %t[%i] : memref<64xf32, #tile.scope<fragment>>\n"
    "      %w = arith.addf %v, %v : f32\n"
    "      memref.store %w, %t[%i] : memref<64xf32, #tile.scope<fragment>>\n"
    "    }\n"
    "    tile.copy %t, %x[%at]\n"
    "      : memref<64xf32, #tile.scope<fragment>> to memref<?xf32>\n"
    "  }\n"
    "  return\n"
    "}\n";

/// Compiles for the CPU, and calls.
static TileStatus run(MlirModule module, MlirStringRef name) {
  TileCompileOptions options = tileCompileOptionsDefault();
  TileExecutable twice;
  TileStatus status = tileExecutableCompile(module, name, &options, &twice);
  if (status)
    return status;
  float x[3] = {1, 2, 3};
  int64_t shape[1] = {3};
  TileValue argument = {.kind = TILE_VALUE_TENSOR};
  argument.as.tensor = (TileTensor){.data = x,
                                    .dtype = {2, 32, 1}, // DLPack's float32
                                    .device = {1, 0},    // and CPU
                                    .rank = 1,
                                    .shape = shape};
  TileCall call = {.numPositional = 1, .positional = &argument};
  status = tileExecutableCall(twice, &call);
  if (!status)
    printf("%g %g %g\n", x[0], x[1], x[2]);
  tileExecutableDestroy(twice);
  return status;
}

static TileStatus printPTX(MlirModule module, MlirStringRef name) {
  TileCompileOptions options = tileCompileOptionsDefault();
  options.chip = mlirStringRefCreateFromCString("sm_90a");
  TileBytes ptx;
  TileStatus status = tileEmitPTX(module, name, &options, &ptx);
  if (status)
    return status;
  puts(ptx.data);
  tileBytesDestroy(&ptx);
  return status;
}

int main(void) {
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  TileStatus status = tileRegisterAllDialects(registry);
  MlirContext context = mlirContextCreateWithRegistry(registry, true);
  MlirStringRef name = mlirStringRefCreateFromCString("twice");
  MlirModule module = {NULL};
  if (!status)
    status = tileModuleParse(context, mlirStringRefCreateFromCString(source),
                             mlirStringRefCreateFromCString("source"), &module);
  if (!status)
    status = run(module, name);
  if (!status)
    status = printPTX(module, name);
  if (status)
    fprintf(stderr, "%s\n", tileGetErrorMessage());
  mlirModuleDestroy(module);
  mlirContextDestroy(context);
  mlirDialectRegistryDestroy(registry);
  return (int)status;
}
