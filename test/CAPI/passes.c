//===- passes.c - passes and pipelines ------------------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Passes.h"
#include "Test.h"

#include <stdlib.h>

static const char *const source =
    "func.func @f(%n: i32 {tile.annotation = #tile.dyn<\"n\", i32>},\n"
    "             %x: memref<?xf32> {tile.annotation =\n"
    "                                #tile.tensor<[n], f32>}) {\n"
    "  %c = arith.constant 1 : index\n"
    "  %zero = arith.constant 0.0 : f32\n"
    "  tile.launch blocks(%b) in (%c) threads(32) {\n"
    "    tile.fill %x, %zero : memref<?xf32>\n"
    "  }\n"
    "  return\n"
    "}\n";

/// Grows the text at `data` by a piece of the printed module.
static void append(MlirStringRef piece, void *data) {
  TileBytes *bytes = data;
  char *grown = realloc(bytes->data, bytes->size + piece.length + 1);
  if (!grown)
    abort();
  memcpy(grown + bytes->size, piece.data, piece.length);
  bytes->data = grown;
  bytes->size += piece.length;
  grown[bytes->size] = '\0';
}

static bool contains(MlirModule module, const char *part) {
  TileBytes bytes = {0};
  mlirOperationPrint(mlirModuleGetOperation(module), append, &bytes);
  bool found = strstr(bytes.data, part) != NULL;
  free(bytes.data);
  return found;
}

static void testPipelines(MlirContext context) {
  MlirModule module = parse(context, source);
  CHECK_OK(tileRunPipeline(module, text("builtin.module(tile-bind-shapes)")));
  CHECK(contains(module, "tile.launch"));
  CHECK(!contains(module, "#tile.dyn"));
  CHECK_OK(tileRunPipeline(module, text("tile-to-ptx{chip=sm_90a}")));
  CHECK(contains(module, "gpu.binary"));
  CHECK(contains(module, ".target sm_90a"));
  CHECK_OK(tileRunPipeline(module, text("")));
  mlirModuleDestroy(module);
}

static void testBadPipelines(MlirContext context) {
  MlirModule module = parse(context, source);
  CHECK_FAILS(TILE_INVALID_IR, "'tile-to-nowhere'",
              tileRunPipeline(module, text("tile-to-nowhere")));
  CHECK_FAILS(TILE_INVALID_IR, "chop",
              tileRunPipeline(module, text("tile-to-ptx{chop=sm_90a}")));
  CHECK_FAILS(TILE_INVALID_IR, "",
              tileRunPipeline(module, text("cse,(((canonicalize")));
  CHECK_FAILS(TILE_INVALID_IR,
              "expected 'tile-to-ptx' in a pipeline of 'builtin.module', found "
              "it in one of 'func.func'",
              tileRunPipeline(module, text("func.func(tile-to-ptx)")));
  CHECK_FAILS(TILE_COMPILE_FAILED, "error: ",
              tileRunPipeline(module, text("tile-to-ptx{chip=sm_1}")));
  mlirModuleDestroy(module);
}

/// A pass that does not say why it fails: one iteration folds the sum, and only
/// another could find that nothing is left to do.
static void testSilentPass(MlirContext context) {
  MlirModule module = parse(context, "func.func @f() -> i32 {\n"
                                     "  %0 = arith.constant 1 : i32\n"
                                     "  %1 = arith.addi %0, %0 : i32\n"
                                     "  return %1 : i32\n"
                                     "}\n");
  CHECK_FAILS(TILE_COMPILE_FAILED, "failed without a diagnostic",
              tileRunPipeline(module, text("canonicalize{max-iterations=1 "
                                           "test-convergence=true}")));
  mlirModuleDestroy(module);
}

/// A pass made by its own function.
static void testOnePass(MlirContext context) {
  MlirModule module = parse(context, source);
  MlirPassManager manager = mlirPassManagerCreate(context);
  mlirPassManagerAddOwnedPass(manager,
                              mlirCreateTileTransformsTileBindShapes());
  mlirPassManagerAddOwnedPass(manager,
                              mlirCreateTileConversionConvertTileToCPU());
  CHECK(mlirLogicalResultIsSuccess(
      mlirPassManagerRunOnOp(manager, mlirModuleGetOperation(module))));
  CHECK(!contains(module, "tile.launch"));
  mlirPassManagerDestroy(manager);
  mlirModuleDestroy(module);
}

void testPasses(void) {
  tileRegisterAllPasses();
  tileRegisterAllPasses();
  MlirContext context = makeContext();
  testPipelines(context);
  testBadPipelines(context);
  testSilentPass(context);
  testOnePass(context);
  mlirContextDestroy(context);
}
