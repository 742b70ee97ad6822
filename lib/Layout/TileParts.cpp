//===- TileParts.cpp - a fragment's layout by dimension ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileParts.h"
#include "Digits.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Source = CoordinateTerm::Source;

SmallVector<int64_t, 4>
mlir::tile::getRowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t, 4> strides(shape.size());
  int64_t stride = 1;
  for (size_t dim = shape.size(); dim-- > 0;) {
    strides[dim] = stride;
    stride *= shape[dim];
  }
  return strides;
}

static Error splitSource(Source source, const Layout &layout,
                         DigitSplitter &splitter,
                         SmallVectorImpl<TilePart> &parts) {
  for (Layout::Leaf leaf : layout.leaves()) {
    SmallVector<DigitPart> digits;
    if (Error error = splitter.split(leaf, digits))
      return error;
    for (const DigitPart &digit : digits)
      parts.push_back(
          {source, digit.extent, to_vector<4>(reverse(digit.steps))});
  }
  return Error::success();
}

Expected<SmallVector<TilePart>>
mlir::tile::splitTile(const ThreadValueLayout &layout) {
  // Without a dimension, all but one place are padding, which has no steps.
  int64_t end = layout.threads().cosize() + layout.values().cosize() - 1;
  if (layout.rank() == 0 && end > 1)
    return makeError("expected one element, found " + Twine(end) +
                     " places for it");
  SmallVector<int64_t> radices = to_vector(reverse(layout.padded()));
  DigitSplitter splitter(radices);
  SmallVector<TilePart> parts;
  for (auto [source, sourceLayout] :
       {std::pair(Source::Thread, layout.threads().coalesce()),
        std::pair(Source::Value, layout.values().coalesce())})
    if (Error error = splitSource(source, sourceLayout, splitter, parts))
      return std::move(error);
  return parts;
}

Expected<ThreadValueLayout> mlir::tile::joinTile(ArrayRef<TilePart> parts,
                                                 ArrayRef<int64_t> shape,
                                                 ArrayRef<int64_t> padded) {
  SmallVector<int64_t, 4> strides = getRowMajorStrides(padded);
  Layout threads, values;
  for (const TilePart &part : parts) {
    int64_t stride = 0;
    for (auto [step, dimStride] : zip_equal(part.steps, strides))
      stride += step * dimStride;
    (part.isThread() ? threads : values)
        .addMode(Layout::Leaf{part.extent, stride});
  }
  return ThreadValueLayout::get(threads.coalesce(), values.coalesce(), shape,
                                padded);
}
