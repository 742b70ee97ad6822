//===- ClusterSharing.cpp - tiles copied once for a cluster -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/ClusterSharing.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

/// What the place of a box in shared memory is a multiple of.
static constexpr int64_t kBoxAlignment = 128;

/// The dimensions along which blocks make `copy` alike, or the `reason` why
/// there are none.
static ClusterDims getSharedDims(CopyOp copy,
                                 const ClusterUniformity &uniformity,
                                 std::string &reason) {
  ClusterDims same = uniformity.getAll();
  for (Value index : copy.getSrcIndices())
    same &= ~uniformity.getVarying(index);
  if (same.none()) {
    reason = "the blocks of the cluster copy different tiles";
    return same;
  }
  same &= ~uniformity.getVaryingRuns(copy);
  if (same.none())
    reason = "a loop or condition around the copies may differ in the blocks "
             "of the cluster";
  return same;
}

/// Divides `copy` among the blocks along `dims`; the `reason` if that cannot
/// be.
static bool divide(BoxCopy &copy, ClusterDims dims, ArrayRef<int64_t> extents,
                   std::string &reason) {
  MemRefType type = copy.copy.getDst().getType();
  int64_t count = 1;
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (dims[dim])
      count *= extent;
  int64_t rows = type.getDimSize(0);
  int64_t rowBytes = type.getDimSize(1) * type.getElementTypeBitWidth() / 8;
  if (rows % (count * kSwizzleRows) != 0 || !getBoxRows(rows / count)) {
    reason = llvm::formatv("{0} rows cannot be divided into {1} parts of a "
                           "multiple of 8 rows",
                           rows, count);
    return false;
  }
  if (rowBytes % kBoxAlignment != 0) {
    reason = llvm::formatv("rows of {0} bytes are no multiple of 128 bytes",
                           rowBytes);
    return false;
  }
  SmallVector<int64_t> box(copy.map.getBox());
  box[box.size() - 2] = getBoxRows(rows / count);
  copy.map = TensorMapType::get(
      type.getContext(), box, copy.map.getElementType(), copy.map.getSwizzle());
  copy.numRows = rows / box[box.size() - 2];
  copy.shared = dims;
  copy.numShares = count;
  return true;
}

std::string mlir::tile::shareCopies(RoleLoop &loop,
                                    const ClusterUniformity &uniformity) {
  std::string reason;
  bool isShared = false;
  std::array<int64_t, 3> extents =
      getClusterExtents(loop.loop->getParentOfType<LaunchOp>());
  for (BoxCopy &copy : loop.copies) {
    std::string obstacle;
    ClusterDims dims = getSharedDims(copy.copy, uniformity, obstacle);
    if (dims.any() && divide(copy, dims, extents, obstacle))
      isShared = true;
    else if (reason.empty())
      reason = obstacle;
  }
  return isShared ? std::string() : reason;
}
