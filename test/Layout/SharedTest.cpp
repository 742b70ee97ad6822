//===- SharedTest.cpp - shared memory and its banks -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Layout/BankConflicts.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;
using Addresses = SmallVector<std::optional<int64_t>>;

//===----------------------------------------------------------------------===//
// Wavefronts
//===----------------------------------------------------------------------===//

/// Serves the banks one word each until nothing is left.
static int64_t simulate(ArrayRef<std::optional<int64_t>> lanes, int64_t bytes) {
  DenseSet<int64_t> words;
  for (std::optional<int64_t> address : lanes)
    for (int64_t byte = 0; address && byte < bytes; ++byte)
      words.insert((*address + byte) / 4);
  int64_t rounds = 0;
  while (!words.empty()) {
    ++rounds;
    SmallVector<int64_t> order(words.begin(), words.end());
    DenseSet<int64_t> busy;
    for (int64_t word : order)
      if (busy.insert(word % 32).second)
        words.erase(word);
  }
  return rounds;
}

static void testWavefronts() {
  Random random;
  for (int number = 0; number < 3000; ++number) {
    int64_t bytes = random.among({1, 2, 4, 8, 16});
    int64_t range = random.among({4, 32, 100, 1000});
    int64_t stride = random.among({0, 1, 2, 8, 33});
    Addresses addresses;
    for (int64_t lane = 0, end = random.below(33); lane < end; ++lane) {
      int64_t place = stride ? lane * stride : random.below(range);
      addresses.push_back(place * bytes);
      if (random.below(10) == 0)
        addresses.back() = std::nullopt;
    }
    size_t group = bytes <= 4 ? 32 : bytes == 8 ? 16 : 8;
    int64_t expected = 0, groups = 0;
    for (size_t begin = 0; begin < addresses.size(); begin += group) {
      auto lanes = ArrayRef(addresses).drop_front(begin);
      int64_t rounds =
          simulate(lanes.take_front(std::min(group, lanes.size())), bytes);
      expected += rounds;
      groups += rounds > 0;
    }
    Wavefronts found = cantFail(countWavefronts(addresses, bytes));
    EXPECT(found.count == expected && found.minimum == groups,
           "case " + Twine(number) + " of " + Twine(bytes) + " bytes");
  }
  outs() << "3000 accesses\n";
}

static int64_t countStrided(int64_t stride, int64_t bytes) {
  Addresses addresses;
  for (int64_t lane = 0; lane < 32; ++lane)
    addresses.push_back(lane * stride);
  return cantFail(countWavefronts(addresses, bytes)).count;
}

