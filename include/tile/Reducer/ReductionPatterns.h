//===- ReductionPatterns.h - reductions of tile IR -------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_REDUCER_REDUCTIONPATTERNS_H
#define TILE_REDUCER_REDUCTIONPATTERNS_H

namespace mlir {
class DialectRegistry;

namespace tile {

/// Adds to the dialect what tile-reduce tries on its operations.
void registerReductionPatterns(DialectRegistry &registry);

} // namespace tile
} // namespace mlir

#endif // TILE_REDUCER_REDUCTIONPATTERNS_H
