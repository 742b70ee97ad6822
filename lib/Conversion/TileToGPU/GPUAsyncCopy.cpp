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
// not hold, the elements are copied one by one.
//
//===----------------------------------------------------------------------===//

#include "GPUAsyncCopy.h"
#include "ThreadPoints.h"
#include "VectorCopy.h"

#include "tile/Conversion/Utils/AsyncCopy.h"
#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
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
  std::optional<std::string> getObstacle();
  Value buildCondition();
  void copyVectors(OpBuilder &b);
  void copyVector(OpBuilder &b, const ThreadPoint &vector);
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

/// Copies one vector, whose indices count vectors in the last dimension.
void AsyncCopyLowering::copyVector(OpBuilder &b, const ThreadPoint &vector) {
  OpBuilder::InsertionGuard guard(b);
  if (vector.exists) {
    auto ifOp = scf::IfOp::create(b, loc, vector.exists,
                                  /*withElseRegion=*/false);
    b.setInsertionPointToStart(ifOp.thenBlock());
  }
  int64_t width = access.getNumElements();
  SmallVector<Value> point(vector.indices);
  point.back() =
      b.createOrFold<arith::MulIOp>(loc, point.back(), constant(b, width));
  SmallVector<Value> srcIndices = src.getIndices(b, loc, point);
  SmallVector<Value> dstIndices = dst.getIndices(b, loc, point);
  // A vector lies wholly inside or outside.
  Value count;
  if (Value inside = src.isInside(b, loc, extents, srcIndices))
    count = arith::SelectOp::create(b, loc, inside, constant(b, width),
                                    constant(b, 0));
  bool bypassesL1 = access.getNumBytes(op.getDst()) == 16;
  nvgpu::DeviceAsyncCopyOp::create(
      b, loc, nvgpu::DeviceAsyncTokenType::get(b.getContext()), op.getDst(),
      dstIndices, op.getSrc(), srcIndices, b.getIndexAttr(width), count,
      bypassesL1 ? b.getUnitAttr() : UnitAttr());
}

void AsyncCopyLowering::copyVectors(OpBuilder &b) {
  SmallVector<OpFoldResult> counts(extents);
  Value last = getValueOrCreateConstantIndexOp(b, loc, extents.back());
  counts.back() = getAsOpFoldResult(b.createOrFold<arith::DivUIOp>(
      loc, last, constant(b, access.getNumElements())));
  forEachGroup(b, loc, executor.getThreadId(), numThreads, counts, kGroupSize,
               [&](OpBuilder &nested, ArrayRef<ThreadPoint> points) {
                 for (const ThreadPoint &point : points)
                   copyVector(nested, point);
               });
}

void AsyncCopyLowering::run() {
  if (std::optional<std::string> obstacle = getObstacle()) {
    remark::missed(loc, remark::RemarkOpts::name("plain-async-copy")
                            .category("convert-tile-to-gpu"))
        << remark::reason("elements copied one by one: {0}", *obstacle);
    lowerMemoryCopy(op, executor.getThreadId(), numThreads, divisibility,
                    builder);
    return;
  }
  Value condition = buildCondition();
  if (!condition)
    return copyVectors(builder);
  remark::analysis(loc, remark::RemarkOpts::name("tested-async-copy")
                            .category("convert-tile-to-gpu"))
      << remark::reason("alignment to {0} bytes or bounds are tested at run "
                        "time",
                        access.getNumBytes(op.getDst()));
  auto ifOp = scf::IfOp::create(builder, loc, condition,
                                /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  copyVectors(builder);
  builder.setInsertionPointToStart(ifOp.elseBlock());
  lowerCopy(op, executor, builder);
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
