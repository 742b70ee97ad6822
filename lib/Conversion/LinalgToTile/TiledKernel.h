//===- TiledKernel.h - launch over the tiles of a linalg op -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all kernels made from linalg ops share: how large the loops are, which
// tile of them a block has, where the tile lies in each operand, and the body.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_LINALGTOTILE_TILEDKERNEL_H
#define TILE_LIB_CONVERSION_LINALGTOTILE_TILEDKERNEL_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::tile {

/// One linalg op and the tile of its loops that a block works on.
class TiledKernel {
public:
  using BodyFn = function_ref<void(OpBuilder &)>;

  /// `wanted` gives the extent of the tile in each loop; what is larger than
  /// the loop is cut.
  TiledKernel(linalg::LinalgOp op, ArrayRef<int64_t> wanted);

  linalg::LinalgOp getOp() { return op; }

  /// Makes the launch in front of the op: one block for each tile of the
  /// parallel loops.
  void launch(OpBuilder &builder, int64_t threads, BodyFn body);

  /// Runs `body` for each tile of a reduction loop, in order.
  void forEachTile(OpBuilder &builder, unsigned loop, int64_t stages,
                   BodyFn body);

  /// The extent of the tile in `loop`.
  int64_t getTileSize(unsigned loop) const { return tileSizes[loop]; }
  /// Whether a tile may reach beyond the end of `loop`.
  bool isRagged(unsigned loop) const;
  /// How much of the tile lies inside `loop`.
  OpFoldResult getInnerSize(OpBuilder &builder, unsigned loop);
  /// The size of `loop`, in front of the launch.
  Value getLoopSize(OpBuilder &builder, unsigned loop);
  /// The iteration of `loop` that is number `i` of the tile.
  Value getIteration(OpBuilder &builder, unsigned loop, Value i);

  /// Of an operand with a projected permutation: the shape of the tile in it,
  /// where that begins, and which of its elements belongs to an iteration.
  SmallVector<int64_t> getShape(OpOperand &operand);
  SmallVector<Value> getBegin(OpBuilder &builder, OpOperand &operand);
  SmallVector<Value> getElement(OpBuilder &builder, OpOperand &operand,
                                ValueRange point);

  /// The operand's tile in a new buffer of this scope, with `pad` for what lies
  /// outside. Of the shape, the last `rank` dimensions are taken.
  Value allocate(OpBuilder &builder, OpOperand &operand, Scope scope,
                 std::optional<int64_t> rank = std::nullopt);
  void read(OpBuilder &builder, OpOperand &operand, Value tile,
            Value pad = Value());
  void write(OpBuilder &builder, OpOperand &operand, Value tile);

private:
  Location getLoc() { return op.getLoc(); }
  /// The loop that runs over dimension `dim` of the operand, if any does.
  std::optional<unsigned> getLoop(OpOperand &operand, unsigned dim);
  void setBlockOffsets(OpBuilder &builder, ArrayRef<unsigned> loops,
                       ArrayRef<Value> counts, ValueRange ids);

  linalg::LinalgOp op;
  SmallVector<int64_t> tileSizes;
  /// The sizes that are constant; ShapedType::kDynamic for the others.
  SmallVector<int64_t> staticSizes;
  SmallVector<Value> sizes, offsets;
};

/// `value` if it is a value, else a constant.
Value getIndex(OpBuilder &builder, Location loc, OpFoldResult value);

/// Clones the body with these values for its block arguments; `getLoopIndex`
/// gives the value of a linalg.index. Leaves `skipped` out. The result maps
/// what is yielded.
IRMapping cloneBody(OpBuilder &builder, linalg::LinalgOp op, ValueRange args,
                    function_ref<Value(unsigned)> getLoopIndex,
                    Operation *skipped = nullptr);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_LINALGTOTILE_TILEDKERNEL_H
