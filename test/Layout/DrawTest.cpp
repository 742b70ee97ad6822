//===- DrawTest.cpp - pictures of layouts -----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Layout/Atoms.h"
#include "tile/Layout/Draw.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;

/// The texts in the cells, row by row.
static SmallVector<std::string> getCells(StringRef svg) {
  SmallVector<std::string> cells;
  StringRef mark = "class=\"cell\" text-anchor=\"middle\">";
  for (size_t at = svg.find(mark); at != StringRef::npos; at = svg.find(mark)) {
    svg = svg.drop_front(at + mark.size());
    cells.push_back(svg.take_until([](char c) { return c == '<'; }).str());
  }
  return cells;
}

static std::string getLabel(const ThreadValueLayout &layout,
                            ArrayRef<int64_t> place) {
  std::string first;
  int64_t others = -1;
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    if (ArrayRef(paddedCoordinates(layout, thread, value)) != place)
      return;
    if (++others == 0)
      first = std::to_string(thread) + ":" + std::to_string(value);
  });
  return others < 0    ? "-"
         : others == 0 ? first
                       : first + " +" + std::to_string(others);
}

/// All coordinates of the first rows and columns.
static void forEachPlace(ArrayRef<int64_t> shape, int64_t maxRows,
                         int64_t maxColumns,
                         function_ref<void(ArrayRef<int64_t>)> function) {
  int64_t rows = product_of(shape.drop_back());
  for (int64_t row = 0; row < std::min(rows, maxRows); ++row)
    for (int64_t column = 0; column < std::min(shape.back(), maxColumns);
         ++column) {
      SmallVector<int64_t> place = {column};
      int64_t rest = row;
      for (int64_t extent : reverse(shape.drop_back())) {
        place.insert(place.begin(), rest % extent);
        rest /= extent;
      }
      function(place);
    }
}

static void testFragmentCells() {
  Random random;
  int cells = 0;
  for (int number = 0; number < 60; ++number) {
    ThreadValueLayout layout = randomFragment(random);
    if (layout.numThreads() * layout.numValues() > 600)
      continue;
    DrawOptions options{random.among({2, 64}), random.among({3, 64})};
    SmallVector<std::string> found =
        getCells(drawFragment(layout, "a fragment", options));
    SmallVector<std::string> expected;
    forEachPlace(layout.shape(), options.maxRows, options.maxColumns,
                 [&](ArrayRef<int64_t> place) {
                   expected.push_back(getLabel(layout, place));
                 });
    EXPECT(found == expected, layout.str());
    cells += found.size();
  }
  EXPECT(cells > 300, Twine(cells));
  outs() << cells << " cells of fragments\n";
}

static void testSharedCells() {
  for (int64_t bits : {8, 16, 32, 64}) {
    auto layout = cantFail(SharedLayout::conflictFree({3, 8, 64}, bits, 2));
    SmallVector<std::string> expected;
    forEachPlace(layout.shape(), 64, 64, [&](ArrayRef<int64_t> place) {
      int64_t bank = layout.byteAddress(place) / 4 % 32;
      expected.push_back(std::to_string(bank));
    });
    EXPECT(getCells(drawShared(layout, "a tile")) == expected, layout.str());
  }
}

void test::testDrawing() {
  testFragmentCells();
  testSharedCells();
}

void test::printFragment() {
  MmaAtom atom = cantFail(MmaAtom::mmaSync(16, 8, 16, 16));
  outs() << drawFragment(atom.a, "A of m16n8k16 <f16>");
}

void test::printReplicas() {
  MmaAtom atom = cantFail(MmaAtom::mmaSync(16, 8, 16, 16));
  outs() << drawFragment(
      cantFail(tileToWarps(atom, MmaOperand::A, 2, 2, 32, 100)), "A of 4 warps",
      {64, 32});
}

void test::printShared() {
  outs() << drawShared(cantFail(SharedLayout::conflictFree({16, 64}, 16, 1)),
                       "a_tile");
}
