//===- ThreadReduction.cpp - reductions across threads ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/ThreadReduction.h"
#include "tile/Layout/Warp.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir::tile;

std::optional<ThreadReduction>
ThreadReduction::get(const ThreadValueLayout &layout, unsigned dim) {
  CoordinateMap map = layout.describe();
  llvm::Expected<ThreadValueLayout::Slice> slice = layout.slice(dim);
  if (!slice || !map.dims) {
    llvm::consumeError(slice.takeError());
    return std::nullopt;
  }
  ThreadReduction result{{}, {}, *slice};
  // A warp that is not whole has lanes that no shuffle may ask for.
  bool hasWholeWarps = layout.numThreads() % kWarpSize == 0;
  for (const CoordinateTerm &term : (*map.dims)[dim]) {
    if (term.source != CoordinateTerm::Source::Thread || term.multiplier == 0)
      continue;
    Digit digit{term.divisor, term.extent};
    while (hasWholeWarps && llvm::isPowerOf2_64(digit.divisor) &&
           digit.divisor < kWarpSize && digit.extent % 2 == 0) {
      result.shuffleMasks.push_back(digit.divisor);
      digit = {digit.divisor * 2, digit.extent / 2};
    }
    if (digit.extent > 1)
      result.digits.push_back(digit);
  }
  return result;
}
