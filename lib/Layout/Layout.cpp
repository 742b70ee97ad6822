//===- Layout.cpp - shape:stride layouts ------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/Layout.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir::tile;

Layout::Layout(ArrayRef<int64_t> extents, ArrayRef<int64_t> strides) {
  assert(extents.size() == strides.size() && "an extent for each stride");
  for (auto [extent, stride] : zip_equal(extents, strides))
    addMode(Leaf{extent, stride});
}

Layout Layout::rowMajor(ArrayRef<int64_t> extents) {
  SmallVector<int64_t> strides(extents.size());
  int64_t stride = 1;
  for (size_t mode = extents.size(); mode-- > 0;) {
    strides[mode] = stride;
    stride *= extents[mode];
  }
  return Layout(extents, strides);
}

Layout Layout::columnMajor(ArrayRef<int64_t> extents) {
  Layout result;
  int64_t stride = 1;
  for (int64_t extent : extents) {
    result.addMode(Leaf{extent, stride});
    stride *= extent;
  }
  return result;
}

Layout Layout::concat(ArrayRef<Layout> layouts) {
  Layout result;
  for (const Layout &layout : layouts)
    for (unsigned mode = 0; mode < layout.rank(); ++mode)
      result.addMode(layout.mode(mode));
  return result;
}

void Layout::addMode(ArrayRef<Leaf> leaves) {
  assert(all_of(
      leaves, [](Leaf leaf) { return leaf.extent >= 1 && leaf.stride >= 0; }));
  all.append(leaves.begin(), leaves.end());
  if (leaves.empty())
    all.push_back(Leaf());
  ends.push_back(all.size());
}

ArrayRef<Layout::Leaf> Layout::mode(unsigned number) const & {
  unsigned begin = number == 0 ? 0 : ends[number - 1];
  return ArrayRef(all).slice(begin, ends[number] - begin);
}

static int64_t getSize(ArrayRef<Layout::Leaf> leaves) {
  int64_t size = 1;
  for (Layout::Leaf leaf : leaves)
    size *= leaf.extent;
  return size;
}

SmallVector<int64_t> Layout::shape() const {
  SmallVector<int64_t> extents;
  for (unsigned number = 0; number < rank(); ++number)
    extents.push_back(getSize(mode(number)));
  return extents;
}

int64_t Layout::size() const { return getSize(all); }

int64_t Layout::cosize() const {
  int64_t largest = 0;
  for (Leaf leaf : all)
    largest += (leaf.extent - 1) * leaf.stride;
  return largest + 1;
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

static int64_t evaluate(ArrayRef<Layout::Leaf> leaves, int64_t index) {
  assert(index >= 0 && index < getSize(leaves) && "an index of the layout");
  int64_t value = 0;
  for (Layout::Leaf leaf : leaves) {
    value += index % leaf.extent * leaf.stride;
    index /= leaf.extent;
  }
  return value;
}

int64_t Layout::operator()(int64_t index) const { return evaluate(all, index); }

int64_t Layout::operator()(ArrayRef<int64_t> coordinates) const {
  assert(coordinates.size() == rank() && "a coordinate for each mode");
  int64_t value = 0;
  for (auto [number, coordinate] : enumerate(coordinates))
    value += evaluate(mode(number), coordinate);
  return value;
}

SmallVector<int64_t> Layout::coordinates(int64_t index) const {
  SmallVector<int64_t> result;
  for (int64_t extent : shape()) {
    result.push_back(index % extent);
    index /= extent;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Normal forms
//===----------------------------------------------------------------------===//

/// Joins neighbours of which the second goes on where the first ends.
static SmallVector<Layout::Leaf> joinLeaves(ArrayRef<Layout::Leaf> leaves) {
  SmallVector<Layout::Leaf> joined;
  for (Layout::Leaf leaf : leaves) {
    if (leaf.extent == 1)
      continue;
    if (!joined.empty() &&
        leaf.stride == joined.back().extent * joined.back().stride)
      joined.back().extent *= leaf.extent;
    else
      joined.push_back(leaf);
  }
  return joined;
}

Layout Layout::coalesce() const {
  Layout result;
  for (Leaf leaf : joinLeaves(all))
    result.addMode(leaf);
  return result;
}

Layout Layout::coalesceModes() const {
  Layout result;
  for (unsigned number = 0; number < rank(); ++number)
    result.addMode(joinLeaves(mode(number)));
  return result;
}

bool Layout::isInjective() const {
  SmallVector<Leaf> sorted = joinLeaves(all);
  sort(sorted, [](Leaf a, Leaf b) { return a.stride < b.stride; });
  // Each step longer than the whole way of the steps below it is enough.
  int64_t reach = 0;
  bool isSpaced = all_of(sorted, [&](Leaf leaf) {
    bool isLonger = leaf.stride > reach;
    reach += (leaf.extent - 1) * leaf.stride;
    return isLonger;
  });
  if (isSpaced || size() > cosize())
    return isSpaced;
  BitVector seen(cosize());
  for (int64_t index = 0, end = size(); index < end; ++index) {
    int64_t value = (*this)(index);
    if (seen.test(value))
      return false;
    seen.set(value);
  }
  return true;
}
