//===- Attributes.h - attributes of the dialect ------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/Dialects/Tile.md says what each attribute means.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_ATTRIBUTES_H
#define TILE_C_ATTRIBUTES_H

#include "mlir-c/AffineExpr.h"
#include "mlir-c/IR.h"
#include "tile-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Which attribute of the dialect an attribute is.
typedef enum TileAttributeKind {
  /// An attribute of another dialect.
  TILE_ATTRIBUTE_OTHER = 0,
  TILE_ATTRIBUTE_SCOPE = 1,
  TILE_ATTRIBUTE_REDUCE_KIND = 2,
  TILE_ATTRIBUTE_ATOMIC_KIND = 3,
  TILE_ATTRIBUTE_PRECISION = 4,
  TILE_ATTRIBUTE_DIM = 5,
  TILE_ATTRIBUTE_TENSOR = 6,
  TILE_ATTRIBUTE_STRIDED_TENSOR = 7,
  TILE_ATTRIBUTE_BUFFER = 8,
  TILE_ATTRIBUTE_FRAGMENT = 9,
  TILE_ATTRIBUTE_SHARED = 10,
  TILE_ATTRIBUTE_LOCAL = 11,
  TILE_ATTRIBUTE_DYN = 12,
  TILE_ATTRIBUTE_VALUE = 13,
  TILE_ATTRIBUTE_DTYPE = 14,
  TILE_ATTRIBUTE_PTR = 15,
  TILE_ATTRIBUTE_SCAN_KIND = 16,
  TILE_ATTRIBUTE_GEMM_POLICY = 17,
  TILE_ATTRIBUTE_SWIZZLE = 18,
  TILE_ATTRIBUTE_LAYOUT = 19,
  TILE_ATTRIBUTE_ARRIVAL_KIND = 20,
  TILE_ATTRIBUTE_FENCE_KIND = 21,
  TILE_ATTRIBUTE_REGISTER_ACTION = 22,
  TILE_ATTRIBUTE_WARP_ROLES = 23,
  TILE_ATTRIBUTE_STORES = 24
} TileAttributeKind;

/// Which attribute of the dialect an attribute is.
MLIR_CAPI_EXPORTED TileStatus tileAttributeGetKind(MlirAttribute attribute,
                                                   TileAttributeKind *kind);

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

/// Where a buffer lives.
typedef enum TileScope {
  TILE_SCOPE_GLOBAL = 0,
  TILE_SCOPE_SHARED = 1,
  TILE_SCOPE_FRAGMENT = 2,
  TILE_SCOPE_LOCAL = 3
} TileScope;

/// The attribute `#tile.scope<...>`.
MLIR_CAPI_EXPORTED TileStatus tileScopeAttrGet(MlirContext context,
                                               TileScope scope,
                                               MlirAttribute *attribute);

/// The scope that a `#tile.scope` names.
MLIR_CAPI_EXPORTED TileStatus tileScopeAttrGetValue(MlirAttribute attribute,
                                                    TileScope *scope);

/// An enumeration attribute by the word that it is written as: a
/// TILE_ATTRIBUTE_SCOPE ("shared"), _REDUCE_KIND ("sum"), _SCAN_KIND ("sum"),
/// _ATOMIC_KIND ("add"), _GEMM_POLICY ("square") or _PRECISION ("tf32").
MLIR_CAPI_EXPORTED TileStatus tileEnumAttrGet(MlirContext context,
                                              TileAttributeKind kind,
                                              MlirStringRef word,
                                              MlirAttribute *attribute);

/// The word of an enumeration attribute. Valid for ever.
MLIR_CAPI_EXPORTED TileStatus tileEnumAttrGetWord(MlirAttribute attribute,
                                                  MlirStringRef *word);

/// The attribute `#tile.swizzle<panel, row>`, or `column`.
MLIR_CAPI_EXPORTED TileStatus tileSwizzleAttrGet(MlirContext context,
                                                 int64_t panel, bool isColumn,
                                                 MlirAttribute *attribute);

/// The number of rows or columns that a swizzle walks together.
MLIR_CAPI_EXPORTED TileStatus tileSwizzleAttrGetPanel(MlirAttribute attribute,
                                                      int64_t *panel);

/// Whether the panels of a swizzle are columns.
MLIR_CAPI_EXPORTED TileStatus tileSwizzleAttrIsColumn(MlirAttribute attribute,
                                                      bool *isColumn);