static void testKnownAccesses() {
  EXPECT(countStrided(4, 4) == 1, "neighbours");
  EXPECT(countStrided(0, 4) == 1, "one word");
  EXPECT(countStrided(128, 4) == 32, "one bank");
  EXPECT(countStrided(8, 4) == 2, "every second bank");
  EXPECT(countStrided(132, 4) == 1, "a padded column");
  EXPECT(countStrided(8, 8) == 2, "8 bytes each");
  EXPECT(countStrided(16, 16) == 4, "16 bytes each");
  EXPECT(countStrided(128, 16) == 32, "16 bytes of one bank");
  EXPECT(countStrided(1, 1) == 1, "bytes");
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

static void testSwizzles() {
  for (unsigned bits = 0; bits <= 3; ++bits)
    for (unsigned base = 0; base <= 4; ++base)
      for (unsigned shift = bits; shift <= 5; ++shift) {
        Swizzle swizzle = cantFail(Swizzle::get(bits, base, shift));
        for (int64_t value = 0; value < 8192; ++value) {
          int64_t read = (value / (1 << (base + shift))) % (1 << bits);
          int64_t moved = swizzle(value);
          EXPECT(moved == (value ^ (read * (1 << base))), swizzle.str());
          EXPECT(swizzle(moved) == value, swizzle.str());
          EXPECT(moved / swizzle.block() == value / swizzle.block(),
                 swizzle.str());
          EXPECT(swizzle(value + swizzle.period()) == moved + swizzle.period(),
                 swizzle.str());
        }
      }
}

/// All coordinates of a shape, the last the fastest.
static SmallVector<SmallVector<int64_t>> getPlaces(ArrayRef<int64_t> shape) {
  SmallVector<SmallVector<int64_t>> places;
  SmallVector<int64_t> reversed = to_vector(reverse(shape));
  Layout numbers = Layout::columnMajor(reversed);
  for (int64_t index = 0; index < numbers.size(); ++index)
    places.push_back(to_vector(reverse(numbers.coordinates(index))));
  return places;
}

static void checkPlaces(const SharedLayout &shared) {
  DenseSet<int64_t> addresses;
  for (ArrayRef<int64_t> place : getPlaces(shared.shape())) {
    int64_t address = shared.address(place);
    EXPECT(addresses.insert(address).second, shared.str());
    EXPECT((address + 1) * shared.elementBits() <= 8 * shared.sizeInBytes(),
           shared.str());
    EXPECT(shared.byteAddress(place) == address * shared.elementBits() / 8,
           shared.str());
  }
}

/// Reads 8 chunks of 16 bytes, or as many as there are.
static void checkChunks(const SharedLayout &shared, unsigned contiguous,
                        int64_t chunksInRow) {
  SmallVector<int64_t> shape = shared.shape(), rowShape = shape;
  rowShape[contiguous] = 1;
  int64_t chunk = 128 / shared.elementBits();
  int64_t chunks = shape[contiguous] / chunk;
  auto rows = getPlaces(rowShape);
  auto check = [&](ArrayRef<std::pair<int64_t, int64_t>> parts) {
    Addresses addresses;
    for (auto [row, part] : parts) {
      SmallVector<int64_t> place = rows[row];
      place[contiguous] = part * chunk;
      addresses.push_back(shared.byteAddress(place));
    }
    Wavefronts found = cantFail(countWavefronts(addresses, 16));
    EXPECT(found.count == found.minimum, shared.str());
  };
  using Parts = SmallVector<std::pair<int64_t, int64_t>>;
  int64_t numRows = rows.size();
  for (int64_t row = 0; row < numRows; row += 8)
    for (int64_t part = 0; part < chunks; ++part) {
      Parts parts;
      for (int64_t next = row; next < std::min(row + 8, numRows); ++next)
        parts.push_back({next, part});
      check(parts);
    }
  for (int64_t row = 0; row < numRows; ++row)
    for (int64_t part = 0; part < chunks; part += chunksInRow) {
      Parts parts;
      int64_t end = std::min(part + chunksInRow, chunks);
      for (int64_t next = part; next < end; ++next)
        parts.push_back({row, next});
      check(parts);
    }
}

static void testChoices() {
  Random random;
  int panels = 0, swizzled = 0;
  for (int number = 0; number < 400; ++number) {
    SmallVector<int64_t> shape;
    for (int64_t dim = 0, end = 1 + random.below(3); dim < end; ++dim)
      shape.push_back(random.among({1, 3, 8, 12, 16, 48, 64}));
    unsigned contiguous = random.below(shape.size());
    shape[contiguous] =
        random.among({1, 4, 7, 8, 16, 32, 48, 64, 80, 96, 128, 192, 229});
    if (product_of(shape) > 1 << 16)
      continue;
    int64_t bits = random.among({8, 16, 32, 64});
    auto shared = cantFail(SharedLayout::conflictFree(shape, bits, contiguous));
    EXPECT(ArrayRef(shared.shape()) == ArrayRef(shape), shared.str());
    swizzled += !shared.swizzle().isIdentity();
    checkPlaces(shared);
    checkChunks(shared, contiguous, 8);
    auto tma = SharedLayout::panels(shape, bits, contiguous);
    EXPECT(bool(tma) == (shape[contiguous] * bits % 256 == 0), shared.str());
    if (!exists(tma))
      continue;
    ++panels;
    checkPlaces(*tma);
    checkChunks(*tma, contiguous, *tma->swizzleBytes() / 16);
    EXPECT(shape[contiguous] * bits / 8 % *tma->swizzleBytes() == 0,
           tma->str());
  }
  outs() << "400 shared layouts, " << swizzled << " swizzled, " << panels
         << " in panels\n";
}

/// Those of docs/Layouts.md.
static void testLiterals() {
  auto free = [](int64_t columns) {
    return test::text(SharedLayout::conflictFree({64, columns}, 16, 1));
  };
  EXPECT_TEXT("swizzle<3,3,3> o (64,64):(64,1), 16 bits", free(64));
  EXPECT_TEXT("swizzle<3,3,4> o (64,128):(128,1), 16 bits", free(128));
  EXPECT_TEXT("swizzle<1,3,3> o (64,80):(80,1), 16 bits", free(80));
  EXPECT_TEXT("swizzle<1,3,3> o (64,48):(48,1), 16 bits", free(48));
  EXPECT_TEXT("(64,229):(232,1), 16 bits", free(229));
  EXPECT_TEXT("swizzle<3,3,3> o (64,(64,2)):(64,(1,4096)), 16 bits",
              test::text(SharedLayout::panels({64, 128}, 16, 1)));
}

static void testStages() {
  auto shared = cantFail(SharedLayout::panels({24, 96}, 16, 1));
  SharedLayout staged = shared.withStages(3);
  EXPECT_TEXT("swizzle<2,3,3> o (24,(32,3)):(32,(1,768)), 16 bits",
              shared.str());
  EXPECT_TEXT("swizzle<2,3,3> o (3,24,(32,3)):(2304,32,(1,768)), 16 bits",
              staged.str());
  // Each stage begins where a buffer may begin.
  EXPECT_TEXT("(2,3,5):(32,5,1), 32 bits",
              cantFail(SharedLayout::plain({3, 5}, 32)).withStages(2).str());
  auto rows = cantFail(SharedLayout::conflictFree({3, 64}, 16, 1));
  EXPECT(rows.alignmentInBytes() == 1024, rows.str());
  EXPECT_TEXT("swizzle<3,3,3> o (2,3,64):(512,64,1), 16 bits",
              rows.withStages(2).str());
  EXPECT(*shared.swizzleBytes() == 64, shared.str());
  EXPECT(shared.sizeInBytes() == 24 * 96 * 2, shared.str());
  checkPlaces(staged);
  for (ArrayRef<int64_t> place : getPlaces(shared.shape()))
    for (int64_t stage = 0; stage < 3; ++stage) {
      SmallVector<int64_t> whole(place);
      whole.insert(whole.begin(), stage);
      EXPECT(staged.byteAddress(whole) ==
                 shared.byteAddress(place) + stage * 4608,
             staged.str());
    }
}

static void testMoves() {
  auto wavefronts = [](int64_t width, const SharedLayout &shared) {
    auto fragment = ThreadValueLayout::vectorized({64, 64}, 128, 1, width);
    return cantFail(countWavefronts(fragment, shared, width));
  };
  auto columns = [](const SharedLayout &shared) {
    auto fragment = ThreadValueLayout::vectorized({64, 64}, 128, 0, 1);
    return cantFail(countWavefronts(fragment, shared, 1));
  };
  auto plain = cantFail(SharedLayout::plain({64, 64}, 32));
  auto free = cantFail(SharedLayout::conflictFree({64, 64}, 32, 1));
  EXPECT(wavefronts(4, plain).count == 128, plain.str());
  EXPECT(wavefronts(4, plain).minimum == 128, plain.str());
  EXPECT(wavefronts(4, free).count == 128, free.str());
  EXPECT(columns(plain).count == 4096, plain.str());
  EXPECT(columns(plain).minimum == 128, plain.str());
  EXPECT(columns(free).count == 512, free.str());
  auto partial = ThreadValueLayout::vectorized({3, 40}, 33, 1, 1);
  auto small = cantFail(SharedLayout::plain({3, 40}, 32));
  EXPECT(cantFail(countWavefronts(partial, small, 1)).count >= 4, "partial");
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

static void testLayoutErrors() {
  EXPECT_TEXT("expected a shift of at least 3 for a swizzle of 3 bits, found 2",
              test::text(Swizzle::get(3, 4, 2)));
  EXPECT_TEXT("expected a swizzle of 32-bit numbers, found swizzle<3,30,3>",
              test::text(Swizzle::get(3, 30, 3)));
  EXPECT_TEXT("expected elements of 4 to 128 bits, a power of two, found 24",
              text(SharedLayout::plain({4, 4}, 24)));
  EXPECT_TEXT("expected a place for each element, found (4,4):(1,1) with equal "
              "ones",
              text(SharedLayout::get(layout("(4,4):(1,1)"), Swizzle(), 8)));
  EXPECT_TEXT("expected a shape with elements in dimension 1, found 2 "
              "dimensions and 0 elements",
              text(SharedLayout::conflictFree({0, 8}, 16, 1)));
  EXPECT_TEXT("expected rows of a multiple of 32 bytes, found 320 bits",
              text(SharedLayout::panels({8, 20}, 16, 1)));
}

static std::string refuse(ArrayRef<std::optional<int64_t>> addresses,
                          int64_t bytes) {
  return toString(countWavefronts(addresses, bytes).takeError());
}

static void testAccessErrors() {
  EXPECT_TEXT("expected an access to 1, 2, 4, 8 or 16 bytes, found 3",
              refuse({0}, 3));
  EXPECT_TEXT("expected at most 32 lanes, found 33",
              refuse(Addresses(33, 0), 4));
  EXPECT_TEXT("expected addresses that are multiples of 8, found 4",
              refuse({0, 4}, 8));
  auto fragment = ThreadValueLayout::vectorized({8, 8}, 32, 1, 2);
  auto plain = cantFail(SharedLayout::plain({8, 8}, 32));
  auto column = cantFail(SharedLayout::conflictFree({8, 8}, 32, 0));
  auto other = cantFail(SharedLayout::plain({8, 4}, 32));
  EXPECT_TEXT("expected 2 neighbours in memory, found element 8 after 0",
              toString(countWavefronts(fragment, column, 2).takeError()));
  EXPECT_TEXT("expected a width that divides 2 values, found 4",
              toString(countWavefronts(fragment, plain, 4).takeError()));
  EXPECT_TEXT("expected one shape, found threads (32):(2), values (2):(1), "
              "shape 8x8 and (8,4):(4,1), 32 bits",
              toString(countWavefronts(fragment, other, 2).takeError()));
}

void test::testShared() {
  testWavefronts();
  testKnownAccesses();
  testSwizzles();
  testChoices();
  testLiterals();
  testStages();
  testMoves();
  testLayoutErrors();
  testAccessErrors();
}
