//===- LaneExchange.h - longer rows by exchange in a warp -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_LANEEXCHANGE_H
#define TILE_LAYOUT_LANEEXCHANGE_H

#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

/// A layout in which threads hold longer pieces of rows than in another one,
/// where each `count` neighbours exchange `count` vectors: number i of thread j
/// becomes number j of thread i.
///
/// In the accumulator of a matrix instruction four threads have a row of eight
/// columns in pairs. Of four such rows, each of them then has one:
///
///     thread 0: a0 a1  b0 b1  c0 c1  d0 d1        a0 a1 a2 a3 a4 a5 a6 a7
///     thread 1: a2 a3  b2 b3  c2 c3  d2 d3   to   b0 b1 b2 b3 b4 b5 b6 b7
///     thread 2: a4 a5  b4 b5  c4 c5  d4 d5        c0 c1 c2 c3 c4 c5 c6 c7
///     thread 3: a6 a7  b6 b7  c6 c7  d6 d7        d0 d1 d2 d3 d4 d5 d6 d7
struct LaneExchange {
  /// The threads that exchange, a power of two; their first is a multiple.
  int64_t count;
  /// The elements of a vector before the exchange.
  int64_t width;
  /// What the threads hold after it, rows of `count` * `width` elements.
  ThreadValueLayout layout;
  /// For the first value of each such row, those of the vectors that the thread
  /// gives for it.
  llvm::SmallVector<llvm::SmallVector<int64_t, 4>> sources;

  /// Exchanges vectors of `width` elements, all that a thread of `from` holds
  /// in a row, among `count` threads. There is none where these do not lie side
  /// by side, or have too few vectors.
  static std::optional<LaneExchange> get(const ThreadValueLayout &from,
                                         int64_t width, int64_t count);
};

} // namespace mlir::tile

#endif // TILE_LAYOUT_LANEEXCHANGE_H
