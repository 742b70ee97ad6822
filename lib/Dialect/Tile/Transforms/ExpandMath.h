//===- ExpandMath.h - patterns for math functions ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_EXPANDMATH_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_EXPANDMATH_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Adds patterns that compute sin, cos, tan and the hyperbolic functions of f32
/// and their inverses over the whole range of arguments.
void populateTrigonometryPatterns(RewritePatternSet &patterns);

/// Adds patterns that compute exp and exp2 of f32 with the instruction for
/// powers of two, to a few units in the last place.
void populateExponentialPatterns(RewritePatternSet &patterns);

/// Whether this is exp2 as that instruction computes it: of an f32, marked as
/// approximate.
bool isApproximateExp2(Operation *op);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_EXPANDMATH_H
