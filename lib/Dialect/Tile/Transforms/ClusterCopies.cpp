//===- ClusterCopies.cpp - copies for all blocks of a cluster ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClusterCopies.h"

#include "tile/Dialect/Tile/Analysis/ClusterSharing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

static remark::RemarkOpts getOpts(StringRef name) {
  return remark::RemarkOpts::name(name).category("tile-specialize-warps");
}

int64_t mlir::tile::shareCopies(LaunchOp launch, WarpRoles &roles) {
  ClusterUniformity uniformity(launch);
  if (uniformity.getAll().none())
    return 0;
  int64_t count = 0;
  for (RoleLoop &role : roles.loops) {
    std::string reason = shareCopies(role, uniformity);
    if (!reason.empty()) {
      remark::missed(role.loop.getLoc(), getOpts("no-multicast"))
          << remark::reason("each block copies for itself: {0}", reason);
      continue;
    }
    for (BoxCopy &copy : role.copies) {
      if (copy.shared.none())
        continue;
      ++count;
      remark::passed(copy.copy.getLoc(), getOpts("multicast"))
          << remark::reason("{0} blocks copy a part of the tile each, for all "
                            "of them",
                            copy.numShares);
    }
  }
  return count;
}

namespace {

/// The ids of the block among those of its cluster, and numbers that follow
/// from them. A group are the blocks that differ along some dimensions only.
class ClusterPlace {
public:
  /// Computes the ids at the position of `builder`, as do the functions.
  ClusterPlace(LaunchOp launch, OpBuilder &builder);

  /// Where the part of the block begins when its group along `dims` divides a
  /// row of parts of the given size.
  Value getPart(ClusterDims dims, int64_t size);

  /// The bits of the blocks in its group along `dims`, an i16.
  Value getMask(ClusterDims dims);

  /// The numbers, in the cluster, of the blocks of several groups of the block,
  /// each once, the block itself first.
  SmallVector<Value> getMembers(ArrayRef<ClusterDims> groups);

private:
  /// The distance of neighbours along a dimension in the numbers of blocks.
  int64_t getStride(size_t dim) const;
  Value index(int64_t value);
  Value addTerm(Value sum, Value id, int64_t stride);

  OpBuilder &builder;
  Location loc;
  std::array<int64_t, 3> extents;
  std::array<Value, 3> ids;
};

} // namespace

ClusterPlace::ClusterPlace(LaunchOp launch, OpBuilder &builder)
    : builder(builder), loc(launch.getLoc()),
      extents(getClusterExtents(launch)) {
  Value rank = ClusterRankOp::create(builder, loc);
  for (size_t dim = 0; dim < extents.size(); ++dim) {
    if (extents[dim] == 1) {
      ids[dim] = index(0);
      continue;
    }
    ids[dim] = rank;
    if (getStride(dim) != 1)
      ids[dim] =
          arith::DivUIOp::create(builder, loc, ids[dim], index(getStride(dim)));
    if (getStride(dim) * extents[dim] != getStride(extents.size()))
      ids[dim] =
          arith::RemUIOp::create(builder, loc, ids[dim], index(extents[dim]));
  }
}

Value ClusterPlace::index(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

int64_t ClusterPlace::getStride(size_t dim) const {
  return ShapedType::getNumElements(ArrayRef(extents).take_front(dim));
}

Value ClusterPlace::addTerm(Value sum, Value id, int64_t stride) {
  Value term = builder.createOrFold<arith::MulIOp>(loc, id, index(stride));
  if (isZeroInteger(term))
    return sum;
  return builder.createOrFold<arith::AddIOp>(loc, term, sum);
}

Value ClusterPlace::getPart(ClusterDims dims, int64_t size) {
  Value begin = index(0);
  for (size_t dim = 0; dim < extents.size(); ++dim) {
    if (!dims[dim])
      continue;
    begin = addTerm(begin, ids[dim], size);
    size *= extents[dim];
  }
  return begin;
}

/// Whether block `number` of the cluster is in the group of the first one.
static bool isInFirstGroup(int64_t number, ClusterDims dims,
                           ArrayRef<int64_t> extents) {
  for (auto [dim, extent] : llvm::enumerate(extents)) {
    if (!dims[dim] && number % extent != 0)
      return false;
    number /= extent;
  }
  return true;
}

Value ClusterPlace::getMask(ClusterDims dims) {
  int64_t bits = 0;
  for (int64_t number = 0; number < getStride(extents.size()); ++number)
    if (isInFirstGroup(number, dims, extents))
      bits |= int64_t(1) << number;
  // The group of the block is as far away as its first one.
  Value distance = index(0);
  for (size_t dim = 0; dim < extents.size(); ++dim)
    if (!dims[dim])
      distance = addTerm(distance, ids[dim], getStride(dim));
  Type i16 = builder.getI16Type();
  Value first = arith::ConstantIntOp::create(builder, loc, i16,
                                             static_cast<int16_t>(bits));
  return builder.createOrFold<arith::ShLIOp>(
      loc, first, builder.createOrFold<arith::IndexCastOp>(loc, i16, distance));
}

SmallVector<Value> ClusterPlace::getMembers(ArrayRef<ClusterDims> groups) {
  SmallVector<Value> members;
  for (int64_t step = 0; step < getStride(extents.size()); ++step) {
    if (llvm::none_of(groups, [&](ClusterDims dims) {
          return isInFirstGroup(step, dims, extents);
        }))
      continue;
    // As many steps on in each dimension, around its end.
    Value member = index(0);
    for (auto [dim, extent] : llvm::enumerate(extents)) {
      int64_t distance = step / getStride(dim) % extent;
      Value id = ids[dim];
      if (distance != 0)
        id = arith::RemUIOp::create(
            builder, loc,
            arith::AddIOp::create(builder, loc, id, index(distance)),
            index(extent));
      member = addTerm(member, id, getStride(dim));
    }
    members.push_back(member);
  }
  return members;
}

LoopShares mlir::tile::buildShares(LaunchOp launch, ArrayRef<BoxCopy> copies,
                                   OpBuilder &builder) {
  LoopShares shares{SmallVector<CopyShare>(copies.size()), {}};
  SmallVector<ClusterDims> groups;
  for (const BoxCopy &copy : copies)
    if (copy.shared.any())
      groups.push_back(copy.shared);
  if (groups.empty())
    return shares;
  ClusterPlace place(launch, builder);
  shares.readers = place.getMembers(groups);
  for (auto [copy, share] : llvm::zip_equal(copies, shares.copies)) {
    if (copy.shared.none())
      continue;
    int64_t rows = copy.map.getBox().drop_back().back() * copy.numRows;
    share.row = place.getPart(copy.shared, rows / copy.numShares);
    share.mask = place.getMask(copy.shared);
  }
  return shares;
}
