//===- MemoryAccess.h - what an op reads and writes -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_MEMORYACCESS_H
#define TILE_DIALECT_TILE_ANALYSIS_MEMORYACCESS_H

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::tile {

/// Bytes from `begin` up to `end`, counted from where a buffer begins.
struct ByteRange {
  int64_t begin, end;

  bool operator==(const ByteRange &other) const {
    return begin == other.begin && end == other.end;
  }
  bool overlaps(const ByteRange &other) const {
    return begin < other.end && other.begin < end;
  }
};

/// One access to memory that several threads see.
struct MemoryAccess {
  /// The buffer that was allocated or passed in, views taken off; null when it
  /// is not known.
  Value root;
  /// The scope of the buffer, global or shared; nothing when not known.
  std::optional<Scope> scope;
  bool isWrite;
  /// The bytes of the buffer that may be touched; nothing when not known.
  std::optional<ByteRange> bytes;
  /// Whether it is the access of an asynchronous copy, whose source is taken to
  /// be other memory than other arguments of the function.
  bool isAsync = false;
  /// Whether the first thread of the block makes it, as it makes all of them.
  bool isByFirstThread = false;
  /// The condition of a branch around it, if that is the same all through the
  /// launch, and whether it stands where it does not hold.
  Value condition = nullptr;
  bool isOtherwise = false;

  bool operator==(const MemoryAccess &other) const {
    return root == other.root && scope == other.scope &&
           isWrite == other.isWrite && bytes == other.bytes &&
           isAsync == other.isAsync &&
           isByFirstThread == other.isByFirstThread &&
           condition == other.condition && isOtherwise == other.isOtherwise;
  }
};

/// The buffer behind `buffer` when the views are taken off.
Value getRootBuffer(Value buffer);

/// Whether two buffers that are views of nothing, null when not known, may be
/// the same memory. Two arguments of a function are taken to be different.
bool mayBeSame(Value first, Value second);

/// Adds to `accesses` what `op` and everything inside it may touch of global
/// and shared memory. Fragments and local buffers belong to one thread each and
/// do not count.
void collectAccesses(Operation *op, SmallVectorImpl<MemoryAccess> &accesses);

/// Which arguments of a function it may write.
SmallVector<bool> getWrittenArguments(FunctionOpInterface function);

/// Whether the order of the two matters: they may touch the same memory, and
/// one of them writes. Two shared buffers are apart unless `tile-plan-memory`
/// has let them share bytes.
bool conflict(const MemoryAccess &first, const MemoryAccess &second);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_MEMORYACCESS_H
