//===- types.c - every type, built and inspected --------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Types.h"
#include "Test.h"

#include "mlir-c/BuiltinTypes.h"

static void testObject(MlirContext context) {
  MlirType object = {NULL};
  TileTypeKind kind = TILE_TYPE_OTHER;
  MlirStringRef name = {NULL, 0};
  CHECK_OK(tileObjectTypeGet(context, text("Sched"), &object));
  CHECK(mlirTypeEqual(object, parseType(context, "!tile.object<@Sched>")));
  CHECK_OK(tileTypeGetKind(object, &kind));
  CHECK(kind == TILE_TYPE_OBJECT);
  CHECK_OK(tileObjectTypeGetClassName(object, &name));
  CHECK(isText(name, "Sched"));
  CHECK_OK(tileTypeGetKind(mlirIndexTypeGet(context), &kind));
  CHECK(kind == TILE_TYPE_OTHER);
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected the name of a class",
              tileObjectTypeGet(context, text(""), &object));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an object type",
              tileObjectTypeGetClassName(mlirIndexTypeGet(context), &name));
}

static void testBuffer(MlirContext context) {
  static const char *const sources[] = {
      "memref<4x?xf32>", "memref<4x?xf32, #tile.scope<shared>>",
      "memref<4x?xf32, #tile.scope<fragment>>",
      "memref<4x?xf32, #tile.scope<local>>"};
  int64_t shape[] = {4, mlirShapedTypeGetDynamicSize()};
  MlirType f32 = mlirF32TypeGet(context), buffer = {NULL};
  for (int i = TILE_SCOPE_GLOBAL; i <= TILE_SCOPE_LOCAL; ++i) {
    TileScope scope = TILE_SCOPE_GLOBAL;
    CHECK_OK(tileBufferTypeGet(f32, 2, shape, (TileScope)i, &buffer));
    CHECK(mlirTypeEqual(buffer, parseType(context, sources[i])));
    CHECK_OK(tileBufferTypeGetScope(buffer, &scope));
    CHECK((int)scope == i);
  }
  TileScope scope;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected a scope of 0 to 3, found 9",
              tileBufferTypeGet(f32, 2, shape, (TileScope)9, &buffer));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected a rank of at least 0, found -1",
              tileBufferTypeGet(f32, -1, shape, TILE_SCOPE_LOCAL, &buffer));
  shape[0] = -7;
  CHECK_FAILS(TILE_INVALID_IR, "error: ",
              tileBufferTypeGet(f32, 2, shape, TILE_SCOPE_LOCAL, &buffer));
  CHECK_FAILS(TILE_INVALID_IR, "error: ",
              tileBufferTypeGet(mlirNoneTypeGet(context), 0, NULL,
                                TILE_SCOPE_LOCAL, &buffer));
  CHECK_FAILS(
      TILE_INVALID_ARGUMENT, "expected a memref in a scope",
      tileBufferTypeGetScope(parseType(context, "memref<4xf32, 7>"), &scope));
}

static void testTensorMap(MlirContext context) {
  int64_t box[] = {8, 64};
  MlirType f16 = mlirF16TypeGet(context), map = {NULL};
  TileTypeKind kind = TILE_TYPE_OTHER;
  CHECK_OK(tileTensorMapTypeGet(f16, 2, box, 128, &map));
  CHECK(mlirTypeEqual(
      map, parseType(context, "!tile.tensor_map<8x64xf16, swizzle 128>")));
  CHECK_OK(tileTypeGetKind(map, &kind));
  CHECK(kind == TILE_TYPE_TENSOR_MAP);
  CHECK_OK(tileTensorMapTypeGet(f16, 2, box, 0, &map));
  CHECK(mlirTypeEqual(map, parseType(context, "!tile.tensor_map<8x64xf16>")));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected a rank of at least 0, found -1",
              tileTensorMapTypeGet(f16, -1, box, 0, &map));
  CHECK_FAILS(TILE_INVALID_IR, "expected a swizzle of 32, 64 or 128 bytes",
              tileTensorMapTypeGet(f16, 2, box, 16, &map));
}

void testTypes(void) {
  MlirContext context = makeContext();
  testObject(context);
  testBuffer(context);
  testTensorMap(context);
  mlirContextDestroy(context);
}
