//===- ThreadValueLayout.cpp - who holds what of a fragment -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/ThreadValueLayout.h"
#include "TileParts.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;
using Source = CoordinateTerm::Source;

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

/// Checks the padded shape and gives the number of its elements.
static Expected<int64_t> checkPadded(ArrayRef<int64_t> shape,
                                     ArrayRef<int64_t> padded) {
  if (padded.size() != shape.size())
    return makeError("expected a padded shape of rank " + Twine(shape.size()) +
                     ", found rank " + Twine(padded.size()));
  std::optional<int64_t> size = 1;
  for (auto [extent, bound] : zip_equal(shape, padded)) {
    if (extent < 0)
      return makeError("expected extents of at least 0, found " +
                       Twine(extent));
    if (bound < std::max<int64_t>(extent, 1))
      return makeError("expected padded extents of at least " +
                       Twine(std::max<int64_t>(extent, 1)) + ", found " +
                       Twine(bound));
    size = checkedMul(*size, bound);
    if (!size)
      return makeError("expected a padded shape within 64 bits, found one "
                       "beyond");
  }
  return *size;
}

static SmallVector<Leaf> getMovingLeaves(const Layout &threads,
                                         const Layout &values) {
  SmallVector<Leaf> leaves(threads.leaves());
  llvm::append_range(leaves, values.leaves());
  erase_if(leaves, [](Leaf leaf) { return leaf.stride == 0; });
  return leaves;
}

Expected<ThreadValueLayout> ThreadValueLayout::get(const Layout &threads,
                                                   const Layout &values,
                                                   ArrayRef<int64_t> shape,
                                                   ArrayRef<int64_t> padded) {
  Expected<int64_t> size = checkPadded(shape, padded);
  if (!size)
    return size.takeError();
  int64_t last = threads.cosize() + values.cosize() - 2;
  if (!shape.empty() && last >= *size)
    return makeError("expected elements below " + Twine(*size) +
                     " in the padded shape, found " + Twine(last));
  if (!Layout(getMovingLeaves(threads, values)).isInjective())
    return makeError("expected each element in one place, found threads " +
                     threads.str() + " and values " + values.str() +
                     " that overlap");
  return ThreadValueLayout(threads, values, shape, padded);
}

//===----------------------------------------------------------------------===//
// Elements and owners
//===----------------------------------------------------------------------===//

int64_t ThreadValueLayout::numElements() const {
  return product_of(logicalShape);
}

std::optional<ThreadValueLayout::Coordinates>
ThreadValueLayout::coordinates(int64_t thread, int64_t value) const {
  int64_t rest = index(thread, value);
  Coordinates result(rank());
  for (unsigned dim = rank(); dim-- > 0;) {
    result[dim] = rest % paddedShape[dim];
    rest /= paddedShape[dim];
    if (result[dim] >= logicalShape[dim])
      return std::nullopt;
  }
  if (rest != 0)
    return std::nullopt;
  return result;
}

namespace {
/// A digit of the thread or of the value; `weight` is what a step adds to it.
struct OwnerDigit {
  Source source;
  Leaf leaf;
  int64_t weight;
};
} // namespace

/// The digits by stride, the longest first.
static SmallVector<OwnerDigit> getOwnerDigits(const Layout &threads,
                                              const Layout &values) {
  SmallVector<OwnerDigit> digits;
  for (auto [source, layout] : {std::pair(Source::Thread, &threads),
                                std::pair(Source::Value, &values)}) {
    int64_t weight = 1;
    for (Leaf leaf : layout->leaves()) {
      if (leaf.extent > 1)
        digits.push_back({source, leaf, weight});
      weight *= leaf.extent;
    }
  }
  sort(digits, [](const OwnerDigit &a, const OwnerDigit &b) {
    return a.leaf.stride > b.leaf.stride;
  });
  return digits;
}

