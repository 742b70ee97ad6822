//===- LoopLayouts.cpp - fragments touched by iterations --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::tile;

std::optional<SmallVector<int64_t>>
mlir::tile::getIndexDims(ArrayRef<int64_t> shape, ValueRange indices,
                         ValueRange variables) {
  SmallVector<int64_t> dims;
  for (auto [size, index] : llvm::zip_equal(shape, indices)) {
    if (size == 1) {
      dims.push_back(kUnitDim);
      continue;
    }
    auto variable = llvm::find(variables, index);
    int64_t dim = variable - variables.begin();
    if (variable == variables.end() || llvm::is_contained(dims, dim))
      return std::nullopt;
    dims.push_back(dim);
  }
  return dims;
}

namespace {
/// A layout made from that of a loop, and where the loop's values went.
struct Projection {
  ThreadValueLayout layout;
  Layout valueMap;
};
} // namespace

/// `loop` without the dimensions that `dims` leaves out.
static std::optional<Projection> removeDims(const ThreadValueLayout &loop,
                                            ArrayRef<int64_t> dims) {
  Projection result{loop, Layout({loop.numValues()}, {1})};
  for (int64_t dim = loop.rank() - 1; dim >= 0; --dim) {
    if (llvm::is_contained(dims, dim))
      continue;
    llvm::Expected<ThreadValueLayout::Slice> slice = result.layout.slice(dim);
    llvm::Expected<Layout> map =
        slice ? compose(slice->valueMap.flatten(), result.valueMap)
              : llvm::Expected<Layout>(slice.takeError());
    if (!map) {
      llvm::consumeError(map.takeError());
      return std::nullopt;
    }
    result = {slice->layout, map->flatten()};
  }
  return result;
}

/// `layout` with its dimensions in the order of `dims`, and those of extent 1.
static std::optional<ThreadValueLayout> orderDims(ThreadValueLayout layout,
                                                  ArrayRef<int64_t> dims) {
  SmallVector<int64_t> used;
  for (int64_t dim : dims)
    if (dim != kUnitDim)
      used.push_back(dim);
  if (!llvm::is_sorted(used)) {
    SmallVector<unsigned> order(used.size());
    for (size_t i = 0; i < used.size(); ++i)
      order[i] = llvm::count_if(used, [&](int64_t d) { return d < used[i]; });
    llvm::Expected<ThreadValueLayout> permuted = layout.permute(order);
    if (!permuted) {
      llvm::consumeError(permuted.takeError());
      return std::nullopt;
    }
    layout = *permuted;
  }
  for (auto [i, dim] : llvm::enumerate(dims))
    if (dim == kUnitDim)
      layout = layout.expandDims(i);
  return layout;
}

/// A shape without its dimensions of extent 1.
static SmallVector<int64_t> dropUnits(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result(shape);
  llvm::erase(result, 1);
  return result;
}

/// Whether the layouts only differ in dimensions of extent 1, and `dims` names
/// the others in order.
static bool isSameButUnits(const ThreadValueLayout &loop,
                           const ThreadValueLayout &fragment,
                           ArrayRef<int64_t> dims) {
  SmallVector<int64_t> used, all;
  for (int64_t dim : dims)
    if (dim != kUnitDim)
      used.push_back(dim);
  for (auto [dim, extent] : llvm::enumerate(loop.shape()))
    if (extent != 1)
      all.push_back(dim);
  return used == all && loop.threads() == fragment.threads() &&
         loop.values() == fragment.values() &&
         dropUnits(loop.shape()) == dropUnits(fragment.shape()) &&
         dropUnits(loop.padded()) == dropUnits(fragment.padded());
}

std::optional<ThreadValueLayout>
mlir::tile::getAccessLayout(const ThreadValueLayout &loop,
                            ArrayRef<int64_t> dims) {
  std::optional<Projection> projection = removeDims(loop, dims);
  if (!projection)
    return std::nullopt;
  return orderDims(projection->layout, dims);
}

std::optional<Layout> mlir::tile::getValueMap(const ThreadValueLayout &loop,
                                              const ThreadValueLayout &fragment,
                                              ArrayRef<int64_t> dims) {
  if (isSameButUnits(loop, fragment, dims))
    return Layout({loop.numValues()}, {1});
  std::optional<Projection> projection = removeDims(loop, dims);
  if (!projection)
    return std::nullopt;
  std::optional<ThreadValueLayout> ordered =
      orderDims(projection->layout, dims);
  if (!ordered || !ordered->isEquivalent(fragment))
    return std::nullopt;
  return projection->valueMap;
}
