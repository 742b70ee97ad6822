//===- TensorCores.h - products by matrix instructions ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_TENSORCORES_H
#define TILE_DIALECT_TILE_ANALYSIS_TENSORCORES_H

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Layout/Atoms.h"
#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// How a block computes a tile.gemm by mma.sync.
struct TensorCoreProduct {
  MmaAtom atom;
  /// The grid of warps; each computes a block of the accumulator.
  int64_t warpsM;
  int64_t warpsN;
  /// The fragments of the whole operands, as M x K, K x N and M x N.
  ThreadValueLayout a;
  ThreadValueLayout b;
  ThreadValueLayout c;
};

/// The product of `op` on `numThreads` threads of `target`, with the warps
/// arranged by `policy`; nothing, and the `reason`, when there is no
/// instruction for it.
std::optional<TensorCoreProduct> planTensorCores(GemmOp op, int64_t numThreads,
                                                 const TargetInfo &target,
                                                 GemmPolicy policy,
                                                 std::string &reason);

/// The same with the warps arranged such that the accumulator has the layout
/// `c`.
std::optional<TensorCoreProduct> planTensorCores(GemmOp op, int64_t numThreads,
                                                 const TargetInfo &target,
                                                 const ThreadValueLayout &c,
                                                 std::string &reason);

/// The same with the layouts that are written on the fragments of `op`.
std::optional<TensorCoreProduct> matchTensorCores(GemmOp op, int64_t numThreads,
                                                  const TargetInfo &target,
                                                  std::string &reason);

/// The layout that is written on `fragment`; where there is none, elements go
/// from thread to thread.
ThreadValueLayout getWrittenLayout(Value fragment, int64_t numThreads);

/// The layout of an operand's buffer, which may have rows and columns the other
/// way around than the product.
ThreadValueLayout getStoredLayout(const ThreadValueLayout &operand,
                                  bool isTransposed);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_TENSORCORES_H
