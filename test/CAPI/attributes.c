//===- attributes.c - every attribute, built and inspected ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each attribute is built, compared with the one that its text stands for, and
// taken apart again.
//
//===----------------------------------------------------------------------===//

#include "tile-c/Attributes.h"
#include "Test.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

static TileAttributeKind kindOf(MlirAttribute attribute) {
  TileAttributeKind kind = TILE_ATTRIBUTE_OTHER;
  CHECK_OK(tileAttributeGetKind(attribute, &kind));
  return kind;
}

static void checkIs(MlirContext context, MlirAttribute built,
                    TileAttributeKind kind, const char *source) {
  CHECK(mlirAttributeEqual(built, parseAttribute(context, source)));
  CHECK(kindOf(built) == kind);
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

static void testEnums(MlirContext context) {
  static const struct {
    TileAttributeKind kind;
    const char *word, *source;
  } cases[] = {
      {TILE_ATTRIBUTE_SCOPE, "local", "#tile.scope<local>"},
      {TILE_ATTRIBUTE_REDUCE_KIND, "absmax", "#tile<reduce_kind absmax>"},
      {TILE_ATTRIBUTE_SCAN_KIND, "sum", "#tile<scan_kind sum>"},
      {TILE_ATTRIBUTE_GEMM_POLICY, "full_row", "#tile<gemm_policy full_row>"},
      {TILE_ATTRIBUTE_ATOMIC_KIND, "min", "#tile<atomic_kind min>"},
      {TILE_ATTRIBUTE_ARRIVAL_KIND, "warp", "#tile<arrival_kind warp>"},
      {TILE_ATTRIBUTE_FENCE_KIND, "mbarrier_init",
       "#tile<fence_kind mbarrier_init>"},
      {TILE_ATTRIBUTE_REGISTER_ACTION, "increase",
       "#tile<register_action increase>"},
      {TILE_ATTRIBUTE_WARP_ROLES, "ping_pong", "#tile<warp_roles ping_pong>"},
      {TILE_ATTRIBUTE_STORES, "staged", "#tile<stores staged>"},
      {TILE_ATTRIBUTE_PRECISION, "tf32", "#tile<precision tf32>"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    MlirAttribute attribute = {NULL};
    CHECK_OK(tileEnumAttrGet(context, cases[i].kind, text(cases[i].word),
                             &attribute));
    checkIs(context, attribute, cases[i].kind, cases[i].source);
    MlirStringRef word = {NULL, 0};
    CHECK_OK(tileEnumAttrGetWord(attribute, &word));
    CHECK(isText(word, cases[i].word));
    CHECK_FAILS(
        TILE_INVALID_ARGUMENT,
        "expected a word of the enumeration, found 'sideways'",
        tileEnumAttrGet(context, cases[i].kind, text("sideways"), &attribute));
  }
  MlirAttribute swizzle = {NULL};
  int64_t panel = 0;
  bool isColumn = false;
  CHECK_OK(tileSwizzleAttrGet(context, 4, true, &swizzle));
  checkIs(context, swizzle, TILE_ATTRIBUTE_SWIZZLE, "#tile.swizzle<4, column>");
  CHECK_OK(tileSwizzleAttrGetPanel(swizzle, &panel));
  CHECK_OK(tileSwizzleAttrIsColumn(swizzle, &isColumn));
  CHECK(panel == 4 && isColumn);
  MlirAttribute layout = {NULL};
  int64_t threads = 0, values = 0, element = 0;
  const char *held = "threads (4, 8):(2, 8), values (2):(1), shape 8x8";
  CHECK_OK(tileLayoutAttrGet(context, text(held), &layout));
  checkIs(context, layout, TILE_ATTRIBUTE_LAYOUT,
          "#tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>");
  CHECK_OK(tileLayoutAttrGetNumThreads(layout, &threads));
  CHECK_OK(tileLayoutAttrGetNumValues(layout, &values));
  CHECK_OK(tileLayoutAttrGetElement(layout, 5, 1, &element));
  CHECK(threads == 32 && values == 2 && element == 11);
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "32",
              tileLayoutAttrGetElement(layout, 32, 0, &element));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "error: expected",
              tileLayoutAttrGet(context, text("threads 4"), &layout));
  CHECK_FAILS(
      TILE_INVALID_ARGUMENT, "expected the kind of an enumeration",
      tileEnumAttrGet(context, TILE_ATTRIBUTE_LAYOUT, text("local"), &layout));
  MlirStringRef word = {NULL, 0};
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an enumeration attribute",
              tileEnumAttrGetWord(layout, &word));
  MlirAttribute scope = {NULL};
  TileScope value = TILE_SCOPE_GLOBAL;
  CHECK_OK(tileScopeAttrGet(context, TILE_SCOPE_FRAGMENT, &scope));
  checkIs(context, scope, TILE_ATTRIBUTE_SCOPE, "#tile.scope<fragment>");
  CHECK_OK(tileScopeAttrGetValue(scope, &value));
  CHECK(value == TILE_SCOPE_FRAGMENT);
  CHECK(kindOf(mlirUnitAttrGet(context)) == TILE_ATTRIBUTE_OTHER);
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

