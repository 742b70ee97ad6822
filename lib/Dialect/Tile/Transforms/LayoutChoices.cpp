//===- LayoutChoices.cpp - layouts that fit and free ones -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayoutChoices.h"

#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"

using namespace mlir;
using namespace mlir::tile;

/// The widest access of a thread, in bits.
static constexpr int64_t kMaxAccessBits = 128;

std::optional<ThreadValueLayout>
mlir::tile::getLoopLayout(const ThreadValueLayout &fragment,
                          ArrayRef<int64_t> extents, ArrayRef<int64_t> dims) {
  SmallVector<int64_t> used, all;
  for (int64_t dim : dims)
    if (dim != kUnitDim)
      used.push_back(dim);
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (extent != 1)
      all.push_back(dim);
  SmallVector<int64_t> sorted(used);
  llvm::sort(sorted);
  if (sorted != all)
    return std::nullopt;
  // The fragment as a loop over its own dimensions, seen in the loop's order.
  SmallVector<int64_t> order;
  for (auto [dim, extent] : llvm::enumerate(extents)) {
    const int64_t *at = llvm::find(dims, static_cast<int64_t>(dim));
    order.push_back(extent == 1 ? kUnitDim : at - dims.begin());
  }
  bool isSame = order.size() == dims.size() && llvm::is_sorted(order) &&
                !llvm::is_contained(order, kUnitDim);
  return isSame ? fragment : getAccessLayout(fragment, order);
}

/// The width of an element in memory, in bits.
static int64_t getElementBits(MemRefType type) {
  Type element = type.getElementType();
  return element.isIntOrFloat()
             ? std::max<int64_t>(element.getIntOrFloatBitWidth(), 8)
             : 64;
}

/// The vectors in which rows of a buffer can begin everywhere, as far as its
/// strides are known; at most `width`, and `unknown` where strides or sizes are
/// not known.
static int64_t limitToRows(MemRefType type, int64_t width, int64_t unknown) {
  int64_t offset;
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return width;
  if (!type.hasStaticShape() || ShapedType::isDynamicShape(strides))
    width = std::min(width, unknown);
  for (int64_t dim = 0; dim + 1 < type.getRank(); ++dim) {
    int64_t stride = strides[dim];
    if (type.getDimSize(dim) != 1 && !ShapedType::isDynamic(stride) &&
        stride != 0)
      width = std::min(width, stride & -stride);
  }
  return width;
}

/// The elements in the widest vectors in which `fragment` may go to and from
/// memory.
static int64_t getWidestVector(Value fragment) {
  auto type = cast<MemRefType>(fragment.getType());
  int64_t bits = getElementBits(type), rows = kMaxAccessBits;
  auto launch = fragment.getDefiningOp()->getParentOfType<LaunchOp>();
  auto fallback = launch->getAttrOfType<IntegerAttr>(kFallbackAttrName);
  int64_t unknown = fallback ? fallback.getInt() * 8 : kMaxAccessBits;
  for (Operation *user : fragment.getUsers()) {
    if (auto store = dyn_cast<StagedStoreOp>(user))
      bits = std::min(bits, getElementBits(store.getStage().getType()));
    if (auto copy = dyn_cast<CopyOp>(user)) {
      auto other = copy.getSrc() == fragment ? copy.getDst() : copy.getSrc();
      bits = std::min(bits, getElementBits(other.getType()));
      int64_t width =
          std::max<int64_t>(unknown / getElementBits(other.getType()), 1);
      if (tile::getScope(other) != Scope::Fragment)
        rows = limitToRows(other.getType(), rows, width);
    }
  }
  return std::min(kMaxAccessBits / bits, rows);
}

ThreadValueLayout mlir::tile::getFreeLayout(Value fragment,
                                            int64_t numThreads) {
  ArrayRef<int64_t> shape = cast<MemRefType>(fragment.getType()).getShape();
  int64_t width = getWidestVector(fragment);
  // A dimension of extent 1 is not padded, so that it makes no difference.
  SmallVector<int64_t> extents;
  llvm::copy_if(shape, std::back_inserter(extents),
                [](int64_t size) { return size != 1; });
  if (extents.empty()) {
    Layout all({numThreads}, {0});
    SmallVector<int64_t> ones(shape.size(), 1);
    return cantFail(ThreadValueLayout::get(all, Layout({1}, {0}), ones));
  }
  int64_t elements = ShapedType::getNumElements(extents);
  while (width > 1 &&
         (extents.back() % width != 0 || elements < width * numThreads))
    width /= 2;
  auto layout = ThreadValueLayout::vectorized(extents, numThreads,
                                              extents.size() - 1, width);
  for (auto [dim, size] : llvm::enumerate(shape))
    if (size == 1 && layout.rank() < shape.size())
      layout = layout.expandDims(dim);
  return layout;
}

std::optional<ThreadValueLayout>
mlir::tile::growLayout(const ThreadValueLayout &fragment,
                       const FragmentSite &site, const FragmentAccess &access) {
  SmallVector<int64_t> used;
  for (int64_t dim : access.dims)
    if (dim != kUnitDim)
      used.push_back(dim);
  if (!llvm::is_sorted(used) || used.size() != access.dims.size())
    return std::nullopt;
  int64_t outer = 1, inner = 1;
  for (auto [dim, extent] : llvm::enumerate(site.extents)) {
    if (llvm::is_contained(used, static_cast<int64_t>(dim)))
      continue;
    bool isOuter = used.empty() || static_cast<int64_t>(dim) < used.front();
    bool isInner = used.empty() || static_cast<int64_t>(dim) > used.back();
    if (!isOuter && !isInner)
      return std::nullopt;
    (isOuter ? outer : inner) *= extent;
  }
  auto scale = [&](const Layout &layout) {
    Layout scaled;
    for (Layout::Leaf leaf : layout.leaves())
      scaled.addMode(Layout::Leaf{leaf.extent, leaf.stride * inner});
    return scaled;
  };
  int64_t held = ShapedType::getNumElements(fragment.padded());
  Layout values = scale(fragment.values());
  values.addMode(Layout::Leaf{inner, 1});
  values.addMode(Layout::Leaf{outer, held * inner});
  SmallVector<int64_t> padded(site.extents);
  for (auto [dim, size] : llvm::zip_equal(used, fragment.padded()))
    padded[dim] = size;
  llvm::Expected<ThreadValueLayout> layout = ThreadValueLayout::get(
      scale(fragment.threads()), values, site.extents, padded);
  if (layout)
    return *layout;
  llvm::consumeError(layout.takeError());
  return std::nullopt;
}
