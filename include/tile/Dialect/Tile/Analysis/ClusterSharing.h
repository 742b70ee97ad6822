//===- ClusterSharing.h - tiles copied once for a cluster -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_CLUSTERSHARING_H
#define TILE_DIALECT_TILE_ANALYSIS_CLUSTERSHARING_H

#include "tile/Dialect/Tile/Analysis/WarpRoles.h"

namespace mlir::tile {

/// Finds the copies of `loop` that blocks of a cluster make alike, and lets
/// each of these blocks copy a part of the tile for all. Returns why no copy is
/// shared; nothing when one is.
std::string shareCopies(RoleLoop &loop, const ClusterUniformity &uniformity);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_CLUSTERSHARING_H
