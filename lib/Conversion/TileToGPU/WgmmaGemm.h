//===- WgmmaGemm.h - matrix products by warpgroups --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_WGMMAGEMM_H
#define TILE_LIB_CONVERSION_TILETOGPU_WGMMAGEMM_H

#include "ThreadExecutor.h"

#include "tile/Target/TargetInfo.h"

namespace mlir::tile {

/// Emits the product at the builder's position by wgmma, when the accumulator
/// has the layout for it and there is an instruction for the types; says
/// whether it did. The operands keep the swizzle of their buffers.
bool lowerGemmOnWarpgroups(GemmOp op, const TargetInfo &target,
                           ThreadExecutor &executor, OpBuilder &builder);

/// Emits the wait for products of warpgroups; the accumulators that it names are
/// read behind it only. Other products are never under way.
void lowerGemmWait(GemmWaitOp op, const TargetInfo &target,
                   ThreadExecutor &executor, OpBuilder &builder);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_WGMMAGEMM_H
