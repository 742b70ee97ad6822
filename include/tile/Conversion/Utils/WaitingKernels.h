//===- WaitingKernels.h - kernels that begin early --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_WAITINGKERNELS_H
#define TILE_CONVERSION_UTILS_WAITINGKERNELS_H

#include "llvm/ADT/StringRef.h"

namespace mlir::tile {

/// Says of a gpu.module or gpu.binary that its kernels wait themselves for
/// those ahead of them in the stream.
inline constexpr llvm::StringLiteral kWaitsAttrName = "tile.waits";

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_WAITINGKERNELS_H
