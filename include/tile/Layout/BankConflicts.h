//===- BankConflicts.h - wavefronts of shared memory accesses ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_BANKCONFLICTS_H
#define TILE_LAYOUT_BANKCONFLICTS_H

#include "tile/Layout/Swizzle.h"
#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

/// How often the banks are asked, and how often is needed for as many lanes.
struct Wavefronts {
  int64_t count = 0;
  int64_t minimum = 0;

  Wavefronts &operator+=(const Wavefronts &other) {
    count += other.count;
    minimum += other.minimum;
    return *this;
  }
};

/// The wavefronts of one access of a warp to 1, 2, 4, 8 or 16 bytes at an
/// address for each of up to 32 lanes, or nothing for a lane that does not take
/// part. 32 lanes of at most 4 bytes go together, 16 lanes of 8 bytes, and 8
/// lanes of 16 bytes; lanes that want the same word share it. ldmatrix is like
/// an access to 16 bytes.
llvm::Expected<Wavefronts>
countWavefronts(llvm::ArrayRef<std::optional<int64_t>> addresses,
                int64_t bytes);

/// The wavefronts of all accesses by which the threads of a block move a
/// fragment from or to shared memory, `width` values at a time. These have to
/// be next to one another in memory. Padding is left out.
llvm::Expected<Wavefronts> countWavefronts(const ThreadValueLayout &fragment,
                                           const SharedLayout &shared,
                                           int64_t width);

} // namespace mlir::tile

#endif // TILE_LAYOUT_BANKCONFLICTS_H
