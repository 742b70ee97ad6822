//===- Conversion.cpp - cost of another layout of a fragment ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/Conversion.h"
#include "tile/Layout/Warp.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Owner = ThreadValueLayout::Owner;

StringRef mlir::tile::stringifyConversionKind(ConversionKind kind) {
  switch (kind) {
  case ConversionKind::None:
    return "none";
  case ConversionKind::Registers:
    return "registers";
  case ConversionKind::Shuffles:
    return "shuffles";
  case ConversionKind::SharedMemory:
    return "shared memory";
  }
  llvm_unreachable("unknown kind of conversion");
}

namespace {
/// Looks up where each value of the new layout comes from.
class Converter {
public:
  Converter(const ThreadValueLayout &from, const ThreadValueLayout &to)
      : from(from), to(to) {}

  llvm::Error collect();
  ConversionCost getCost(int64_t elementBits) const;

private:
  using Owners = SmallVector<SmallVector<Owner, 1>>;

  int64_t getNumber(ArrayRef<int64_t> place) const;
  Owners getOwners() const;
  void addSource(ArrayRef<Owner> owners, Owner target);
  int64_t countShuffles(int64_t warp, int64_t value) const;

  const ThreadValueLayout &from;
  const ThreadValueLayout &to;
  /// By thread and value of `to`; nothing for padding.
  SmallVector<std::optional<Owner>> sources;
  ConversionKind kind = ConversionKind::None;
  int64_t numRead = 0;
};
} // namespace

int64_t Converter::getNumber(ArrayRef<int64_t> place) const {
  int64_t number = 0;
  for (auto [coordinate, extent] : zip_equal(place, to.shape()))
    number = number * extent + coordinate;
  return number;
}

/// Who holds each element at first.
Converter::Owners Converter::getOwners() const {
  Owners owners(from.numElements());
  for (int64_t thread = 0; thread < from.numThreads(); ++thread)
    for (int64_t value = 0; value < from.numValues(); ++value)
      if (auto place = from.coordinates(thread, value))
        owners[getNumber(*place)].push_back({thread, value});
  return owners;
}

static ConversionKind getKind(Owner source, Owner target) {
  if (source == target)
    return ConversionKind::None;
  if (source.thread == target.thread)
    return ConversionKind::Registers;
  return source.thread / kWarpSize == target.thread / kWarpSize
             ? ConversionKind::Shuffles
             : ConversionKind::SharedMemory;
}

/// Takes an element from the nearest of those who hold it.
void Converter::addSource(ArrayRef<Owner> owners, Owner target) {
  const Owner *nearest = min_element(owners, [&](Owner a, Owner b) {
    return getKind(a, target) < getKind(b, target);
  });
  sources.push_back(*nearest);
  kind = std::max(kind, getKind(*nearest, target));
  ++numRead;
}

Error Converter::collect() {
  Owners owners = getOwners();
  if (from.numValues() != to.numValues())
    kind = ConversionKind::Registers;
  for (int64_t thread = 0; thread < to.numThreads(); ++thread)
    for (int64_t value = 0; value < to.numValues(); ++value) {
      auto place = to.coordinates(thread, value);
      if (!place) {
        sources.push_back(std::nullopt);
        continue;
      }
      ArrayRef<Owner> holders = owners[getNumber(*place)];
      if (holders.empty())
        return makeError("expected every element to be held, found no holder "
                         "of what thread " +
                         Twine(thread) + " needs as value " + Twine(value));
      addSource(holders, {thread, value});
    }
  return Error::success();
}

/// A lane gives one register in a shuffle, and many lanes can take it. So a
/// value takes as many shuffles as registers that it wants of one lane.
int64_t Converter::countShuffles(int64_t warp, int64_t value) const {
  SmallSet<int64_t, 4> wanted[kWarpSize];
  size_t most = 0;
  int64_t end = std::min(warp + kWarpSize, to.numThreads());
  for (int64_t thread = warp; thread < end; ++thread) {
    std::optional<Owner> source = sources[thread * to.numValues() + value];
    if (!source || source->thread == thread)
      continue;
    SmallSet<int64_t, 4> &registers = wanted[source->thread % kWarpSize];
    registers.insert(source->value);
    most = std::max<size_t>(most, registers.size());
  }
  return most;
}

ConversionCost Converter::getCost(int64_t elementBits) const {
  int64_t bytes =
      divideCeilSigned((to.numElements() + numRead) * elementBits, 8);
  int64_t shuffles = 0;
  if (kind == ConversionKind::Shuffles)
    for (int64_t warp = 0; warp < to.numThreads(); warp += kWarpSize) {
      int64_t sum = 0;
      for (int64_t value = 0; value < to.numValues(); ++value)
        sum += countShuffles(warp, value);
      shuffles = std::max(shuffles, sum);
    }
  return {kind, shuffles, bytes};
}

Expected<ConversionCost>
mlir::tile::getConversionCost(const ThreadValueLayout &from,
                              const ThreadValueLayout &to,
                              int64_t elementBits) {
  if (from.shape() != to.shape() || from.numThreads() != to.numThreads())
    return makeError("expected one shape and number of threads, found " +
                     from.str() + " and " + to.str());
  Converter converter(from, to);
  if (Error error = converter.collect())
    return std::move(error);
  return converter.getCost(elementBits);
}
