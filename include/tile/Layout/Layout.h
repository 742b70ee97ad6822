//===- Layout.h - shape:stride layouts --------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layout is a function from 0 .. size-1 to integers, written as extents and
// strides: `(4,8):(8,1)`. A mode is one entry of it, or a list of entries in
// parentheses, `((2,4),8):((1,16),2)`, whose coordinate is split into digits,
// the first of them the fastest. An index of a layout is split in the same way
// into one coordinate for each mode: the order is colexicographic throughout,
// so that index 1 of `(4,8):(8,1)` is (1,0) and lies at 8.
//
// Strides are at least 0 and extents at least 1. What may have no result gives
// an error that says why.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_LAYOUT_H
#define TILE_LAYOUT_LAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace llvm {
class raw_ostream;
}

namespace mlir::tile {

class Layout {
public:
  /// One extent:stride pair, the digit of a coordinate.
  struct Leaf {
    int64_t extent = 1;
    int64_t stride = 0;

    bool operator==(const Leaf &other) const {
      return extent == other.extent && stride == other.stride;
    }
    bool operator!=(const Leaf &other) const { return !(*this == other); }
  };

  /// No mode: the one index 0 lies at 0.
  Layout() = default;
  /// One leaf for each mode.
  Layout(llvm::ArrayRef<int64_t> extents, llvm::ArrayRef<int64_t> strides);
  /// One mode of these leaves.
  explicit Layout(llvm::ArrayRef<Leaf> leaves) { addMode(leaves); }

  /// Contiguous, the last coordinate the fastest, or the first.
  static Layout rowMajor(llvm::ArrayRef<int64_t> extents);
  static Layout columnMajor(llvm::ArrayRef<int64_t> extents);
  /// All modes of these layouts, in order.
  static Layout concat(llvm::ArrayRef<Layout> layouts);
  /// Reads what `print` writes; `8:1` is `(8):(1)`, and blanks do not matter.
  static llvm::Expected<Layout> parse(llvm::StringRef text);

  /// Appends a mode; without leaves it has the extent 1.
  void addMode(llvm::ArrayRef<Leaf> leaves);

  unsigned rank() const { return ends.size(); }
  llvm::ArrayRef<Leaf> mode(unsigned number) const &;
  llvm::ArrayRef<Leaf> mode(unsigned number) && = delete;
  /// The leaves of all modes, the fastest first.
  llvm::ArrayRef<Leaf> leaves() const & { return all; }
  llvm::ArrayRef<Leaf> leaves() && = delete;
  /// One mode on its own.
  Layout modeLayout(unsigned number) const { return Layout(mode(number)); }
  /// The extents of the modes.
  llvm::SmallVector<int64_t> shape() const;

  /// How many indices there are, and one more than the largest value.
  int64_t size() const;
  int64_t cosize() const;

  /// The value at an index, which has to be less than the size.
  int64_t operator()(int64_t index) const;
  /// The value at one coordinate for each mode.
  int64_t operator()(llvm::ArrayRef<int64_t> coordinates) const;
  /// The coordinate of an index in each mode.
  llvm::SmallVector<int64_t> coordinates(int64_t index) const;

  /// The same function with as few leaves as possible, each a mode of its own.
  /// Two layouts are the same function when this gives the same for both.
  Layout coalesce() const;
  /// The same modes, each with as few leaves as possible.
  Layout coalesceModes() const;
  /// All leaves in one mode.
  Layout flatten() const { return Layout(leaves()); }

  /// Whether no two indices have the same value.
  bool isInjective() const;
  /// Whether the layouts are written alike.
  bool operator==(const Layout &other) const {
    return ends == other.ends && leaves() == other.leaves();
  }
  bool operator!=(const Layout &other) const { return !(*this == other); }
  /// Whether the layouts are the same function of an index.
  bool isEquivalent(const Layout &other) const {
    return coalesce() == other.coalesce();
  }

  void print(llvm::raw_ostream &os) const;
  std::string str() const;

private:
  llvm::SmallVector<Leaf, 6> all;
  /// Where each mode ends in `all`.
  llvm::SmallVector<unsigned, 4> ends;
};

llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const Layout &layout);

/// outer(inner(i)), with the modes of `inner`. There is none where `inner`
/// leaves the domain of `outer`, or where its steps carry unevenly from one
/// leaf of `outer` into the next, so that the result would be no layout.
llvm::Expected<Layout> compose(const Layout &outer, const Layout &inner);

/// What `layout` leaves out: a layout with increasing strides such that every
/// integer from 0 to `target`-1 is the sum of one value of each in exactly one
/// way. The integers reach farther where `target` is no multiple. There is none
/// where the values of `layout` overlap or are not evenly spaced.
llvm::Expected<Layout> complement(const Layout &layout, int64_t target);

/// The layout r with layout(r(i)) = i, for i from 0 as far as the leaves of
/// `layout` go on from one another.
Layout rightInverse(const Layout &layout);

/// A layout l with l(layout(i)) = i for every i. There is none where
/// `complement` has none, or two indices have the same value.
llvm::Expected<Layout> leftInverse(const Layout &layout);

/// Two modes: `layout` itself, and copies of it in the order of `copies`, the
/// smallest distance apart.
llvm::Expected<Layout> logicalProduct(const Layout &layout,
                                      const Layout &copies);

/// Two modes: what of `layout` the indices in `tile` pick, and the other
/// tiles.
llvm::Expected<Layout> logicalDivide(const Layout &layout, const Layout &tile);

} // namespace mlir::tile

#endif // TILE_LAYOUT_LAYOUT_H
