//===- FragmentTest.cpp - who holds what of a fragment ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;
using Owner = ThreadValueLayout::Owner;

namespace {
/// Who holds each element, by enumeration.
using Owners = std::map<SmallVector<int64_t>, SmallVector<Owner>>;
} // namespace

static bool isPadding(const ThreadValueLayout &layout,
                      ArrayRef<int64_t> coordinates) {
  return any_of(zip_equal(coordinates, layout.shape()), [](auto pair) {
    return std::get<0>(pair) >= std::get<1>(pair);
  });
}

static Owners enumerateOwners(const ThreadValueLayout &layout) {
  Owners owners;
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    SmallVector<int64_t> place = paddedCoordinates(layout, thread, value);
    if (!isPadding(layout, place))
      owners[place].push_back({thread, value});
  });
  return owners;
}

static void checkOwners(const ThreadValueLayout &layout) {
  Owners owners = enumerateOwners(layout);
  EXPECT(layout.covers() == (int64_t(owners.size()) == layout.numElements()),
         layout.str());
  int64_t elements = 0;
  for (const auto &[place, expected] : owners) {
    EXPECT(layout.owners(place) == expected, layout.str());
    for (Owner owner : expected) {
      auto found = layout.coordinates(owner.thread, owner.value);
      EXPECT(found && ArrayRef<int64_t>(*found) == ArrayRef(place),
             layout.str());
    }
    elements += expected.size();
  }
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    elements -= layout.coordinates(thread, value).has_value();
  });
  EXPECT(elements == 0, layout.str() + " with padding");
}

/// The first thread whose indices are those of this thread.
static int64_t findFirstReplica(const ThreadValueLayout &layout,
                                int64_t thread) {
  int64_t first = 0;
  while (layout.threads()(first) != layout.threads()(thread))
    ++first;
  return first;
}

static void checkReplicas(const ThreadValueLayout &layout) {
  bool isReplicated = false;
  CoordinateMap::Terms terms = layout.replicaTerms();
  for (int64_t thread = 0; thread < layout.numThreads(); ++thread) {
    int64_t first = findFirstReplica(layout, thread);
    isReplicated |= first != thread;
    EXPECT(layout.firstReplica(thread) == first, layout.str());
    bool isFirst = all_of(terms, [&](const CoordinateTerm &term) {
      return term.evaluate(thread, 0) == 0;
    });
    EXPECT(isFirst == (first == thread), layout.str());
  }
  EXPECT(layout.isReplicated() == isReplicated, layout.str());
  SmallVector<int64_t> places = values(layout.values());
  sort(places);
  EXPECT(layout.isInjectivePerThread() ==
             (std::adjacent_find(places.begin(), places.end()) == places.end()),
         layout.str());
}

static void testRandom() {
  Random random;
  int covering = 0, replicated = 0;
  for (int number = 0; number < 1500; ++number) {
    ThreadValueLayout layout = randomFragment(random);
    checkOwners(layout);
    checkReplicas(layout);
    covering += layout.covers();
    replicated += layout.isReplicated();
  }
  outs() << "1500 fragments, " << covering << " complete, " << replicated
         << " replicated\n";
}

//===----------------------------------------------------------------------===//
// Free layouts
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> randomShape(Random &random, unsigned rank) {
  SmallVector<int64_t> shape;
  for (unsigned dim = 0; dim < rank; ++dim)
    shape.push_back(random.among({1, 2, 3, 5, 8, 16, 31, 33, 48}));
  if (rank == 1 || rank == 2)
    shape.back() = random.among({1, 7, 64, 80, 128, 192, 229});
  return shape;
}

/// Every element has one owner.
static void checkPartition(const ThreadValueLayout &layout) {
  int64_t held = 0;
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    held += layout.coordinates(thread, value).has_value();
  });
  EXPECT(held == layout.numElements() && layout.covers(), layout.str());
  EXPECT(!layout.isReplicated() && layout.isInjectivePerThread(), layout.str());
}

static void testLinear() {
  Random random;
  for (int number = 0; number < 500; ++number) {
    SmallVector<int64_t> shape = randomShape(random, random.below(4));
    int64_t threads = random.among({1, 2, 31, 32, 33, 48, 96, 128, 256});
    ThreadValueLayout layout = ThreadValueLayout::linear(shape, threads);
    EXPECT(layout.numThreads() == threads, layout.str());
    EXPECT(layout.numValues() ==
               std::max<int64_t>((layout.numElements() + threads - 1) / threads,
                                 1),
           layout.str());
    forEachValue(layout, [&](int64_t thread, int64_t value) {
      int64_t element = value * threads + thread;
      auto place = layout.coordinates(thread, value);
      EXPECT(place.has_value() == (element < layout.numElements()),
             layout.str());
      int64_t found = 0;
      if (place)
        for (auto [coordinate, extent] : zip_equal(*place, shape))
          found = found * extent + coordinate;
      EXPECT(!place || found == element, layout.str());
    });
    checkPartition(layout);
  }
  outs() << "500 linear fragments\n";
}

