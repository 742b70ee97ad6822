//===- Digits.h - parts of a leaf in mixed radix ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_LAYOUT_DIGITS_H
#define TILE_LIB_LAYOUT_DIGITS_H

#include "tile/Layout/Layout.h"

namespace mlir::tile {

/// A part of a leaf, each step of which adds these amounts to the digits of a
/// number.
struct DigitPart {
  int64_t extent;
  llvm::SmallVector<int64_t, 4> steps;
};

/// Splits leaves whose values are numbers in mixed radix, the least significant
/// digit first, into parts that count without a carry.
class DigitSplitter {
public:
  explicit DigitSplitter(llvm::ArrayRef<int64_t> radices)
      : radices(radices), largest(radices.size(), 0) {}

  /// Appends the parts of a leaf, the fastest first; its values have to be less
  /// than the product of the radices. Fails where there is a carry, also in the
  /// sum with the leaves before it.
  llvm::Error split(Layout::Leaf leaf, llvm::SmallVectorImpl<DigitPart> &parts);

  /// The largest value of each digit so far.
  llvm::ArrayRef<int64_t> largestDigits() const { return largest; }

private:
  llvm::SmallVector<int64_t, 4> getDigits(int64_t number) const;
  int64_t countSteps(llvm::ArrayRef<int64_t> steps, int64_t end) const;
  llvm::Error addToLargest(const DigitPart &part);

  llvm::ArrayRef<int64_t> radices;
  llvm::SmallVector<int64_t> largest;
};

} // namespace mlir::tile

#endif // TILE_LIB_LAYOUT_DIGITS_H
