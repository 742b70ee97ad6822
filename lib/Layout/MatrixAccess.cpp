//===- MatrixAccess.cpp - fragments that ldmatrix moves ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileParts.h"
#include "tile/Layout/Atoms.h"
#include "tile/Layout/Warp.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;

ThreadValueLayout mlir::tile::getMatrixLayout(int64_t count,
                                              bool isTransposed) {
  int64_t rows = 8 * count;
  Layout threads = isTransposed ? Layout({4, 8}, {16, 1}) : Layout({32}, {2});
  Layout values({2, count}, {isTransposed ? 8 : 1, 64});
  return cantFail(
      ThreadValueLayout::get(threads.coalesce(), values.coalesce(), {rows, 8}));
}

namespace {
/// Thread and value digits of a fragment, taken apart as ldmatrix sees them.
class MatrixMatcher {
public:
  MatrixMatcher(const ThreadValueLayout &fragment, int64_t elementBits)
      : fragment(fragment), packed(32 / elementBits) {}

  std::optional<MatrixAccess> match(bool isTransposed, int64_t maxCount) const;

private:
  /// `extent` threads or values, `step` apart from one another.
  std::optional<Layout> take(const Layout &layout, int64_t extent,
                             int64_t step) const;
  std::optional<Layout> takeThreads(int64_t extent, int64_t step) const {
    return take(fragment.threads(), extent, step);
  }
  std::optional<Layout> takeValues(int64_t extent, int64_t step) const {
    return take(fragment.values(), extent, step);
  }
  std::optional<ThreadValueLayout>
  join(ArrayRef<std::optional<Layout>> threads,
       ArrayRef<std::optional<Layout>> values) const;
  bool hasRows(bool isTransposed) const;

  const ThreadValueLayout &fragment;
  /// The elements in a register.
  int64_t packed;
};
} // namespace

std::optional<Layout> MatrixMatcher::take(const Layout &layout, int64_t extent,
                                          int64_t step) const {
  Expected<Layout> taken = compose(layout, Layout(Leaf{extent, step}));
  if (taken)
    return *taken;
  consumeError(taken.takeError());
  return std::nullopt;
}

static std::optional<Layout> concat(ArrayRef<std::optional<Layout>> layouts) {
  Layout result;
  for (const std::optional<Layout> &layout : layouts) {
    if (!layout)
      return std::nullopt;
    result = Layout::concat({result, *layout});
  }
  return result.coalesce();
}

std::optional<ThreadValueLayout>
MatrixMatcher::join(ArrayRef<std::optional<Layout>> threads,
                    ArrayRef<std::optional<Layout>> values) const {
  std::optional<Layout> allThreads = concat(threads),
                        allValues = concat(values);
  if (!allThreads || !allValues)
    return std::nullopt;
  Expected<ThreadValueLayout> result = ThreadValueLayout::get(
      *allThreads, *allValues, fragment.shape(), fragment.padded());
  if (result)
    return *result;
  consumeError(result.takeError());
  return std::nullopt;
}

/// Whether the rows of the 8 x 8 matrices are rows of 16 bytes: as if one
/// thread held all of each.
bool MatrixMatcher::hasRows(bool isTransposed) const {
  int64_t registers = fragment.numValues() / packed;
  int64_t warps = fragment.numThreads() / kWarpSize;
  std::optional<ThreadValueLayout> rows =
      isTransposed ? join({takeThreads(4, 1), takeThreads(warps, kWarpSize)},
                          {takeThreads(8, 4), fragment.values()})
                   : join({takeThreads(8 * warps, 4)},
                          {takeValues(packed, 1), takeThreads(4, 1),
                           takeValues(registers, packed)});
  return rows && rows->vectorWidth() % (4 * packed) == 0;
}

std::optional<MatrixAccess> MatrixMatcher::match(bool isTransposed,
                                                 int64_t maxCount) const {
  if (!hasRows(isTransposed))
    return std::nullopt;
  int64_t registers = fragment.numValues() / packed, count = maxCount;
  while (registers % count != 0)
    count /= 2;
  SmallVector<std::optional<Layout>> lanes;
  if (isTransposed)
    lanes = {takeValues(2, 1), takeThreads(4, 1)};
  else
    lanes = {takeThreads(8, 4)};
  lanes.push_back(takeValues(count, packed));
  lanes.push_back(Layout(Leaf{4 / count, 0}));
  lanes.push_back(takeThreads(fragment.numThreads() / kWarpSize, 32));
  std::optional<ThreadValueLayout> addresses =
      join(lanes, {takeValues(registers / count, packed * count)});
  if (!addresses)
    return std::nullopt;
  return MatrixAccess{isTransposed, count, *addresses};
}

std::optional<MatrixAccess>
mlir::tile::matchMatrixAccess(const ThreadValueLayout &fragment,
                              int64_t elementBits, int64_t maxCount) {
  assert(is_contained({1, 2, 4}, maxCount) && "matrices of an instruction");
  if (fragment.rank() == 0 || !is_contained({8, 16, 32}, elementBits) ||
      fragment.numThreads() % 32 != 0 ||
      fragment.numValues() % (32 / elementBits) != 0)
    return std::nullopt;
  MatrixMatcher matcher(fragment, elementBits);
  if (std::optional<MatrixAccess> access = matcher.match(false, maxCount))
    return access;
  return elementBits == 16 ? matcher.match(true, maxCount) : std::nullopt;
}
