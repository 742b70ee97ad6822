//===- GPUAsyncCopy.cpp - copies by cp.async --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instruction copies 16, 8 or 4 bytes, which must be aligned on both sides,
// and writes zeros for what it is told not to read. What is not known of that
// at compile time is left to one test, the same for all threads: where it does
// not hold, the elements are copied one by one. In a pipelined loop another
// test stands before the loop, for all iterations at once: where it holds, no
// vector is tested by itself.
//
//===----------------------------------------------------------------------===//

#include "GPUAsyncCopy.h"
#include "LoopCondition.h"
#include "ThreadPoints.h"
#include "VectorCopy.h"

#include "tile/Conversion/Utils/AsyncCopy.h"
#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

/// The instructions that a thread executes one after another in a loop.
static constexpr int64_t kGroupSize = 8;

/// The least number of bytes that an instruction copies.
static constexpr int64_t kMinBytes = 4;

namespace {

class AsyncCopyLowering {
public:
  AsyncCopyLowering(CopyOp op, ThreadExecutor &executor, int64_t numThreads,
                    DivisibilityAnalysis &divisibility, OpBuilder &builder)
      : op(op), executor(executor), numThreads(numThreads), builder(builder),
        loc(op.getLoc()),
        extents(clampExtents(builder, loc, op.reifyRegion(builder))),
        src(BufferRegion::get(builder, loc, op.getSrc(), op.getSrcIndices(),
                              extents.size())),
        dst(BufferRegion::get(builder, loc, op.getDst(), op.getDstIndices(),
                              extents.size())),
        divisibility(divisibility),
        access(builder, {src, dst}, extents, op, divisibility) {}

  void run();

private:
  /// Where a vector comes from, and goes to.
  struct Place {
    Value src;
    SmallVector<Value> srcIndices, dstIndices;
  };
  std::optional<std::string> getObstacle();
  Value buildCondition();
  Place getPlace(OpBuilder &b, const ThreadPoint &vector);
  void copyVector(OpBuilder &b, const Place &place, Value count);
  void copyGroup(OpBuilder &b, ArrayRef<ThreadPoint> points, bool isInside);
  void copyVectors(OpBuilder &b, bool isInside);
  void copyElements();
  void copyTested(Value condition);
  Value constant(OpBuilder &b, int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }

  CopyOp op;
  ThreadExecutor &executor;
  int64_t numThreads;
  OpBuilder &builder;
  Location loc;
  SmallVector<OpFoldResult> extents;
  BufferRegion src, dst;
  DivisibilityAnalysis &divisibility;
  VectorAccess access;
};

} // namespace

/// Why no instruction can do this copy; nothing when one can.
std::optional<std::string> AsyncCopyLowering::getObstacle() {
  if (op.getSrc().getType().getElementType().isIndex())
    return "the elements are of type index";
  if (extents.empty())
    return "the region has no rows";
  if (!op.getSrc().getType().isLastDimUnitStride() ||
      !op.getDst().getType().isLastDimUnitStride())
    return "the rows are not contiguous";
  int64_t bytes = access.getNumBytes(op.getDst());
  if (bytes >= kMinBytes)
    return std::nullopt;
  return access.getReason().str();
}

/// What the instructions need and is not known; null when all is.
Value AsyncCopyLowering::buildCondition() {
  Value condition = access.buildCondition(builder, loc);
  condition =
      allOf(builder, loc, condition, dst.isWhollyInside(builder, loc, extents));
  if (isPadZero(op.getPad()))
    return condition;
  return allOf(builder, loc, condition,
               src.isWhollyInside(builder, loc, extents));
}

/// The place of a vector of the region, counted in vectors in the last
/// dimension.
AsyncCopyLowering::Place
AsyncCopyLowering::getPlace(OpBuilder &b, const ThreadPoint &vector) {
  SmallVector<Value> point(vector.indices);
  point.back() = b.createOrFold<arith::MulIOp>(
      loc, point.back(), constant(b, access.getNumElements()));
  return {op.getSrc(), src.getIndices(b, loc, point),
          dst.getIndices(b, loc, point)};
}

/// A view of `buffer` that begins at `indices`.
static Value buildView(OpBuilder &b, Location loc, Value buffer,
                       ArrayRef<OpFoldResult> indices) {
  SmallVector<OpFoldResult> sizes;
  for (auto [dim, index] : llvm::enumerate(indices)) {
    OpFoldResult size = memref::getMixedSize(b, loc, buffer, dim);
    sizes.push_back(arith::SubIOp::create(
                        b, loc, getValueOrCreateConstantIndexOp(b, loc, size),
                        getValueOrCreateConstantIndexOp(b, loc, index))
                        .getResult());
  }
  SmallVector<OpFoldResult> strides(indices.size(), b.getIndexAttr(1));
  return memref::SubViewOp::create(b, loc, buffer, indices, sizes, strides);
}

