//===- VectorAccess.cpp - rows of a tile in vectors -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All numbers are counted in elements, of which each buffer's vectors have the
// same number. Only the base address is in bytes.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

/// The bytes of an element in memory; nothing for types whose vectors LLVM lays
/// out in another way than their elements.
static std::optional<int64_t> getElementBytes(Value buffer) {
  Type type = cast<MemRefType>(buffer.getType()).getElementType();
  if (type.isIndex())
    return 8;
  unsigned width = type.getIntOrFloatBitWidth();
  if (width % 8)
    return std::nullopt;
  return width / 8;
}

/// The strides of `buffer` as numbers; empty when its rows are not contiguous.
static SmallVector<OpFoldResult> getStrides(OpBuilder &b, Location loc,
                                            Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  int64_t offset;
  SmallVector<int64_t> known;
  if (failed(type.getStridesAndOffset(known, offset)) || known.empty() ||
      known.back() != 1)
    return {};
  SmallVector<OpFoldResult> strides;
  if (!ShapedType::isDynamicShape(known))
    return getAsIndexOpFoldResult(b.getContext(), known);
  if (!type.getLayout().isIdentity())
    return memref::ExtractStridedMetadataOp::create(b, loc, buffer)
        .getConstifiedMixedStrides();
  // As products of sizes, of which more may be known.
  OpFoldResult stride = b.getIndexAttr(1);
  for (int64_t dim = type.getRank(); dim-- > 0;) {
    strides.push_back(stride);
    OpFoldResult size = memref::getMixedSize(b, loc, buffer, dim);
    if (isOneInteger(stride))
      stride = size;
    else
      stride = arith::MulIOp::create(
                   b, loc, getValueOrCreateConstantIndexOp(b, loc, stride),
                   getValueOrCreateConstantIndexOp(b, loc, size))
                   .getResult();
  }
  std::reverse(strides.begin(), strides.end());
  return strides;
}

/// What the launch around `op` says of vectors that are not known to fit.
static int64_t getMaxGuessedBytes(Operation *op, int64_t maxBytes) {
  for (; op; op = op->getParentOp())
    if (auto bytes = op->getAttrOfType<IntegerAttr>(kFallbackAttrName))
      return bytes.getInt();
  return maxBytes;
}

VectorAccess::VectorAccess(OpBuilder &builder, ArrayRef<BufferRegion> regions,
                           ArrayRef<OpFoldResult> extents, Operation *at,
                           DivisibilityAnalysis &divisibility, int64_t maxBytes)
    : at(at), divisibility(divisibility),
      maxGuessedBytes(getMaxGuessedBytes(at, maxBytes)) {
  int64_t width = maxBytes;
  if (extents.empty())
    reason = "the region has no rows";
  else
    numbers.push_back(extents.back());
  for (const BufferRegion &region : regions) {
    std::optional<int64_t> bytes = getElementBytes(region.buffer);
    if (!bytes)
      reason = "an element is less than a byte";
    else
      width = std::min(width, maxBytes / *bytes);
    elementBytes = std::max(elementBytes, bytes.value_or(1));
    if (reason.empty())
      addRegion(builder, at->getLoc(), region, extents);
  }
  if (!reason.empty()) {
    numbers.clear();
    addresses.clear();
    return;
  }
  while (width > 1 && !fits(width))
    width /= 2;
  // Pairs of bytes that a branch chooses came out wrong on a GPU (ptxas 13.0).
  bool hasBytes = llvm::any_of(regions, [](const BufferRegion &region) {
    return getElementBytes(region.buffer) == 1;
  });
  if (width == 2 && hasBytes) {
    width = 1;
    reason = "two bytes are no vector";
  }
  numElements = width;
  if (width > 1)
    reason = StringRef();
  else if (reason.empty())
    reason = "an element is as wide as a vector";
  llvm::erase_if(numbers, [&](OpFoldResult number) {
    return width <= 1 || check(number, width) == Known::Divisible;
  });
  llvm::erase_if(addresses, [&](Value buffer) {
    return width <= 1 || isBaseAligned(buffer, getNumBytes(buffer));
  });
}

/// Adds what must be divisible for the accesses to `region`.
void VectorAccess::addRegion(OpBuilder &builder, Location loc,
                             const BufferRegion &region,
                             ArrayRef<OpFoldResult> extents) {
  SmallVector<OpFoldResult> strides = getStrides(builder, loc, region.buffer);
  if (strides.empty()) {
    reason = "the rows are not contiguous";
    return;
  }
  auto add = [&](OpFoldResult number) {
    if (!llvm::is_contained(numbers, number))
      numbers.push_back(number);
  };
  // The dimensions but the last only move the row.
  size_t numLeading = region.leading.size();
  for (size_t dim = 0; dim + 1 < strides.size(); ++dim) {
    bool isOne = dim < numLeading || isOneInteger(extents[dim - numLeading]);
    const BufferRegion::Dim &place = dim < numLeading
                                         ? region.leading[dim]
                                         : region.region[dim - numLeading];
    if (!isOne || !isZeroInteger(place.begin))
      add(strides[dim]);
  }
  const BufferRegion::Dim &row = region.region.back();
  add(row.begin);
  if (row.size && tile::mayLeave(row.begin, extents.back(), row.size))
    add(row.size);
  if (!llvm::is_contained(addresses, region.buffer))
    addresses.push_back(region.buffer);
}

