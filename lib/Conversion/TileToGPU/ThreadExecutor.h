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
#include "tile/Layout/ThreadValueLayout.h"

#include "llvm/ADT/MapVector.h"

#include <deque>
#include <map>

namespace mlir::tile {

/// Spreads iterations over the threads of a block: by a layout, or point number
/// `e` of an index space, counted in row-major order, to thread `e mod
/// threads`.
class ThreadExecutor final : public BlockExecutor {
public:
  /// A point of a layout: the value of this thread that it is, its indices, and
  /// whether the thread has such a point at all (null when it surely has).
  struct Owned {
    Value slot;
    SmallVector<Value> indices;
    Value exists;
  };

  ThreadExecutor(Value threadId, int64_t numThreads, int64_t unrollLimit)
      : threadId(threadId), numThreads(numThreads), unrollLimit(unrollLimit) {}

  void forEach(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> extents,
               const ThreadValueLayout *layout, BodyFn body,
               bool touchesOnlyFragments = false) override;
  const ThreadValueLayout *getLayout(Value buffer) override;
  const ThreadValueLayout *getLayout(ParallelOp op) override;
  Value isWriter(OpBuilder &builder, Location loc) override;
  Value load(OpBuilder &builder, Location loc, Value buffer,
             ValueRange indices) override;
  void store(OpBuilder &builder, Location loc, Value value, Value buffer,
             ValueRange indices) override;

  /// Whether this is the one of the threads that hold the same elements of
  /// `layout` that writes them to memory; null when no other holds them.
  Value isWriter(OpBuilder &builder, Location loc,
                 const ThreadValueLayout &layout) const;

  Value getThreadId() const { return threadId; }
  int64_t getNumThreads() const { return numThreads; }

  /// Whether loops over the values of a layout are unrolled, so that the
  /// private arrays can become registers.
  bool isUnrolled(const ThreadValueLayout &layout) const {
    return layout.numValues() <= unrollLimit;
  }

  /// The point that is value number `slot` of this thread; `constantSlot` is
  /// its number when that is known.
  Owned getOwned(OpBuilder &builder, Location loc,
                 const ThreadValueLayout &layout, Value slot,
                 int64_t constantSlot = -1) const;

  /// Makes the private array of a fragment, at the builder's position.
  void addFragment(OpBuilder &builder, AllocOp fragment);

  /// The private array of `fragment`.
  Value getPrivateArray(Value fragment) const {
    return fragments.find(fragment)->second.array;
  }

private:
  struct Fragment {
    Value array;
    ThreadValueLayout layout;
  };
  /// The iteration whose body is being built.
  struct Iteration {
    const ThreadValueLayout *layout = nullptr;
    Value slot;
    SmallVector<Value> point;
  };

  void forEachFree(OpBuilder &builder, Location loc,
                   ArrayRef<OpFoldResult> extents, BodyFn body);
  void forEachSlot(OpBuilder &builder, Location loc,
                   const ThreadValueLayout &layout, Value slot,
                   int64_t constantSlot, BodyFn body,
                   bool touchesOnlyFragments);
  Value getSlot(OpBuilder &builder, Location loc, Value buffer,
                ValueRange indices);
  void remarkLocal(Value fragment, int64_t count, StringRef what);

  Value threadId;
  int64_t numThreads;
  int64_t unrollLimit;
  Iteration current;
  /// Where a fragment's elements are, by the fragment and what its indices are,
  /// for the layout of the present loop.
  std::map<std::pair<void *, SmallVector<int64_t>>, Layout> valueMaps;
  llvm::MapVector<Value, Fragment> fragments;
  /// Those that a remark has told about.
  llvm::SmallDenseSet<Value> remarked;
  /// Those of loops that have none of their own.
  std::deque<ThreadValueLayout> loopLayouts;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_THREADEXECUTOR_H
