//===- VerifyBuffers.h - checks of buffers and regions ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_IR_VERIFYBUFFERS_H
#define TILE_LIB_DIALECT_TILE_IR_VERIFYBUFFERS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::tile {

/// Each reports an error of `op` when it does not hold.

/// `indices` has one index for each dimension of the buffer.
LogicalResult verifyIndices(Operation *op, StringRef role, MemRefType type,
                            ValueRange indices);

/// There are `dynamic` values for the extents that are no constants, and no
/// constant is negative.
LogicalResult verifyExtents(Operation *op, ArrayRef<int64_t> extents,
                            size_t dynamic);

LogicalResult verifyStaticShape(Operation *op, Value buffer, StringRef role);

/// The whole block can work on `buffer`: it is not in local scope.
LogicalResult verifyBlockScope(Operation *op, Value buffer, StringRef role);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_IR_VERIFYBUFFERS_H
