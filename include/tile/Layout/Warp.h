//===- Warp.h - what is the same of all warps -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_WARP_H
#define TILE_LAYOUT_WARP_H

#include <cstdint>

namespace mlir::tile {

/// The threads that execute an instruction together. Those of a block are in
/// warps in the order of their numbers.
inline constexpr int64_t kWarpSize = 32;

} // namespace mlir::tile

#endif // TILE_LAYOUT_WARP_H
