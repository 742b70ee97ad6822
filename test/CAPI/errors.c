//===- errors.c - bad input of every kind ---------------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Test.h"

#include "tile-c/Attributes.h"
#include "tile-c/Execution.h"
#include "tile-c/Passes.h"
#include "tile-c/Types.h"

static const char *const good = "func.func @f(%x: memref<4xf32>) {\n"
                                "  return\n"
                                "}\n";

static void testText(MlirContext context) {
  MlirModule module = {NULL};
  MlirStringRef nowhere = {NULL, 3};
  CHECK_FAILS(
      TILE_INVALID_IR, "here:1:1: error: custom op",
      tileModuleParse(context, text("tile.nonsense"), text("here"), &module));
  CHECK_FAILS(
      TILE_INVALID_IR, "error: ",
      tileModuleParse(context, text("func.func @f("), text("here"), &module));
  CHECK_FAILS(TILE_INVALID_IR, "error: ",
              tileModuleParse(context, mlirStringRefCreate("ML\xefR\x06xxx", 8),
                              text("bytecode"), &module));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected a text, found null",
              tileModuleParse(context, nowhere, text("here"), &module));
  CHECK(mlirModuleIsNull(module));
}

/// An operation that does not verify, with a note at another place.
static void testVerification(MlirContext context) {
  MlirModule module = parse(context, "func.func private @f()\n"
                                     "func.func private @g()\n");
  mlirOperationSetAttributeByName(
      mlirOperationGetNextInBlock(findFunction(module)), text("sym_name"),
      parseAttribute(context, "\"f\""));
  MlirOperation op = mlirModuleGetOperation(module);
  TileCompileOptions options = tileCompileOptionsDefault();
  TileBytes bytes = {0};
  TileExecutable executable = {NULL};
  CHECK_FAILS(TILE_INVALID_IR, "test:2:1: error: redefinition of symbol",
              tileOperationVerify(op));
  CHECK_FAILS(TILE_INVALID_IR, "\ntest:1:1: note: ", tileOperationVerify(op));
  CHECK_FAILS(TILE_INVALID_IR, "redefinition",
              tileEmitPTX(module, text("f"), &options, &bytes));
  CHECK_FAILS(TILE_INVALID_IR, "redefinition",
              tileExecutableCompile(module, text("f"), &options, &executable));
  CHECK_FAILS(TILE_INVALID_IR, "redefinition",
              tileRunPipeline(module, text("cse")));
  mlirModuleDestroy(module);
}

static void testCompilation(MlirContext context) {
  MlirModule module = parse(context, good);
  TileCompileOptions options = tileCompileOptionsDefault(), bad = options;
  TileBytes bytes = {0};
  TileExecutable executable = {NULL};
  CHECK_FAILS(TILE_INVALID_IR, "unknown entry 'g'; the functions are 'f'",
              tileEmitPTX(module, text("g"), &options, &bytes));
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected the name of a function",
              tileEmitPTX(module, text(""), &options, &bytes));
  CHECK_FAILS(TILE_COMPILE_FAILED, "the module has no kernel",
              tileEmitPTX(module, text("f"), &options, &bytes));
  bad.optLevel = 4;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "level of 0 to 3, found 4",
              tileEmitLLVM(module, text("f"), &bad, &bytes));
  bad = options;
  bad.target = (TileTarget)7;
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "a target of 0 or 1, found 7",
              tileExecutableCompile(module, text("f"), &bad, &executable));
  bad = options;
  bad.chip = text("");
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "expected a chip, found none",
              tileEmitCubin(module, text("f"), &bad, &bytes));
  bad.chip = text("banana");
  CHECK_FAILS(TILE_COMPILE_FAILED, "",
              tileEmitPTX(module, text("f"), &bad, &bytes));
  TileSignature signature = {NULL};
  CHECK_FAILS(TILE_INVALID_ARGUMENT, "'func.func', found 'builtin.module'",
              tileSignatureCreate(mlirModuleGetOperation(module), &signature));
  CHECK(!bytes.data && !executable.ptr && !signature.ptr);
  mlirModuleDestroy(module);
}

