//===- InitAllDialects.h - one call to register what tile IR uses ---------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_INITALLDIALECTS_H
#define TILE_INITALLDIALECTS_H

namespace mlir {
class DialectRegistry;

namespace tile {
/// Registers the tile dialect, the upstream dialects that appear beside it
/// between the source and PTX, and the interfaces that the pipelines need.
void registerAllDialects(DialectRegistry &registry);
} // namespace tile
} // namespace mlir

#endif // TILE_INITALLDIALECTS_H
