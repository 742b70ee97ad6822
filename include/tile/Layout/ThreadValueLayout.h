//===- ThreadValueLayout.h - who holds what of a fragment -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout of a fragment says which element of a logical tile each thread
// holds in each of its values (registers): thread t holds in value v the
// element threads(t) + values(v), counted row-major in a padded shape. Elements
// of the padded shape that are not in the logical one are padding: nobody reads
// or writes them, whoever would hold them.
//
// A thread leaf of stride 0 makes replicas: several threads hold the same
// elements. A value leaf of stride 0 makes a thread hold an element twice.
// There are no other duplicates.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_THREADVALUELAYOUT_H
#define TILE_LAYOUT_THREADVALUELAYOUT_H

#include "tile/Layout/Layout.h"

#include <optional>

namespace mlir::tile {

/// A part of a coordinate: (source / divisor) % modulus * multiplier.
struct CoordinateTerm {
  enum class Source { Thread, Value };

  Source source;
  int64_t divisor;
  /// 0 where the quotient is small enough without.
  int64_t modulus;
  int64_t multiplier;
  /// How many values the digit takes.
  int64_t extent;

  int64_t evaluate(int64_t thread, int64_t value) const;
  bool operator==(const CoordinateTerm &other) const;
};

/// How coordinates are computed from the thread and the value.
struct CoordinateMap {
  using Terms = llvm::SmallVector<CoordinateTerm, 4>;

  /// The sum of terms for each dimension, or none of these where additions
  /// would carry from one dimension into the next. Then `linear` has to be
  /// split into coordinates of the padded shape by division.
  std::optional<llvm::SmallVector<Terms>> dims;
  /// The terms of the row-major index in the padded shape.
  Terms linear;
  /// The largest coordinate in each dimension, padding included; a dimension
  /// where it is in the logical shape needs no check. Only with `dims`.
  llvm::SmallVector<int64_t> largest;

  static int64_t evaluate(llvm::ArrayRef<CoordinateTerm> terms, int64_t thread,
                          int64_t value);
};

class ThreadValueLayout {
public:
  using Coordinates = llvm::SmallVector<int64_t, 4>;

  /// A thread and its value that hold an element.
  struct Owner {
    int64_t thread;
    int64_t value;

    bool operator==(const Owner &other) const {
      return thread == other.thread && value == other.value;
    }
  };

  /// What remains of a layout without one dimension.
  struct Slice;

  /// Checks that the padded shape holds the logical one and all elements, and
  /// that there are no duplicates but those of stride 0. Without a dimension,
  /// element 0 is the only one, and all others are padding.
  static llvm::Expected<ThreadValueLayout> get(const Layout &threads,
                                               const Layout &values,
                                               llvm::ArrayRef<int64_t> shape,
                                               llvm::ArrayRef<int64_t> padded);
  static llvm::Expected<ThreadValueLayout> get(const Layout &threads,
                                               const Layout &values,
                                               llvm::ArrayRef<int64_t> shape) {
    return get(threads, values, shape, shape);
  }

  /// Element number value * numThreads + thread in row-major order, for any
  /// shape and number of threads.
  static ThreadValueLayout linear(llvm::ArrayRef<int64_t> shape,
                                  int64_t numThreads);

  /// Each thread holds `width` elements in a row along `dim`, and neighbours
  /// are next to one another along it, for any shape and number of threads.
  ///
  /// It is a grid where one takes at most a quarter more values than needed and
  /// has rows of a warp; otherwise the vectors are numbered through all rows,
  /// if `dim` is the last dimension.
  static ThreadValueLayout vectorized(llvm::ArrayRef<int64_t> shape,
                                      int64_t numThreads, unsigned dim,
                                      int64_t width);

