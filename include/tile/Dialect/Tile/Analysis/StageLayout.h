//===- StageLayout.h - fragments that go through a stage --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_STAGELAYOUT_H
#define TILE_DIALECT_TILE_ANALYSIS_STAGELAYOUT_H

#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

/// The threads that may store their rows without the others.
inline constexpr int64_t kStoreGroupSize = 128;

/// How a fragment of two dimensions is held that goes to memory through a
/// buffer with all of its rows and some of its columns at a time.
struct StageLayout {
  /// The groups of kStoreGroupSize threads of which number `g` holds just the
  /// rows of its share, from `g * rows / numGroups` on; 1 when there are none.
  int64_t numGroups = 1;
  /// The part of the columns in which a value lies, of whatever thread; nothing
  /// where that depends on the thread.
  llvm::SmallVector<std::optional<int64_t>> parts;
  /// Whether the values 2i and 2i + 1 of the threads of a warp are a matrix of
  /// 8 x 8 elements, of which lane l has columns 2(l % 4) and the next one of
  /// row l / 4, and whether four such matrices in a row lie in one part.
  bool hasMatrices = false;

  /// For parts of `columns` columns.
  static StageLayout get(const ThreadValueLayout &layout, int64_t columns);
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_STAGELAYOUT_H