/// Appends every choice of digits whose values add up to `rest`.
static void findOwners(ArrayRef<OwnerDigit> digits, int64_t rest,
                       ThreadValueLayout::Owner owner,
                       SmallVectorImpl<ThreadValueLayout::Owner> &owners) {
  if (digits.empty()) {
    if (rest == 0)
      owners.push_back(owner);
    return;
  }
  const OwnerDigit &first = digits.front();
  int64_t reach = 0;
  for (const OwnerDigit &digit : digits.drop_front())
    reach += (digit.leaf.extent - 1) * digit.leaf.stride;
  for (int64_t digit = 0; digit < first.leaf.extent; ++digit) {
    int64_t left = rest - digit * first.leaf.stride;
    if (left < 0)
      break;
    if (left > reach)
      continue;
    ThreadValueLayout::Owner next = owner;
    (first.source == Source::Thread ? next.thread : next.value) +=
        digit * first.weight;
    findOwners(digits.drop_front(), left, next, owners);
  }
}

SmallVector<ThreadValueLayout::Owner>
ThreadValueLayout::owners(ArrayRef<int64_t> coordinates) const {
  int64_t element = 0;
  for (auto [coordinate, extent] : zip_equal(coordinates, paddedShape))
    element = element * extent + coordinate;
  SmallVector<Owner> result;
  findOwners(getOwnerDigits(threadLayout, valueLayout), element, {0, 0},
             result);
  sort(result, [](const Owner &a, const Owner &b) {
    return std::pair(a.thread, a.value) < std::pair(b.thread, b.value);
  });
  return result;
}

/// Whether elements 0 to `end` - 1 of the padded shape are held for certain.
static bool fills(ArrayRef<Leaf> moving, int64_t end) {
  SmallVector<Leaf> leaves(moving);
  sort(leaves, [](Leaf a, Leaf b) { return a.stride < b.stride; });
  int64_t span = 1;
  for (Leaf leaf : leaves) {
    if (leaf.stride > span)
      break;
    span += (leaf.extent - 1) * leaf.stride;
  }
  return span >= end;
}

bool ThreadValueLayout::covers() const {
  int64_t last = 0;
  for (auto [extent, bound] : zip_equal(logicalShape, paddedShape))
    last = last * bound + extent - 1;
  if (fills(getMovingLeaves(threadLayout, valueLayout), last + 1))
    return true;
  DenseSet<int64_t> held;
  for (int64_t thread = 0; thread < numThreads(); ++thread)
    for (int64_t value = 0; value < numValues(); ++value)
      if (coordinates(thread, value))
        held.insert(index(thread, value));
  return int64_t(held.size()) == numElements();
}

//===----------------------------------------------------------------------===//
// Replicas
//===----------------------------------------------------------------------===//

CoordinateMap::Terms ThreadValueLayout::replicaTerms() const {
  return getDigitTerms(Source::Thread, threadLayout,
                       [](Leaf leaf) { return leaf.stride == 0; });
}

bool ThreadValueLayout::isReplicated() const { return !replicaTerms().empty(); }

int64_t ThreadValueLayout::firstReplica(int64_t thread) const {
  int64_t first = thread;
  for (const CoordinateTerm &term : replicaTerms())
    first -= term.evaluate(thread, 0) * term.divisor;
  return first;
}

bool ThreadValueLayout::isInjectivePerThread() const {
  return valueLayout.isInjective();
}

//===----------------------------------------------------------------------===//
// Coordinates as terms
//===----------------------------------------------------------------------===//

int64_t CoordinateTerm::evaluate(int64_t thread, int64_t value) const {
  int64_t digit = (source == Source::Thread ? thread : value) / divisor;
  return (modulus == 0 ? digit : digit % modulus) * multiplier;
}

bool CoordinateTerm::operator==(const CoordinateTerm &other) const {
  return std::tuple(source, divisor, modulus, multiplier, extent) ==
         std::tuple(other.source, other.divisor, other.modulus,
                    other.multiplier, other.extent);
}

int64_t CoordinateMap::evaluate(ArrayRef<CoordinateTerm> terms, int64_t thread,
                                int64_t value) {
  int64_t sum = 0;
  for (const CoordinateTerm &term : terms)
    sum += term.evaluate(thread, value);
  return sum;
}
