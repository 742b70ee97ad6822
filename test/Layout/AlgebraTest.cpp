//===- AlgebraTest.cpp - layouts against enumeration ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;
using Values = SmallVector<int64_t>;

static constexpr int kCases = 4000;

/// The values in order, by counting instead of dividing.
static Values enumerate(ArrayRef<Layout::Leaf> leaves) {
  Values result = {0};
  for (Layout::Leaf leaf : leaves) {
    Values copy = result;
    for (int64_t digit = 1; digit < leaf.extent; ++digit)
      for (int64_t value : copy)
        result.push_back(value + digit * leaf.stride);
  }
  return result;
}

static bool hasEqualValues(const Layout &layout) {
  Values all = enumerate(layout.leaves());
  llvm::sort(all);
  return std::adjacent_find(all.begin(), all.end()) != all.end();
}

/// Whether some layout of one mode has these values.
static bool isLayout(ArrayRef<int64_t> table) {
  if (table[0] != 0)
    return false;
  size_t extent = 1;
  while (extent < table.size() && table[extent] == table[1] * int64_t(extent))
    ++extent;
  if (extent == table.size())
    return true;
  if (extent == 1 || table.size() % extent != 0)
    return false;
  Values outer;
  for (size_t index = 0; index < table.size(); ++index) {
    size_t start = index / extent * extent;
    if (table[index] != table[start] + table[index - start])
      return false;
    if (index == start)
      outer.push_back(table[index]);
  }
  return isLayout(outer);
}

static void testEvaluation() {
  Random random;
  for (int number = 0; number < kCases; ++number) {
    Layout tested = randomLayout(random, 2000);
    Values expected = enumerate(tested.leaves());
    EXPECT(values(tested) == expected, tested.str());
    EXPECT(int64_t(expected.size()) == tested.size(), tested.str());
    EXPECT(*max_element(expected) + 1 == tested.cosize(), tested.str());
    EXPECT(tested.isInjective() == !hasEqualValues(tested), tested.str());
    int64_t index = random.below(tested.size());
    EXPECT(tested(tested.coordinates(index)) == expected[index], tested.str());
  }
  outs() << kCases << " layouts evaluated\n";
}

static void testNormalForms() {
  Random random;
  int equivalent = 0;
  for (int number = 0; number < kCases; ++number) {
    Layout a = randomLayout(random, 200);
    Layout joined = a.coalesce(), modes = a.coalesceModes();
    EXPECT(values(joined) == values(a), a.str());
    EXPECT(values(modes) == values(a) && modes.shape() == a.shape(), a.str());
    EXPECT(modes.flatten().size() == a.size(), a.str());
    // Small ones, so that different ones mean the same now and then.
    Layout b = randomLayout(random, 6), c = randomLayout(random, 6);
    bool same = values(b) == values(c);
    equivalent += same;
    EXPECT(b.isEquivalent(c) == same, b.str() + " and " + c.str());
  }
  outs() << kCases << " layouts coalesced, " << equivalent
         << " pairs equivalent\n";
}

/// Whether a composition exists whatever this library makes of it.
static bool hasComposition(const Layout &outer, const Layout &inner) {
  if (inner.cosize() > outer.size())
    return false;
  int64_t size = inner.size();
  for (unsigned mode = 0; mode < inner.rank(); ++mode) {
    Values table;
    for (int64_t value : enumerate(inner.mode(mode)))
      table.push_back(outer(value));
    if (!isLayout(table))
      return false;
  }
  for (int64_t index = 0; index < size; ++index) {
    int64_t sum = 0;
    for (auto [mode, coordinate] : llvm::enumerate(inner.coordinates(index)))
      sum += outer(inner.modeLayout(mode)(coordinate));
    if (sum != outer(inner(index)))
      return false;
  }
  return true;
}

static void testComposition() {
  Random random;
  int composed = 0, missed = 0;
  for (int number = 0; number < 5 * kCases; ++number) {
    Layout outer = randomLayout(random, 400), inner = randomLayout(random, 60);
    std::string both = outer.str() + " o " + inner.str();
    Expected<Layout> result = compose(outer, inner);
    if (!exists(result)) {
      missed += hasComposition(outer, inner);
      continue;
    }
    ++composed;
    EXPECT(result->shape() == inner.shape(), both);
    for (int64_t index = 0; index < inner.size(); ++index)
      EXPECT((*result)(index) == outer(inner(index)), both);
  }
  // Hardly any, where unlike strides happen to add up.
  EXPECT(missed <= 2 && composed > kCases, Twine(missed) + " missed");
  outs() << 5 * kCases << " pairs, " << composed << " compositions, " << missed
         << " more exist\n";
}

static void testComplement() {
  Random random;
  int found = 0;
  for (int number = 0; number < kCases; ++number) {
    Layout tested = randomLayout(random, 200);
    int64_t target = 1 + random.below(500);
    Expected<Layout> rest = complement(tested, target);
    if (!exists(rest))
      continue;
    ++found;
    DenseSet<int64_t> image, sums;
    for (int64_t value : values(tested))
      image.insert(value);
    for (int64_t a : image)
      for (int64_t b : values(*rest))
        EXPECT(sums.insert(a + b).second, tested.str());
    int64_t reach = sums.size();
    for (int64_t value = 0; value < reach; ++value)
      EXPECT(sums.contains(value), tested.str());
    EXPECT(reach >= target, tested.str());
  }
  EXPECT(found > kCases / 2, Twine(found));
  outs() << kCases << " layouts, " << found << " complements\n";
}

