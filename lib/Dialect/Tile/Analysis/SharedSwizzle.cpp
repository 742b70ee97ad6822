//===- SharedSwizzle.cpp - which buffers can be swizzled --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

bool mlir::tile::isStageView(Operation *op) {
  auto view = dyn_cast<memref::SubViewOp>(op);
  if (!view)
    return false;
  int64_t rank = view.getSourceType().getRank();
  llvm::SmallBitVector dropped = view.getDroppedDims();
  for (int64_t dim = rank - 1; dim >= 0 && dim >= rank - 2; --dim)
    if (dropped.test(dim) || !isZeroInteger(view.getMixedOffsets()[dim]) ||
        !isOneInteger(view.getMixedStrides()[dim]) ||
        getConstantIntValue(view.getMixedSizes()[dim]) !=
            view.getSourceType().getDimSize(dim))
      return false;
  return true;
}

Operation *mlir::tile::findUseWithoutIndices(Value buffer) {
  for (Operation *user : buffer.getUsers()) {
    if (isStageView(user)) {
      if (Operation *found = findUseWithoutIndices(user->getResult(0)))
        return found;
      continue;
    }
    bool isTileOp = isa<TileDialect>(user->getDialect()) &&
                    !isa<ViewOp>(user) && user->getNumRegions() == 0;
    if (!isTileOp && !isa<memref::LoadOp, memref::StoreOp, memref::DimOp>(user))
      return user;
  }
  return nullptr;
}

std::optional<int64_t> mlir::tile::getSwizzleWithoutConflicts(MemRefType type) {
  int64_t bits = type.getElementTypeBitWidth();
  if (type.getRank() < 2 || type.getDimSize(type.getRank() - 2) == 1)
    return 0;
  int64_t rowBytes = type.getShape().back() * bits / 8;
  if (bits % 8 != 0 || rowBytes % 16 != 0)
    return std::nullopt;
  // Rows of an odd number of chunks begin in different banks by themselves.
  for (int64_t swizzle : {128, 64, 32})
    if (rowBytes % swizzle == 0)
      return swizzle;
  return 0;
}

int64_t mlir::tile::getElementBytes(MemRefType type) {
  Type element = type.getElementType();
  return element.isIntOrFloat()
             ? std::max<int64_t>(element.getIntOrFloatBitWidth() / 8, 1)
             : 8;
}

int64_t mlir::tile::getSharedByte(MemRefType type, int64_t swizzle,
                                  ArrayRef<int64_t> place) {
  int64_t elements = 0;
  for (auto [size, index] : llvm::zip_equal(type.getShape(), place))
    elements = elements * size + index;
  int64_t bytes = elements * getElementBytes(type);
  if (swizzle == 0)
    return bytes;
  // A row has a whole number of the swizzle's spans.
  int64_t chunks = swizzle / kSwizzleChunkBytes;
  int64_t line = place[place.size() - 2] / (kSwizzleRows / chunks);
  int64_t chunk = bytes / kSwizzleChunkBytes % chunks;
  return bytes + ((chunk ^ (line % chunks)) - chunk) * kSwizzleChunkBytes;
}
