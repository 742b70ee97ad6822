//===- ConversionTest.cpp - cost of conversions -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Layout/Atoms.h"
#include "tile/Layout/Conversion.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;
using Owner = ThreadValueLayout::Owner;

/// Shuffles in rounds: for each value in turn, every lane that still lacks it
/// asks for it, and each lane gives the register that is asked for first.
static int64_t simulate(const ThreadValueLayout &from,
                        const ThreadValueLayout &to, int64_t warp) {
  int64_t rounds = 0;
  for (int64_t value = 0; value < to.numValues(); ++value) {
    std::set<std::pair<int64_t, int64_t>> asked;
    for (int64_t thread = warp; thread < std::min(warp + 32, to.numThreads());
         ++thread) {
      auto place = to.coordinates(thread, value);
      if (!place)
        continue;
      SmallVector<Owner> owners = from.owners(*place);
      bool isHere = any_of(
          owners, [&](const Owner &owner) { return owner.thread == thread; });
      auto *near = find_if(owners, [&](const Owner &owner) {
        return owner.thread / 32 == thread / 32;
      });
      if (!isHere)
        asked.insert({near->thread, near->value});
    }
    while (!asked.empty()) {
      ++rounds;
      std::set<int64_t> giving;
      for (auto [thread, given] : std::vector(asked.begin(), asked.end()))
        if (giving.insert(thread).second)
          asked.erase({thread, given});
    }
  }
  return rounds;
}

static bool reaches(const ThreadValueLayout &from, const ThreadValueLayout &to,
                    function_ref<bool(Owner, Owner)> isNear) {
  bool result = true;
  forEachValue(to, [&](int64_t thread, int64_t value) {
    if (auto place = to.coordinates(thread, value))
      result &= any_of(from.owners(*place), [&](Owner owner) {
        return isNear(owner, {thread, value});
      });
  });
  return result;
}

static ConversionKind findKind(const ThreadValueLayout &from,
                               const ThreadValueLayout &to) {
  if (from.numValues() == to.numValues() &&
      reaches(from, to, [](Owner a, Owner b) { return a == b; }))
    return ConversionKind::None;
  if (reaches(from, to, [](Owner a, Owner b) { return a.thread == b.thread; }))
    return ConversionKind::Registers;
  if (reaches(from, to,
              [](Owner a, Owner b) { return a.thread / 32 == b.thread / 32; }))
    return ConversionKind::Shuffles;
  return ConversionKind::SharedMemory;
}

/// One of many layouts of a shape for so many threads.
static ThreadValueLayout chooseLayout(Random &random, ArrayRef<int64_t> shape,
                                      int64_t threads) {
  switch (random.below(4)) {
  case 0:
    return ThreadValueLayout::linear(shape, threads);
  case 1:
    if (threads % 32 == 0)
      return cantFail(
          tileToWarps(cantFail(MmaAtom::mmaSync(16, 8, 16, 16)),
                      random.below(2) ? MmaOperand::C : MmaOperand::A, 1,
                      threads / 32, shape[0], shape[1]));
    [[fallthrough]];
  default:
    return ThreadValueLayout::vectorized(shape, threads, random.below(2),
                                         random.among({1, 2, 4}));
  }
}

static void testRandom() {
  Random random;
  int64_t kinds[4] = {};
  for (int number = 0; number < 400; ++number) {
    SmallVector<int64_t> shape = {random.among({4, 8, 16, 20}),
                                  random.among({4, 8, 16, 33})};
    int64_t threads = random.among({1, 16, 32, 32, 33, 64});
    ThreadValueLayout from = chooseLayout(random, shape, threads);
    ThreadValueLayout to = chooseLayout(random, shape, threads);
    std::string both = from.str() + " to " + to.str();
    ConversionCost cost = cantFail(getConversionCost(from, to, 16));
    ++kinds[unsigned(cost.kind)];
    EXPECT(cost.kind == findKind(from, to), both);
    int64_t shuffles = 0, read = 0;
    if (cost.kind == ConversionKind::Shuffles)
      for (int64_t warp = 0; warp < threads; warp += 32)
        shuffles = std::max(shuffles, simulate(from, to, warp));
    EXPECT(cost.shuffles == shuffles, both);
    forEachValue(to, [&](int64_t thread, int64_t value) {
      read += to.coordinates(thread, value).has_value();
    });
    EXPECT(cost.sharedBytes == 2 * (to.numElements() + read), both);
  }
  outs() << "400 conversions";
  for (auto [kind, count] : enumerate(kinds)) {
    EXPECT(count > 20, stringifyConversionKind(ConversionKind(kind)));
    outs() << ", " << count << " "
           << stringifyConversionKind(ConversionKind(kind));
  }
  outs() << "\n";
}

static void testLiterals() {
  auto getCost = [](const ThreadValueLayout &from,
                    const ThreadValueLayout &to) {
    return cantFail(getConversionCost(from, to, 32));
  };
  // The accumulator of one product is the A operand of the next.
  MmaAtom atom = cantFail(MmaAtom::mmaSync(16, 8, 16, 16));
  auto c = cantFail(tileToWarps(atom, MmaOperand::C, 4, 1, 64, 64));
  auto a = cantFail(tileToWarps(atom, MmaOperand::A, 4, 1, 64, 64));
  EXPECT(getCost(c, a).kind == ConversionKind::None, c.str());
  // A row becomes a column: every value comes from one lane, and each other
  // lane wants another register of it.
  auto rows = ThreadValueLayout::vectorized({32, 32}, 32, 1, 32);
  ConversionCost cost = getCost(rows, cantFail(rows.permute({1, 0})));
  EXPECT(cost.kind == ConversionKind::Shuffles && cost.shuffles == 32 * 31,
         Twine(cost.shuffles));
  EXPECT(cost.sharedBytes == 8192, Twine(cost.sharedBytes));
  // A broadcast of one value for each row.
  auto all =
      cantFail(ThreadValueLayout::get(layout("32:0"), layout("4:1"), {4}));
  auto first = ThreadValueLayout::linear({4}, 32);
  cost = getCost(first, all);
  EXPECT(cost.kind == ConversionKind::Shuffles && cost.shuffles == 4,
         Twine(cost.shuffles));
  EXPECT(getCost(all, first).kind == ConversionKind::Registers, all.str());
}

static void testErrors() {
  auto a = ThreadValueLayout::linear({8}, 4);
  auto b = ThreadValueLayout::linear({8}, 2);
  EXPECT_TEXT("expected one shape and number of threads, found threads "
              "(4):(1), values (2):(4), shape 8 and threads (2):(1), values "
              "(4):(2), shape 8",
              toString(getConversionCost(a, b, 32).takeError()));
  auto half =
      cantFail(ThreadValueLayout::get(layout("4:1"), layout("1:0"), {8}));
  EXPECT_TEXT("expected every element to be held, found no holder of what "
              "thread 0 needs as value 1",
              toString(getConversionCost(half, a, 32).takeError()));
}

void test::testConversion() {
  testRandom();
  testLiterals();
  testErrors();
}
