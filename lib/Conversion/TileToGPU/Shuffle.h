//===- Shuffle.h - values of other lanes of a warp --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_SHUFFLE_H
#define TILE_LIB_CONVERSION_TILETOGPU_SHUFFLE_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::tile {

/// `value`, of any scalar type, as another lane of the warp has it; `offset` is
/// an i32 that says which lane, as `mode` defines.
Value shuffle(OpBuilder &builder, Location loc, Value value, Value offset,
              gpu::ShuffleMode mode);

/// `number`, an index of at most 31 bits, as the first lane of the warp has it:
/// the compiler can see that it is the same in the warp.
Value takeFromFirstLane(OpBuilder &builder, Location loc, Value number);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_SHUFFLE_H
