//===- SwizzledBuffers.cpp - where swizzled elements lie --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SwizzledBuffers.h"
#include "PanelPlace.h"

#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Places the elements of one buffer.
class ElementPlacement {
public:
  explicit ElementPlacement(AllocOp alloc);

  LogicalResult run();

private:
  MemRefType getPanelType(MemRefType type) const;
  LogicalResult place(Value buffer, Value placed);
  LogicalResult placeUse(OpOperand &use, Value placed);
  Value placeStage(memref::SubViewOp view, Value placed) const;
  void placeIndices(OpBuilder &b, Location loc, SmallVector<Value> &indices);

  AllocOp alloc;
  Panels panels;
  int64_t numRows;
};

} // namespace

ElementPlacement::ElementPlacement(AllocOp alloc) : alloc(alloc) {
  MemRefType type = alloc.getBuffer().getType();
  int64_t swizzle = *alloc.getSwizzle(), bytes = getElementBytes(type);
  int64_t width = swizzle / bytes;
  panels = {type.getShape().back() / width, width, bytes, swizzle};
  numRows = type.getDimSize(type.getRank() - 2);
}

/// The type in which panels are a dimension before the rows.
MemRefType ElementPlacement::getPanelType(MemRefType type) const {
  SmallVector<int64_t> shape(type.getShape().drop_back(2));
  shape.append({panels.number, numRows, panels.width});
  return MemRefType::Builder(type).setShape(shape);
}

/// The indices of an element where it lies: its panel, its row, its column.
void ElementPlacement::placeIndices(OpBuilder &b, Location loc,
                                    SmallVector<Value> &indices) {
  Value column = indices.pop_back_val(), row = indices.pop_back_val();
  PanelPlace place = buildPanelPlace(b, loc, panels, row, column);
  if (place.panel)
    indices.push_back(place.panel);
  indices.push_back(row);
  indices.push_back(place.column);
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

/// The view of the same stage of the buffer with panels.
Value ElementPlacement::placeStage(memref::SubViewOp view, Value placed) const {
  OpBuilder b(view);
  auto type = cast<MemRefType>(placed.getType());
  int64_t numLeading = type.getRank() - 3;
  auto extend = [&](SmallVector<OpFoldResult> values,
                    ArrayRef<int64_t> trailing) {
    values.resize(numLeading);
    llvm::append_range(values,
                       getAsIndexOpFoldResult(b.getContext(), trailing));
    return values;
  };
  SmallVector<OpFoldResult> offsets = extend(view.getMixedOffsets(), {0, 0, 0});
  SmallVector<OpFoldResult> sizes =
      extend(view.getMixedSizes(), {panels.number, numRows, panels.width});
  SmallVector<OpFoldResult> strides = extend(view.getMixedStrides(), {1, 1, 1});
  SmallVector<int64_t> shape(view.getType().getShape().drop_back(2));
  shape.append({panels.number, numRows, panels.width});
  MemRefType result = memref::SubViewOp::inferRankReducedResultType(
      shape, type, offsets, sizes, strides);
  return memref::SubViewOp::create(b, view.getLoc(), result, placed, offsets,
                                   sizes, strides);
}

LogicalResult ElementPlacement::placeUse(OpOperand &use, Value placed) {
  Operation *user = use.getOwner();
  if (isStageView(user)) {
    Value stage = user->getResult(0);
    return place(stage, panels.number > 1
                            ? placeStage(cast<memref::SubViewOp>(user), placed)
                            : stage);
  }
  // These know only its sizes and where it begins.
  if (isa<memref::DimOp, memref::ExtractStridedMetadataOp>(user))
    return success();
  // It knows only the address of the buffer.
  if (isa<memref::ExtractAlignedPointerAsIndexOp>(user)) {
    use.set(placed);
    return success();
  }
  std::optional<MutableOperandRange> operands = getIndices(use);
  if (!operands) {
    InFlightDiagnostic diag =
        user->emitOpError("cannot use a swizzled buffer; expected accesses "
                          "to elements by their indices");
    diag.attachNote(alloc.getLoc()) << "the buffer is made here";
    return diag;
  }
  OpBuilder b(user);
  SmallVector<Value> indices(operands->getAsOperandRange());
  placeIndices(b, user->getLoc(), indices);
  use.set(placed);
  operands->assign(indices);
  return success();
}

/// Treats the accesses to `buffer`, the whole or a stage, which become accesses
/// to `placed`.
LogicalResult ElementPlacement::place(Value buffer, Value placed) {
  for (OpOperand &use : llvm::make_early_inc_range(buffer.getUses()))
    if (failed(placeUse(use, placed)))
      return failure();
  return success();
}

LogicalResult ElementPlacement::run() {
  Value buffer = alloc.getBuffer(), placed = buffer;
  if (panels.number > 1) {
    OpBuilder b(alloc);
    auto made = AllocOp::create(b, alloc.getLoc(),
                                getPanelType(alloc.getBuffer().getType()));
    made->setAttrs(alloc->getAttrDictionary());
    made.removeSwizzleAttr();
    placed = made.getBuffer();
  }
  alloc.removeSwizzleAttr();
  return place(buffer, placed);
}

LogicalResult mlir::tile::placeSwizzledElements(Operation *root) {
  SmallVector<AllocOp> buffers;
  root->walk([&](AllocOp alloc) {
    if (alloc.getSwizzle())
      buffers.push_back(alloc);
  });
  for (AllocOp alloc : buffers)
    if (failed(ElementPlacement(alloc).run()))
      return failure();
  return success();
}
