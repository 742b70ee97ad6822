//===- TargetInfo.h - what each GPU has -------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of targets: the limits and features of each chip that the passes
// decide by. Facts from the CUDA programming guide's compute capabilities.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TARGET_TARGETINFO_H
#define TILE_TARGET_TARGETINFO_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace mlir::tile {

struct TargetInfo {
  /// The chip as LLVM and ptxas name it.
  llvm::StringRef chip;
  /// Shared memory that one block can have, in bytes.
  int64_t maxSharedBytes;
  /// Blocks in a cluster, with the opt-in to sizes that are not portable; 1 on
  /// chips that have no clusters.
  int64_t maxClusterSize;
  /// Whether mma.sync multiplies 8-bit floats.
  bool hasFloat8Mma;
  /// Whether there is wgmma, with which four warps multiply operands that lie
  /// in shared memory.
  bool hasWarpgroupMma;
  /// Whether it has a copy engine that moves boxes of tensors (TMA), and
  /// barriers that count the bytes of its copies.
  bool hasTma;
  /// Whether warps can give registers away (setmaxnreg).
  bool movesRegisters;
  /// Whether a kernel can begin before the one ahead of it ends, and wait for
  /// that itself (griddepcontrol). Came with the copy engine.
  bool overlapsKernels() const { return hasTma; }
  /// What LLVM has to be told so that it takes the instructions above: a newer
  /// PTX than it would write for the chip. Empty where that one will do.
  llvm::StringRef features;
};

/// The entry for `chip`; nothing when the chip is unknown.
std::optional<TargetInfo> getTargetInfo(llvm::StringRef chip);

/// All chips of the table.
llvm::ArrayRef<TargetInfo> getTargets();

/// What is wrong with a chip that is not in the table.
std::string describeUnknownChip(llvm::StringRef chip);

} // namespace mlir::tile

#endif // TILE_TARGET_TARGETINFO_H