static void checkDim(MlirAttribute dim, bool isStatic, int64_t size,
                     bool hasExpr, intptr_t numSymbols) {
  bool foundStatic = !isStatic;
  int64_t foundSize = -2;
  MlirAffineExpr expr = {NULL};
  intptr_t foundSymbols = -1;
  CHECK_OK(tileDimAttrIsStatic(dim, &foundStatic));
  CHECK_OK(tileDimAttrGetSize(dim, &foundSize));
  CHECK_OK(tileDimAttrGetAffineExpr(dim, &expr));
  CHECK_OK(tileDimAttrGetNumSymbols(dim, &foundSymbols));
  CHECK(foundStatic == isStatic);
  CHECK(foundSize == size);
  CHECK(!mlirAffineExprIsNull(expr) == hasExpr);
  CHECK(foundSymbols == numSymbols);
}

static void testDims(MlirContext context) {
  MlirAttribute dim = {NULL};
  CHECK_OK(tileDimAttrGetFixed(context, 128, &dim));
  checkIs(context, dim, TILE_ATTRIBUTE_DIM, "#tile.dim<128>");
  checkDim(dim, false, 128, true, 0);
  CHECK_OK(tileDimAttrGetSymbol(context, text("M"), false, &dim));
  checkIs(context, dim, TILE_ATTRIBUTE_DIM, "#tile.dim<M>");
  checkDim(dim, false, -1, true, 1);
  CHECK_OK(tileDimAttrGetSymbol(context, text(""), false, &dim));
  checkIs(context, dim, TILE_ATTRIBUTE_DIM, "#tile.dim<?>");
  checkDim(dim, false, -1, false, 0);
  CHECK_OK(tileDimAttrGetSymbol(context, text("K"), true, &dim));
  checkIs(context, dim, TILE_ATTRIBUTE_DIM, "#tile.dim<static K>");
  checkDim(dim, true, -1, true, 1);
  CHECK_OK(tileDimAttrGetSymbol(context, text(""), true, &dim));
  checkIs(context, dim, TILE_ATTRIBUTE_DIM, "#tile.dim<static>");
  checkDim(dim, true, -1, false, 0);

  MlirAffineExpr sum = mlirAffineAddExprGet(
      mlirAffineSymbolExprGet(context, 0), mlirAffineSymbolExprGet(context, 1));
  MlirStringRef names[] = {text("M"), text("N")}, name = {NULL, 0};
  CHECK_OK(tileDimAttrGetExpr(sum, 2, names, &dim));
  checkIs(context, dim, TILE_ATTRIBUTE_DIM, "#tile.dim<M + N>");
  checkDim(dim, false, -1, true, 2);
  CHECK_OK(tileDimAttrGetSymbolName(dim, 1, &name));
  CHECK(isText(name, "N"));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an index below 2, found 2",
              tileDimAttrGetSymbolName(dim, 2, &name));
  CHECK_FAILS(TILE_INVALID_IR, "expected a size of at least 0, found -5",
              tileDimAttrGetFixed(context, -5, &dim));
  CHECK_FAILS(TILE_INVALID_IR, "error: expected 2 names of symbols, found 1",
              tileDimAttrGetExpr(sum, 1, names, &dim));
  CHECK_FAILS(
      TILE_INVALID_IR,
      "error: expected an expression of symbols, found dimensions",
      tileDimAttrGetExpr(mlirAffineDimExprGet(context, 0), 0, NULL, &dim));
  MlirStringRef unnamed[] = {text("M"), text("")};
  CHECK_FAILS(TILE_INVALID_IR,
              "error: expected a name of each symbol, found none",
              tileDimAttrGetExpr(sum, 2, unnamed, &dim));
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

