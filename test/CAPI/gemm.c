//===- gemm.c - a product, built op by op, compiled and run ---------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel of docs/examples/gemm.mlir, for sizes that the tile does not
// divide, through nothing but the C interface.
//
//===----------------------------------------------------------------------===//

#include "Test.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "tile-c/Attributes.h"
#include "tile-c/Execution.h"
#include "tile-c/Runtime.h"
#include "tile-c/Types.h"

#include <math.h>
#include <stdlib.h>

enum { M = 70, N = 45, K = 83 };

/// What the building functions below work on.
typedef struct Builder {
  MlirContext context;
  MlirLocation loc;
  MlirBlock block;
  MlirType index, f16, f32;
} Builder;

static MlirNamedAttribute named(const Builder *b, const char *name,
                                MlirAttribute attribute) {
  return mlirNamedAttributeGet(mlirIdentifierGet(b->context, text(name)),
                               attribute);
}

/// Appends an operation; returns its result, if it has one.
static MlirValue emit(const Builder *b, const char *name, intptr_t numOperands,
                      const MlirValue *operands, const MlirType *result,
                      intptr_t numAttributes,
                      const MlirNamedAttribute *attributes,
                      const MlirRegion *region) {
  MlirOperationState state = mlirOperationStateGet(text(name), b->loc);
  mlirOperationStateAddOperands(&state, numOperands, operands);
  if (result)
    mlirOperationStateAddResults(&state, 1, result);
  mlirOperationStateAddAttributes(&state, numAttributes, attributes);
  if (region)
    mlirOperationStateAddOwnedRegions(&state, 1, region);
  MlirOperation op = mlirOperationCreate(&state);
  mlirBlockAppendOwnedOperation(b->block, op);
  MlirValue none = {NULL};
  return result ? mlirOperationGetResult(op, 0) : none;
}

static MlirValue constant(const Builder *b, MlirAttribute value) {
  MlirType type = mlirAttributeGetType(value);
  MlirNamedAttribute attribute = named(b, "value", value);
  return emit(b, "arith.constant", 0, NULL, &type, 1, &attribute, NULL);
}

static MlirValue indexConstant(const Builder *b, int64_t value) {
  return constant(b, mlirIntegerAttrGet(b->index, value));
}

static MlirValue binary(const Builder *b, const char *name, MlirValue left,
                        MlirValue right) {
  MlirValue operands[] = {left, right};
  return emit(b, name, 2, operands, &b->index, 0, NULL, NULL);
}

static MlirValue dim(const Builder *b, MlirValue buffer, int64_t index) {
  MlirValue operands[] = {buffer, indexConstant(b, index)};
  return emit(b, "memref.dim", 2, operands, &b->index, 0, NULL, NULL);
}

static MlirValue alloc(const Builder *b, const char *name, MlirType element,
                       int64_t rows, int64_t columns, TileScope scope) {
  int64_t shape[] = {rows, columns};
  MlirType type = {NULL};
  CHECK_OK(tileBufferTypeGet(element, 2, shape, scope, &type));
  MlirNamedAttribute attribute =
      named(b, "name", mlirStringAttrGet(b->context, text(name)));
  return emit(b, "tile.alloc", 0, NULL, &type, 1, &attribute, NULL);
}

/// Copies from or to an offset in a matrix, which is null on the other side.
static void copy(const Builder *b, MlirValue from, const MlirValue *fromOffset,
                 MlirValue to, const MlirValue *toOffset) {
  MlirValue operands[6];
  intptr_t count = 0;
  operands[count++] = from;
  for (int i = 0; fromOffset && i < 2; ++i)
    operands[count++] = fromOffset[i];
  operands[count++] = to;
  for (int i = 0; toOffset && i < 2; ++i)
    operands[count++] = toOffset[i];
  int32_t sizes[] = {1, fromOffset ? 2 : 0, 1, toOffset ? 2 : 0, 0, 0};
  MlirNamedAttribute attribute = named(
      b, "operandSegmentSizes", mlirDenseI32ArrayGet(b->context, 6, sizes));
  emit(b, "tile.copy", count, operands, NULL, 1, &attribute, NULL);
}

/// A block of a new region, with arguments of type index.
static MlirBlock addBlock(const Builder *b, MlirRegion region, intptr_t count) {
  MlirType types[] = {b->index, b->index};
  MlirLocation locs[] = {b->loc, b->loc};
  MlirBlock block = mlirBlockCreate(count, types, locs);
  mlirRegionAppendOwnedBlock(region, block);
  return block;
}