/// The attribute `#tile.layout<text>`, for example with the text
/// `threads (4,8):(2,8), values (2):(1), shape 8x8`.
MLIR_CAPI_EXPORTED TileStatus tileLayoutAttrGet(MlirContext context,
                                                MlirStringRef text,
                                                MlirAttribute *attribute);

/// How many threads a layout spreads a fragment over.
MLIR_CAPI_EXPORTED TileStatus
tileLayoutAttrGetNumThreads(MlirAttribute attribute, int64_t *numThreads);

/// How many values each thread holds.
MLIR_CAPI_EXPORTED TileStatus
tileLayoutAttrGetNumValues(MlirAttribute attribute, int64_t *numValues);

/// The element that a thread holds in a value, counted row-major in the padded
/// shape.
MLIR_CAPI_EXPORTED TileStatus tileLayoutAttrGetElement(MlirAttribute attribute,
                                                       int64_t thread,
                                                       int64_t value,
                                                       int64_t *element);

//===----------------------------------------------------------------------===//
// Sizes and strides
//===----------------------------------------------------------------------===//

/// A fixed size.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetFixed(MlirContext context,
                                                  int64_t size,
                                                  MlirAttribute *attribute);

/// A size with a name, known at run time, or at compile time with `isStatic`.
/// Without a name (an empty one) it is `?` or `static`.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetSymbol(MlirContext context,
                                                   MlirStringRef name,
                                                   bool isStatic,
                                                   MlirAttribute *attribute);

/// An expression known at run time, whose symbol `i` has the name `names[i]`.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetExpr(MlirAffineExpr expr,
                                                 intptr_t numNames,
                                                 const MlirStringRef *names,
                                                 MlirAttribute *attribute);

/// Whether the size is known only at compile time of a call's kernel.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrIsStatic(MlirAttribute attribute,
                                                  bool *isStatic);

/// The fixed size, or -1 when it is not fixed.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetSize(MlirAttribute attribute,
                                                 int64_t *size);

/// The expression; null for `?` and `static`.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetAffineExpr(MlirAttribute attribute,
                                                       MlirAffineExpr *expr);

/// The number of symbols in a size.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetNumSymbols(MlirAttribute attribute,
                                                       intptr_t *count);

/// The name of a symbol. Valid as long as the context.
MLIR_CAPI_EXPORTED TileStatus tileDimAttrGetSymbolName(MlirAttribute attribute,
                                                       intptr_t index,
                                                       MlirStringRef *name);

//===----------------------------------------------------------------------===//
// Annotations of buffers
//===----------------------------------------------------------------------===//

/// The parameters of an annotation of a buffer, for building one.
typedef struct TileBufferAnnotation {
  /// False for any rank, which is written `*`.
  bool hasRank;
  /// A `#tile.dim` for each size, and for each stride where there are any.
  intptr_t numSizes;
  const MlirAttribute *sizes;
  intptr_t numStrides;
  const MlirAttribute *strides;
  /// The element type; null when the kernel is compiled for each.
  MlirType elementType;
  /// The name of an open element type; may be empty.
  MlirStringRef typeName;
} TileBufferAnnotation;

/// An annotation of a buffer: a TILE_ATTRIBUTE_TENSOR, _STRIDED_TENSOR,
/// _BUFFER, _FRAGMENT, _SHARED or _LOCAL.
MLIR_CAPI_EXPORTED TileStatus tileBufferAnnotationGet(
    MlirContext context, TileAttributeKind kind,
    const TileBufferAnnotation *parameters, MlirAttribute *attribute);

/// Whether the rank is known.
MLIR_CAPI_EXPORTED TileStatus
tileBufferAnnotationHasRank(MlirAttribute attribute, bool *hasRank);

/// The number of sizes, which is the rank.
MLIR_CAPI_EXPORTED TileStatus
tileBufferAnnotationGetNumSizes(MlirAttribute attribute, intptr_t *count);

/// A size, as a `#tile.dim`.
MLIR_CAPI_EXPORTED TileStatus tileBufferAnnotationGetSize(
    MlirAttribute attribute, intptr_t index, MlirAttribute *size);

/// The number of strides; 0 when none are given.
MLIR_CAPI_EXPORTED TileStatus
tileBufferAnnotationGetNumStrides(MlirAttribute attribute, intptr_t *count);