static void checkBuffer(MlirAttribute attribute, intptr_t numStrides,
                        MlirType elementType) {
  bool hasRank = false;
  intptr_t sizes = 0, strides = -1;
  MlirType found = {NULL};
  MlirAttribute size = {NULL};
  CHECK_OK(tileBufferAnnotationHasRank(attribute, &hasRank));
  CHECK_OK(tileBufferAnnotationGetNumSizes(attribute, &sizes));
  CHECK_OK(tileBufferAnnotationGetNumStrides(attribute, &strides));
  CHECK_OK(tileBufferAnnotationGetElementType(attribute, &found));
  CHECK(hasRank && sizes == 2 && strides == numStrides);
  CHECK(mlirTypeEqual(found, elementType));
  CHECK_OK(tileBufferAnnotationGetSize(attribute, 1, &size));
  int64_t fixed = 0;
  CHECK_OK(tileDimAttrGetSize(size, &fixed));
  CHECK(fixed == 32);
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an index below 2, found -1",
              tileBufferAnnotationGetSize(attribute, -1, &size));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an index below",
              tileBufferAnnotationGetStride(attribute, 2, &size));
  if (!numStrides)
    return;
  CHECK_OK(tileBufferAnnotationGetStride(attribute, 0, &size));
  CHECK(kindOf(size) == TILE_ATTRIBUTE_DIM);
}

static void testBuffers(MlirContext context) {
  static const struct {
    TileAttributeKind kind;
    bool hasStrides;
    const char *source;
  } cases[] = {{TILE_ATTRIBUTE_TENSOR, false, "#tile.tensor<[M, 32], f16>"},
               {TILE_ATTRIBUTE_STRIDED_TENSOR, true,
                "#tile.strided_tensor<[M, 32], strides [M, 32], f16>"},
               {TILE_ATTRIBUTE_BUFFER, false, "#tile.buffer<[M, 32], f16>"},
               {TILE_ATTRIBUTE_FRAGMENT, false, "#tile.fragment<[M, 32], f16>"},
               {TILE_ATTRIBUTE_SHARED, false, "#tile.shared<[M, 32], f16>"},
               {TILE_ATTRIBUTE_LOCAL, false, "#tile.local<[M, 32], f16>"}};
  MlirType f16 = mlirF16TypeGet(context);
  MlirAttribute dims[] = {parseAttribute(context, "#tile.dim<M>"),
                          parseAttribute(context, "#tile.dim<32>")};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    TileBufferAnnotation parameters = {
        .hasRank = true, .numSizes = 2, .sizes = dims, .elementType = f16};
    if (cases[i].hasStrides) {
      parameters.numStrides = 2;
      parameters.strides = dims;
    }
    MlirAttribute attribute = {NULL};
    CHECK_OK(tileBufferAnnotationGet(context, cases[i].kind, &parameters,
                                     &attribute));
    checkIs(context, attribute, cases[i].kind, cases[i].source);
    checkBuffer(attribute, parameters.numStrides, f16);
  }

  TileBufferAnnotation open = {.typeName = text("T")};
  MlirAttribute attribute = {NULL};
  CHECK_OK(tileBufferAnnotationGet(context, TILE_ATTRIBUTE_TENSOR, &open,
                                   &attribute));
  checkIs(context, attribute, TILE_ATTRIBUTE_TENSOR,
          "#tile.tensor<*, static T>");
  MlirStringRef name = {NULL, 0};
  MlirType type = f16;
  CHECK_OK(tileBufferAnnotationGetTypeName(attribute, &name));
  CHECK(isText(name, "T"));
  CHECK_OK(tileBufferAnnotationGetElementType(attribute, &type));
  CHECK(mlirTypeIsNull(type));
}

