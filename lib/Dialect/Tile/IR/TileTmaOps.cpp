//===- TileTmaOps.cpp - copies of boxes by a copy engine --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Layout/Swizzle.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

/// What the address and the strides of a tensor are multiples of, in bytes.
static constexpr int64_t kTensorAlignment = 16;

/// What the address of a box in shared memory is a multiple of.
static constexpr int64_t kBoxAlignment = 128;

//===----------------------------------------------------------------------===//
// TensorMapOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyStrides(TensorMapOp op) {
  MemRefType type = op.getSource().getType();
  int64_t offset;
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return success();
  if (ShapedType::isStatic(strides.back()) && strides.back() != 1)
    return op.emitOpError("expected rows of elements next to each other, "
                          "found a stride of ")
           << strides.back() << " in " << type;
  int64_t elementBytes = op.getMap().getType().getElementBytes();
  for (auto [dim, stride] : llvm::enumerate(ArrayRef(strides).drop_back()))
    if (ShapedType::isStatic(stride) && type.getDimSize(dim) != 1 &&
        stride * elementBytes % kTensorAlignment != 0)
      return op.emitOpError("expected strides of a multiple of 16 bytes, "
                            "found ")
             << stride * elementBytes << " in dimension " << dim << " of "
             << type;
  return success();
}

LogicalResult TensorMapOp::verify() {
  MemRefType type = getSource().getType();
  TensorMapType map = getMap().getType();
  if (tile::getScope(type) != Scope::Global)
    return emitOpError("expected a source in global scope, found ") << type;
  if (type.getElementType() != map.getElementType())
    return emitOpError("expected a map of the source's element type ")
           << type.getElementType() << ", found " << map;
  if (type.getRank() != static_cast<int64_t>(map.getBox().size()))
    return emitOpError("expected a box of the source's rank ")
           << type.getRank() << ", found " << map;
  if (std::optional<int64_t> fetch = getFetch();
      fetch && *fetch != 64 && *fetch != 128 && *fetch != 256)
    return emitOpError("expected a fetch of 64, 128 or 256 bytes, found ")
           << *fetch;
  if (auto launch = (*this)->getParentOfType<LaunchOp>()) {
    InFlightDiagnostic diag =
        emitOpError("expected to stand in host code, found in a launch");
    diag.attachNote(launch.getLoc()) << "inside this 'tile.launch'";
    return diag;
  }
  return getOptional() ? success() : verifyStrides(*this);
}

//===----------------------------------------------------------------------===//
// TmaLoadOp, TmaStoreOp
//===----------------------------------------------------------------------===//

/// Whether the rows of a swizzled buffer are cut into panels as wide as those
/// of the box.
static bool hasPanels(TensorMapType map, MemRefType type) {
  int64_t width = map.getBox().back();
  return map.getSwizzle() && type.getRank() >= 2 &&
         type.getShape().back() > width && type.getShape().back() % width == 0;
}

/// The type of which a box takes whole rows: that of one panel.
static MemRefType getPanelType(TensorMapType map, MemRefType type) {
  if (!hasPanels(map, type) || !type.getLayout().isIdentity())
    return type;
  SmallVector<int64_t> shape(type.getShape());
  shape.back() = map.getBox().back();
  return MemRefType::Builder(type).setShape(shape);
}

/// Checks that the box lies in the buffer as the copy engine moves it: its
/// elements one after another.
static LogicalResult verifyShape(Operation *op, TensorMapType map,
                                 MemRefType whole) {
  MemRefType type = getPanelType(map, whole);
  ArrayRef<int64_t> box = map.getInnerBox();
  size_t rank = box.size();
  int64_t offset;
  SmallVector<int64_t> strides;
  bool fits = type.getRank() >= static_cast<int64_t>(rank) &&
              succeeded(type.getStridesAndOffset(strides, offset)) &&
              type.getShape().take_back(rank - 1) == box.drop_front() &&
              type.getShape().take_back(rank).front() >= box.front();
  int64_t next = 1;
  for (size_t i = 0; fits && i < rank; ++i) {
    fits = strides[strides.size() - 1 - i] == next;
    next *= box[rank - 1 - i];
  }
  if (fits)
    return success();
  return op->emitOpError("expected a buffer whose last dimensions hold a box "
                         "of ")
         << map << ", found " << whole;
}

