//===- signature.c - signatures, keys and calls ---------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Signature.h"
#include "Test.h"

#include "mlir-c/BuiltinAttributes.h"
#include "tile-c/Execution.h"

static const char *const source =
    "func.func @scale(%x: memref<?xf32> {tile.name = \"x\",\n"
    "      tile.annotation = #tile.tensor<[N], f32>},\n"
    "    %factor: f32 {tile.name = \"factor\", tile.default = 2.0 : f32},\n"
    "    %width: index {tile.name = \"width\",\n"
    "      tile.annotation = #tile.value<index>}) {\n"
    "  %c0 = arith.constant 0 : index\n"
    "  %n = memref.dim %x, %c0 : memref<?xf32>\n"
    "  %blocks = arith.ceildivui %n, %width : index\n"
    "  tile.launch blocks(%b) in (%blocks) threads(32) {\n"
    "    tile.parallel (%i) in (%width) {\n"
    "      %at = arith.muli %b, %width : index\n"
    "      %j = arith.addi %at, %i : index\n"
    "      %in = arith.cmpi ult, %j, %n : index\n"
    "      scf.if %in {\n"
    "        %v = memref.load %x[%j] : memref<?xf32>\n"
    "        %s = arith.mulf %v, %factor : f32\n"
    "        memref.store %s, %x[%j] : memref<?xf32>\n"
    "      }\n"
    "    }\n"
    "  }\n"
    "  return\n"
    "}\n";

static TileValue floats(float *data, const int64_t *size) {
  TileValue value = {.kind = TILE_VALUE_TENSOR};
  value.as.tensor = (TileTensor){.data = data,
                                 .dtype = {2, 32, 1},
                                 .device = {1, 0},
                                 .rank = 1,
                                 .shape = size};
  return value;
}

static TileKeyword keyword(const char *name, int64_t integer) {
  TileKeyword result = {.name = text(name)};
  result.value.kind = TILE_VALUE_INT;
  result.value.as.integer = integer;
  return result;
}

static void inspect(TileSignature signature) {
  static const struct {
    const char *name;
    bool isKernel, isStatic;
  } expected[] = {
      {"x", true, true}, {"factor", true, true}, {"width", false, false}};
  intptr_t count = 0;
  CHECK_OK(tileSignatureGetNumParameters(signature, &count));
  CHECK(count == 3);
  for (intptr_t i = 0; i < 3; ++i) {
    MlirStringRef name = {NULL, 0};
    bool isKernel = !expected[i].isKernel, isStatic = !expected[i].isStatic;
    MlirAttribute annotation = {NULL};
    CHECK_OK(tileSignatureGetParameterName(signature, i, &name));
    CHECK(isText(name, expected[i].name));
    CHECK_OK(tileSignatureIsKernelParameter(signature, i, &isKernel));
    CHECK(isKernel == expected[i].isKernel);
    CHECK_OK(tileSignatureIsStaticParameter(signature, i, &isStatic));
    CHECK(isStatic == expected[i].isStatic);
    CHECK_OK(tileSignatureGetAnnotation(signature, i, &annotation));
    CHECK(mlirAttributeIsAType(annotation) == (i == 1));
  }
  bool isAllStatic = true;
  CHECK_OK(tileSignatureIsAllStatic(signature, &isAllStatic));
  CHECK(!isAllStatic);
}

/// Keys differ where the kernels do.
static void checkKeys(TileSignature signature, TileCall call) {
  TileBytes key = {0}, other = {0};
  uint64_t hash = 0, otherHash = 0;
  CHECK_OK(tileSignatureGetKey(signature, &call, &key, &hash));
  TileKeyword wider = keyword("width", 8);
  call.keywords = &wider;
  CHECK_OK(tileSignatureGetKey(signature, &call, &other, &otherHash));
  CHECK(hash != otherHash);
  CHECK(key.size != other.size || memcmp(key.data, other.data, key.size));
  tileBytesDestroy(&key);
  tileBytesDestroy(&other);
}

