//===- ExpandTrigonometry.h - circular and hyperbolic functions -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_EXPANDTRIGONOMETRY_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_EXPANDTRIGONOMETRY_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Adds patterns that compute sin, cos, tan and the hyperbolic functions of f32
/// and their inverses over the whole range of arguments.
void populateTrigonometryPatterns(RewritePatternSet &patterns);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_EXPANDTRIGONOMETRY_H