VectorAccess::Known VectorAccess::check(OpFoldResult number, int64_t width) {
  if (std::optional<int64_t> constant = getConstantIntValue(number))
    return *constant % width ? Known::NotDivisible : Known::Divisible;
  auto value = cast<Value>(number);
  if (divisibility.divides(width, value, at, /*isUnsigned=*/false))
    return Known::Divisible;
  // The multiples of a smaller power of two are often no multiples of this one.
  if (width > 2 && divisibility.divides(2, value, at, /*isUnsigned=*/false))
    return Known::NotDivisible;
  return Known::Nothing;
}

/// Whether some of what vectors of `width` elements need is not known.
bool VectorAccess::isGuessed(int64_t width) {
  return llvm::any_of(numbers,
                      [&](OpFoldResult number) {
                        return check(number, width) != Known::Divisible;
                      }) ||
         llvm::any_of(addresses, [&](Value buffer) {
           return !isBaseAligned(buffer, width * *getElementBytes(buffer));
         });
}

/// Whether vectors of `width` elements are not known to be too wide.
bool VectorAccess::fits(int64_t width) {
  if (width * elementBytes > maxGuessedBytes && isGuessed(width)) {
    reason = "this version of the launch is for rows that are not aligned";
    return false;
  }
  for (OpFoldResult number : numbers)
    if (check(number, width) == Known::NotDivisible) {
      reason = number == numbers.front()
                   ? "the length of a row is not divisible by 2"
                   : "a stride, begin or size is not divisible by 2";
      return false;
    }
  return true;
}

/// Whether the address of the first element of `buffer` is known to be a
/// multiple of `bytes`.
bool VectorAccess::isBaseAligned(Value buffer, int64_t bytes) {
  Operation *op = buffer.getDefiningOp();
  if (auto alloc = dyn_cast_or_null<AllocOp>(op))
    return tile::getScope(buffer) == Scope::Shared && bytes <= 16;
  if (divisibility.dividesAddress(bytes, buffer, at))
    return true;
  if (auto cast = dyn_cast_or_null<memref::CastOp>(op))
    return isBaseAligned(cast.getSource(), bytes);
  if (auto view = dyn_cast_or_null<ViewOp>(op))
    return isBaseAligned(view.getSource(), bytes);
  auto view = dyn_cast_or_null<memref::SubViewOp>(op);
  if (!view || !isBaseAligned(view.getSource(), bytes))
    return false;
  int64_t offset;
  SmallVector<int64_t> strides;
  if (failed(view.getSourceType().getStridesAndOffset(strides, offset)))
    return false;
  int64_t width = bytes / *getElementBytes(buffer);
  return llvm::all_of(
      llvm::zip_equal(view.getMixedOffsets(), strides), [&](auto place) {
        auto [begin, stride] = place;
        bool isFixed = !ShapedType::isDynamic(stride) && stride % width == 0;
        return isFixed || check(begin, width) == Known::Divisible;
      });
}

int64_t VectorAccess::getNumBytes(Value buffer) const {
  return numElements * getElementBytes(buffer).value_or(0);
}

Value mlir::tile::buildAddress(OpBuilder &b, Location loc, Value buffer,
                               int64_t elementBytes) {
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, buffer);
  int64_t offset;
  SmallVector<int64_t> strides;
  if (succeeded(cast<MemRefType>(buffer.getType())
                    .getStridesAndOffset(strides, offset)) &&
      offset == 0)
    return address;
  Value elements =
      memref::ExtractStridedMetadataOp::create(b, loc, buffer).getOffset();
  Value size = arith::ConstantIndexOp::create(b, loc, elementBytes);
  Value bytes = arith::MulIOp::create(b, loc, elements, size);
  return arith::AddIOp::create(b, loc, address, bytes);
}

Value VectorAccess::buildCondition(OpBuilder &b, Location loc) const {
  Value condition;
  auto test = [&](Value number, int64_t divisor) {
    Value mask = arith::ConstantIndexOp::create(b, loc, divisor - 1);
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value rest = arith::AndIOp::create(b, loc, number, mask);
    Value isZero =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest, zero);
    condition = allOf(b, loc, condition, isZero);
  };
  // A power of two divides all the numbers when it divides their bits' union.
  Value all;
  for (OpFoldResult number : numbers) {
    Value value = cast<Value>(number);
    all = all ? arith::OrIOp::create(b, loc, all, value).getResult() : value;
  }
  if (all)
    test(all, numElements);
  for (Value buffer : addresses) {
    int64_t bytes = getNumBytes(buffer);
    test(buildAddress(b, loc, buffer, bytes / numElements), bytes);
  }
  return condition;
}
