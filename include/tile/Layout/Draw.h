//===- Draw.h - pictures of layouts -----------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_DRAW_H
#define TILE_LAYOUT_DRAW_H

#include "tile/Layout/Swizzle.h"
#include "tile/Layout/ThreadValueLayout.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>

namespace mlir::tile {

/// How much of a tile is drawn. The picture says what is left out.
struct DrawOptions {
  int64_t maxRows = 64;
  int64_t maxColumns = 64;
};

/// An SVG file with a cell for each element: `5:2` is value 2 of thread 5, and
/// its color is that of the lane; `5:2 +3` is held by 3 others, too. All
/// dimensions but the last are rows. Each cell tells more when pointed at.
std::string drawFragment(const ThreadValueLayout &layout, llvm::StringRef title,
                         const DrawOptions &options = {});

/// An SVG file with a cell for each element: the bank in which it begins, which
/// also is its color.
std::string drawShared(const SharedLayout &layout, llvm::StringRef title,
                       const DrawOptions &options = {});

/// What drawShared says of a buffer whose elements are where no SharedLayout
/// puts them.
struct SharedPlaces {
  llvm::ArrayRef<int64_t> shape;
  int64_t sizeInBytes;
  /// The byte in which an element begins.
  llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> getByte;
  /// A line of text.
  std::string layout;
};
std::string drawShared(const SharedPlaces &places, llvm::StringRef title,
                       const DrawOptions &options = {});

} // namespace mlir::tile

#endif // TILE_LAYOUT_DRAW_H
