//===- CPUGemm.h - matrix products on the CPU -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOCPU_CPUGEMM_H
#define TILE_LIB_CONVERSION_TILETOCPU_CPUGEMM_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Makes a buffer of `type` that lives as long as the function.
using AllocFn = function_ref<Value(MemRefType)>;

/// Emits the product at the builder's position; `alloc` makes scratch buffers.
void lowerGemmOnCPU(GemmOp op, OpBuilder &builder, AllocFn alloc);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOCPU_CPUGEMM_H
