//===- GPUGemm.h - matrix products by the threads of a block ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_GPUGEMM_H
#define TILE_LIB_CONVERSION_TILETOGPU_GPUGEMM_H

#include "ThreadExecutor.h"

namespace mlir::tile {

/// Emits the product at the builder's position, one dot product for each
/// element of the accumulator, by the thread that holds it.
void lowerGemmOnThreads(GemmOp op, ThreadExecutor &executor,
                        OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_GPUGEMM_H
