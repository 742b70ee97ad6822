//===- AdvanceViews.h - views that move on with a loop ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_LOOPVERSIONS_ADVANCEVIEWS_H
#define TILE_LIB_CONVERSION_LOOPVERSIONS_ADVANCEVIEWS_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Lets the loop carry where those views of its body begin that move on by a
/// distance that is only known at run time, so that no iteration multiplies
/// for that. Returns how many there are.
int64_t advanceViews(scf::ForOp loop, RewriterBase &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_LOOPVERSIONS_ADVANCEVIEWS_H
