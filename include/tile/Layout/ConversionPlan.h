//===- ConversionPlan.h - how a fragment gets another layout ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_CONVERSIONPLAN_H
#define TILE_LAYOUT_CONVERSIONPLAN_H

#include "tile/Layout/Conversion.h"

namespace mlir::tile {

/// A digit of the number of the thread or the value that holds an element:
/// (coordinate / step) % extent, where the coordinate is that in `dim`. Threads
/// that hold the same elements differ in digits without a dimension.
struct OwnerDigit {
  CoordinateTerm::Source source;
  /// What one step of the digit adds to the number.
  int64_t place;
  int64_t extent;
  std::optional<unsigned> dim;
  int64_t step;
};

/// A layout the other way around: who holds the element at some coordinates.
struct OwnerMap {
  llvm::SmallVector<OwnerDigit> digits;

  /// There is none where the coordinates do not split, or where a digit of the
  /// thread or the value moves in several dimensions.
  static std::optional<OwnerMap> get(const ThreadValueLayout &layout);

  /// Of several threads, the one that agrees with `asking` in the digits that
  /// do not matter.
  ThreadValueLayout::Owner find(llvm::ArrayRef<int64_t> coordinates,
                                int64_t asking) const;
};

/// How the threads of a block give a fragment another layout.
struct ConversionPlan {
  /// The way that costs least; `None` when nothing moves.
  ConversionKind kind = ConversionKind::SharedMemory;
  /// Where elements come from, when they stay in their warps.
  OwnerMap owners;
  /// As many consecutive values of the result as have at most 32 bits come from
  /// consecutive values of one thread.
  int64_t width = 1;
  /// For each group of `width` values, the first values that they are made of
  /// in some thread; none for padding.
  llvm::SmallVector<llvm::SmallVector<int64_t, 2>> sources;
  /// Whether the group comes from other threads, too.
  llvm::SmallVector<bool> isShuffled;
  /// The shuffles of each thread, of 32 bits each.
  int64_t shuffles = 0;
  /// The bytes that go through shared memory otherwise.
  int64_t sharedBytes = 0;

  /// The plan for two layouts of one shape and number of threads; each element
  /// of `to` has to be held in `from`.
  static llvm::Expected<ConversionPlan> get(const ThreadValueLayout &from,
                                            const ThreadValueLayout &to,
                                            int64_t elementBits);
};

/// `registers`, `shuffles, 8 for each thread` or `shared memory, 4096 bytes`.
std::string describe(const ConversionPlan &plan);

} // namespace mlir::tile

#endif // TILE_LAYOUT_CONVERSIONPLAN_H