/// The loop over K.
static void buildLoop(const Builder *outer, const MlirValue *matrices,
                      const MlirValue *tiles, MlirValue row, MlirValue column,
                      MlirValue depth) {
  MlirRegion region = mlirRegionCreate();
  Builder b = *outer;
  b.block = addBlock(outer, region, 1);
  MlirValue k = mlirBlockGetArgument(b.block, 0);
  copy(&b, matrices[0], (MlirValue[]){row, k}, tiles[0], NULL);
  copy(&b, matrices[1], (MlirValue[]){k, column}, tiles[1], NULL);
  emit(&b, "tile.gemm", 3, tiles, NULL, 0, NULL, NULL);
  emit(&b, "tile.yield", 0, NULL, NULL, 0, NULL, NULL);
  MlirValue bounds[] = {indexConstant(outer, 0), depth,
                        indexConstant(outer, 16)};
  MlirNamedAttribute stages =
      named(outer, "stages",
            mlirIntegerAttrGet(mlirIntegerTypeGet(b.context, 64), 2));
  emit(outer, "tile.pipelined", 3, bounds, NULL, 1, &stages, &region);
}

/// The body of the launch.
static void buildBlock(const Builder *outer, const MlirValue *matrices,
                       MlirValue depth, MlirRegion region) {
  Builder b = *outer;
  b.block = addBlock(outer, region, 2);
  MlirValue size = indexConstant(&b, 32);
  MlirValue column =
      binary(&b, "arith.muli", mlirBlockGetArgument(b.block, 0), size);
  MlirValue row =
      binary(&b, "arith.muli", mlirBlockGetArgument(b.block, 1), size);
  MlirValue tiles[] = {alloc(&b, "a_tile", b.f16, 32, 16, TILE_SCOPE_SHARED),
                       alloc(&b, "b_tile", b.f16, 16, 32, TILE_SCOPE_SHARED),
                       alloc(&b, "acc", b.f32, 32, 32, TILE_SCOPE_FRAGMENT)};
  MlirValue fill[] = {
      tiles[2], constant(&b, mlirFloatAttrDoubleGet(b.context, b.f32, 0.0))};
  emit(&b, "tile.fill", 2, fill, NULL, 0, NULL, NULL);
  buildLoop(&b, matrices, tiles, row, column, depth);
  copy(&b, tiles[2], NULL, matrices[2], (MlirValue[]){row, column});
  emit(&b, "tile.yield", 0, NULL, NULL, 0, NULL, NULL);
}

static MlirType matrixType(MlirType element) {
  int64_t dynamic = mlirShapedTypeGetDynamicSize();
  int64_t shape[] = {dynamic, dynamic};
  MlirType type = {NULL};
  CHECK_OK(tileBufferTypeGet(element, 2, shape, TILE_SCOPE_GLOBAL, &type));
  return type;
}

static MlirModule buildGemm(MlirContext context) {
  Builder b = {.context = context, .loc = mlirLocationUnknownGet(context)};
  b.index = mlirIndexTypeGet(context);
  b.f16 = mlirF16TypeGet(context);
  b.f32 = mlirF32TypeGet(context);
  MlirModule module = mlirModuleCreateEmpty(b.loc);

  MlirType types[] = {matrixType(b.f16), matrixType(b.f16), matrixType(b.f32)};
  MlirLocation locs[] = {b.loc, b.loc, b.loc};
  MlirRegion body = mlirRegionCreate();
  b.block = mlirBlockCreate(3, types, locs);
  mlirRegionAppendOwnedBlock(body, b.block);
  MlirValue matrices[3];
  for (intptr_t i = 0; i < 3; ++i)
    matrices[i] = mlirBlockGetArgument(b.block, i);

  MlirValue size = indexConstant(&b, 32);
  MlirValue grid[] = {
      binary(&b, "arith.ceildivui", dim(&b, matrices[2], 1), size),
      binary(&b, "arith.ceildivui", dim(&b, matrices[2], 0), size)};
  MlirValue depth = dim(&b, matrices[0], 1);
  MlirRegion launch = mlirRegionCreate();
  buildBlock(&b, matrices, depth, launch);
  MlirNamedAttribute threads = named(
      &b, "threads", mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), 64));
  emit(&b, "tile.launch", 2, grid, NULL, 1, &threads, &launch);
  emit(&b, "func.return", 0, NULL, NULL, 0, NULL, NULL);

  MlirNamedAttribute attributes[] = {
      named(&b, "sym_name", mlirStringAttrGet(context, text("gemm"))),
      named(&b, "function_type",
            mlirTypeAttrGet(mlirFunctionTypeGet(context, 3, types, 0, NULL)))};
  b.block = mlirModuleGetBody(module);
  emit(&b, "func.func", 0, NULL, NULL, 2, attributes, &body);
  return module;
}

/// The bits of a small integer as a 16-bit float.
static uint16_t halfBits(int value) {
  if (value == 0)
    return 0;
  int exponent = 0;
  double fraction = frexp(abs(value), &exponent);
  unsigned mantissa = (unsigned)((fraction * 2 - 1) * 1024);
  return (uint16_t)((value < 0 ? 0x8000 : 0) | ((exponent + 14) << 10) |
                    mantissa);
}

