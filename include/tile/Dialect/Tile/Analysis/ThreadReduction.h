//===- ThreadReduction.h - reductions across threads ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_THREADREDUCTION_H
#define TILE_DIALECT_TILE_ANALYSIS_THREADREDUCTION_H

#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

/// How the threads that hold a line of a fragment combine what each has made of
/// its own elements.
struct ThreadReduction {
  /// Threads whose numbers differ in (thread / divisor) % extent.
  struct Digit {
    int64_t divisor;
    int64_t extent;
  };

  /// Lanes of a warp, apart by these XOR masks.
  llvm::SmallVector<int64_t> shuffleMasks;
  /// The others meet in memory.
  llvm::SmallVector<Digit> digits;
  /// What is left: a result for each line.
  ThreadValueLayout::Slice slice;

  /// The elements of memory that the threads need to meet in.
  int64_t getScratchSize() const {
    return digits.empty()
               ? 0
               : slice.layout.numThreads() * slice.layout.numValues();
  }
  /// How many threads meet in memory for one line.
  int64_t getNumMeeting() const {
    int64_t number = 1;
    for (Digit digit : digits)
      number *= digit.extent;
    return number;
  }

  /// The reduction of a fragment along `dim`; nothing where its coordinates do
  /// not split.
  static std::optional<ThreadReduction> get(const ThreadValueLayout &layout,
                                            unsigned dim);
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_THREADREDUCTION_H
