//===- ConversionPlan.cpp - how a fragment gets another layout --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/ConversionPlan.h"
#include "TileParts.h"
#include "tile/Layout/Warp.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

using namespace llvm;
using namespace mlir::tile;
using Owner = ThreadValueLayout::Owner;

static constexpr int64_t kRegisterBits = 32;

/// What the barriers of a conversion through shared memory cost, in accesses of
/// a thread.
static constexpr int64_t kBarrierCost = 16;

/// The most values of a thread that are converted one by one, without a loop.
static constexpr int64_t kMaxValues = 256;

//===----------------------------------------------------------------------===//
// Owners
//===----------------------------------------------------------------------===//

/// Whether the digits of `dim` count through all of its `size` elements.
static bool countsThrough(ArrayRef<OwnerDigit> digits, unsigned dim,
                          int64_t size) {
  SmallVector<OwnerDigit> own;
  copy_if(digits, std::back_inserter(own),
          [&](const OwnerDigit &digit) { return digit.dim == dim; });
  sort(own, [](const OwnerDigit &a, const OwnerDigit &b) {
    return a.step < b.step;
  });
  int64_t counted = 1;
  for (const OwnerDigit &digit : own) {
    if (digit.step != counted)
      return false;
    counted *= digit.extent;
  }
  return counted >= size;
}

std::optional<OwnerMap> OwnerMap::get(const ThreadValueLayout &layout) {
  Expected<SmallVector<TilePart>> parts = splitTile(layout);
  if (!parts) {
    consumeError(parts.takeError());
    return std::nullopt;
  }
  OwnerMap map;
  int64_t places[2] = {1, 1};
  for (const TilePart &part : *parts) {
    int64_t &place = places[part.isThread() ? 0 : 1];
    OwnerDigit digit{part.source, place, part.extent, std::nullopt, 0};
    place *= part.extent;
    for (auto [dim, step] : enumerate(part.steps)) {
      if (step == 0)
        continue;
      if (digit.dim)
        return std::nullopt;
      digit.dim = dim;
      digit.step = step;
    }
    // Of values that are the same, the first will do.
    if (part.extent > 1 && (digit.dim || part.isThread()))
      map.digits.push_back(digit);
  }
  for (unsigned dim = 0; dim < layout.rank(); ++dim)
    if (!countsThrough(map.digits, dim, layout.shape()[dim]))
      return std::nullopt;
  return map;
}

Owner OwnerMap::find(ArrayRef<int64_t> coordinates, int64_t asking) const {
  Owner owner{0, 0};
  for (const OwnerDigit &digit : digits) {
    int64_t number =
        digit.dim ? coordinates[*digit.dim] / digit.step : asking / digit.place;
    bool isThread = digit.source == CoordinateTerm::Source::Thread;
    (isThread ? owner.thread : owner.value) +=
        number % digit.extent * digit.place;
  }
  return owner;
}

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

namespace {
/// Finds how a warp converts by itself.
class WarpPlanner {
public:
  WarpPlanner(const ThreadValueLayout &from, const ThreadValueLayout &to,
              const OwnerMap &owners)
      : from(from), to(to), owners(owners) {}

  bool collect();
  void group(int64_t elementBits, ConversionPlan &plan) const;

private:
  const std::optional<Owner> &getSource(int64_t thread, int64_t value) const {
    return sources[thread * to.numValues() + value];
  }
  bool isWidth(int64_t width) const;
  bool isGroup(int64_t thread, int64_t first, int64_t width) const;

  const ThreadValueLayout &from;
  const ThreadValueLayout &to;
  const OwnerMap &owners;
  /// By thread and value of `to`; nothing for padding.
  SmallVector<std::optional<Owner>> sources;
};
} // namespace

