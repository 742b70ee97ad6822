//===- ThreadExecutor.h - the threads of a block on a GPU -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_THREADEXECUTOR_H
#define TILE_LIB_CONVERSION_TILETOGPU_THREADEXECUTOR_H

#include "tile/Conversion/Utils/BlockExecutor.h"

namespace mlir::tile {

/// Spreads iterations over the threads of a block: point number `e` of an index
/// space, counted in row-major order, is run by thread `e mod threads`, which
/// also holds element number `e` of a fragment of that shape, in slot
/// `e / threads` of a private array.
class ThreadExecutor final : public BlockExecutor {
public:
  /// An element that a thread holds: its place in the private array, its
  /// indices, and whether the thread has such an element at all (null when it
  /// surely has).
  struct Owned {
    Value slot;
    SmallVector<Value> indices;
    Value exists;
  };

  ThreadExecutor(Value threadId, int64_t numThreads, int64_t unrollLimit)
      : threadId(threadId), numThreads(numThreads), unrollLimit(unrollLimit) {}

  void forEach(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> extents,
               bool touchesFragments, BodyFn body) override;
  bool isInRegisters(Value buffer) override;
  Value load(OpBuilder &builder, Location loc, Value buffer,
             ValueRange indices) override;
  void store(OpBuilder &builder, Location loc, Value value, Value buffer,
             ValueRange indices) override;

  Value getThreadId() const { return threadId; }

  /// How many elements of `shape` a thread holds at most.
  int64_t getNumSlots(ArrayRef<int64_t> shape) const;

  /// Whether loops over the slots of such a fragment are unrolled, so that the
  /// private array can become registers.
  bool isUnrolled(ArrayRef<int64_t> shape) const {
    return getNumSlots(shape) <= unrollLimit;
  }

  /// The element of `shape` in `slot` of this thread.
  Owned getOwned(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                 Value slot, int64_t constantSlot = -1) const;

  /// Makes the private array of `fragment`, at the builder's position.
  void addFragment(OpBuilder &builder, Location loc, Value fragment);

  /// The private array of `fragment`.
  Value getPrivateArray(Value fragment) const { return arrays.at(fragment); }

private:
  Value linearize(OpBuilder &builder, Location loc, Value slot) const;

  Value threadId;
  int64_t numThreads;
  int64_t unrollLimit;
  /// The slot of the iteration whose body is being built.
  Value currentSlot;
  DenseMap<Value, Value> arrays;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_THREADEXECUTOR_H
