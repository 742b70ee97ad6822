//===- HostCode.h - what host code may do on a GPU --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_HOSTCODE_H
#define TILE_LIB_CONVERSION_TILETOGPU_HOSTCODE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::tile {

/// Refuses, in a function that launches kernels, host code that touches the
/// elements of a buffer on the GPU, and kernels that use host memory.
LogicalResult checkHostCode(func::FuncOp func);

/// Lowers the scalar tile ops in host code and refuses the others.
LogicalResult lowerHostCode(func::FuncOp func);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_HOSTCODE_H
