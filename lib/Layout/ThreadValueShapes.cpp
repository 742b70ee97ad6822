//===- ThreadValueShapes.cpp - a fragment's layout by dimension -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileParts.h"
#include "tile/Layout/ThreadValueLayout.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <numeric>

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;
using Source = CoordinateTerm::Source;

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

CoordinateMap::Terms
mlir::tile::getDigitTerms(Source source, const Layout &layout,
                          function_ref<int64_t(Leaf)> getMultiplier) {
  CoordinateMap::Terms terms;
  Layout joined = layout.coalesce();
  int64_t divisor = 1, size = joined.size();
  for (Leaf leaf : joined.leaves()) {
    int64_t end = divisor * leaf.extent;
    if (int64_t multiplier = getMultiplier(leaf))
      terms.push_back({source, divisor, end == size ? 0 : leaf.extent,
                       multiplier, leaf.extent});
    divisor = end;
  }
  return terms;
}

/// Appends one term for each dimension that the parts of a source move in.
static void addPartTerms(Source source, int64_t size, ArrayRef<TilePart> parts,
                         CoordinateMap &map) {
  int64_t divisor = 1;
  for (const TilePart &part : parts) {
    if (part.source != source)
      continue;
    int64_t end = divisor * part.extent;
    for (auto [dim, step] : enumerate(part.steps)) {
      if (step == 0)
        continue;
      (*map.dims)[dim].push_back(
          {source, divisor, end == size ? 0 : part.extent, step, part.extent});
      map.largest[dim] += (part.extent - 1) * step;
    }
    divisor = end;
  }
}

