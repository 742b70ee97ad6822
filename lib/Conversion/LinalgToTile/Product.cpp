//===- Product.cpp - products of matrices -----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One block for each tile of the result: the tiles of both matrices go through
// shared memory, the sum stays in a fragment. Padding is zero, which a product
// does not see.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "TiledKernel.h"

#include "tile/Conversion/Utils/Scalar.h"

using namespace mlir;
using namespace mlir::tile;

void mlir::tile::buildProduct(OpBuilder &builder, linalg::LinalgOp op,
                              const Product &product, Value init,
                              const KernelOptions &options) {
  Location loc = op.getLoc();
  SmallVector<int64_t> tile(op.getNumLoops(), 1);
  tile[product.m] = options.gemmTile[0];
  tile[product.n] = options.gemmTile[1];
  tile[product.k] = options.gemmTile[2];
  TiledKernel kernel(op, tile);
  kernel.launch(builder, options.threads, [&](OpBuilder &body) {
    Value a = kernel.allocate(body, *product.a, Scope::Shared, /*rank=*/2);
    Value b = kernel.allocate(body, *product.b, Scope::Shared, /*rank=*/2);
    // A result that is stored as columns is computed as rows.
    Value c = AllocOp::create(
        body, loc,
        getBufferType(ArrayRef(kernel.getShape(*product.c)).take_back(2),
                      product.accumulator, Scope::Fragment));
    if (init)
      FillOp::create(body, loc, c,
                     convertElement(body, loc, init, product.accumulator));
    else
      kernel.read(body, *product.c, c);
    kernel.forEachTile(body, product.k, options.stages, [&](OpBuilder &loop) {
      kernel.read(loop, *product.a, a);
      kernel.read(loop, *product.b, b);
      GemmOp::create(loop, loc, a, b, c, product.transposeA,
                     product.transposeB);
    });
    kernel.write(body, *product.c, c);
  });
}
