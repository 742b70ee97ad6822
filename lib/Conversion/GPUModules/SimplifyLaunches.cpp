//===- SimplifyLaunches.cpp - common subexpressions of launches -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILESIMPLIFYLAUNCHES
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

namespace {
struct SimplifyLaunchesPass
    : public tile::impl::TileSimplifyLaunchesBase<SimplifyLaunchesPass> {
  void runOnOperation() override {
    auto &dominance = getAnalysis<DominanceInfo>();
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](gpu::LaunchOp launch) {
      eliminateCommonSubExpressions(rewriter, dominance, launch);
    });
  }
};
} // namespace