static TileValue tensor(void *data, TileDType dtype, const int64_t *shape) {
  TileValue value = {.kind = TILE_VALUE_TENSOR};
  value.as.tensor = (TileTensor){.data = data,
                                 .dtype = dtype,
                                 .device = {1, 0},
                                 .rank = 2,
                                 .shape = shape};
  return value;
}

/// Compares with the product in integers, which is exact.
static void runGemm(TileExecutable gemm) {
  static uint16_t a[M * K], b[K * N];
  static float c[M * N];
  static int left[M * K], right[K * N];
  for (int i = 0; i < M * K; ++i)
    a[i] = halfBits(left[i] = i * 7 % 13 - 6);
  for (int i = 0; i < K * N; ++i)
    b[i] = halfBits(right[i] = i * 5 % 11 - 5);
  for (int i = 0; i < M * N; ++i)
    c[i] = NAN;
  int64_t shapes[][2] = {{M, K}, {K, N}, {M, N}};
  TileDType f16 = {2, 16, 1}, f32 = {2, 32, 1};
  TileValue values[] = {tensor(a, f16, shapes[0]), tensor(b, f16, shapes[1]),
                        tensor(c, f32, shapes[2])};
  TileCall call = {.numPositional = 3, .positional = values};
  CHECK_OK(tileExecutableCall(gemm, &call));
  int wrong = 0;
  for (int i = 0; i < M; ++i)
    for (int j = 0; j < N; ++j) {
      int sum = 0;
      for (int k = 0; k < K; ++k)
        sum += left[i * K + k] * right[k * N + j];
      wrong += c[i * N + j] != (float)sum;
    }
  CHECK(wrong == 0);
  printf("%d of %d elements wrong\n", wrong, M * N);
}

static void emitGemm(MlirModule module) {
  TileCompileOptions options = tileCompileOptionsDefault();
  const char *chips[] = {"sm_80", "sm_90a"};
  for (int i = 0; i < 2; ++i) {
    options.chip = text(chips[i]);
    TileBytes ptx = {0};
    CHECK_OK(tileEmitPTX(module, text("gemm"), &options, &ptx));
    char target[32];
    snprintf(target, sizeof target, ".target %s", chips[i]);
    CHECK(ptx.data && strstr(ptx.data, target) && strstr(ptx.data, ".entry"));
    CHECK(ptx.data && strlen(ptx.data) == ptx.size);
    tileBytesDestroy(&ptx);
    CHECK(!ptx.data && !ptx.size);
  }
  TileBytes cubin = {0};
  if (tileAssemblerName()) {
    CHECK_OK(tileEmitCubin(module, text("gemm"), &options, &cubin));
    CHECK(cubin.size > 4 && !memcmp(cubin.data, "\177ELF", 4));
  } else {
    CHECK_FAILS(TILE_COMPILE_FAILED, "found neither nvJitLink nor ptxas",
                tileEmitCubin(module, text("gemm"), &options, &cubin));
  }
  tileBytesDestroy(&cubin);
  TileBytes llvm = {0};
  CHECK_OK(tileEmitLLVM(module, text("gemm"), &options, &llvm));
  CHECK(llvm.data && strstr(llvm.data, "define void @gemm("));
  tileBytesDestroy(&llvm);
}

/// The same module from bytecode.
static void rereadGemm(MlirContext context, MlirModule module) {
  TileBytes bytecode = {0};
  MlirModule again = {NULL};
  CHECK_OK(
      tileOperationWriteBytecode(mlirModuleGetOperation(module), &bytecode));
  CHECK_OK(tileModuleParse(context,
                           mlirStringRefCreate(bytecode.data, bytecode.size),
                           text("bytecode"), &again));
  TileBytes second = {0};
  CHECK_OK(tileOperationWriteBytecode(mlirModuleGetOperation(again), &second));
  CHECK(bytecode.size == second.size &&
        !memcmp(bytecode.data, second.data, second.size));
  tileBytesDestroy(&bytecode);
  tileBytesDestroy(&second);
  mlirModuleDestroy(again);
}

void testGemm(void) {
  MlirContext context = makeContext();
  MlirModule module = buildGemm(context);
  CHECK_OK(tileOperationVerify(mlirModuleGetOperation(module)));
  rereadGemm(context, module);
  emitGemm(module);
  TileCompileOptions options = tileCompileOptionsDefault();
  TileExecutable gemm = {NULL};
  CHECK_OK(tileExecutableCompile(module, text("gemm"), &options, &gemm));
  mlirModuleDestroy(module);
  runGemm(gemm);
  tileExecutableDestroy(gemm);
  mlirContextDestroy(context);
}
