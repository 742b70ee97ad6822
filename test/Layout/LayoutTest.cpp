//===- LayoutTest.cpp - asks layouts ----------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile-layout-test algebra | atom | conversion | draw | fragment | shape |
//                  shared | text   one part
//                  draw-fragment | draw-replicas | draw-shared   one picture
//
// A part prints how many cases it tried, which are the same in every run, and
// each case that is not as expected.
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;

static int failures = 0;

void test::report(StringRef file, int line, const Twine &expected,
                  const Twine &found) {
  // One wrong function fails for thousands of layouts.
  if (++failures <= 20)
    errs() << file << ":" << line << ":\n  expected: " << expected
           << "\n  found:    " << found << "\n";
}

void test::expectText(StringRef file, int line, StringRef expected,
                      StringRef found) {
  if (expected != found)
    report(file, line, expected, found);
}

SmallVector<int64_t> test::values(const Layout &layout) {
  SmallVector<int64_t> result;
  for (int64_t index = 0, end = layout.size(); index < end; ++index)
    result.push_back(layout(index));
  return result;
}

/// Strides such that the leaves fill an interval, in another order, and
/// sometimes with gaps or copies.
static void chooseStrides(Random &random,
                          SmallVectorImpl<Layout::Leaf *> &leaves) {
  int64_t reached = random.below(4) == 0 ? random.among({2, 3, 8}) : 1;
  while (!leaves.empty()) {
    unsigned place = random.below(leaves.size());
    Layout::Leaf &leaf = *leaves[place];
    leaves.erase(leaves.begin() + place);
    leaf.stride = random.below(8) == 0 ? 0 : reached;
    if (leaf.stride != 0)
      reached *= leaf.extent;
    if (random.below(8) == 0)
      reached *= random.among({2, 3});
  }
}

Layout test::randomLayout(Random &random, int64_t maxSize) {
  SmallVector<SmallVector<Layout::Leaf>> modes(random.below(4));
  int64_t size = 1;
  for (SmallVector<Layout::Leaf> &mode : modes)
    for (int64_t leaf = 0, end = 1 + random.below(3); leaf < end; ++leaf) {
      int64_t extent = random.among({1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 16});
      if (size * extent > maxSize)
        extent = 1;
      size *= extent;
      mode.push_back({extent, random.below(12)});
    }
  if (random.below(4) != 0) {
    SmallVector<Layout::Leaf *> leaves;
    for (SmallVector<Layout::Leaf> &mode : modes)
      for (Layout::Leaf &leaf : mode)
        leaves.push_back(&leaf);
    chooseStrides(random, leaves);
  }
  Layout result;
  for (ArrayRef<Layout::Leaf> mode : modes)
    result.addMode(mode);
  return result;
}

int main(int argc, char **argv) {
  auto run = StringSwitch<void (*)()>(argc == 2 ? argv[1] : "")
                 .Case("algebra", testAlgebra)
                 .Case("atom", testAtoms)
                 .Case("conversion", testConversion)
                 .Case("conversion-plan", testConversionPlan)
                 .Case("draw", testDrawing)
                 .Case("draw-fragment", printFragment)
                 .Case("draw-replicas", printReplicas)
                 .Case("draw-shared", printShared)
                 .Case("fragment", testFragments)
                 .Case("lane-exchange", testLaneExchange)
                 .Case("shape", testFragmentShapes)
                 .Case("shared", testShared)
                 .Case("text", testText)
                 .Default(nullptr);
  if (!run)
    return 2;
  run();
  return failures != 0;
}
