//===- StagedBuffers.cpp - buffers of several stages ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StagedBuffers.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

AllocOp mlir::tile::makeStages(OpBuilder &builder, AllocOp buffer,
                               int64_t stages) {
  MemRefType type = buffer.getBuffer().getType();
  SmallVector<int64_t> shape{stages};
  llvm::append_range(shape, type.getShape());
  auto staged = AllocOp::create(builder, buffer.getLoc(),
                                MemRefType::Builder(type).setShape(shape));
  staged->setAttrs(buffer->getAttrDictionary());
  return staged;
}

Value mlir::tile::getStage(OpBuilder &builder, Location loc, AllocOp staged,
                           Value stage) {
  MemRefType type = staged.getBuffer().getType();
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(type.getRank(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes =
      getAsIndexOpFoldResult(builder.getContext(), type.getShape());
  offsets.front() = stage;
  sizes.front() = builder.getIndexAttr(1);
  MemRefType viewType = memref::SubViewOp::inferRankReducedResultType(
      type.getShape().drop_front(), type, offsets, sizes, strides);
  return memref::SubViewOp::create(builder, loc, viewType, staged.getBuffer(),
                                   offsets, sizes, strides);
}
