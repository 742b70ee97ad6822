//===- BlockExecutor.h - how a block executes tile ops ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops that touch elements one by one (copy, fill, reduce, scan, parallel)
// mean the same on every target: a loop over an index space with a scalar body.
// What differs is who runs which iteration and where an element of a fragment
// lies. A BlockExecutor answers that; the functions below do the rest, once for
// all targets.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_BLOCKEXECUTOR_H
#define TILE_CONVERSION_UTILS_BLOCKEXECUTOR_H

#include "tile/Dialect/Tile/IR/TileOps.h"

namespace mlir::tile {

/// Spreads the iterations of a block-level op over the threads of a block.
class BlockExecutor {
public:
  using BodyFn = function_ref<void(OpBuilder &, Location, ValueRange)>;

  virtual ~BlockExecutor() = default;

  /// Emits code that runs `body` once for each point of the index space
  /// `extents`, each by one thread; with a layout, by each thread that has the
  /// point, so that it finds the elements of fragments there. A body that
  /// `touchesOnlyFragments` may also run for points that are padding, where it
  /// would do no harm.
  virtual void forEach(OpBuilder &builder, Location loc,
                       ArrayRef<OpFoldResult> extents,
                       const ThreadValueLayout *layout, BodyFn body,
                       bool touchesOnlyFragments = false) = 0;

  /// Emits code that runs `body` in every thread for each point of the index
  /// space: each thread has its own copy of a local buffer.
  void forEachInEveryThread(OpBuilder &builder, Location loc,
                            ArrayRef<OpFoldResult> extents, BodyFn body);

  /// How `buffer` is spread over the threads' registers, so that an iteration
  /// can touch only elements of its own thread; null for memory.
  virtual const ThreadValueLayout *getLayout(Value buffer) { return nullptr; }

  /// Whether `buffer` is spread over registers.
  bool isInRegisters(Value buffer) { return getLayout(buffer) != nullptr; }

  /// Which thread runs which iteration of a loop that touches fragments.
  virtual const ThreadValueLayout *getLayout(ParallelOp op) { return nullptr; }

  /// Whether what this thread writes to memory counts, in the body that forEach
  /// is building: only one of several that run an iteration may. Null when it
  /// does.
  virtual Value isWriter(OpBuilder &builder, Location loc) { return Value(); }

  /// Emits a load or store of one element. If the buffer is in registers, the
  /// code must stand in the body that forEach is building.
  virtual Value load(OpBuilder &builder, Location loc, Value buffer,
                     ValueRange indices) = 0;
  virtual void store(OpBuilder &builder, Location loc, Value value,
                     Value buffer, ValueRange indices) = 0;

  /// Whether a copy should test once whether its whole region is in bounds,
  /// and then run without a test for each element.
  virtual bool testsWholeRegion() { return false; }
};

/// Emit what the op does at the builder's position and leave the op in place.
void lowerCopy(CopyOp op, BlockExecutor &executor, OpBuilder &builder);
void lowerFill(FillOp op, BlockExecutor &executor, OpBuilder &builder);
void lowerTranspose(TransposeOp op, BlockExecutor &executor,
                    OpBuilder &builder);
void lowerConvertLayout(ConvertLayoutOp op, BlockExecutor &executor,
                        OpBuilder &builder);
void lowerReduce(ReduceOp op, BlockExecutor &executor, OpBuilder &builder);
void lowerScan(ScanOp op, BlockExecutor &executor, OpBuilder &builder);
void lowerParallel(ParallelOp op, BlockExecutor &executor, OpBuilder &builder);

/// Does that when `op` is one of these; says whether it was.
bool lowerElementwise(Operation *op, BlockExecutor &executor,
                      OpBuilder &builder);

/// Gives the body of a launch with a swizzle the ids that belong to it, and
/// removes the swizzle.
void expandSwizzle(LaunchOp op, OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_BLOCKEXECUTOR_H
