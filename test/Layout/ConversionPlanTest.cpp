//===- ConversionPlanTest.cpp - how fragments are converted -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Layout/Atoms.h"
#include "tile/Layout/ConversionPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;
using Owner = ThreadValueLayout::Owner;

/// The owner map finds a holder of every element, whoever asks.
static void testOwners() {
  Random random;
  int64_t found = 0;
  for (int number = 0; number < 1000; ++number) {
    ThreadValueLayout layout = randomFragment(random);
    std::optional<OwnerMap> map = OwnerMap::get(layout);
    if (!map || !layout.covers())
      continue;
    ++found;
    forEachValue(layout, [&](int64_t thread, int64_t value) {
      auto place = layout.coordinates(thread, value);
      if (!place)
        return;
      for (int64_t asking : {int64_t(0), thread}) {
        Owner owner = map->find(*place, asking);
        EXPECT(layout.coordinates(owner.thread, owner.value) == place,
               layout.str());
      }
      EXPECT(map->find(*place, thread).thread == thread, layout.str());
    });
  }
  EXPECT(found > 200, Twine(found));
  outs() << found << " owner maps\n";
}

/// What the code made from a plan does: each group is taken from one of its
/// sources, of the thread and value that the owner map says.
static void runPlan(const ConversionPlan &plan, const ThreadValueLayout &from,
                    const ThreadValueLayout &to) {
  std::string both = from.str() + " to " + to.str();
  forEachValue(to, [&](int64_t thread, int64_t value) {
    auto place = to.coordinates(thread, value);
    if (!place)
      return;
    int64_t group = value / plan.width, first = group * plan.width;
    auto begin = to.coordinates(thread, first);
    EXPECT(begin.has_value(), both);
    Owner owner = plan.owners.find(*begin, thread);
    EXPECT(is_contained(plan.sources[group], owner.value), both);
    EXPECT(owner.thread == thread || plan.isShuffled[group], both);
    EXPECT(owner.thread == thread || owner.thread / 32 == thread / 32, both);
    int64_t source = owner.value + value - first;
    EXPECT(source < from.numValues(), both);
    EXPECT(from.coordinates(owner.thread, source) == place, both);
  });
}

static void testPlans() {
  Random random;
  int64_t kinds[4] = {};
  for (int number = 0; number < 600; ++number) {
    SmallVector<int64_t> shape = {random.among({16, 32, 48}),
                                  random.among({16, 24, 32, 40})};
    int64_t bits = random.among({8, 16, 32, 64});
    int64_t warps = random.among({1, 2, 3});
    auto choose = [&]() {
      int64_t kind = random.below(4);
      if (kind < 2) {
        MmaAtom atom =
            cantFail(MmaAtom::mmaSync(16, 8, 256 / std::min<int64_t>(bits, 32),
                                      std::min<int64_t>(bits, 32)));
        bool alongRows = random.below(2);
        return cantFail(tileToWarps(
            atom, kind == 0 ? MmaOperand::C : MmaOperand::A,
            alongRows ? warps : 1, alongRows ? 1 : warps, shape[0], shape[1]));
      }
      return ThreadValueLayout::vectorized(shape, 32 * warps, 1,
                                           random.among({1, 2, 4}));
    };
    ThreadValueLayout from = choose(), to = choose();
    ConversionPlan plan = cantFail(ConversionPlan::get(from, to, bits));
    ++kinds[unsigned(plan.kind)];
    if (plan.kind != ConversionKind::SharedMemory)
      runPlan(plan, from, to);
  }
  outs() << "conversion plans:";
  for (auto [kind, count] : enumerate(kinds)) {
    EXPECT(count > 3, stringifyConversionKind(ConversionKind(kind)));
    outs() << " " << count << " "
           << stringifyConversionKind(ConversionKind(kind));
  }
  outs() << "\n";
}

static void testLiterals() {
  auto getText = [](const ThreadValueLayout &from, const ThreadValueLayout &to,
                    int64_t bits) {
    return describe(cantFail(ConversionPlan::get(from, to, bits)));
  };
  auto tile = [](int64_t k, int64_t bits, MmaOperand operand, int64_t columns) {
    return cantFail(tileToWarps(cantFail(MmaAtom::mmaSync(16, 8, k, bits)),
                                operand, 1, 1, 16, columns));
  };
  // From the accumulator to the A operand: nothing where all columns are there,
  // padding where not, pairs from two lanes for 8 bits.
  auto c = tile(16, 16, MmaOperand::C, 64);
  EXPECT_TEXT("none", getText(c, tile(16, 16, MmaOperand::A, 64), 16));
  EXPECT_TEXT("registers", getText(tile(16, 16, MmaOperand::C, 24),
                                   tile(16, 16, MmaOperand::A, 24), 16));
  EXPECT_TEXT("shuffles, 32 for each thread",
              getText(c, tile(32, 8, MmaOperand::A, 64), 8));
  EXPECT_TEXT("shuffles, 64 for each thread",
              getText(c, tile(8, 32, MmaOperand::A, 64), 32));
  // A row becomes a column: too many shuffles.
  auto rows = ThreadValueLayout::vectorized({32, 32}, 32, 1, 32);
  EXPECT_TEXT("shared memory, 8192 bytes",
              getText(rows, cantFail(rows.permute({1, 0})), 32));
  auto other = ThreadValueLayout::linear({8}, 2);
  EXPECT_TEXT(
      "expected one shape and number of threads, found threads "
      "(4):(1), values (2):(4), shape 8 and threads (2):(1), values "
      "(4):(2), shape 8",
      toString(ConversionPlan::get(ThreadValueLayout::linear({8}, 4), other, 32)
                   .takeError()));
}

void test::testConversionPlan() {
  testOwners();
  testPlans();
  testLiterals();
}