/// Copies one vector. A `count` of zero elements reads nothing.
void AsyncCopyLowering::copyVector(OpBuilder &b, const Place &place,
                                   Value count) {
  bool bypassesL1 = access.getNumBytes(op.getDst()) == 16;
  nvgpu::DeviceAsyncCopyOp::create(
      b, loc, nvgpu::DeviceAsyncTokenType::get(b.getContext()), op.getDst(),
      place.dstIndices, place.src, place.srcIndices,
      b.getIndexAttr(access.getNumElements()), count,
      bypassesL1 ? b.getUnitAttr() : UnitAttr());
}

/// Copies the vectors of a group. Where they are at distances known at compile
/// time, the address of each follows from that of the one before.
void AsyncCopyLowering::copyGroup(OpBuilder &b, ArrayRef<ThreadPoint> points,
                                  bool isInside) {
  bool isChain = llvm::all_of(points.drop_front(), [](const ThreadPoint &p) {
    return !p.distance.empty();
  });
  size_t numLeading = src.leading.size();
  Value view, zero = constant(b, 0);
  SmallVector<int64_t> previous(extents.size(), 0);
  for (const ThreadPoint &point : points) {
    Place place = getPlace(b, point);
    // A vector lies wholly inside or outside.
    Value count, inside;
    if (!isInside)
      inside = src.isInside(b, loc, extents, place.srcIndices);
    if (inside)
      count = arith::SelectOp::create(
          b, loc, inside, constant(b, access.getNumElements()), zero);
    if (isChain) {
      SmallVector<OpFoldResult> indices;
      if (!view) {
        indices = getAsOpFoldResult(place.srcIndices);
      } else {
        indices.assign(numLeading, b.getIndexAttr(0));
        for (auto [now, before] : llvm::zip_equal(point.distance, previous))
          indices.push_back(b.getIndexAttr(now - before));
        previous = point.distance;
      }
      view = buildView(b, loc, view ? view : op.getSrc(), indices);
      place.src = view;
      place.srcIndices.assign(numLeading + extents.size(), zero);
    }
    OpBuilder::InsertionGuard guard(b);
    if (point.exists) {
      auto ifOp = scf::IfOp::create(b, loc, point.exists,
                                    /*withElseRegion=*/false);
      b.setInsertionPointToStart(ifOp.thenBlock());
    }
    copyVector(b, place, count);
  }
}

/// Copies the region in vectors, those outside of the source as zeros.
void AsyncCopyLowering::copyVectors(OpBuilder &b, bool isInside) {
  SmallVector<OpFoldResult> counts(extents);
  Value last = getValueOrCreateConstantIndexOp(b, loc, extents.back());
  counts.back() = getAsOpFoldResult(b.createOrFold<arith::DivUIOp>(
      loc, last, constant(b, access.getNumElements())));
  forEachGroup(b, loc, executor.getThreadId(), numThreads, counts, kGroupSize,
               [&](OpBuilder &nested, ArrayRef<ThreadPoint> points) {
                 copyGroup(nested, points, isInside);
               });
}

void AsyncCopyLowering::copyElements() {
  lowerElementCopy(op, executor.getThreadId(), numThreads, builder);
}

/// Copies with a test, the same for all threads, of what the instructions need.
void AsyncCopyLowering::copyTested(Value condition) {
  if (!condition)
    return copyVectors(builder, /*isInside=*/false);
  auto ifOp = scf::IfOp::create(builder, loc, condition,
                                /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  copyVectors(builder, /*isInside=*/false);
  builder.setInsertionPointToStart(ifOp.elseBlock());
  copyElements();
}

void AsyncCopyLowering::run() {
  if (std::optional<std::string> obstacle = getObstacle()) {
    remark::missed(loc, remark::RemarkOpts::name("plain-async-copy")
                            .category("convert-tile-to-gpu"))
        << remark::reason("elements copied one by one: {0}", *obstacle);
    return copyElements();
  }
  Value condition = buildCondition();
  if (condition)
    remark::analysis(loc, remark::RemarkOpts::name("tested-async-copy")
                              .category("convert-tile-to-gpu"))
        << remark::reason("alignment to {0} bytes or bounds are tested at run "
                          "time",
                          access.getNumBytes(op.getDst()));
  std::optional<Value> always =
      buildLoopCondition(builder, op, src, extents, condition, divisibility);
  if (!always)
    return copyTested(condition);
  if (!*always)
    return copyVectors(builder, /*isInside=*/true);
  auto ifOp = scf::IfOp::create(builder, loc, *always, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  copyVectors(builder, /*isInside=*/true);
  builder.setInsertionPointToStart(ifOp.elseBlock());
  copyTested(condition);
}

void mlir::tile::lowerAsyncCopy(AsyncCopyOp op, ThreadExecutor &executor,
                                int64_t numThreads,
                                DivisibilityAnalysis &divisibility,
                                RewriterBase &rewriter) {
  CopyOp copy = replaceByCopy(op, rewriter);
  rewriter.setInsertionPoint(copy);
  AsyncCopyLowering(copy, executor, numThreads, divisibility, rewriter).run();
  rewriter.eraseOp(copy);
}
