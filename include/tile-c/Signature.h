//===- Signature.h - what callers may pass -----------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arguments of a call as plain values, and all that a function's
// annotations say about them.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_SIGNATURE_H
#define TILE_C_SIGNATURE_H

#include "mlir-c/IR.h"
#include "tile-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// The type of an element, in the numbers of DLPack.
typedef struct TileDType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
} TileDType;

/// Where a tensor is, in the numbers of DLPack: type 1 is the CPU, 2 CUDA.
typedef struct TileDevice {
  int32_t type;
  int32_t index;
} TileDevice;

/// A tensor of the caller. `data` is the address of its first element. Strides
/// count elements; without them (null) it is contiguous, in C order.
typedef struct TileTensor {
  void *data;
  TileDType dtype;
  TileDevice device;
  int32_t rank;
  const int64_t *shape;
  const int64_t *strides;
} TileTensor;

/// What a value is.
typedef enum TileValueKind {
  /// None, or a tensor that is not there.
  TILE_VALUE_ABSENT = 0,
  TILE_VALUE_BOOL = 1,
  TILE_VALUE_INT = 2,
  TILE_VALUE_FLOAT = 3,
  TILE_VALUE_STRING = 4,
  TILE_VALUE_DTYPE = 5,
  TILE_VALUE_TENSOR = 6,
  /// A value that only the caller knows, as bytes that are equal when the
  /// values are.
  TILE_VALUE_FROZEN = 7
} TileValueKind;

/// The value of one argument. What it points to belongs to the caller.
typedef struct TileValue {
  TileValueKind kind;
  union {
    bool boolean;
    int64_t integer;
    double number;
    MlirStringRef string;
    TileDType dtype;
    TileTensor tensor;
    struct {
      MlirStringRef type;
      MlirStringRef bytes;
    } frozen;
  } as;
} TileValue;

/// An argument passed by its name.
typedef struct TileKeyword {
  MlirStringRef name;
  TileValue value;
} TileKeyword;

/// All the arguments of a call.
typedef struct TileCall {
  intptr_t numPositional;
  const TileValue *positional;
  intptr_t numKeywords;
  const TileKeyword *keywords;
  /// Whether any tensor that the kernel is not compiled for may be absent.
  bool allowAbsent;
} TileCall;

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

/// Everything about the parameters of one function.
typedef struct TileSignature {
  void *ptr;
} TileSignature;

/// Reads the annotations of a `func.func`. The context must outlive the result.
MLIR_CAPI_EXPORTED TileStatus tileSignatureCreate(MlirOperation function,
                                                  TileSignature *signature);

/// Frees a signature. A null handle is allowed.
MLIR_CAPI_EXPORTED void tileSignatureDestroy(TileSignature signature);

/// The number of parameters, which is that of the function's arguments.
MLIR_CAPI_EXPORTED TileStatus
tileSignatureGetNumParameters(TileSignature signature, intptr_t *count);

/// The name of a parameter. Valid as long as the signature.
MLIR_CAPI_EXPORTED TileStatus tileSignatureGetParameterName(
    TileSignature signature, intptr_t index, MlirStringRef *name);

/// The annotation of a parameter; a type attribute when it has none.
MLIR_CAPI_EXPORTED TileStatus tileSignatureGetAnnotation(
    TileSignature signature, intptr_t index, MlirAttribute *annotation);

/// Whether a parameter is passed at launch.
MLIR_CAPI_EXPORTED TileStatus tileSignatureIsKernelParameter(
    TileSignature signature, intptr_t index, bool *isKernelParameter);

/// Whether a parameter's annotation leaves nothing open at compile time.
MLIR_CAPI_EXPORTED TileStatus tileSignatureIsStaticParameter(
    TileSignature signature, intptr_t index, bool *isStaticParameter);

/// Whether the function can be compiled without knowing a call.
MLIR_CAPI_EXPORTED TileStatus tileSignatureIsAllStatic(TileSignature signature,
                                                       bool *isAllStatic);

/// Checks the arguments of a call, and makes the key of the kernel for them
/// with its hash. Both are the same in every process. The function, the device
/// and the compiler are for the caller to add.
MLIR_CAPI_EXPORTED TileStatus tileSignatureGetKey(TileSignature signature,
                                                  const TileCall *call,
                                                  TileBytes *key,
                                                  uint64_t *hash);

/// Checks the arguments of a call, and gives `function`, from which the
/// signature was made or a clone of it, the annotations that are left when
/// nothing is open at compile time. On failure it may be half changed.
MLIR_CAPI_EXPORTED TileStatus tileSignatureSpecialize(TileSignature signature,
                                                      const TileCall *call,
                                                      MlirOperation function);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_SIGNATURE_H
