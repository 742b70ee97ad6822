//===- ConvertLayout.h - fragments in other layouts -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_CONVERTLAYOUT_H
#define TILE_LIB_CONVERSION_TILETOGPU_CONVERTLAYOUT_H

#include "ThreadExecutor.h"

namespace mlir::tile {

/// Emits the conversion at the builder's position: through the op's scratch if
/// it has one, else by registers and shuffles, which then have to be enough.
void lowerConvertLayoutOnThreads(ConvertLayoutOp op, ThreadExecutor &executor,
                                 OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_CONVERTLAYOUT_H
