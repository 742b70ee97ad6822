//===- Support.h - status codes and messages ---------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function of this interface that can fail returns a TileStatus, and sets
// its results only on success. Bad input, null handles included, gives a code
// and a message; no call ends the process.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_SUPPORT_H
#define TILE_C_SUPPORT_H

#include "mlir-c/Support.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What became of a call.
typedef enum TileStatus {
  TILE_SUCCESS = 0,
  /// A null handle, an index out of range, a value that no enumeration has.
  TILE_INVALID_ARGUMENT = 1,
  /// IR, an attribute, a type or a pipeline that does not parse or verify.
  TILE_INVALID_IR = 2,
  /// IR that is right, but that a pass or a code generator could not take on.
  TILE_COMPILE_FAILED = 3,
  /// Arguments that do not fit the function, or a check that failed in it.
  TILE_CALL_FAILED = 4
} TileStatus;

/// The message of this thread's last call that returned a TileStatus, with all
/// errors and notes that MLIR reported; empty after a success. Valid until this
/// thread's next such call.
MLIR_CAPI_EXPORTED const char *tileGetErrorMessage(void);

/// Bytes that belong to the caller. `data` ends with a zero that `size` does
/// not count.
typedef struct TileBytes {
  char *data;
  size_t size;
} TileBytes;

/// Frees the bytes and clears the fields. Null is allowed.
MLIR_CAPI_EXPORTED void tileBytesDestroy(TileBytes *bytes);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_SUPPORT_H
