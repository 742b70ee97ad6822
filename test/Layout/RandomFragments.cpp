//===- RandomFragments.cpp - fragments by chance ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;
using Leaf = Layout::Leaf;

/// Extents whose product is at most 4096, as digits of each dimension.
static SmallVector<SmallVector<int64_t>> chooseDigits(Random &random) {
  SmallVector<SmallVector<int64_t>> dims(1 + random.below(3));
  int64_t size = 1;
  for (SmallVector<int64_t> &digits : dims)
    for (int64_t digit = 0, end = 1 + random.below(3); digit < end; ++digit) {
      int64_t extent = random.among({1, 2, 2, 2, 3, 4, 4, 5, 8});
      digits.push_back(size * extent <= 4096 ? extent : 1);
      size *= digits.back();
    }
  return dims;
}

static SmallVector<Leaf> shuffled(Random &random, SmallVector<Leaf> leaves) {
  for (size_t end = leaves.size(); end > 1; --end)
    std::swap(leaves[end - 1], leaves[random.below(end)]);
  return leaves;
}

ThreadValueLayout test::randomFragment(Random &random) {
  SmallVector<SmallVector<int64_t>> dims = chooseDigits(random);
  SmallVector<int64_t> shape, padded;
  SmallVector<Leaf> threads, values;
  int64_t stride = 1;
  for (ArrayRef<int64_t> digits : reverse(dims)) {
    int64_t first = stride;
    for (int64_t extent : digits) {
      // A digit that is left out: its elements are not held.
      if (random.below(16) != 0)
        (random.below(2) ? threads : values).push_back({extent, stride});
      stride *= extent;
    }
    int64_t extent = stride / first;
    padded.insert(padded.begin(), extent);
    shape.insert(shape.begin(),
                 random.below(2) ? extent : extent - random.below(extent));
  }
  if (random.below(3) == 0)
    threads.push_back({random.among({2, 3, 4}), 0});
  if (random.below(8) == 0)
    values.push_back({2, 0});
  return cantFail(ThreadValueLayout::get(Layout(shuffled(random, threads)),
                                         Layout(shuffled(random, values)),
                                         shape, padded));
}

SmallVector<int64_t> test::paddedCoordinates(const ThreadValueLayout &layout,
                                             int64_t thread, int64_t value) {
  SmallVector<int64_t> extents = to_vector(reverse(layout.padded()));
  int64_t index = layout.threads()(thread) + layout.values()(value);
  SmallVector<int64_t> result = Layout::columnMajor(extents).coordinates(index);
  std::reverse(result.begin(), result.end());
  return result;
}

void test::forEachValue(const ThreadValueLayout &layout,
                        function_ref<void(int64_t, int64_t)> function) {
  for (int64_t thread = 0; thread < layout.numThreads(); ++thread)
    for (int64_t value = 0; value < layout.numValues(); ++value)
      function(thread, value);
}