CoordinateMap ThreadValueLayout::describe() const {
  CoordinateMap map;
  auto getStride = [](Leaf leaf) { return leaf.stride; };
  map.linear = getDigitTerms(Source::Thread, threadLayout, getStride);
  append_range(map.linear,
               getDigitTerms(Source::Value, valueLayout, getStride));
  Expected<SmallVector<TilePart>> parts = splitTile(*this);
  if (!parts) {
    consumeError(parts.takeError());
    return map;
  }
  map.dims.emplace(rank());
  map.largest.assign(rank(), 0);
  addPartTerms(Source::Thread, numThreads(), *parts, map);
  addPartTerms(Source::Value, numValues(), *parts, map);
  return map;
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

/// A width along the last dimension, for which the index says enough.
static int64_t getRowVectorWidth(const ThreadValueLayout &layout) {
  Layout values = layout.values().coalesce();
  if (values.rank() == 0 || values.leaves().front().stride != 1)
    return 1;
  int64_t width =
      std::gcd(values.leaves().front().extent, layout.padded().back());
  for (Leaf leaf : values.leaves().drop_front())
    width = std::gcd(width, leaf.stride);
  for (Leaf leaf : layout.threads().leaves())
    width = std::gcd(width, leaf.stride);
  return width;
}

/// Whether the part moves by one in this dimension and in no other.
static bool isUnitStep(const TilePart &part, unsigned dim) {
  return all_of(enumerate(part.steps), [&](auto step) {
    return step.value() == (step.index() == dim ? 1 : 0);
  });
}

static int64_t getVectorWidth(ArrayRef<TilePart> parts, unsigned dim) {
  const TilePart *first =
      find_if(parts, [](const TilePart &part) { return !part.isThread(); });
  if (first == parts.end() || !isUnitStep(*first, dim))
    return 1;
  int64_t width = first->extent;
  for (const TilePart &part : parts)
    if (&part != first)
      width = std::gcd(width, part.steps[dim]);
  return width;
}

int64_t ThreadValueLayout::vectorWidth(std::optional<unsigned> dim) const {
  if (rank() == 0)
    return 1;
  Expected<SmallVector<TilePart>> parts = splitTile(*this);
  if (parts)
    return getVectorWidth(*parts, dim.value_or(rank() - 1));
  consumeError(parts.takeError());
  return dim.value_or(rank() - 1) + 1 == rank() ? getRowVectorWidth(*this) : 1;
}

//===----------------------------------------------------------------------===//
// Changes of the dimensions
//===----------------------------------------------------------------------===//

/// Leaves out the values that do not move any more, and says where they went.
static Layout mergeValues(SmallVectorImpl<TilePart> &parts) {
  SmallVector<Leaf> map;
  int64_t kept = 1;
  for (const TilePart &part : parts) {
    if (part.isThread())
      continue;
    map.push_back({part.extent, part.moves() ? kept : 0});
    if (part.moves())
      kept *= part.extent;
  }
  erase_if(parts, [](const TilePart &part) {
    return !part.isThread() && !part.moves();
  });
  return Layout(map).coalesce();
}

Expected<ThreadValueLayout::Slice>
ThreadValueLayout::slice(unsigned dim) const {
  assert(dim < rank() && "a dimension of the layout");
  Expected<SmallVector<TilePart>> parts = splitTile(*this);
  if (!parts)
    return parts.takeError();
  for (TilePart &part : *parts)
    part.steps.erase(part.steps.begin() + dim);
  Layout valueMap = mergeValues(*parts);
  SmallVector<int64_t, 4> newShape(logicalShape), newPadded(paddedShape);
  newShape.erase(newShape.begin() + dim);
  newPadded.erase(newPadded.begin() + dim);
  Expected<ThreadValueLayout> layout = joinTile(*parts, newShape, newPadded);
  if (!layout)
    return layout.takeError();
  return Slice{*layout, valueMap};
}

/// The entries in another order.
static SmallVector<int64_t, 4> pick(ArrayRef<int64_t> entries,
                                    ArrayRef<unsigned> order) {
  return to_vector<4>(
      map_range(order, [&](unsigned place) { return entries[place]; }));
}

Expected<ThreadValueLayout>
ThreadValueLayout::permute(ArrayRef<unsigned> dims) const {
  assert(dims.size() == rank() && "a permutation of the dimensions");
  Expected<SmallVector<TilePart>> parts = splitTile(*this);
  if (!parts)
    return parts.takeError();
  for (TilePart &part : *parts)
    part.steps = pick(part.steps, dims);
  return joinTile(*parts, pick(logicalShape, dims), pick(paddedShape, dims));
}

ThreadValueLayout ThreadValueLayout::expandDims(unsigned dim) const {
  ThreadValueLayout result = *this;
  result.logicalShape.insert(result.logicalShape.begin() + dim, 1);
  // Only without a dimension may places lie outside of the padded shape.
  int64_t end = threadLayout.cosize() + valueLayout.cosize() - 1;
  result.paddedShape.insert(result.paddedShape.begin() + dim,
                            rank() == 0 ? end : 1);
  return result;
}

//===----------------------------------------------------------------------===//
// Comparison and text
//===----------------------------------------------------------------------===//

bool ThreadValueLayout::isEquivalent(const ThreadValueLayout &other) const {
  if (logicalShape != other.logicalShape ||
      numThreads() != other.numThreads() || numValues() != other.numValues())
    return false;
  if (paddedShape == other.paddedShape &&
      threadLayout.isEquivalent(other.threadLayout) &&
      valueLayout.isEquivalent(other.valueLayout))
    return true;
  for (int64_t thread = 0; thread < numThreads(); ++thread)
    for (int64_t value = 0; value < numValues(); ++value)
      if (coordinates(thread, value) != other.coordinates(thread, value))
        return false;
  return true;
}

bool ThreadValueLayout::operator==(const ThreadValueLayout &other) const {
  return threadLayout == other.threadLayout &&
         valueLayout == other.valueLayout &&
         logicalShape == other.logicalShape && paddedShape == other.paddedShape;
}

void ThreadValueLayout::print(raw_ostream &os) const {
  os << "threads " << threadLayout << ", values " << valueLayout << ", shape ";
  interleave(logicalShape, os, "x");
  if (rank() == 0)
    os << "scalar";
  if (paddedShape == logicalShape)
    return;
  os << ", padded ";
  interleave(paddedShape, os, "x");
}

std::string ThreadValueLayout::str() const {
  std::string text;
  raw_string_ostream os(text);
  print(os);
  return text;
}

raw_ostream &mlir::tile::operator<<(raw_ostream &os,
                                    const ThreadValueLayout &layout) {
  layout.print(os);
  return os;
}