/// Null for each handle and each result in turn.
static void testNull(MlirContext context) {
  MlirModule module = parse(context, good), noModule = {NULL};
  MlirContext noContext = {NULL};
  MlirOperation noOp = {NULL};
  MlirAttribute noAttr = {NULL}, dim = parseAttribute(context, "#tile.dim<M>");
  MlirType noType = {NULL}, f32 = parseType(context, "f32");
  MlirDialectRegistry noRegistry = {NULL};
  MlirAffineExpr noExpr = {NULL};
  TileSignature noSignature = {NULL}, signature = {NULL};
  TileExecutable noExecutable = {NULL};
  TileCompileOptions options = tileCompileOptionsDefault();
  TileBytes bytes = {0};
  TileCall call = {0};
  uint64_t hash;
  CHECK_OK(tileSignatureCreate(findFunction(module), &signature));
  TileStatus found[] = {
      tileRegisterAllDialects(noRegistry),
      tileModuleParse(noContext, text(good), text("t"), &module),
      tileModuleParse(context, text(good), text("t"), NULL),
      tileOperationVerify(noOp),
      tileOperationWriteBytecode(noOp, &bytes),
      tileOperationWriteBytecode(mlirModuleGetOperation(module), NULL),
      tileTypeGetKind(noType, NULL),
      tileTypeGetKind(f32, NULL),
      tileObjectTypeGet(noContext, text("C"), NULL),
      tileObjectTypeGet(context, text("C"), NULL),
      tileObjectTypeGetClassName(noType, NULL),
      tileObjectTypeGetClassName(f32, NULL),
      tileBufferTypeGet(noType, 0, NULL, TILE_SCOPE_LOCAL, NULL),
      tileBufferTypeGet(f32, 0, NULL, TILE_SCOPE_LOCAL, NULL),
      tileBufferTypeGet(f32, 1, NULL, TILE_SCOPE_LOCAL, &f32),
      tileBufferTypeGetScope(noType, NULL),
      tileBufferTypeGetScope(f32, NULL),
      tileAttributeGetKind(noAttr, NULL),
      tileAttributeGetKind(dim, NULL),
      tileScopeAttrGet(noContext, TILE_SCOPE_LOCAL, &dim),
      tileScopeAttrGet(context, TILE_SCOPE_LOCAL, NULL),
      tileScopeAttrGetValue(noAttr, NULL),
      tileEnumAttrGet(noContext, TILE_ATTRIBUTE_SCOPE, text("local"), &dim),
      tileEnumAttrGetWord(noAttr, NULL),
      tileDimAttrGetFixed(noContext, 4, NULL),
      tileDimAttrGetSymbol(noContext, text("M"), false, NULL),
      tileDimAttrGetExpr(noExpr, 0, NULL, &dim),
      tileDimAttrIsStatic(noAttr, NULL),
      tileDimAttrIsStatic(dim, NULL),
      tileDimAttrGetSymbolName(dim, 0, NULL),
      tileBufferAnnotationGet(noContext, TILE_ATTRIBUTE_TENSOR, NULL, NULL),
      tileBufferAnnotationGet(context, TILE_ATTRIBUTE_TENSOR, NULL, &dim),
      tileBufferAnnotationHasRank(noAttr, NULL),
      tileDynAnnotationGet(text("n"), noType, &dim),
      tileDynAnnotationGet(text("n"), f32, NULL),
      tileValueAnnotationGet(noType, noAttr, &dim),
      tileDTypeAnnotationGet(noContext, f32, &dim),
      tilePtrAnnotationGet(noType, &dim),
      tileScalarAnnotationGetType(noAttr, NULL),
      tileAnnotationPromote(noAttr, NULL),
      tileAnnotationGetKeyPart(dim, 0, NULL, NULL),
      tileRunPipeline(noModule, text("cse")),
      tileSignatureCreate(noOp, &signature),
      tileSignatureCreate(findFunction(module), NULL),
      tileSignatureGetNumParameters(noSignature, NULL),
      tileSignatureGetParameterName(noSignature, 0, NULL),
      tileSignatureGetParameterName(signature, 0, NULL),
      tileSignatureGetKey(noSignature, &call, &bytes, &hash),
      tileSignatureGetKey(signature, NULL, &bytes, &hash),
      tileSignatureGetKey(signature, &call, NULL, &hash),
      tileSignatureSpecialize(noSignature, &call, noOp),
      tileSignatureSpecialize(signature, &call, noOp),
      tileEmitPTX(noModule, text("f"), &options, &bytes),
      tileEmitPTX(module, text("f"), NULL, &bytes),
      tileEmitPTX(module, text("f"), &options, NULL),
      tileExecutableCompile(noModule, text("f"), &options, &noExecutable),
      tileExecutableCompile(module, text("f"), NULL, &noExecutable),
      tileExecutableCompile(module, text("f"), &options, NULL),
      tileExecutableCall(noExecutable, &call)};
  for (size_t i = 0; i < sizeof found / sizeof found[0]; ++i)
    if (found[i] != TILE_INVALID_ARGUMENT) {
      char number[32];
      snprintf(number, sizeof number, "status %d of call %zu", (int)found[i],
               i);
      reportFailure(__FILE__, __LINE__, "null is refused", number);
    }
  CHECK(strstr(tileGetErrorMessage(), "expected an executable, found null"));
  tileBytesDestroy(NULL);
  tileExecutableDestroy(noExecutable);
  tileSignatureDestroy(noSignature);
  tileSignatureDestroy(signature);
  mlirModuleDestroy(module);
}

void testErrors(void) {
  MlirContext context = makeContext();
  testText(context);
  testVerification(context);
  testCompilation(context);
  testNull(context);
  mlirContextDestroy(context);
}
