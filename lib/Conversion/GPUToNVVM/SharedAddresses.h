//===- SharedAddresses.h - distances in shared memory -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_GPUTONVVM_SHAREDADDRESSES_H
#define TILE_LIB_CONVERSION_GPUTONVVM_SHAREDADDRESSES_H

#include "mlir/IR/Operation.h"

namespace mlir::tile {

/// Writes the addresses in shared memory of asynchronous copies and of ldmatrix
/// as one that several have in common and a constant.
void splitSharedAddresses(Operation *root);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_GPUTONVVM_SHAREDADDRESSES_H
