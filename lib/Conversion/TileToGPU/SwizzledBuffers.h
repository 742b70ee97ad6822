//===- SwizzledBuffers.h - where swizzled elements lie ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_SWIZZLEDBUFFERS_H
#define TILE_LIB_CONVERSION_TILETOGPU_SWIZZLEDBUFFERS_H

#include "mlir/IR/Operation.h"

namespace mlir::tile {

/// Turns the indices of all accesses under `root` to buffers with a swizzle
/// into the places where the swizzle puts the elements, and removes the
/// swizzles. The lowerings before need not know about them: what they access by
/// a buffer and indices is treated here, up to 16 aligned bytes in a row. It is
/// an error where such a buffer is used in another way.
LogicalResult placeSwizzledElements(Operation *root);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_SWIZZLEDBUFFERS_H
