//===- Kernels.h - kernels made from linalg ops -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_LINALGTOTILE_KERNELS_H
#define TILE_LIB_CONVERSION_LINALGTOTILE_KERNELS_H

#include "LinalgMatch.h"

namespace mlir::tile {

/// How kernels are cut into tiles.
struct KernelOptions {
  /// Rows, columns and depth of a product.
  SmallVector<int64_t> gemmTile;
  /// The last two loops.
  SmallVector<int64_t> elementwiseTile;
  /// Results, and summands of each.
  SmallVector<int64_t> reduceTile;
  int64_t threads;
  int64_t stages;
};

// Each makes a kernel in front of the op, where the builder stands. `init` is
// what the result holds at first when that is known, and not in the buffer yet.

void buildProduct(OpBuilder &builder, linalg::LinalgOp op,
                  const Product &product, Value init,
                  const KernelOptions &options);
void buildReduction(OpBuilder &builder, linalg::LinalgOp op,
                    const Reduction &reduction, Value init,
                    const KernelOptions &options);
void buildElementwise(OpBuilder &builder, linalg::LinalgOp op,
                      const KernelOptions &options);
/// For every op that checkConvertible lets pass.
void buildLoops(OpBuilder &builder, linalg::LinalgOp op,
                const KernelOptions &options);

/// The extents of a tile in each loop of an op: `options.elementwiseTile` in
/// the last two parallel loops, 1 in the others.
SmallVector<int64_t> getElementwiseTile(linalg::LinalgOp op,
                                        const KernelOptions &options);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_LINALGTOTILE_KERNELS_H