  /// The same with the threads in a grid, so that coordinates split (see
  /// `describe`): each dimension is padded to a multiple of the threads along
  /// it. Of the grids that take at most a quarter more values than the smallest
  /// one it is that with the longest rows.
  static ThreadValueLayout grid(llvm::ArrayRef<int64_t> shape,
                                int64_t numThreads, unsigned dim,
                                int64_t width);

  const Layout &threads() const { return threadLayout; }
  const Layout &values() const { return valueLayout; }
  llvm::ArrayRef<int64_t> shape() const { return logicalShape; }
  llvm::ArrayRef<int64_t> padded() const { return paddedShape; }
  unsigned rank() const { return logicalShape.size(); }
  int64_t numThreads() const { return threadLayout.size(); }
  int64_t numValues() const { return valueLayout.size(); }
  /// The elements of the logical shape.
  int64_t numElements() const;

  /// The row-major index in the padded shape.
  int64_t index(int64_t thread, int64_t value) const {
    return threadLayout(thread) + valueLayout(value);
  }
  /// The element, or nothing for padding.
  std::optional<Coordinates> coordinates(int64_t thread, int64_t value) const;
  /// All that hold an element, by thread and then by value.
  llvm::SmallVector<Owner> owners(llvm::ArrayRef<int64_t> coordinates) const;

  /// Whether several threads hold the same elements.
  bool isReplicated() const;
  /// The first of the threads that hold the same elements as this one.
  int64_t firstReplica(int64_t thread) const;
  /// A thread is the first replica where all of these are 0.
  CoordinateMap::Terms replicaTerms() const;
  /// Whether a thread holds no element twice.
  bool isInjectivePerThread() const;
  /// Whether every element is held.
  bool covers() const;

  CoordinateMap describe() const;
  /// The largest w such that values k*w to k*w+w-1 of every thread are elements
  /// in a row along a dimension, the last one unless given, and the first of
  /// them is at a multiple of w. The last of a row may be padding. Where the
  /// coordinates do not split, a larger w may exist.
  int64_t vectorWidth(std::optional<unsigned> dim = std::nullopt) const;

  /// The layout of a reduction over a dimension: threads along it become
  /// replicas, values along it become one. There is none where the coordinates
  /// do not split (see `describe`).
  llvm::Expected<Slice> slice(unsigned dim) const;
  /// Dimension d of the result is dimension dims[d] of this one. There is none
  /// where the coordinates do not split.
  llvm::Expected<ThreadValueLayout>
  permute(llvm::ArrayRef<unsigned> dims) const;
  /// A dimension of extent 1 before dimension `dim`.
  ThreadValueLayout expandDims(unsigned dim) const;

  /// Whether every value of every thread holds the same, or is padding in both.
  bool isEquivalent(const ThreadValueLayout &other) const;
  /// Whether the layouts are written alike.
  bool operator==(const ThreadValueLayout &other) const;
  bool operator!=(const ThreadValueLayout &other) const {
    return !(*this == other);
  }

  /// `threads (4,8):(2,8), values (2):(1), shape 8x8`, and `, padded 8x8` where
  /// that differs.
  void print(llvm::raw_ostream &os) const;
  std::string str() const;

private:
  ThreadValueLayout(const Layout &threads, const Layout &values,
                    llvm::ArrayRef<int64_t> shape,
                    llvm::ArrayRef<int64_t> padded)
      : threadLayout(threads), valueLayout(values), logicalShape(shape),
        paddedShape(padded) {}

  Layout threadLayout;
  Layout valueLayout;
  llvm::SmallVector<int64_t, 4> logicalShape;
  llvm::SmallVector<int64_t, 4> paddedShape;
};

struct ThreadValueLayout::Slice {
  ThreadValueLayout layout;
  /// The value of the result that each value of the sliced layout goes to.
  Layout valueMap;
};

llvm::raw_ostream &operator<<(llvm::raw_ostream &os,
                              const ThreadValueLayout &layout);

} // namespace mlir::tile

#endif // TILE_LAYOUT_THREADVALUELAYOUT_H
