//===- OverlapKernels.cpp - kernels that begin early ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel waits for those ahead of it before it lets the next one begin. So
// what begins early, also a kernel of others that does more before it waits,
// finds that all but the one kernel ahead of it have ended.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/WaitingKernels.h"
#include "tile/Target/TargetInfo.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEOVERLAPKERNELS
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct OverlapKernelsPass
    : public tile::impl::TileOverlapKernelsBase<OverlapKernelsPass> {
  using Base::Base;
  void runOnOperation() override;
};
} // namespace

/// Whether `op` and what it holds touch no memory but the block's barriers and
/// tensor maps.
static bool isStartUp(Operation *op) {
  if (isa<NVVM::MBarrierInitOp, NVVM::FenceMbarrierInitOp, NVVM::FenceProxyOp,
          NVVM::ClusterArriveOp, NVVM::ClusterWaitOp, gpu::BarrierOp,
          memref::AllocaOp>(op))
    return true;
  // Maps are parameters of the kernel.
  if (auto prefetch = dyn_cast<NVVM::PrefetchOp>(op))
    return prefetch.getTensormap();
  if (!op->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
    return isMemoryEffectFree(op);
  for (Region &region : op->getRegions())
    for (Operation &inner : region.getOps())
      if (!isStartUp(&inner))
        return false;
  return true;
}

static void overlap(gpu::GPUFuncOp kernel) {
  Block &entry = kernel.getBody().front();
  auto place = llvm::find_if(entry.without_terminator(),
                             [](Operation &op) { return !isStartUp(&op); });
  OpBuilder b(&entry, place);
  for (auto kind : {NVVM::GridDepActionKind::wait,
                    NVVM::GridDepActionKind::launch_dependents})
    NVVM::GriddepcontrolOp::create(b, kernel.getLoc(), kind);
}

void OverlapKernelsPass::runOnOperation() {
  // An unknown chip is an error of a pass before.
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target || !target->overlapsKernels())
    return;
  for (auto func : getOperation().getOps<gpu::GPUFuncOp>())
    if (func.isKernel())
      overlap(func);
  getOperation()->setAttr(kWaitsAttrName, UnitAttr::get(&getContext()));
}
