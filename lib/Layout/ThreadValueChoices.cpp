//===- ThreadValueChoices.cpp - fragments in free layouts -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileParts.h"
#include "tile/Layout/ThreadValueLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;

/// The padded shape of places that are numbered through all rows: only the
/// outermost extent grows.
static SmallVector<int64_t, 4> padOutermost(ArrayRef<int64_t> rows,
                                            int64_t places) {
  SmallVector<int64_t, 4> padded(rows);
  if (padded.empty())
    return padded;
  for (int64_t &extent : padded)
    extent = std::max<int64_t>(extent, 1);
  int64_t row = product_of(ArrayRef(padded).drop_front());
  padded[0] = std::max(padded[0], divideCeilSigned(places, row));
  return padded;
}

/// Vectors numbered through all rows, dealt to the threads in turn.
static ThreadValueLayout dealVectors(ArrayRef<int64_t> shape,
                                     int64_t numThreads, int64_t width) {
  SmallVector<int64_t, 4> rows(shape);
  if (!rows.empty())
    rows.back() = alignTo(rows.back(), width);
  int64_t vectors = product_of(rows) / width;
  int64_t slots = std::max<int64_t>(divideCeilSigned(vectors, numThreads), 1);
  Layout values(Leaf{width, 1});
  values.addMode(Leaf{slots, width * numThreads});
  return cantFail(ThreadValueLayout::get(
      Layout(Leaf{numThreads, width}), values.coalesce(), shape,
      padOutermost(rows, slots * width * numThreads)));
}

ThreadValueLayout ThreadValueLayout::linear(ArrayRef<int64_t> shape,
                                            int64_t numThreads) {
  return dealVectors(shape, numThreads, 1);
}

//===----------------------------------------------------------------------===//
// Threads in a grid
//===----------------------------------------------------------------------===//

namespace {
/// Threads in a grid over a shape: dimensions from the fastest on, with the
/// vectors and the threads in each.
struct Grid {
  SmallVector<unsigned, 4> order;
  SmallVector<int64_t, 4> vectors;
  SmallVector<int64_t, 4> threads;

  int64_t slotsOf(unsigned place) const {
    return divideCeilSigned(vectors[place], threads[place]);
  }
  int64_t slots() const {
    int64_t slots = 1;
    for (unsigned place = 0; place < order.size(); ++place)
      slots *= slotsOf(place);
    return slots;
  }
};
} // namespace

/// The largest divisor of `threads` that wastes at most a quarter of an extent.
static int64_t getFittingDivisor(int64_t threads, int64_t extent) {
  for (int64_t part = threads; part > 1; --part)
    if (threads % part == 0 &&
        divideCeilSigned(extent, part) * part * 4 <= extent * 5)
      return part;
  return 1;
}

/// `row` threads along the first dimension; those that are left go to the
/// dimensions that follow, and in the end all to the outermost.
static Grid arrange(Grid grid, int64_t numThreads, int64_t row) {
  grid.threads = {row};
  int64_t left = numThreads / row;
  for (unsigned place = 1; place < grid.order.size(); ++place) {
    bool isLast = place + 1 == grid.order.size();
    int64_t part = isLast ? left : getFittingDivisor(left, grid.vectors[place]);
    grid.threads.push_back(part);
    left /= part;
  }
  return grid;
}

static Grid getEmptyGrid(ArrayRef<int64_t> shape, unsigned dim, int64_t width) {
  Grid grid;
  grid.order.push_back(dim);
  for (unsigned other = shape.size(); other-- > 0;)
    if (other != dim)
      grid.order.push_back(other);
  for (unsigned place : grid.order) {
    int64_t extent = std::max<int64_t>(shape[place], 1);
    grid.vectors.push_back(place == dim ? divideCeilSigned(extent, width)
                                        : extent);
  }
  return grid;
}

/// All grids, those with the most threads in a row first.
static SmallVector<Grid> getGrids(ArrayRef<int64_t> shape, int64_t numThreads,
                                  unsigned dim, int64_t width) {
  Grid empty = getEmptyGrid(shape, dim, width);
  SmallVector<Grid> grids;
  for (int64_t row = numThreads; row >= 1; --row)
    if (numThreads % row == 0 && (shape.size() > 1 || row == numThreads))
      grids.push_back(arrange(empty, numThreads, row));
  return grids;
}

static ThreadValueLayout layOut(const Grid &grid, ArrayRef<int64_t> shape,
                                int64_t width) {
  SmallVector<int64_t, 4> padded(shape.size());
  for (auto [place, dim] : enumerate(grid.order))
    padded[dim] =
        grid.slotsOf(place) * grid.threads[place] * (place == 0 ? width : 1);
  SmallVector<int64_t, 4> strides = getRowMajorStrides(padded);
  Layout threads, values(Leaf{width, strides[grid.order[0]]});
  for (auto [place, dim] : enumerate(grid.order)) {
    int64_t stride = strides[dim] * (place == 0 ? width : 1);
    threads.addMode(Leaf{grid.threads[place], stride});
    values.addMode(Leaf{grid.slotsOf(place), stride * grid.threads[place]});
  }
  return cantFail(ThreadValueLayout::get(threads.coalesce(), values.coalesce(),
                                         shape, padded));
}

/// The first of the grids that takes at most a quarter more than `slots` and
/// has at least `row` threads in a row.
static const Grid *findGrid(ArrayRef<Grid> grids, int64_t slots, int64_t row) {
  const Grid *found = find_if(grids, [&](const Grid &grid) {
    return grid.slots() * 4 <= slots * 5 && grid.threads[0] >= row;
  });
  return found == grids.end() ? nullptr : found;
}

ThreadValueLayout ThreadValueLayout::grid(ArrayRef<int64_t> shape,
                                          int64_t numThreads, unsigned dim,
                                          int64_t width) {
  assert(numThreads > 0 && width > 0 && "threads that hold something");
  assert(dim < shape.size() && "a dimension of the shape");
  SmallVector<Grid> grids = getGrids(shape, numThreads, dim, width);
  int64_t smallest = INT64_MAX;
  for (const Grid &grid : grids)
    smallest = std::min(smallest, grid.slots());
  return layOut(*findGrid(grids, smallest, 1), shape, width);
}

ThreadValueLayout ThreadValueLayout::vectorized(ArrayRef<int64_t> shape,
                                                int64_t numThreads,
                                                unsigned dim, int64_t width) {
  if (shape.empty())
    return linear(shape, numThreads);
  if (dim + 1 < shape.size())
    return grid(shape, numThreads, dim, width);
  assert(numThreads > 0 && width > 0 && "threads that hold something");
  SmallVector<Grid> grids = getGrids(shape, numThreads, dim, width);
  ArrayRef<int64_t> vectors = grids[0].vectors;
  // Rows of 32 threads, a warp, make whole lines of memory; shorter rows only
  // where there is no more in a row.
  if (const Grid *grid =
          findGrid(grids, divideCeilSigned(product_of(vectors), numThreads),
                   std::min<int64_t>(32, vectors[0])))
    return layOut(*grid, shape, width);
  return dealVectors(shape, numThreads, width);
}
