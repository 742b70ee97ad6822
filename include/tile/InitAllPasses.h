//===- InitAllPasses.h - one call to register the passes and pipelines ----===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_INITALLPASSES_H
#define TILE_INITALLPASSES_H

namespace mlir::tile {
/// Registers the passes and pipelines of tile under their names.
void registerAllPasses();

/// Registers the upstream passes that the pipelines of tile consist of, for
/// tools that do not register all of upstream.
void registerUpstreamPasses();
} // namespace mlir::tile

#endif // TILE_INITALLPASSES_H
