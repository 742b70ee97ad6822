//===- LayoutChoices.h - layouts that fit and free ones ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_LAYOUTCHOICES_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_LAYOUTCHOICES_H

#include "tile/Dialect/Tile/Analysis/FragmentSites.h"
#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

/// The layout of a loop of `extents` in which each iteration finds the element
/// at its own point, when `dims` are all of the loop's dimensions in order.
std::optional<ThreadValueLayout>
getLoopLayout(const ThreadValueLayout &fragment, ArrayRef<int64_t> extents,
              ArrayRef<int64_t> dims);

/// Vectors of 16 bytes along the last dimension, narrower where there would be
/// none for some threads.
ThreadValueLayout getFreeLayout(Value fragment, int64_t numThreads);

/// Each thread runs all iterations along the dimensions that `access` leaves
/// out, for the elements that it holds.
std::optional<ThreadValueLayout> growLayout(const ThreadValueLayout &fragment,
                                            const FragmentSite &site,
                                            const FragmentAccess &access);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_LAYOUTCHOICES_H
