//===- TileViewOp.cpp - views of memory with other elements ---------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

using namespace mlir;
using namespace mlir::tile;

/// The bytes that one element takes in memory.
static int64_t getElementBytes(MemRefType type) {
  Type element = type.getElementType();
  return element.isIndex()
             ? 8
             : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

Value ViewOp::getViewSource() { return getSource(); }

LogicalResult ViewOp::verify() {
  MemRefType source = getSource().getType(), view = getView().getType();
  for (auto [type, role] :
       {std::pair<MemRefType, StringRef>{source, "source"}, {view, "view"}})
    if (!type.hasStaticShape() || !type.getLayout().isIdentity())
      return emitOpError("expected a contiguous ")
             << role << " of static shape, found " << type;
  if (source.getMemorySpace() != view.getMemorySpace())
    return emitOpError("expected a view in the scope of its source, found ")
           << view << " of " << source;
  int64_t sourceBytes = source.getNumElements() * getElementBytes(source);
  int64_t viewBytes = view.getNumElements() * getElementBytes(view);
  if (sourceBytes != viewBytes)
    return emitOpError("expected a view of ")
           << sourceBytes << " bytes, found " << viewBytes;
  if (tile::getScope(source) == Scope::Local &&
      getElementBytes(view) > getElementBytes(source))
    return emitOpError("expected elements no wider than those of the local "
                       "source, found ")
           << view.getElementType() << " and " << source.getElementType();
  return success();
}