static void testBadBuffers(MlirContext context) {
  MlirAttribute dim = parseAttribute(context, "#tile.dim<M>"), result = {NULL};
  MlirAttribute unit = mlirUnitAttrGet(context);
  TileBufferAnnotation parameters = {
      .hasRank = true, .numStrides = 1, .strides = &dim};
  CHECK_FAILS(TILE_INVALID_IR, "expected no strides of a contiguous buffer",
              tileBufferAnnotationGet(context, TILE_ATTRIBUTE_TENSOR,
                                      &parameters, &result));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "annotation of a buffer, found 12",
              tileBufferAnnotationGet(context, TILE_ATTRIBUTE_DYN, &parameters,
                                      &result));
  parameters.strides = &unit;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected a #tile.dim as #0 of the str",
              tileBufferAnnotationGet(context, TILE_ATTRIBUTE_BUFFER,
                                      &parameters, &result));
  parameters.strides = NULL;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected strides, found null",
              tileBufferAnnotationGet(context, TILE_ATTRIBUTE_BUFFER,
                                      &parameters, &result));
  parameters.numStrides = -1;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "at least 0 strides, found -1",
              tileBufferAnnotationGet(context, TILE_ATTRIBUTE_BUFFER,
                                      &parameters, &result));
  TileBufferAnnotation unranked = {.numSizes = 1, .sizes = &dim};
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "no sizes without a rank, found 1",
              tileBufferAnnotationGet(context, TILE_ATTRIBUTE_BUFFER, &unranked,
                                      &result));
  bool flag;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an annotation of a buffer",
              tileBufferAnnotationHasRank(unit, &flag));
}

//===----------------------------------------------------------------------===//
// Scalars, types and addresses
//===----------------------------------------------------------------------===//

static void checkScalar(MlirContext context, MlirAttribute attribute,
                        TileAttributeKind kind, const char *source,
                        MlirType type) {
  checkIs(context, attribute, kind, source);
  MlirType found = mlirNoneTypeGet(context);
  CHECK_OK(tileScalarAnnotationGetType(attribute, &found));
  CHECK(mlirTypeEqual(found, type));
}

