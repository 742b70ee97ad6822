//===- FragmentCopy.h - fragments to and from memory ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_FRAGMENTCOPY_H
#define TILE_LIB_CONVERSION_TILETOGPU_FRAGMENTCOPY_H

#include "ThreadExecutor.h"

#include "tile/Dialect/Tile/Analysis/Divisibility.h"

namespace mlir::tile {

/// Emits a copy of a whole fragment from or to memory in vectors, at the
/// builder's position, and leaves the op in place. Does nothing, with a remark
/// where that is a loss, for copies that have to go element by element. Returns
/// whether it did.
bool lowerFragmentCopy(CopyOp op, ThreadExecutor &executor,
                       DivisibilityAnalysis &divisibility, OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_FRAGMENTCOPY_H
