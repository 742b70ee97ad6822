//===- AsyncCopy.cpp - asynchronous copies done at once ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/AsyncCopy.h"

using namespace mlir;
using namespace mlir::tile;

CopyOp mlir::tile::replaceByCopy(AsyncCopyOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  return rewriter.replaceOpWithNewOp<CopyOp>(
      op, op.getSrc(), op.getSrcIndices(), op.getDst(), op.getDstIndices(),
      op.getMixedExtents(), op.getPad());
}