/// Checks that a box can begin at `indices` of the buffer.
static LogicalResult verifyPlace(Operation *op, TensorMapType map,
                                 MemRefType type, ValueRange indices) {
  if (indices.empty())
    return success();
  int64_t offset;
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return success();
  if (hasPanels(map, type)) {
    std::optional<int64_t> column = getConstantIntValue(indices.back());
    if (!column || *column % map.getBox().back() != 0)
      return op->emitOpError("expected a box that begins at a panel of ")
             << map.getBox().back() << " elements of the rows of " << type;
    indices = indices.drop_back();
  }
  for (auto [dim, index] : llvm::enumerate(indices)) {
    int64_t step = strides[dim] * map.getElementBytes();
    std::optional<int64_t> place = getConstantIntValue(index);
    if (ShapedType::isDynamic(strides[dim]) ||
        (place ? *place * step : step) % kBoxAlignment == 0)
      continue;
    return op->emitOpError("expected a box that begins at a multiple of 128 "
                           "bytes of the buffer, found a step of ")
           << step << " bytes in dimension " << dim << " of " << type;
  }
  return success();
}

static LogicalResult verifyBox(Operation *op, TypedValue<TensorMapType> value,
                               ValueRange coordinates,
                               TypedValue<MemRefType> buffer,
                               ValueRange indices) {
  TensorMapType map = value.getType();
  MemRefType type = buffer.getType();
  if (tile::getScope(type) != Scope::Shared)
    return op->emitOpError("expected a buffer in shared scope, found ") << type;
  if (type.getElementType() != map.getElementType())
    return op->emitOpError("expected a buffer of the map's element type ")
           << map.getElementType() << ", found " << type;
  if (coordinates.size() != map.getBox().size())
    return op->emitOpError("expected ")
           << map.getBox().size() << " coordinates for a box of " << map
           << ", found " << coordinates.size();
  if (!indices.empty() && failed(verifyIndices(op, "buffer", type, indices)))
    return failure();
  if (failed(verifyShape(op, map, type)) ||
      failed(verifyPlace(op, map, type, indices)))
    return failure();
  ArrayRef<int64_t> leading =
      type.getShape().drop_back(std::min<int64_t>(type.getRank(), 2));
  if (map.getSwizzle() && ShapedType::getNumElements(leading) != 1 &&
      type.getDimSize(type.getRank() - 2) % kSwizzleRows != 0)
    return op->emitOpError("expected a multiple of 8 rows for a swizzle, "
                           "found ")
           << type;
  return success();
}

LogicalResult TmaLoadOp::verify() {
  if (failed(verifyBox(*this, getMap(), getCoordinates(), getDst(),
                       getDstIndices())))
    return failure();
  return verifyIndices(*this, "barriers", getBarriers().getType(),
                       getIndices());
}

LogicalResult TmaStoreOp::verify() {
  return verifyBox(*this, getMap(), getCoordinates(), getSrc(),
                   getSrcIndices());
}

/// Checks the element types and the columns of a fragment that goes through a
/// buffer of type `stage` to a tensor.
static LogicalResult verifyStage(StagedStoreOp op, MemRefType stage) {
  MemRefType type = op.getSrc().getType();
  if (tile::getScope(type) != Scope::Fragment || type.getRank() != 2)
    return op.emitOpError("expected a fragment of rank 2 as source, found ")
           << type;
  if (stage.getRank() != 2 || !stage.getLayout().isIdentity())
    return op.emitOpError("expected a contiguous buffer of rank 2 as stage, "
                          "found ")
           << stage;
  if (stage.getDimSize(0) != type.getDimSize(0) ||
      type.getDimSize(1) % stage.getDimSize(1) != 0)
    return op.emitOpError("expected a stage with all rows of ")
           << type << " and a part of its columns, found " << stage;
  return success();
}

LogicalResult StagedStoreOp::verify() {
  MemRefType stage = getStage().getType();
  if (failed(verifyStage(*this, stage)) ||
      failed(verifyBox(*this, getMap(), getCoordinates(), getStage(),
                       ValueRange())))
    return failure();
  TensorMapType map = getMap().getType();
  int64_t rows = map.getBox().drop_back().back(), columns = map.getBox().back();
  if (ShapedType::getNumElements(map.getBox()) != rows * columns ||
      stage.getDimSize(0) % rows != 0 || stage.getDimSize(1) % columns != 0)
    return emitOpError("expected boxes of rows that divide ")
           << stage << ", found " << map;
  return success();
}
