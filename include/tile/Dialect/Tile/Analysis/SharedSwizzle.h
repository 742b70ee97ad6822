//===- SharedSwizzle.h - which buffers can be swizzled ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A swizzle is a place in memory for each index, so it is found again only by
// accesses that name indices. A view keeps it when it takes all of the last two
// dimensions, whose indices then are those of the buffer.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_SHAREDSWIZZLE_H
#define TILE_DIALECT_TILE_ANALYSIS_SHAREDSWIZZLE_H

#include "tile/Layout/Swizzle.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::tile {

/// Whether the op is a view that keeps the indices into the last two
/// dimensions of its source: of one stage of a pipeline, for example.
bool isStageView(Operation *op);

/// A use of `buffer`, or of a stage of it, by an op of tile IR that does not
/// access elements by their indices, or of which that is not known; null when
/// there is none.
Operation *findUseWithoutIndices(Value buffer);

/// The swizzle, in bytes, with which 16 bytes of each of 8 consecutive rows lie
/// in different banks. Nothing when there is none, and 0 when none is needed.
std::optional<int64_t> getSwizzleWithoutConflicts(MemRefType type);

/// The byte, from the start of a shared buffer, in which an element begins.
/// `swizzle` is that of its tile.alloc, or 0.
int64_t getSharedByte(MemRefType type, int64_t swizzle,
                      ArrayRef<int64_t> place);

/// The bytes that an element of `type` takes in memory.
int64_t getElementBytes(MemRefType type);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_SHAREDSWIZZLE_H
