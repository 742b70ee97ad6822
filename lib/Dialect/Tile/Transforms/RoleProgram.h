//===- RoleProgram.h - the program of each warp role ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_ROLEPROGRAM_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_ROLEPROGRAM_H

#include "StagedStores.h"

#include "tile/Dialect/Tile/Analysis/WarpRoles.h"

namespace mlir::tile {

/// Gives each role of the warps of `launch` its program, and the fragments of
/// `stores` their way through shared memory.
void buildRolePrograms(LaunchOp launch, const WarpRoles &roles,
                       const StorePlan &stores, IRRewriter &rewriter);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_ROLEPROGRAM_H
