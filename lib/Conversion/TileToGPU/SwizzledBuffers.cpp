//===- SwizzledBuffers.cpp - where swizzled elements lie --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SwizzledBuffers.h"

#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

/// The bytes that stay together, and those of a line of banks.
static constexpr int64_t kChunkBytes = 16;
static constexpr int64_t kLineBytes = 128;

/// The column in memory of the element in `row` and `column`: the number of its
/// chunk within the swizzle, exclusive or that of the line the row begins in.
static Value getPlace(OpBuilder &b, Location loc, Value row, Value column,
                      int64_t swizzle, int64_t elementBytes) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  int64_t rowsPerLine = kLineBytes / swizzle;
  int64_t numChunks = swizzle / kChunkBytes;
  Value line = row;
  if (rowsPerLine > 1)
    line = b.createOrFold<arith::DivUIOp>(loc, row, constant(rowsPerLine));
  Value chunk =
      b.createOrFold<arith::AndIOp>(loc, line, constant(numChunks - 1));
  Value change = b.createOrFold<arith::MulIOp>(
      loc, chunk, constant(kChunkBytes / elementBytes));
  return b.createOrFold<arith::XOrIOp>(loc, column, change);
}

/// The indices with which `use.getOwner()` accesses the buffer `use.get()`;
/// nothing when it does not access it by indices.
static std::optional<MutableOperandRange> getIndices(OpOperand &use) {
  using Result = std::optional<MutableOperandRange>;
  Value buffer = use.get();
  return llvm::TypeSwitch<Operation *, Result>(use.getOwner())
      .Case<memref::LoadOp, vector::LoadOp, AtomicOp, nvgpu::LdMatrixOp>(
          [](auto op) { return op.getIndicesMutable(); })
      .Case([&](memref::StoreOp op) -> Result {
        if (op.getMemRef() == buffer)
          return op.getIndicesMutable();
        return std::nullopt;
      })
      .Case([&](vector::StoreOp op) { return op.getIndicesMutable(); })
      .Case([&](nvgpu::DeviceAsyncCopyOp op) {
        return op.getDst() == buffer ? op.getDstIndicesMutable()
                                     : op.getSrcIndicesMutable();
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Treats the accesses to `buffer`, which is that of `alloc` or a stage of it.
static LogicalResult placeElements(Value buffer, AllocOp alloc) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  int64_t bytes = element.isIndex() ? 8 : element.getIntOrFloatBitWidth() / 8;
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    if (isStageView(user)) {
      if (failed(placeElements(user->getResult(0), alloc)))
        return failure();
      continue;
    }
    // These know only the type or the address of the buffer.
    if (isa<memref::DimOp, memref::ExtractAlignedPointerAsIndexOp>(user))
      continue;
    std::optional<MutableOperandRange> indices = getIndices(use);
    if (!indices) {
      InFlightDiagnostic diag =
          user->emitOpError("cannot use a swizzled buffer; expected accesses "
                            "to elements by their indices");
      diag.attachNote(alloc.getLoc()) << "the buffer is made here";
      return diag;
    }
    OpBuilder b(user);
    size_t last = indices->size() - 1;
    (*indices)[last].set(getPlace(b, user->getLoc(), (*indices)[last - 1].get(),
                                  (*indices)[last].get(), *alloc.getSwizzle(),
                                  bytes));
  }
  return success();
}

LogicalResult mlir::tile::placeSwizzledElements(Operation *root) {
  WalkResult result = root->walk([&](AllocOp alloc) {
    if (!alloc.getSwizzle())
      return WalkResult::advance();
    if (failed(placeElements(alloc.getBuffer(), alloc)))
      return WalkResult::interrupt();
    alloc.removeSwizzleAttr();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
