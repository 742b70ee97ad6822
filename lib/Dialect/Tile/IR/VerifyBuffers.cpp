//===- VerifyBuffers.cpp - checks of buffers and regions --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileAttrs.h"

using namespace mlir;
using namespace mlir::tile;

LogicalResult mlir::tile::verifyIndices(Operation *op, StringRef role,
                                        MemRefType type, ValueRange indices) {
  if (indices.size() == static_cast<size_t>(type.getRank()))
    return success();
  return op->emitOpError("expected ")
         << type.getRank() << " indices for rank-" << type.getRank() << ' '
         << role << ", found " << indices.size();
}

LogicalResult mlir::tile::verifyExtents(Operation *op,
                                        ArrayRef<int64_t> extents,
                                        size_t dynamic) {
  size_t expected = llvm::count(extents, ShapedType::kDynamic);
  if (dynamic != expected)
    return op->emitOpError("expected ")
           << expected << " dynamic extents, found " << dynamic;
  for (int64_t extent : extents)
    if (extent < 0 && ShapedType::isStatic(extent))
      return op->emitOpError("expected extents of at least 0, found ")
             << extent;
  return success();
}

LogicalResult mlir::tile::verifyStaticShape(Operation *op, Value buffer,
                                            StringRef role) {
  auto type = cast<MemRefType>(buffer.getType());
  if (type.hasStaticShape())
    return success();
  return op->emitOpError("expected ")
         << role << " of static shape, found " << type;
}

LogicalResult mlir::tile::verifyBlockScope(Operation *op, Value buffer,
                                           StringRef role) {
  if (getScope(buffer) != Scope::Local)
    return success();
  return op->emitOpError("expected ")
         << role << " in shared, fragment or global scope, found "
         << buffer.getType();
}
