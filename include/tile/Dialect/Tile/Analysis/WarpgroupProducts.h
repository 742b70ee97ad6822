//===- WarpgroupProducts.h - products of four warps -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_WARPGROUPPRODUCTS_H
#define TILE_DIALECT_TILE_ANALYSIS_WARPGROUPPRODUCTS_H

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Layout/Atoms.h"
#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// The threads that execute a wgmma together.
inline constexpr int64_t kWarpgroupSize = 128;

/// The registers of a thread that the assembler wants for an instruction
/// besides the sums.
inline constexpr int64_t kOtherRegisters = 32;

/// The registers of a multiprocessor, and the unit in which a thread gets them.
inline constexpr int64_t kRegisters = 65536;
inline constexpr int64_t kRegisterUnit = 8;

/// The most registers of a thread in a block of `numThreads`.
int64_t getRegistersOfThread(int64_t numThreads);

/// The threads that `op` shares the registers with, where `numThreads` execute
/// it.
int64_t getThreadsOfBlock(GemmOp op, int64_t numThreads);

/// How an operand lies in shared memory: in panels of `swizzle` bytes of each
/// row, as a swizzled tile.alloc does. Its rows run along the dimension that is
/// summed up (K-major) or along M or N.
struct WarpgroupOperand {
  bool isKMajor;
  int64_t swizzle;
  int64_t elementBytes;
  int64_t numRows;

  /// The elements of a row in one panel.
  int64_t getWidth() const { return swizzle / elementBytes; }
  int64_t getPanelBytes() const { return numRows * swizzle; }
  /// Where the element lies that is `outer` along M or N and `inner` along K,
  /// in bytes, before the swizzle.
  int64_t getOffset(int64_t outer, int64_t inner) const;
  /// The descriptor of a matrix at address 0. Addresses are in units of 16
  /// bytes, in the lowest bits.
  uint64_t getDescriptor() const;
};

/// How a block computes a tile.gemm by wgmma.
struct WarpgroupProduct {
  MmaAtom atom;
  /// The grid of groups of four warps; each computes a block of C.
  int64_t groupsM, groupsN;
  /// The atoms of each group.
  int64_t rows, columns, steps;
  /// Nothing where A is a fragment, whose layout is `aFragment`.
  std::optional<WarpgroupOperand> a;
  WarpgroupOperand b;
  /// The fragments of the whole operands, as M x K and M x N.
  ThreadValueLayout aFragment, c;
};

/// The product of `op` on `numThreads` threads of `target`, with the groups
/// arranged by `policy`; nothing, and the `reason`, when there is no
/// instruction for it.
std::optional<WarpgroupProduct>
planWarpgroupProduct(GemmOp op, int64_t numThreads, const TargetInfo &target,
                     GemmPolicy policy, std::string &reason);

/// The same with the groups arranged such that the accumulator has the layout
/// `c`.
std::optional<WarpgroupProduct>
planWarpgroupProduct(GemmOp op, int64_t numThreads, const TargetInfo &target,
                     const ThreadValueLayout &c, std::string &reason);

/// The same with the layouts that are written on the fragments of `op`.
std::optional<WarpgroupProduct> matchWarpgroupProduct(GemmOp op,
                                                      int64_t numThreads,
                                                      const TargetInfo &target,
                                                      std::string &reason);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_WARPGROUPPRODUCTS_H
