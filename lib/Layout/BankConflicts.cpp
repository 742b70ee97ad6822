//===- BankConflicts.cpp - wavefronts of shared memory accesses -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/BankConflicts.h"
#include "tile/Layout/Warp.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

using namespace llvm;
using namespace mlir::tile;

using Addresses = ArrayRef<std::optional<int64_t>>;

static constexpr int64_t kBanks = 32;
static constexpr int64_t kBankBytes = 4;

/// The wavefronts of lanes that go together: as many as the words that the bank
/// in most demand has to give.
static int64_t countTogether(Addresses addresses, int64_t bytes) {
  SmallSet<int64_t, 8> words[kBanks];
  size_t most = 0;
  for (std::optional<int64_t> address : addresses) {
    if (!address)
      continue;
    int64_t end = *address + bytes;
    for (int64_t word = *address / kBankBytes; word * kBankBytes < end;
         ++word) {
      words[word % kBanks].insert(word);
      most = std::max<size_t>(most, words[word % kBanks].size());
    }
  }
  return most;
}

static Error checkAccess(Addresses addresses, int64_t bytes) {
  if (!is_contained({1, 2, 4, 8, 16}, bytes))
    return makeError("expected an access to 1, 2, 4, 8 or 16 bytes, found " +
                     Twine(bytes));
  if (int64_t(addresses.size()) > kWarpSize)
    return makeError("expected at most 32 lanes, found " +
                     Twine(addresses.size()));
  for (std::optional<int64_t> address : addresses)
    if (address && (*address < 0 || *address % bytes != 0))
      return makeError("expected addresses that are multiples of " +
                       Twine(bytes) + ", found " + Twine(*address));
  return Error::success();
}

Expected<Wavefronts> mlir::tile::countWavefronts(Addresses addresses,
                                                 int64_t bytes) {
  if (Error error = checkAccess(addresses, bytes))
    return std::move(error);
  size_t together = kWarpSize / std::max<int64_t>(bytes / kBankBytes, 1);
  Wavefronts wavefronts;
  for (; !addresses.empty();
       addresses = addresses.drop_front(std::min(together, addresses.size()))) {
    int64_t count = countTogether(addresses.take_front(together), bytes);
    wavefronts += {count, std::min<int64_t>(count, 1)};
  }
  return wavefronts;
}

//===----------------------------------------------------------------------===//
// Fragments
//===----------------------------------------------------------------------===//

/// The address of `width` values from `value` on, or nothing for padding.
static Expected<std::optional<int64_t>>
getAddress(const ThreadValueLayout &fragment, const SharedLayout &shared,
           int64_t width, int64_t thread, int64_t value) {
  std::optional<int64_t> first;
  for (int64_t offset = 0; offset < width; ++offset) {
    auto place = fragment.coordinates(thread, value + offset);
    if (!place)
      continue;
    int64_t address = shared.address(*place);
    if (!first)
      first = address - offset;
    if (address != *first + offset)
      return makeError("expected " + Twine(width) +
                       " neighbours in memory, found element " +
                       Twine(address) + " after " + Twine(*first));
  }
  if (!first)
    return std::nullopt;
  return std::optional(*first * shared.elementBits() / 8);
}

Expected<Wavefronts>
mlir::tile::countWavefronts(const ThreadValueLayout &fragment,
                            const SharedLayout &shared, int64_t width) {
  SmallVector<int64_t> shape = shared.shape();
  if (fragment.shape() != ArrayRef(shape))
    return makeError("expected one shape, found " + fragment.str() + " and " +
                     shared.str());
  if (width < 1 || fragment.numValues() % width != 0)
    return makeError("expected a width that divides " +
                     Twine(fragment.numValues()) + " values, found " +
                     Twine(width));
  Wavefronts sum;
  for (int64_t warp = 0; warp < fragment.numThreads(); warp += kWarpSize)
    for (int64_t value = 0; value < fragment.numValues(); value += width) {
      SmallVector<std::optional<int64_t>> addresses;
      int64_t end = std::min(warp + kWarpSize, fragment.numThreads());
      for (int64_t thread = warp; thread < end; ++thread) {
        auto address = getAddress(fragment, shared, width, thread, value);
        if (!address)
          return address.takeError();
        addresses.push_back(*address);
      }
      auto one = countWavefronts(addresses, width * shared.elementBits() / 8);
      if (!one)
        return one.takeError();
      sum += *one;
    }
  return sum;
}