static void testScalars(MlirContext context) {
  MlirType i32 = mlirIntegerTypeGet(context, 32), none = {NULL};
  MlirAttribute attribute = {NULL}, value = {NULL};
  MlirAttribute four = mlirIntegerAttrGet(i32, 4);
  MlirStringRef name = {NULL, 0};
  CHECK_OK(tileDynAnnotationGet(text("n"), i32, &attribute));
  checkScalar(context, attribute, TILE_ATTRIBUTE_DYN, "#tile.dyn<\"n\", i32>",
              i32);
  CHECK_OK(tileDynAnnotationGetName(attribute, &name));
  CHECK(isText(name, "n"));
  CHECK_FAILS(TILE_INVALID_IR, "expected a name of the run-time value",
              tileDynAnnotationGet(text(""), i32, &attribute));

  CHECK_OK(tileValueAnnotationGet(i32, four, &attribute));
  checkScalar(context, attribute, TILE_ATTRIBUTE_VALUE,
              "#tile.value<i32, 4 : i32>", i32);
  CHECK_OK(tileValueAnnotationGetValue(attribute, &value));
  CHECK(mlirAttributeEqual(value, four));
  CHECK_OK(tileValueAnnotationGet(i32, mlirAttributeGetNull(), &attribute));
  checkScalar(context, attribute, TILE_ATTRIBUTE_VALUE, "#tile.value<i32>",
              i32);
  CHECK_OK(tileValueAnnotationGetValue(attribute, &value));
  CHECK(mlirAttributeIsNull(value));
  CHECK_FAILS(
      TILE_INVALID_IR, "expected a value of 'index'",
      tileValueAnnotationGet(mlirIndexTypeGet(context), four, &attribute));
  CHECK_FAILS(
      TILE_INVALID_ARGUMENT, "expected a value that has a type",
      tileValueAnnotationGet(i32, mlirFlatSymbolRefAttrGet(context, text("f")),
                             &attribute));

  CHECK_OK(tileDTypeAnnotationGet(context, i32, &attribute));
  checkScalar(context, attribute, TILE_ATTRIBUTE_DTYPE, "#tile.dtype<i32>",
              i32);
  CHECK_OK(tileDTypeAnnotationGet(context, none, &attribute));
  checkScalar(context, attribute, TILE_ATTRIBUTE_DTYPE, "#tile.dtype<static>",
              none);
  CHECK_OK(tilePtrAnnotationGet(i32, &attribute));
  checkScalar(context, attribute, TILE_ATTRIBUTE_PTR, "#tile.ptr<i32>", i32);
  CHECK_FAILS(TILE_INVALID_IR, "expected a scalar type, found 'none'",
              tilePtrAnnotationGet(mlirNoneTypeGet(context), &attribute));
  MlirType found;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an annotation of a scalar",
              tileScalarAnnotationGetType(four, &found));
}

//===----------------------------------------------------------------------===//
// What all annotations answer
//===----------------------------------------------------------------------===//

static void testInterface(MlirContext context) {
  MlirAttribute open = parseAttribute(
      context, "#tile.strided_tensor<[M, static K], strides [S, 1], static>");
  bool isKernelArgument = false;
  MlirType type = mlirIndexTypeGet(context);
  MlirAttribute promoted = open;
  intptr_t count = 0;
  TileKeyPartKind kind = TILE_KEY_PART_RANK;
  int64_t dim = 0;
  MlirStringRef name = {NULL, 0};
  CHECK_OK(tileAnnotationIsKernelArgument(open, &isKernelArgument));
  CHECK(isKernelArgument);
  CHECK_OK(tileAnnotationGetArgumentType(open, &type));
  CHECK(mlirTypeIsNull(type));
  CHECK_OK(tileAnnotationPromote(open, &promoted));
  CHECK(mlirAttributeIsNull(promoted));
  CHECK_OK(tileAnnotationGetNumKeyParts(open, &count));
  CHECK(count == 2);
  CHECK_OK(tileAnnotationGetKeyPart(open, 0, &kind, &dim));
  CHECK(kind == TILE_KEY_PART_ELEMENT_TYPE);
  CHECK_OK(tileAnnotationGetKeyPart(open, 1, &kind, &dim));
  CHECK(kind == TILE_KEY_PART_SIZE && dim == 1);
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an index below 2",
              tileAnnotationGetKeyPart(open, 2, &kind, &dim));
  CHECK_OK(tileAnnotationGetNumSymbols(open, &count));
  CHECK(count == 3);
  CHECK_OK(tileAnnotationGetSymbol(open, 2, &name));
  CHECK(isText(name, "S"));

  MlirAttribute fixed = parseAttribute(context, "#tile.tensor<[M, 4], f32>");
  CHECK_OK(tileAnnotationGetArgumentType(fixed, &type));
  CHECK(mlirTypeEqual(type, parseType(context, "memref<?x4xf32>")));
  CHECK_OK(tileAnnotationPromote(fixed, &promoted));
  CHECK(mlirAttributeEqual(promoted, fixed));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected an annotation",
              tileAnnotationGetNumSymbols(mlirUnitAttrGet(context), &count));
}

void testAttributes(void) {
  MlirContext context = makeContext();
  testEnums(context);
  testDims(context);
  testBuffers(context);
  testBadBuffers(context);
  testScalars(context);
  testInterface(context);
  mlirContextDestroy(context);
}
