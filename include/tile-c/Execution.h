//===- Execution.h - compile and call ----------------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_EXECUTION_H
#define TILE_C_EXECUTION_H

#include "mlir-c/IR.h"
#include "tile-c/Signature.h"
#include "tile-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Where compiled code runs.
typedef enum TileTarget {
  TILE_TARGET_CPU = 0,
  TILE_TARGET_CUDA = 1
} TileTarget;

/// How to compile. Begin with tileCompileOptionsDefault().
typedef struct TileCompileOptions {
  TileTarget target;
  /// The GPU to compile for, unused on the CPU.
  MlirStringRef chip;
  /// Of LLVM, 0 to 3.
  int optLevel;
} TileCompileOptions;

/// The CPU; sm_80 for what is emitted for a GPU; the highest optimisation.
MLIR_CAPI_EXPORTED TileCompileOptions tileCompileOptionsDefault(void);

/// The PTX of the kernels of a function. The module is not changed.
MLIR_CAPI_EXPORTED TileStatus tileEmitPTX(MlirModule module,
                                          MlirStringRef function,
                                          const TileCompileOptions *options,
                                          TileBytes *ptx);

/// The machine code of the kernels of a function, by nvJitLink or ptxas.
MLIR_CAPI_EXPORTED TileStatus tileEmitCubin(MlirModule module,
                                            MlirStringRef function,
                                            const TileCompileOptions *options,
                                            TileBytes *cubin);

/// The LLVM IR of what runs on the host, before LLVM's optimisations.
MLIR_CAPI_EXPORTED TileStatus tileEmitLLVM(MlirModule module,
                                           MlirStringRef function,
                                           const TileCompileOptions *options,
                                           TileBytes *text);

/// A compiled function.
typedef struct TileExecutable {
  void *ptr;
} TileExecutable;

/// Compiles a function and what it calls. The module is not changed; the
/// context must outlive the result.
MLIR_CAPI_EXPORTED TileStatus tileExecutableCompile(
    MlirModule module, MlirStringRef function,
    const TileCompileOptions *options, TileExecutable *executable);

/// Frees an executable, which must not be running. A null handle is allowed.
MLIR_CAPI_EXPORTED void tileExecutableDestroy(TileExecutable executable);

/// Checks the arguments and calls the function. On a GPU this returns when the
/// kernels are launched. Several threads may call at once.
MLIR_CAPI_EXPORTED TileStatus tileExecutableCall(TileExecutable executable,
                                                 const TileCall *call);

#ifdef __cplusplus
}
#endif

#endif // TILE_C_EXECUTION_H