static void checkBadCalls(TileExecutable scale, TileCall call) {
  TileKeyword wrong = keyword("widht", 4);
  TileValue values[4] = {call.positional[0]};
  TileCall bad = call;
  bad.keywords = &wrong;
  CHECK_FAILS(TILE_CALL_FAILED, "'widht'", tileExecutableCall(scale, &bad));
  bad = call;
  bad.numPositional = 0;
  CHECK_FAILS(TILE_CALL_FAILED, "'x'", tileExecutableCall(scale, &bad));
  bad.numPositional = 4;
  bad.positional = values;
  CHECK_FAILS(TILE_CALL_FAILED, "", tileExecutableCall(scale, &bad));
  bad.numPositional = 1;
  values[0].as.tensor.dtype.bits = 16;
  CHECK_FAILS(TILE_CALL_FAILED, "float16", tileExecutableCall(scale, &bad));
  values[0].as.tensor.dtype.code = 200;
  CHECK_FAILS(TILE_CALL_FAILED, "", tileExecutableCall(scale, &bad));
  values[0] = call.positional[0];
  values[0].as.tensor.device.type = 2;
  CHECK_FAILS(TILE_CALL_FAILED, "cuda", tileExecutableCall(scale, &bad));
  values[0] = call.positional[0];
  values[0].as.tensor.rank = 0;
  CHECK_FAILS(TILE_CALL_FAILED, "", tileExecutableCall(scale, &bad));
  values[0].as.tensor.rank = -3;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "a rank of at least 0, found -3",
              tileExecutableCall(scale, &bad));
  values[0].kind = TILE_VALUE_STRING;
  values[0].as.string = text("four");
  CHECK_FAILS(TILE_CALL_FAILED, "four", tileExecutableCall(scale, &bad));
  values[0].kind = TILE_VALUE_ABSENT;
  CHECK_FAILS(TILE_CALL_FAILED, "none", tileExecutableCall(scale, &bad));
  values[0].kind = (TileValueKind)50;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "a kind of value of 0 to 7, found 50",
              tileExecutableCall(scale, &bad));
}

void testSignature(void) {
  MlirContext context = makeContext();
  MlirModule module = parse(context, source);
  MlirOperation function = findFunction(module);
  TileSignature signature = {NULL};
  CHECK_OK(tileSignatureCreate(function, &signature));
  inspect(signature);

  float data[7] = {1, 2, 3, 4, 5, 6, 7};
  int64_t size = 7;
  TileValue x = floats(data, &size);
  TileKeyword width = keyword("width", 4);
  TileCall call = {.numPositional = 1,
                   .positional = &x,
                   .numKeywords = 1,
                   .keywords = &width};
  checkKeys(signature, call);

  TileCompileOptions options = tileCompileOptionsDefault();
  TileExecutable scale = {NULL};
  CHECK_FAILS(TILE_COMPILE_FAILED, "",
              tileExecutableCompile(module, text("scale"), &options, &scale));
  CHECK_OK(tileSignatureSpecialize(signature, &call, function));
  CHECK_OK(tileExecutableCompile(module, text("scale"), &options, &scale));
  CHECK_OK(tileExecutableCall(scale, &call));
  for (int i = 0; i < 7; ++i)
    CHECK(data[i] == 2.0f * (float)(i + 1));
  checkBadCalls(scale, call);

  // One element of two, by a stride that the contiguous annotation refuses.
  int64_t stride = 2, half = 3;
  x.as.tensor.shape = &half;
  x.as.tensor.strides = &stride;
  CHECK_FAILS(TILE_CALL_FAILED, "", tileExecutableCall(scale, &call));
  tileExecutableDestroy(scale);
  tileSignatureDestroy(signature);
  mlirModuleDestroy(module);
  mlirContextDestroy(context);
}
