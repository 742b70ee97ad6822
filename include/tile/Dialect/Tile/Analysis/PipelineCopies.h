//===- PipelineCopies.h - copies that can be begun early --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_PIPELINECOPIES_H
#define TILE_DIALECT_TILE_ANALYSIS_PIPELINECOPIES_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "llvm/ADT/SetVector.h"

namespace mlir::tile {

/// The attribute of an scf.if whose asynchronous copies may write anything when
/// the condition does not hold: nothing reads that before it is written again.
inline constexpr StringRef kFreeStageAttrName = "tile.free_stage";

/// The attribute of a launch for addresses or strides that are not aligned, so
/// that code for aligned ones is of no use: the widest accesses, in bytes, to
/// what is not known to be aligned.
inline constexpr StringRef kFallbackAttrName = "tile.fallback";

/// A copy from global to shared memory in the body of a tile.pipelined.
struct PipelineCopy {
  CopyOp copy;
  /// Why it cannot be begun in an earlier iteration; empty when it can.
  std::string obstacle;
  /// The operations of the body that compute its operands, all of them pure.
  llvm::SetVector<Operation *> slice;

  bool isEarly() const { return obstacle.empty(); }
  AllocOp getBuffer() { return copy.getDst().getDefiningOp<AllocOp>(); }
};

/// Whether a pad value of a copy is all zero bits, or there is none.
bool isPadZero(Value pad);

/// Finds the copies of the body, those of loops inside left out. One can be
/// begun early when it writes the whole of a buffer that the rest of the
/// iteration only reads, when its operands follow from the loop's index, and
/// when nothing in the loop writes its source. Two arguments of a function are
/// taken to be different memory.
SmallVector<PipelineCopy> findPipelineCopies(PipelinedOp loop);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_PIPELINECOPIES_H
