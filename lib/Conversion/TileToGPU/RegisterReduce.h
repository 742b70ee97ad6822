//===- RegisterReduce.h - reductions of fragments ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_REGISTERREDUCE_H
#define TILE_LIB_CONVERSION_TILETOGPU_REGISTERREDUCE_H

#include "ThreadExecutor.h"

namespace mlir::tile {

/// Emits a reduction whose source is spread over registers: inside each thread,
/// then by shuffles inside each warp, then through the op's scratch.
void lowerReduceInRegisters(ReduceOp op, ThreadExecutor &executor,
                            OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_REGISTERREDUCE_H
