//===- installed.c - prints PTX by the installed library ------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Dialect.h"
#include "tile-c/Execution.h"
#include "tile-c/Passes.h"
#include "tile-c/Runtime.h"

#include <stdio.h>

static const char *const source =
    "func.func @clear(%x: memref<256xf32>) {\n"
    "  %c1 = arith.constant 1 : index\n"
    "  %zero = arith.constant 0.0 : f32\n"
    "  tile.launch blocks(%b) in (%c1) threads(64) {\n"
    "    tile.fill %x, %zero : memref<256xf32>\n"
    "  }\n"
    "  return\n"
    "}\n";

int main(void) {
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  TileStatus status = tileRegisterAllDialects(registry);
  MlirContext context = mlirContextCreateWithRegistry(registry, true);
  MlirModule module;
  TileCompileOptions options = tileCompileOptionsDefault();
  TileBytes ptx = {0};
  if (!status)
    status = tileModuleParse(context, mlirStringRefCreateFromCString(source),
                             mlirStringRefCreateFromCString("source"), &module);
  if (!status)
    status = tileEmitPTX(module, mlirStringRefCreateFromCString("clear"),
                         &options, &ptx);
  if (status)
    fprintf(stderr, "%s\n", tileGetErrorMessage());
  else
    puts(ptx.data);
  return (int)status;
}
