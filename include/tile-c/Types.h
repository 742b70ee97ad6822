//===- Types.h - types of the dialect ----------------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_TYPES_H
#define TILE_C_TYPES_H

#include "mlir-c/IR.h"
#include "tile-c/Attributes.h"
#include "tile-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Which type of the dialect a type is.
typedef enum TileTypeKind {
  /// A type of another dialect.
  TILE_TYPE_OTHER = 0,
  TILE_TYPE_OBJECT = 1,
  TILE_TYPE_TENSOR_MAP = 2
} TileTypeKind;

/// Which type of the dialect a type is.
MLIR_CAPI_EXPORTED TileStatus tileTypeGetKind(MlirType type,
                                              TileTypeKind *kind);

/// The type `!tile.object<@className>`.
MLIR_CAPI_EXPORTED TileStatus tileObjectTypeGet(MlirContext context,
                                                MlirStringRef className,
                                                MlirType *type);

/// The name of an object's class. Valid as long as the context.
MLIR_CAPI_EXPORTED TileStatus tileObjectTypeGetClassName(MlirType type,
                                                         MlirStringRef *name);

/// The type of a map by which a copy engine moves boxes of `rank` dimensions,
/// with a swizzle of 32, 64 or 128 bytes, or 0 for none.
MLIR_CAPI_EXPORTED TileStatus tileTensorMapTypeGet(MlirType elementType,
                                                   intptr_t rank,
                                                   const int64_t *box,
                                                   int64_t swizzle,
                                                   MlirType *type);

/// The type of a contiguous buffer: a memref whose memory space is the scope.
/// A size of mlirShapedTypeGetDynamicSize() is dynamic.
MLIR_CAPI_EXPORTED TileStatus tileBufferTypeGet(MlirType elementType,
                                                intptr_t rank,
                                                const int64_t *shape,
                                                TileScope scope,
                                                MlirType *type);

/// The scope of a buffer.
MLIR_CAPI_EXPORTED TileStatus tileBufferTypeGetScope(MlirType type,
                                                     TileScope *scope);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_TYPES_H
