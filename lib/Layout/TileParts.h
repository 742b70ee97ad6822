//===- TileParts.h - a fragment's layout by dimension -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_LAYOUT_TILEPARTS_H
#define TILE_LIB_LAYOUT_TILEPARTS_H

#include "tile/Layout/ThreadValueLayout.h"

#include "llvm/ADT/STLExtras.h"

namespace mlir::tile {

/// A digit of the thread or the value, each step of which adds these amounts to
/// the coordinates.
struct TilePart {
  CoordinateTerm::Source source;
  int64_t extent;
  llvm::SmallVector<int64_t, 4> steps;

  bool isThread() const { return source == CoordinateTerm::Source::Thread; }
  bool moves() const {
    return llvm::any_of(steps, [](int64_t step) { return step != 0; });
  }
};

/// The parts of the thread and of the value, each the fastest first. Fails
/// where the coordinates do not split.
llvm::Expected<llvm::SmallVector<TilePart>>
splitTile(const ThreadValueLayout &layout);

/// The layout that has these parts.
llvm::Expected<ThreadValueLayout> joinTile(llvm::ArrayRef<TilePart> parts,
                                           llvm::ArrayRef<int64_t> shape,
                                           llvm::ArrayRef<int64_t> padded);

/// The digits of a source that have a multiplier other than 0.
CoordinateMap::Terms
getDigitTerms(CoordinateTerm::Source source, const Layout &layout,
              llvm::function_ref<int64_t(Layout::Leaf)> getMultiplier);

/// The distance of neighbours in each dimension, row-major.
llvm::SmallVector<int64_t, 4> getRowMajorStrides(llvm::ArrayRef<int64_t> shape);

} // namespace mlir::tile

#endif // TILE_LIB_LAYOUT_TILEPARTS_H
