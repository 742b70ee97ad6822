//===- SharedMemoryPlan.h - places in shared memory -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_SHAREDMEMORYPLAN_H
#define TILE_DIALECT_TILE_ANALYSIS_SHAREDMEMORYPLAN_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "llvm/ADT/MapVector.h"

namespace mlir::tile {

/// The bytes that a buffer of identity layout takes.
int64_t getNumBytes(MemRefType type);

/// Where the shared buffers of a launch lie in the block's shared memory. Those
/// that are never in use at the same time may share bytes.
struct SharedMemoryPlan {
  /// The offsets, in program order.
  llvm::MapVector<Operation *, int64_t> offsets;
  /// The bytes of shared memory in all, and without any sharing.
  int64_t numBytes = 0, numUnshared = 0;
};

/// Plans the shared memory of `launch`. `getSize` may say another size of a
/// buffer than it has.
SharedMemoryPlan
planSharedMemory(LaunchOp launch,
                 function_ref<int64_t(AllocOp)> getSize = nullptr);

/// The largest number of stages, of 1 to `stages`, whose bytes fit in
/// `maxBytes`; 1 when none does.
int64_t clampStages(int64_t stages, int64_t maxBytes,
                    function_ref<int64_t(int64_t)> getNumBytes);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_SHAREDMEMORYPLAN_H
