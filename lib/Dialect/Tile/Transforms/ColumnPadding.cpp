//===- ColumnPadding.cpp - rows apart for accesses by columns ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ColumnPadding.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

/// The width of a bank of shared memory.
static constexpr int64_t kBankBits = 32;

/// Whether consecutive threads access consecutive rows of the buffer: the
/// innermost variable of a loop is not the index of a column.
static bool isByColumns(Operation *access, ValueRange indices) {
  auto loop = access->getParentOfType<ParallelOp>();
  if (!loop)
    return false;
  Value inner;
  for (auto [variable, extent] :
       llvm::zip_equal(loop.getInductionVars(), loop.getMixedExtents()))
    if (!isOneInteger(extent))
      inner = variable;
  return inner && indices.front() == inner && indices.back() != inner;
}

/// Whether the op accesses `buffer` along columns; nothing when it would not
/// find its elements in rows that are further apart.
static std::optional<bool> accessesColumns(Operation *op, Value buffer) {
  using Result = std::optional<bool>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<CopyOp, FillOp, memref::DimOp>([](auto) { return false; })
      .Case([](TransposeOp) { return true; })
      .Case([&](memref::LoadOp load) {
        return isByColumns(load, load.getIndices());
      })
      .Case([&](memref::StoreOp store) -> Result {
        if (store.getMemRef() != buffer)
          return std::nullopt;
        return isByColumns(store, store.getIndices());
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// The elements by which rows have to be longer so that those of a column lie
/// in different banks; 0 when they do so, or cannot.
static int64_t getPadding(MemRefType type) {
  if (type.getRank() != 2 || !type.hasStaticShape() ||
      !type.getLayout().isIdentity() || type.getDimSize(0) == 1 ||
      !type.getElementType().isIntOrFloat())
    return 0;
  int64_t bits = type.getElementTypeBitWidth();
  if (bits % 8 != 0 || bits > kBankBits)
    return 0;
  // An odd number of banks steps through all of them.
  int64_t rowBits = type.getDimSize(1) * bits;
  return rowBits % (2 * kBankBits) == 0 ? kBankBits / bits : 0;
}

void mlir::tile::padForColumns(AllocOp op) {
  Value buffer = op.getBuffer();
  auto type = cast<MemRefType>(buffer.getType());
  if (tile::getScope(type) != Scope::Shared || op.getSwizzle())
    return;
  int64_t padding = getPadding(type);
  bool isByColumns = false;
  for (Operation *user : buffer.getUsers()) {
    std::optional<bool> columns = accessesColumns(user, buffer);
    if (!columns)
      return;
    isByColumns |= *columns;
  }
  if (!isByColumns || padding == 0)
    return;
  OpBuilder b(op);
  b.setInsertionPointAfter(op);
  SmallVector<int64_t> shape(type.getShape());
  shape.back() += padding;
  buffer.setType(MemRefType::Builder(type).setShape(shape));
  SmallVector<OpFoldResult> begins(2, b.getIndexAttr(0));
  SmallVector<OpFoldResult> steps(2, b.getIndexAttr(1));
  auto view = memref::SubViewOp::create(
      b, op.getLoc(), buffer, begins,
      getAsIndexOpFoldResult(b.getContext(), type.getShape()), steps);
  buffer.replaceAllUsesExcept(view, view);
}
