//===- FragmentShapeTest.cpp - fragments by dimension -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;

static void checkTerms(const ThreadValueLayout &layout) {
  CoordinateMap map = layout.describe();
  SmallVector<int64_t> largest(layout.rank(), 0);
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    EXPECT(CoordinateMap::evaluate(map.linear, thread, value) ==
               layout.index(thread, value),
           layout.str());
    if (!map.dims)
      return;
    SmallVector<int64_t> expected = paddedCoordinates(layout, thread, value);
    for (unsigned dim = 0; dim < layout.rank(); ++dim) {
      EXPECT(CoordinateMap::evaluate((*map.dims)[dim], thread, value) ==
                 expected[dim],
             layout.str());
      largest[dim] = std::max(largest[dim], expected[dim]);
    }
  });
  EXPECT(!map.dims || map.largest == largest, layout.str());
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

/// Whether all runs of `width` values are rows along `dim`.
static bool hasVectors(const ThreadValueLayout &layout, unsigned dim,
                       int64_t width) {
  bool isRow = layout.numValues() % width == 0;
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    if (!isRow)
      return;
    int64_t offset = value % width;
    auto first = paddedCoordinates(layout, thread, value - offset);
    isRow &= first[dim] % width == 0;
    first[dim] += offset;
    isRow &= first == paddedCoordinates(layout, thread, value);
  });
  return isRow;
}

static void checkVectors(const ThreadValueLayout &layout) {
  for (unsigned dim = 0; dim < layout.rank(); ++dim) {
    int64_t width = layout.vectorWidth(dim), largest = layout.numValues();
    while (!hasVectors(layout, dim, largest))
      --largest;
    EXPECT(largest == width, layout.str() + " in dimension " + Twine(dim));
  }
  EXPECT(layout.vectorWidth() == layout.vectorWidth(layout.rank() - 1),
         layout.str());
}

//===----------------------------------------------------------------------===//
// Changes of the dimensions
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> without(ArrayRef<int64_t> entries, unsigned dim) {
  SmallVector<int64_t> rest(entries);
  rest.erase(rest.begin() + dim);
  return rest;
}

static void checkSlice(const ThreadValueLayout &layout, unsigned dim) {
  Expected<ThreadValueLayout::Slice> slice = layout.slice(dim);
  EXPECT(bool(slice), layout.str());
  if (!exists(slice))
    return;
  const ThreadValueLayout &rest = slice->layout;
  std::string about =
      layout.str() + " without dimension " + std::to_string(dim);
  EXPECT(rest.shape() == ArrayRef(without(layout.shape(), dim)), about);
  EXPECT(rest.numThreads() == layout.numThreads(), about);
  EXPECT(rest.isInjectivePerThread(), about);
  EXPECT(slice->valueMap.size() == layout.numValues(), about);
  EXPECT(slice->valueMap.cosize() == rest.numValues(), about);
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    int64_t kept = slice->valueMap(value);
    EXPECT(paddedCoordinates(rest, thread, kept) ==
               without(paddedCoordinates(layout, thread, value), dim),
           about);
  });
  EXPECT(!layout.covers() || rest.covers(), about);
}

static void checkPermutation(Random &random, const ThreadValueLayout &layout) {
  SmallVector<unsigned> dims = to_vector(seq<unsigned>(0, layout.rank()));
  for (unsigned end = dims.size(); end > 1; --end)
    std::swap(dims[end - 1], dims[random.below(end)]);
  Expected<ThreadValueLayout> result = layout.permute(dims);
  EXPECT(bool(result), layout.str());
  if (!exists(result))
    return;
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    auto before = layout.coordinates(thread, value);
    auto after = result->coordinates(thread, value);
    EXPECT(before.has_value() == after.has_value(), layout.str());
    if (!before || !after)
      return;
    for (auto [place, dim] : enumerate(dims))
      EXPECT((*after)[place] == (*before)[dim], layout.str());
  });
}