static void testInverses() {
  Random random;
  int left = 0, permutations = 0;
  for (int number = 0; number < kCases; ++number) {
    Layout tested = randomLayout(random, 500);
    Layout right = rightInverse(tested);
    for (int64_t index = 0; index < right.size(); ++index)
      EXPECT(tested(right(index)) == index, tested.str());
    bool isBijective =
        !hasEqualValues(tested) && tested.cosize() == tested.size();
    permutations += isBijective;
    EXPECT(!isBijective || right.size() == tested.size(), tested.str());
    Expected<Layout> inverse = leftInverse(tested);
    EXPECT(!isBijective || inverse, tested.str());
    if (!exists(inverse))
      continue;
    ++left;
    for (int64_t index = 0; index < tested.size(); ++index)
      EXPECT((*inverse)(tested(index)) == index, tested.str());
  }
  EXPECT(left > kCases / 5 && permutations > kCases / 10, Twine(left));
  outs() << kCases << " layouts inverted, " << left << " from the left, "
         << permutations << " permutations\n";
}

static void testProducts() {
  Random random;
  int products = 0, quotients = 0;
  for (int number = 0; number < kCases; ++number) {
    Layout a = randomLayout(random, 60), b = randomLayout(random, 30);
    std::string both = a.str() + " and " + b.str();
    Expected<Layout> product = logicalProduct(a, b);
    if (exists(product)) {
      ++products;
      EXPECT(values(product->modeLayout(0)) == values(a), both);
      EXPECT(product->rank() == 2 || b.rank() == 0, both);
      EXPECT(product->size() == a.size() * b.size(), both);
      EXPECT(!a.isInjective() || !b.isInjective() || product->isInjective(),
             both);
    }
    Expected<Layout> quotient = logicalDivide(a, b);
    if (!exists(quotient))
      continue;
    ++quotients;
    for (int64_t index = 0; index < b.size(); ++index)
      EXPECT((*quotient)(index) == a(b(index)), both);
    // Every value of the layout is in one of the tiles.
    Values all = values(a), tiled = values(*quotient);
    llvm::sort(all);
    llvm::sort(tiled);
    EXPECT(b.isInjective() ? all == tiled : tiled.size() > all.size(), both);
  }
  EXPECT(products > kCases / 4 && quotients > kCases / 20, Twine(quotients));
  outs() << kCases << " pairs, " << products << " products, " << quotients
         << " quotients\n";
}

static void testLiterals() {
  // Those of docs/Layouts.md.
  EXPECT_TEXT("((2,4)):((16,1))",
              text(compose(layout("(4,8):(8,1)"), layout("8:2"))));
  EXPECT_TEXT("(2,4):(1,8)", text(complement(layout("4:2"), 32)));
  EXPECT_TEXT("(8,4):(4,1)", rightInverse(layout("(4,8):(8,1)")).str());
  EXPECT_TEXT("(4,3):(1,4)",
              text(logicalProduct(layout("4:1"), layout("3:1"))));
  EXPECT_TEXT("(4,(2,4)):(2,(1,8))",
              text(logicalDivide(layout("32:1"), layout("4:2"))));
  EXPECT_TEXT("expected a multiple of 2 steps of 3, found 3",
              text(compose(layout("(4,8):(8,1)"), layout("3:3"))));
  EXPECT((layout("((2,4),8):((1,16),2)")({3, 5}) == 27), "row 3, column 5");

  EXPECT_TEXT("((2,2),3):((24,2),8)",
              text(compose(layout("(6,2):(8,2)"), layout("(4,3):(3,1)"))));
  EXPECT_TEXT("(2,4):(4,16)", text(complement(layout("(4,2):(1,8)"), 64)));
  EXPECT_TEXT("(4,8):(8,1)", rightInverse(layout("(8,4):(4,1)")).str());
  EXPECT_TEXT("((4,2),(2,2)):((1,8),(4,16))",
              text(logicalProduct(layout("(4,2):(1,8)"), layout("4:1"))));
  EXPECT_TEXT("(4,(2,8)):(2,(1,8))",
              text(logicalDivide(layout("64:1"), layout("4:2"))));
}

static void testErrors() {
  EXPECT_TEXT("expected values below the number of indices, found 7 for 6 "
              "indices",
              text(compose(layout("6:1"), layout("8:1"))));
  EXPECT_TEXT("expected a multiple of 3 steps of 3, found 4",
              text(compose(layout("(8,3):(1,10)"), layout("4:3"))));
  EXPECT_TEXT("expected sums below the extent 4, found 4",
              text(compose(layout("(4,2):(1,10)"), layout("(3,2):(1,2)"))));
  EXPECT_TEXT("expected strides that are multiples of 4, which the smaller "
              "ones span, found 6",
              text(complement(layout("(4,2):(1,6)"), 12)));
  EXPECT_TEXT("expected a value for each index, found (4,2):(1,0) with equal "
              "ones",
              text(leftInverse(layout("(4,2):(1,0)"))));
  EXPECT_TEXT(
      "expected a size that fits 64 bits, found 4294967296 x "
      "4294967296",
      text(logicalProduct(layout("4294967296:1"), layout("4294967296:1"))));
}

void test::testAlgebra() {
  testEvaluation();
  testNormalForms();
  testComposition();
  testComplement();
  testInverses();
  testProducts();
  testLiterals();
  testErrors();
}
