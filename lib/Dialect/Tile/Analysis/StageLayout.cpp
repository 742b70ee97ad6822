//===- StageLayout.cpp - fragments that go through a stage ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/StageLayout.h"
#include "tile/Layout/Warp.h"

#include <algorithm>
#include <cassert>

using namespace mlir::tile;

/// The rows and columns of a matrix that stmatrix stores, and the values of a
/// thread in as many matrices as it stores at a time.
static constexpr int64_t kMatrixSize = 8;
static constexpr int64_t kMatrixValues = 8;

namespace {

/// The coordinates of a layout in which they split: each is the sum of what the
/// thread and what the value adds.
class SplitCoordinates {
public:
  SplitCoordinates(const ThreadValueLayout &layout, const CoordinateMap &map)
      : layout(layout) {
    for (int64_t dim = 0; dim < 2; ++dim) {
      const CoordinateMap::Terms &terms = (*map.dims)[dim];
      for (int64_t thread = 0; thread < layout.numThreads(); ++thread)
        ofThread[dim].push_back(CoordinateMap::evaluate(terms, thread, 0));
      for (int64_t value = 0; value < layout.numValues(); ++value)
        ofValue[dim].push_back(CoordinateMap::evaluate(terms, 0, value));
    }
  }

  int64_t getNumGroups() const;
  std::optional<int64_t> getPart(int64_t value, int64_t columns) const;
  bool hasMatrices() const;

private:
  bool holdsShare(int64_t group, int64_t rows) const;

  const ThreadValueLayout &layout;
  /// By dimension, and then by thread or value.
  llvm::SmallVector<int64_t> ofThread[2], ofValue[2];
};

} // namespace

/// Whether the rows of `group` are the `rows` rows of its share.
bool SplitCoordinates::holdsShare(int64_t group, int64_t rows) const {
  auto threads = llvm::ArrayRef(ofThread[0])
                     .slice(group * kStoreGroupSize, kStoreGroupSize);
  int64_t first = *std::min_element(threads.begin(), threads.end()) +
                  *std::min_element(ofValue[0].begin(), ofValue[0].end());
  int64_t last = *std::max_element(threads.begin(), threads.end()) +
                 *std::max_element(ofValue[0].begin(), ofValue[0].end());
  return first >= group * rows && last < (group + 1) * rows;
}

int64_t SplitCoordinates::getNumGroups() const {
  int64_t count = layout.numThreads() / kStoreGroupSize;
  if (count < 2 || layout.numThreads() % kStoreGroupSize != 0 ||
      layout.shape()[0] % count != 0)
    return 1;
  for (int64_t group = 0; group < count; ++group)
    if (!holdsShare(group, layout.shape()[0] / count))
      return 1;
  return count;
}

std::optional<int64_t> SplitCoordinates::getPart(int64_t value,
                                                 int64_t columns) const {
  auto [low, high] =
      std::minmax_element(ofThread[1].begin(), ofThread[1].end());
  int64_t first = (ofValue[1][value] + *low) / columns;
  int64_t last = (ofValue[1][value] + *high) / columns;
  return first == last ? std::optional<int64_t>(first) : std::nullopt;
}

bool SplitCoordinates::hasMatrices() const {
  if (layout.numThreads() % kWarpSize != 0 ||
      layout.numValues() % kMatrixValues != 0 || layout.isReplicated() ||
      layout.padded() != layout.shape())
    return false;
  for (int64_t thread = 0; thread < layout.numThreads(); ++thread) {
    int64_t lane = thread % kWarpSize, first = thread - lane;
    if (ofThread[0][first] % kMatrixSize != 0 ||
        ofThread[1][first] % kMatrixSize != 0 ||
        ofThread[0][thread] != ofThread[0][first] + lane / 4 ||
        ofThread[1][thread] != ofThread[1][first] + lane % 4 * 2)
      return false;
  }
  for (int64_t value = 0; value < layout.numValues(); value += 2)
    if (ofValue[0][value] % kMatrixSize != 0 ||
        ofValue[1][value] % kMatrixSize != 0 ||
        ofValue[0][value + 1] != ofValue[0][value] ||
        ofValue[1][value + 1] != ofValue[1][value] + 1)
      return false;
  return true;
}

StageLayout StageLayout::get(const ThreadValueLayout &layout, int64_t columns) {
  assert(layout.rank() == 2 && "expected a fragment of two dimensions");
  StageLayout result;
  bool isWhole = columns == layout.shape()[1];
  result.parts.assign(layout.numValues(),
                      isWhole ? std::optional<int64_t>(0) : std::nullopt);
  CoordinateMap map = layout.describe();
  if (!map.dims)
    return result;
  SplitCoordinates split(layout, map);
  result.numGroups = split.getNumGroups();
  for (int64_t value = 0; !isWhole && value < layout.numValues(); ++value)
    result.parts[value] = split.getPart(value, columns);
  result.hasMatrices = split.hasMatrices();
  for (int64_t value = 0; result.hasMatrices && value < layout.numValues();
       ++value)
    result.hasMatrices =
        result.parts[value] &&
        result.parts[value] ==
            result.parts[value / kMatrixValues * kMatrixValues];
  return result;
}