static void checkExpansion(Random &random, const ThreadValueLayout &layout) {
  unsigned dim = random.below(layout.rank() + 1);
  ThreadValueLayout expanded = layout.expandDims(dim);
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    auto expected = layout.coordinates(thread, value);
    if (expected)
      expected->insert(expected->begin() + dim, 0);
    EXPECT(expanded.coordinates(thread, value) == expected, layout.str());
  });
}

static bool areEqual(const ThreadValueLayout &a, const ThreadValueLayout &b) {
  bool equal = a.shape() == b.shape() && a.numThreads() == b.numThreads() &&
               a.numValues() == b.numValues();
  if (equal)
    forEachValue(a, [&](int64_t thread, int64_t value) {
      equal &= a.coordinates(thread, value) == b.coordinates(thread, value);
    });
  return equal;
}

static void testRandom() {
  Random random;
  for (int number = 0; number < 400; ++number) {
    ThreadValueLayout layout = randomFragment(random);
    EXPECT(layout.describe().dims.has_value(), layout.str());
    checkTerms(layout);
    checkVectors(layout);
    for (unsigned dim = 0; dim < layout.rank(); ++dim)
      checkSlice(layout, dim);
    checkPermutation(random, layout);
    checkExpansion(random, layout);
  }
  outs() << "400 fragments described, sliced and permuted\n";
}

static void testFreeLayouts() {
  Random random;
  int split = 0, equal = 0;
  for (int number = 0; number < 400; ++number) {
    SmallVector<int64_t> shape = {random.among({1, 4, 6, 16, 33}),
                                  random.among({1, 3, 8, 32, 48, 229})};
    int64_t threads = random.among({1, 2, 32, 33, 64});
    auto linear = ThreadValueLayout::linear(shape, threads);
    auto vectors = ThreadValueLayout::vectorized(shape, threads, 1,
                                                 random.among({1, 1, 2, 4}));
    checkTerms(linear);
    checkTerms(vectors);
    EXPECT(hasVectors(vectors, 1, vectors.vectorWidth()), vectors.str());
    split += linear.describe().dims.has_value();
    bool same = areEqual(linear, vectors);
    EXPECT(linear.isEquivalent(vectors) == same, linear.str());
    equal += same;
  }
  EXPECT(split > 100 && split < 300, Twine(split));
  outs() << "400 linear fragments, " << split << " of them split, " << equal
         << " equal to vectorized ones\n";
}

static void testLiterals() {
  auto linear = ThreadValueLayout::linear({5, 229}, 128);
  EXPECT(!linear.describe().dims, linear.str());
  EXPECT_TEXT("expected a multiple of 2 steps of 128, found 9",
              toString(linear.slice(0).takeError()));
  EXPECT_TEXT("expected a multiple of 2 steps of 128, found 9",
              text(linear.permute({1, 0})));
  // The third thread begins in the next row, and the second at column 6.
  auto uneven =
      cantFail(ThreadValueLayout::get(layout("3:6"), layout("4:1"), {2, 12}));
  EXPECT(!uneven.describe().dims && uneven.vectorWidth() == 2, uneven.str());
  EXPECT(uneven.vectorWidth(0) == 1, uneven.str());
  auto scalar = ThreadValueLayout::linear({}, 128);
  EXPECT(!scalar.describe().dims, scalar.str());
  EXPECT_TEXT("expected one element, found 128 places for it",
              text(scalar.permute({})));
  EXPECT_TEXT("threads (128):(1), values ():(), shape 1, padded 128",
              text(scalar.expandDims(0).permute({0})));
  auto rows = ThreadValueLayout::linear({4, 64}, 128);
  EXPECT_TEXT("threads (64,2):(1,0), values ():(), shape 64",
              cantFail(rows.slice(0)).layout.str());
  EXPECT_TEXT("threads (64,2):(0,1), values (2):(2), shape 4",
              cantFail(rows.slice(1)).layout.str());
  EXPECT_TEXT("threads (64,2):(4,1), values (2):(2), shape 64x4",
              text(rows.permute({1, 0})));
}

void test::testFragmentShapes() {
  testRandom();
  testFreeLayouts();
  testLiterals();
}