/// Finds the owners; false where one is in another warp.
bool WarpPlanner::collect() {
  bool hasWholeWarps = to.numThreads() % kWarpSize == 0;
  for (int64_t thread = 0; thread < to.numThreads(); ++thread)
    for (int64_t value = 0; value < to.numValues(); ++value) {
      auto place = to.coordinates(thread, value);
      if (!place) {
        sources.push_back(std::nullopt);
        continue;
      }
      Owner owner = owners.find(*place, thread);
      assert(from.coordinates(owner.thread, owner.value) == place &&
             "the owner of the element");
      // A warp that is not whole has lanes that no shuffle may ask for.
      bool isNear = hasWholeWarps
                        ? owner.thread / kWarpSize == thread / kWarpSize
                        : owner.thread == thread;
      if (!isNear)
        return false;
      sources.push_back(owner);
    }
  return true;
}

/// Whether the values come from consecutive ones of one thread, but for padding
/// behind them.
bool WarpPlanner::isGroup(int64_t thread, int64_t first, int64_t width) const {
  const std::optional<Owner> &base = getSource(thread, first);
  for (int64_t i = 0; i < width; ++i) {
    const std::optional<Owner> &source = getSource(thread, first + i);
    if (source && !(base && *source == Owner{base->thread, base->value + i}))
      return false;
  }
  return !base || base->value + width <= from.numValues();
}

bool WarpPlanner::isWidth(int64_t width) const {
  if (to.numValues() % width != 0)
    return false;
  for (int64_t thread = 0; thread < to.numThreads(); ++thread)
    for (int64_t first = 0; first < to.numValues(); first += width)
      if (!isGroup(thread, first, width))
        return false;
  return true;
}

void WarpPlanner::group(int64_t elementBits, ConversionPlan &plan) const {
  plan.width = std::max<int64_t>(kRegisterBits / elementBits, 1);
  while (!isWidth(plan.width))
    plan.width /= 2;
  for (int64_t first = 0; first < to.numValues(); first += plan.width) {
    SmallSet<int64_t, 8> values;
    bool isShuffled = false;
    for (int64_t thread = 0; thread < to.numThreads(); ++thread)
      if (const std::optional<Owner> &source = getSource(thread, first)) {
        values.insert(source->value);
        isShuffled |= source->thread != thread;
      }
    plan.sources.emplace_back(values.begin(), values.end());
    sort(plan.sources.back());
    plan.isShuffled.push_back(isShuffled);
    if (isShuffled)
      plan.shuffles += values.size() * divideCeilSigned(elementBits, 32);
  }
}

Expected<ConversionPlan> ConversionPlan::get(const ThreadValueLayout &from,
                                             const ThreadValueLayout &to,
                                             int64_t elementBits) {
  Expected<ConversionCost> cost = getConversionCost(from, to, elementBits);
  if (!cost)
    return cost.takeError();
  ConversionPlan plan;
  plan.sharedBytes = cost->sharedBytes;
  std::optional<OwnerMap> owners = OwnerMap::get(from);
  if (!owners || cost->kind == ConversionKind::SharedMemory ||
      std::max(from.numValues(), to.numValues()) > kMaxValues)
    return plan;
  WarpPlanner planner(from, to, *owners);
  if (!planner.collect())
    return plan;
  ConversionPlan warp = plan;
  warp.owners = *owners;
  planner.group(elementBits, warp);
  // Where threads need different values, each takes all and selects.
  int64_t moves = 0;
  for (ArrayRef<int64_t> values : warp.sources)
    moves += values.size();
  int64_t accesses = from.numValues() + to.numValues() + kBarrierCost;
  if (std::max(moves, warp.shuffles) > accesses)
    return plan;
  warp.kind = is_contained(warp.isShuffled, true) ? ConversionKind::Shuffles
                                                  : ConversionKind::Registers;
  if (cost->kind == ConversionKind::None)
    warp.kind = ConversionKind::None;
  return warp;
}

std::string mlir::tile::describe(const ConversionPlan &plan) {
  std::string text = stringifyConversionKind(plan.kind).str();
  if (plan.kind == ConversionKind::Shuffles)
    text += ", " + std::to_string(plan.shuffles) + " for each thread";
  if (plan.kind == ConversionKind::SharedMemory)
    text += ", " + std::to_string(plan.sharedBytes) + " bytes";
  return text;
}
