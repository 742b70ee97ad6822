//===- LaneExchange.cpp - longer rows by exchange in a warp -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The digit of the thread that counts neighbours and a digit of the value
// change places: each takes the other's stride.
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/LaneExchange.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;

/// The digit of the value whose steps are shortest, of those that can count
/// `count` vectors; none where there is no such digit.
static std::optional<size_t> findDigit(ArrayRef<Leaf> values, int64_t count) {
  std::optional<size_t> found;
  for (size_t i = 1; i < values.size(); ++i)
    if (values[i].extent % count == 0 && values[i].stride > 0 &&
        (!found || values[i].stride < values[*found].stride))
      found = i;
  return found;
}

std::optional<LaneExchange> LaneExchange::get(const ThreadValueLayout &from,
                                              int64_t width, int64_t count) {
  assert(isPowerOf2_64(count) && "a part of a warp");
  Layout threads = from.threads().coalesce(), values = from.values().coalesce();
  if (threads.rank() == 0 || values.rank() == 0 ||
      values.leaves().front() != Leaf{width, 1})
    return std::nullopt;
  Leaf lane = threads.leaves().front();
  std::optional<size_t> digit = findDigit(values.leaves(), count);
  if (!digit || lane.extent % count != 0 || lane.stride != width)
    return std::nullopt;

  Leaf given = values.leaves()[*digit];
  Layout newThreads, newValues, slots;
  newThreads.addMode(Leaf{count, given.stride});
  newThreads.addMode(Leaf{lane.extent / count, width * count});
  for (Leaf leaf : threads.leaves().drop_front())
    newThreads.addMode(leaf);
  newValues.addMode(Leaf{width, 1});
  newValues.addMode(Leaf{count, width});
  int64_t place = 1, step = 0;
  for (auto [i, leaf] : enumerate(values.leaves())) {
    Leaf rest = leaf;
    int64_t first = place;
    place *= leaf.extent;
    if (i == 0)
      continue;
    if (i == *digit) {
      rest = Leaf{leaf.extent / count, leaf.stride * count};
      step = first;
      first *= count;
    }
    newValues.addMode(rest);
    slots.addMode(Leaf{rest.extent, first});
  }
  auto to = ThreadValueLayout::get(newThreads, newValues, from.shape(),
                                   from.padded());
  if (!to) {
    consumeError(to.takeError());
    return std::nullopt;
  }
  if (to->vectorWidth() % (width * count) != 0)
    return std::nullopt;
  LaneExchange exchange{count, width, *to, {}};
  for (int64_t row = 0, rows = slots.size(); row < rows; ++row) {
    SmallVector<int64_t, 4> &sources = exchange.sources.emplace_back();
    for (int64_t i = 0; i < count; ++i)
      sources.push_back(slots(row) + i * step);
  }
  return exchange;
}
