//===- WgmmaRemarks.h - what slows products by wgmma down -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_WGMMAREMARKS_H
#define TILE_LIB_CONVERSION_TILETOGPU_WGMMAREMARKS_H

#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"

namespace mlir::tile {

/// Emits remarks where the assembler will let each instruction of `op`, which
/// `numThreads` execute, wait for the one before.
void remarkSerialProducts(GemmOp op, const WarpgroupProduct &product,
                          int64_t numThreads);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_WGMMAREMARKS_H
