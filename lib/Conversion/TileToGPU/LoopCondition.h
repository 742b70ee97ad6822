//===- LoopCondition.h - tests for all iterations at once -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_LOOPCONDITION_H
#define TILE_LIB_CONVERSION_TILETOGPU_LOOPCONDITION_H

#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Dialect/Tile/Analysis/Divisibility.h"

namespace mlir::tile {

/// For the copy `op` of a pipelined loop, which stands where the iteration that
/// it is for exists: builds a test in front of the loop that says for all
/// iterations that `condition`, which may be null, holds and that the region
/// lies in the buffer. The test is an i1, null when it always holds. Returns
/// nothing when no such test is known.
std::optional<Value> buildLoopCondition(OpBuilder &builder, Operation *op,
                                        const BufferRegion &region,
                                        ArrayRef<OpFoldResult> extents,
                                        Value condition,
                                        DivisibilityAnalysis &divisibility);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_LOOPCONDITION_H
