//===- MmaGemm.h - matrix products by tensor cores --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_MMAGEMM_H
#define TILE_LIB_CONVERSION_TILETOGPU_MMAGEMM_H

#include "ThreadExecutor.h"

#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// Emits the product at the builder's position by mma.sync, when the
/// accumulator has the layout for it and there is an instruction for the types;
/// says whether it did. A product that `loadsAhead`, as findAheadProducts says,
/// gets the operands of its first step from the iteration before; its loop is
/// replaced by another one then.
bool lowerGemmOnTensorCores(GemmOp op, const TargetInfo &target,
                            bool loadsAhead, ThreadExecutor &executor,
                            OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_MMAGEMM_H
