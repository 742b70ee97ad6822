//===- StagedStores.h - stores by the copy engine ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_STAGEDSTORES_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_STAGEDSTORES_H

#include "tile/Dialect/Tile/Analysis/BoxStores.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Builds the test, an i1, whether the copy engine can move boxes of `tensor`,
/// as far as its type leaves that open.
Value buildBoxTest(OpBuilder &builder, Location loc, Value tensor);

/// Replaces the copies of `stores`, which stand in `launch`, by staged stores
/// where the host and the coordinates allow them.
void stageStores(LaunchOp launch, ArrayRef<BoxStore> stores,
                 IRRewriter &rewriter);

/// Stores a fragment through shared memory: its elements leave in the order of
/// the rows, in loops that do not grow with the fragment. Leaves the copy as it
/// is, and returns false, when the launch would take more than `maxBytes` of
/// shared memory or its loops would have fewer stages.
bool storeThroughMemory(CopyOp copy, int64_t maxBytes, IRRewriter &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_STAGEDSTORES_H
