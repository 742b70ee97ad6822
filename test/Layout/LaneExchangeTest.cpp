//===- LaneExchangeTest.cpp - longer rows by exchange -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Layout/LaneExchange.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;

/// Vector i of thread j is vector j of thread i of the same neighbours before
/// the exchange, and the vectors of a thread are in a row.
static void checkExchange(const ThreadValueLayout &from,
                          const LaneExchange &exchange) {
  const ThreadValueLayout &to = exchange.layout;
  std::string both = from.str() + " to " + to.str();
  int64_t row = exchange.count * exchange.width;
  EXPECT(to.numThreads() == from.numThreads(), both);
  EXPECT(to.numValues() == from.numValues(), both);
  EXPECT(to.vectorWidth() % row == 0, both);
  forEachValue(to, [&](int64_t thread, int64_t value) {
    int64_t lane = thread % exchange.count;
    int64_t giver = value % row / exchange.width;
    int64_t given = exchange.sources[value / row][lane];
    EXPECT(
        to.index(thread, value) ==
            from.index(thread - lane + giver, given + value % exchange.width),
        both);
  });
}

/// Four threads hold a row of an atom in pairs; a warp has atoms in rows.
static void testAccumulators() {
  for (int64_t columns : {2, 4, 8})
    for (int64_t rows : {1, 4}) {
      int64_t width = columns * 8;
      auto from = cantFail(ThreadValueLayout::get(
          Layout({4, 8}, {2, width}),
          Layout({2, 2, columns, rows}, {1, 8 * width, 8, 16 * width}),
          {rows * 16, width}));
      for (int64_t count : {2, 4}) {
        auto exchange = LaneExchange::get(from, 2, count);
        EXPECT(exchange.has_value() == (std::max(columns, rows) >= count),
               from.str());
        if (exchange)
          checkExchange(from, *exchange);
      }
    }
}

static void testRandomFragments() {
  Random random;
  int found = 0;
  for (int number = 0; number < 3000; ++number) {
    ThreadValueLayout from = randomFragment(random);
    for (int64_t count : {2, 4})
      if (auto exchange = LaneExchange::get(from, from.vectorWidth(), count)) {
        checkExchange(from, *exchange);
        ++found;
      }
  }
  EXPECT(found > 20, Twine(found));
  outs() << found << " exchanges\n";
}

void mlir::tile::test::testLaneExchange() {
  testAccumulators();
  testRandomFragments();
}
