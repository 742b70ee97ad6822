//===- LayoutAlgebra.cpp - composition, inverses, products ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digits.h"
#include "tile/Layout/Layout.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;

/// What a step of a part adds to the value of a layout with these leaves.
static int64_t getStride(const DigitPart &part, ArrayRef<Leaf> leaves) {
  int64_t stride = 0;
  for (auto [step, leaf] : zip_equal(part.steps, leaves))
    stride += step * leaf.stride;
  return stride;
}

Expected<Layout> mlir::tile::compose(const Layout &outer, const Layout &inner) {
  if (inner.cosize() > outer.size())
    return makeError("expected values below the number of indices, found " +
                     Twine(inner.cosize() - 1) + " for " + Twine(outer.size()) +
                     " indices");
  Layout digits = outer.coalesce();
  SmallVector<int64_t> extents = digits.shape();
  DigitSplitter splitter(extents);
  Layout joined = inner.coalesceModes();
  Layout result;
  for (unsigned number = 0; number < joined.rank(); ++number) {
    SmallVector<DigitPart> parts;
    for (Leaf leaf : joined.mode(number))
      if (Error error = splitter.split(leaf, parts))
        return std::move(error);
    SmallVector<Leaf> leaves;
    for (const DigitPart &part : parts)
      leaves.push_back({part.extent, getStride(part, digits.leaves())});
    result.addMode(leaves);
  }
  return result;
}

/// The leaves that change the value, by stride; of equal ones the longest
/// first.
static SmallVector<Leaf> getSortedLeaves(const Layout &layout) {
  Layout joined = layout.coalesce();
  SmallVector<Leaf> leaves(joined.leaves());
  erase_if(leaves, [](Leaf leaf) { return leaf.stride == 0; });
  sort(leaves, [](Leaf a, Leaf b) {
    return std::pair(a.stride, -a.extent) < std::pair(b.stride, -b.extent);
  });
  return leaves;
}

Expected<Layout> mlir::tile::complement(const Layout &layout, int64_t target) {
  Layout result;
  int64_t span = 1;
  for (Leaf leaf : getSortedLeaves(layout)) {
    if (leaf.stride % span != 0)
      return makeError("expected strides that are multiples of " + Twine(span) +
                       ", which the smaller ones span, found " +
                       Twine(leaf.stride));
    if (leaf.stride != span)
      result.addMode(Leaf{leaf.stride / span, span});
    span = leaf.stride * leaf.extent;
  }
  if (target > span)
    result.addMode(Leaf{divideCeilSigned(target, span), span});
  return result;
}

Layout mlir::tile::rightInverse(const Layout &layout) {
  struct Digit {
    Leaf leaf;
    int64_t weight;
  };
  SmallVector<Digit> digits;
  int64_t weight = 1;
  Layout joined = layout.coalesce();
  for (Leaf leaf : joined.leaves()) {
    digits.push_back({leaf, weight});
    weight *= leaf.extent;
  }
  sort(digits, [](const Digit &a, const Digit &b) {
    return std::tuple(a.leaf.stride, -a.leaf.extent, a.weight) <
           std::tuple(b.leaf.stride, -b.leaf.extent, b.weight);
  });
  Layout result;
  int64_t reached = 1;
  for (const Digit &digit : digits) {
    if (digit.leaf.stride != reached)
      continue;
    result.addMode(Leaf{digit.leaf.extent, digit.weight});
    reached *= digit.leaf.extent;
  }
  return result.coalesce();
}

Expected<Layout> mlir::tile::leftInverse(const Layout &layout) {
  if (!layout.isInjective())
    return makeError("expected a value for each index, found " + layout.str() +
                     " with equal ones");
  Expected<Layout> rest = complement(layout, layout.cosize());
  if (!rest)
    return rest.takeError();
  return rightInverse(Layout::concat({layout, *rest}));
}

Expected<Layout> mlir::tile::logicalProduct(const Layout &layout,
                                            const Layout &copies) {
  std::optional<int64_t> target = checkedMul(layout.size(), copies.cosize());
  if (!target)
    return makeError("expected a size that fits 64 bits, found " +
                     Twine(layout.size()) + " x " + Twine(copies.cosize()));
  Expected<Layout> places = complement(layout, *target);
  if (!places)
    return places.takeError();
  Expected<Layout> placed = compose(*places, copies.flatten());
  if (!placed)
    return placed.takeError();
  return Layout::concat({layout.flatten(), *placed});
}

Expected<Layout> mlir::tile::logicalDivide(const Layout &layout,
                                           const Layout &tile) {
  Expected<Layout> rest = complement(tile, layout.size());
  if (!rest)
    return rest.takeError();
  return compose(layout, Layout::concat({tile.flatten(), rest->flatten()}));
}
