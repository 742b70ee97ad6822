//===- SharedConflicts.cpp - bank conflicts of buffers ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/SharedConflicts.h"
#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Layout/Warp.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
/// Counts the accesses to one tile, the last two dimensions of a buffer.
struct Counter {
  explicit Counter(AllocOp op)
      : type(op.getBuffer().getType()), swizzle(op.getSwizzle().value_or(0)),
        bytes(getElementBytes(type)) {}

  void countUses(Value buffer);
  void countMatrices();
  void countVectors(int64_t numThreads);
  void countLoop(ParallelOp loop, ValueRange indices);
  void add(ArrayRef<std::optional<int64_t>> addresses, int64_t width);

  int64_t numRows() const {
    return type.getRank() < 2 ? 1 : type.getDimSize(type.getRank() - 2);
  }
  /// The byte of an element of the first tile.
  int64_t getByte(int64_t row, int64_t column) const {
    SmallVector<int64_t> place(type.getRank(), 0);
    place.back() = column;
    if (place.size() > 1)
      place[place.size() - 2] = row;
    return getSharedByte(type, swizzle, place);
  }

  MemRefType type;
  int64_t swizzle, bytes;
  Wavefronts sum;
};
} // namespace

void Counter::add(ArrayRef<std::optional<int64_t>> addresses, int64_t width) {
  // The addresses are multiples of a width that divides rows.
  sum += llvm::cantFail(countWavefronts(addresses, width));
}

/// The reads of ldmatrix, each piece by 8 lanes.
void Counter::countMatrices() {
  int64_t columns = type.getShape().back(), width = kSwizzleChunkBytes / bytes;
  if (bytes > 2 || columns % width != 0)
    return;
  for (int64_t row = 0; row < numRows(); row += 8)
    for (int64_t column = 0; column < columns; column += width) {
      SmallVector<std::optional<int64_t>> addresses;
      for (int64_t i = row; i < std::min(row + 8, numRows()); ++i)
        addresses.push_back(getByte(i, column));
      add(addresses, kSwizzleChunkBytes);
    }
}

void Counter::countVectors(int64_t numThreads) {
  int64_t columns = type.getShape().back(), width = kSwizzleChunkBytes / bytes;
  while (columns % width != 0)
    width /= 2;
  int64_t perRow = columns / width, count = numRows() * perRow;
  for (int64_t begin = 0; begin < count; begin += numThreads)
    for (int64_t warp = 0; warp < numThreads; warp += kWarpSize) {
      SmallVector<std::optional<int64_t>> addresses;
      for (int64_t lane = warp; lane < std::min(warp + kWarpSize, numThreads);
           ++lane)
        if (int64_t i = begin + lane; i < count)
          addresses.push_back(getByte(i / perRow, i % perRow * width));
      add(addresses, width * bytes);
    }
}

void Counter::countLoop(ParallelOp loop, ValueRange indices) {
  auto attr = loop->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  auto dims = getIndexDims(type.getShape(), indices,
                           loop.getBody().front().getArguments());
  if (!attr || !dims)
    return;
  const ThreadValueLayout &layout = attr.getValue();
  for (int64_t warp = 0; warp < layout.numThreads(); warp += kWarpSize)
    for (int64_t value = 0; value < layout.numValues(); ++value) {
      SmallVector<std::optional<int64_t>> addresses;
      int64_t end = std::min(warp + kWarpSize, layout.numThreads());
      for (int64_t thread = warp; thread < end; ++thread) {
        auto point = layout.coordinates(thread, value);
        if (!point)
          continue;
        SmallVector<int64_t> place;
        for (int64_t dim : *dims)
          place.push_back(dim == kUnitDim ? 0 : (*point)[dim]);
        addresses.push_back(getSharedByte(type, swizzle, place));
      }
      add(addresses, bytes);
    }
}

void Counter::countUses(Value buffer) {
  for (Operation *user : buffer.getUsers()) {
    if (isStageView(user)) {
      countUses(user->getResult(0));
      continue;
    }
    auto loop = user->getParentOfType<ParallelOp>();
    if (auto gemm = dyn_cast<GemmOp>(user); gemm && gemm.getC() != buffer)
      countMatrices();
    else if (isa<CopyOp, AsyncCopyOp>(user) && tile::getNumThreads(user))
      countVectors(tile::getNumThreads(user));
    else if (auto load = dyn_cast<memref::LoadOp>(user); load && loop)
      countLoop(loop, load.getIndices());
    else if (auto store = dyn_cast<memref::StoreOp>(user); store && loop)
      countLoop(loop, store.getIndices());
  }
}

Wavefronts mlir::tile::countSharedWavefronts(AllocOp op) {
  // No target has so much, and every access is counted.
  constexpr int64_t kMaxElements = 1 << 20;
  if (op.getBuffer().getType().getNumElements() > kMaxElements)
    return {};
  Counter counter(op);
  if (counter.type.getRank() > 0 && counter.type.getNumElements() > 0)
    counter.countUses(op.getBuffer());
  return counter.sum;
}
