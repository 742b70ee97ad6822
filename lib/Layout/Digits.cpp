//===- Digits.cpp - parts of a leaf in mixed radix --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digits.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir::tile;

SmallVector<int64_t, 4> DigitSplitter::getDigits(int64_t number) const {
  SmallVector<int64_t, 4> digits;
  for (int64_t radix : radices) {
    digits.push_back(number % radix);
    number /= radix;
  }
  assert(number == 0 && "a number of as many digits as there are");
  return digits;
}

/// How many multiples of a step, of at most `end`, need no carry.
int64_t DigitSplitter::countSteps(ArrayRef<int64_t> steps, int64_t end) const {
  for (auto [step, radix] : zip_equal(steps, radices))
    if (step != 0)
      end = std::min(end, (radix - 1) / step + 1);
  return end;
}

Error DigitSplitter::addToLargest(const DigitPart &part) {
  for (auto [sum, step, radix] : zip_equal(largest, part.steps, radices)) {
    sum += (part.extent - 1) * step;
    if (sum >= radix)
      return makeError("expected sums below the extent " + Twine(radix) +
                       ", found " + Twine(sum));
  }
  return Error::success();
}

Error DigitSplitter::split(Layout::Leaf leaf,
                           SmallVectorImpl<DigitPart> &parts) {
  Layout::Leaf rest = leaf;
  while (rest.extent > 1) {
    DigitPart part = {rest.extent, getDigits(rest.stride)};
    part.extent = countSteps(part.steps, rest.extent);
    if (rest.extent % part.extent != 0)
      return makeError("expected a multiple of " + Twine(part.extent) +
                       " steps of " + Twine(rest.stride) + ", found " +
                       Twine(rest.extent));
    if (Error error = addToLargest(part))
      return error;
    rest = {rest.extent / part.extent, rest.stride * part.extent};
    parts.push_back(std::move(part));
  }
  return Error::success();
}
