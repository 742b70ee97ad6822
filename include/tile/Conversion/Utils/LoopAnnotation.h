//===- LoopAnnotation.h - what LLVM may do with a loop ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_LOOPANNOTATION_H
#define TILE_CONVERSION_UTILS_LOOPANNOTATION_H

#include "mlir/IR/Operation.h"

namespace mlir::tile {

/// The attribute of loops, and of the branches that become of them, that says
/// what LLVM may do with them.
inline constexpr llvm::StringLiteral kLoopAnnotationAttrName =
    "llvm.loop_annotation";

/// Keeps LLVM from unrolling `loop`, and from peeling iterations off it.
void keepRolled(Operation *loop);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_LOOPANNOTATION_H