/// Neighbours hold vectors next to one another, unless a row ends there.
static void checkNeighbours(const ThreadValueLayout &layout, unsigned dim,
                            int64_t width) {
  int64_t breaks = 0;
  for (int64_t thread = 1; thread < layout.numThreads(); ++thread) {
    SmallVector<int64_t> before = paddedCoordinates(layout, thread - 1, 0);
    SmallVector<int64_t> after = paddedCoordinates(layout, thread, 0);
    if (after[dim] == before[dim] + width)
      before[dim] = after[dim];
    else
      EXPECT(after[dim] == 0, layout.str());
    breaks += before != after;
  }
  EXPECT(breaks < layout.numThreads(), layout.str());
}

static void checkVectors(const ThreadValueLayout &layout, int64_t threads,
                         unsigned dim, int64_t width) {
  EXPECT(layout.numThreads() == threads, layout.str());
  checkPartition(layout);
  EXPECT(layout.vectorWidth(dim) % width == 0, layout.str());
  checkNeighbours(layout, dim, width);
}

static void testVectorized() {
  Random random;
  int grids = 0;
  for (int number = 0; number < 1000; ++number) {
    SmallVector<int64_t> shape = randomShape(random, 1 + random.below(3));
    int64_t threads = random.among({1, 2, 31, 32, 33, 48, 96, 128, 256});
    unsigned dim =
        random.below(2) ? shape.size() - 1 : random.below(shape.size());
    int64_t width = random.among({1, 2, 4, 8, 16});
    auto layout = ThreadValueLayout::vectorized(shape, threads, dim, width);
    checkVectors(layout, threads, dim, width);
    grids += layout.describe().dims.has_value();
    auto grid = ThreadValueLayout::grid(shape, threads, dim, width);
    checkVectors(grid, threads, dim, width);
    EXPECT(grid.describe().dims.has_value(), grid.str());
    int64_t vectors =
        layout.numElements() / shape[dim] * ((shape[dim] + width - 1) / width);
    int64_t needed = (vectors + threads - 1) / threads * width;
    // A column has no layout but a grid, which may have to waste more.
    EXPECT(dim + 1 < shape.size() || layout.numValues() * 4 <= needed * 5,
           layout.str());
  }
  EXPECT(grids > 600 && grids < 1000, Twine(grids));
  outs() << "1000 vectorized fragments, " << grids << " of them grids\n";
}

static void testLiterals() {
  auto vectorized = [](ArrayRef<int64_t> shape, int64_t threads,
                       int64_t width) {
    unsigned dim = shape.size() - 1;
    return ThreadValueLayout::vectorized(shape, threads, dim, width).str();
  };
  EXPECT_TEXT("threads (128):(4), values (4,24):(1,512), shape 48x229, "
              "padded 48x256",
              vectorized({48, 229}, 128, 4));
  EXPECT_TEXT("threads (33):(1), values (7):(33), shape 229, padded 231",
              vectorized({229}, 33, 1));
  EXPECT_TEXT("threads (128):(2), values (2,3):(1,256), shape 64x11, "
              "padded 64x12",
              vectorized({64, 11}, 128, 2));
  EXPECT_TEXT("threads (128):(8), values (8,4):(1,1024), shape 48x80, "
              "padded 52x80",
              vectorized({48, 80}, 128, 8));
  EXPECT_TEXT("threads (128):(8), values (8,6):(1,1024), shape 48x80, "
              "padded 48x128",
              ThreadValueLayout::grid({48, 80}, 128, 1, 8).str());
  EXPECT_TEXT("threads (128):(1), values ():(), shape scalar",
              ThreadValueLayout::linear({}, 128).str());
  EXPECT_TEXT("threads (8):(1), values ():(), shape 0x5, padded 2x5",
              ThreadValueLayout::linear({0, 5}, 8).str());
}

static std::string refuse(StringRef threads, StringRef values,
                          ArrayRef<int64_t> shape, ArrayRef<int64_t> padded) {
  return test::text(
      ThreadValueLayout::get(layout(threads), layout(values), shape, padded));
}

static void testErrors() {
  EXPECT_TEXT("expected a padded shape of rank 2, found rank 1",
              refuse("4:1", "2:4", {4, 2}, {8}));
  EXPECT_TEXT("expected extents of at least 0, found -1",
              refuse("4:1", "2:4", {-1}, {8}));
  EXPECT_TEXT("expected padded extents of at least 8, found 7",
              refuse("4:1", "2:4", {8}, {7}));
  EXPECT_TEXT(
      "expected a padded shape within 64 bits, found one beyond",
      refuse("4:1", "2:4", {8, 8}, {int64_t(1) << 32, int64_t(1) << 32}));
  EXPECT_TEXT("expected elements below 8 in the padded shape, found 11",
              refuse("4:1", "3:4", {8}, {8}));
  EXPECT_TEXT("expected each element in one place, found threads (4):(1) and "
              "values (2):(2) that overlap",
              refuse("4:1", "2:2", {8}, {8}));
}

void test::testFragments() {
  testRandom();
  testLinear();
  testVectorized();
  testLiterals();
  testErrors();
}