/// A stride, as a `#tile.dim`.
MLIR_CAPI_EXPORTED TileStatus tileBufferAnnotationGetStride(
    MlirAttribute attribute, intptr_t index, MlirAttribute *stride);

/// The element type; null while it is open.
MLIR_CAPI_EXPORTED TileStatus
tileBufferAnnotationGetElementType(MlirAttribute attribute, MlirType *type);

/// The name of an open element type; empty when it has none. Valid as long as
/// the context.
MLIR_CAPI_EXPORTED TileStatus
tileBufferAnnotationGetTypeName(MlirAttribute attribute, MlirStringRef *name);

//===----------------------------------------------------------------------===//
// Annotations of scalars, types and addresses
//===----------------------------------------------------------------------===//

/// The annotation `#tile.dyn<"name", type>`.
MLIR_CAPI_EXPORTED TileStatus tileDynAnnotationGet(MlirStringRef name,
                                                   MlirType type,
                                                   MlirAttribute *attribute);

/// The name of a run-time scalar. Valid as long as the context.
MLIR_CAPI_EXPORTED TileStatus tileDynAnnotationGetName(MlirAttribute attribute,
                                                       MlirStringRef *name);

/// The annotation `#tile.value<type, value>`. A null value is open.
MLIR_CAPI_EXPORTED TileStatus tileValueAnnotationGet(MlirType type,
                                                     MlirAttribute value,
                                                     MlirAttribute *attribute);

/// The value; null while it is open.
MLIR_CAPI_EXPORTED TileStatus
tileValueAnnotationGetValue(MlirAttribute attribute, MlirAttribute *value);

/// The annotation `#tile.dtype<type>`. A null type is open.
MLIR_CAPI_EXPORTED TileStatus tileDTypeAnnotationGet(MlirContext context,
                                                     MlirType type,
                                                     MlirAttribute *attribute);

/// The annotation `#tile.ptr<elementType>`.
MLIR_CAPI_EXPORTED TileStatus tilePtrAnnotationGet(MlirType elementType,
                                                   MlirAttribute *attribute);

/// The type that a TILE_ATTRIBUTE_DYN, _VALUE, _DTYPE or _PTR names; null for
/// an open _DTYPE.
MLIR_CAPI_EXPORTED TileStatus
tileScalarAnnotationGetType(MlirAttribute attribute, MlirType *type);

//===----------------------------------------------------------------------===//
// What all annotations answer
//===----------------------------------------------------------------------===//

/// Something of an actual argument that makes a difference to the kernel.
typedef enum TileKeyPartKind {
  TILE_KEY_PART_RANK = 0,
  TILE_KEY_PART_ELEMENT_TYPE = 1,
  TILE_KEY_PART_SIZE = 2,
  TILE_KEY_PART_STRIDE = 3,
  TILE_KEY_PART_VALUE = 4,
  TILE_KEY_PART_DTYPE = 5
} TileKeyPartKind;

/// Whether the argument is passed at launch.
MLIR_CAPI_EXPORTED TileStatus
tileAnnotationIsKernelArgument(MlirAttribute attribute, bool *isKernelArgument);

/// The type of the function's argument; null while it is open.
MLIR_CAPI_EXPORTED TileStatus
tileAnnotationGetArgumentType(MlirAttribute attribute, MlirType *type);

/// The same annotation when nothing of the argument can vary between
/// compilations; null otherwise.
MLIR_CAPI_EXPORTED TileStatus tileAnnotationPromote(MlirAttribute attribute,
                                                    MlirAttribute *promoted);

/// The number of parts that an argument adds to the key of a kernel.
MLIR_CAPI_EXPORTED TileStatus
tileAnnotationGetNumKeyParts(MlirAttribute attribute, intptr_t *count);

/// A part of the key; `dim` is the dimension of a size or stride, else 0.
MLIR_CAPI_EXPORTED TileStatus tileAnnotationGetKeyPart(MlirAttribute attribute,
                                                       intptr_t index,
                                                       TileKeyPartKind *kind,
                                                       int64_t *dim);

/// The number of symbols that an annotation names, those of sizes first.
MLIR_CAPI_EXPORTED TileStatus
tileAnnotationGetNumSymbols(MlirAttribute attribute, intptr_t *count);

/// The name of a symbol. Valid as long as the context.
MLIR_CAPI_EXPORTED TileStatus tileAnnotationGetSymbol(MlirAttribute attribute,
                                                      intptr_t index,
                                                      MlirStringRef *name);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_ATTRIBUTES_H
