//===- CheckFragments.cpp - what fragments the GPU can hold -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckFragments.h"

#include "tile/Dialect/Tile/Analysis/FragmentSites.h"
#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"
#include "tile/Layout/ConversionPlan.h"

using namespace mlir;
using namespace mlir::tile;

static ThreadValueLayout getLayout(Operation *owner, ArrayRef<int64_t> shape,
                                   int64_t numThreads) {
  auto layout = owner->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  return layout ? layout.getValue()
                : ThreadValueLayout::linear(shape, numThreads);
}

static ThreadValueLayout getLayout(Value fragment, int64_t numThreads) {
  return getLayout(fragment.getDefiningOp(),
                   cast<MemRefType>(fragment.getType()).getShape(), numThreads);
}

/// Whether each iteration finds what it touches in its thread.
static LogicalResult checkSite(const FragmentSite &site, int64_t numThreads) {
  for (const FragmentAccess &access : site.accesses) {
    // Other ops take the layout of what they touch.
    ThreadValueLayout loop =
        isa<ParallelOp>(site.op)
            ? getLayout(site.op, site.extents, numThreads)
            : getLayout(site.accesses.front().fragment, numThreads);
    if (!getValueMap(loop, getLayout(access.fragment, numThreads), access.dims))
      return access.fragment.getDefiningOp()->emitOpError(
          "expected a layout that fits the loops that touch it; run "
          "'tile-infer-layouts' before");
  }
  return success();
}

/// Whether a layout is one for the threads that execute what has it.
static LogicalResult checkThreads(Operation *owner, int64_t numThreads) {
  auto layout = owner->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  if (!layout || layout.getValue().numThreads() == numThreads)
    return success();
  return owner->emitOpError("expected a layout for ")
         << numThreads << " threads, found one for "
         << layout.getValue().numThreads();
}

/// Only tensor cores take operands from registers.
static LogicalResult checkProduct(GemmOp op, int64_t numThreads,
                                  const TargetInfo &target) {
  std::string reason;
  if ((tile::getScope(op.getA()) != Scope::Fragment &&
       tile::getScope(op.getB()) != Scope::Fragment) ||
      matchWarpgroupProduct(op, numThreads, target, reason) ||
      matchTensorCores(op, numThreads, target, reason))
    return success();
  return op.emitOpError("expected operands in shared memory, or a product on "
                        "tensor cores, but ")
         << reason << "; run 'tile-infer-layouts' before";
}

static LogicalResult checkConversion(ConvertLayoutOp op, int64_t numThreads) {
  if (op.getScratch())
    return success();
  Type type = op.getMovedType();
  ConversionPlan plan = cantFail(ConversionPlan::get(
      getLayout(op.getSrc(), numThreads), getLayout(op.getDst(), numThreads),
      type.isIndex() ? 64 : type.getIntOrFloatBitWidth()));
  if (plan.kind != ConversionKind::SharedMemory)
    return success();
  return op.emitOpError("expected a scratch, since threads of several warps "
                        "have to meet; run 'tile-infer-layouts' before");
}

LogicalResult mlir::tile::checkFragments(LaunchOp op,
                                         const TargetInfo &target) {
  FragmentSites fragments(op);
  for (auto &[fragment, obstacle] : fragments.rejected)
    return fragment.getDefiningOp()->emitOpError(
               "expected a fragment that registers can hold, but ")
           << obstacle.reason << "; run 'tile-infer-layouts' before";
  for (Value fragment : fragments.fragments)
    if (failed(checkThreads(fragment.getDefiningOp(), getNumHolders(fragment))))
      return failure();
  for (const FragmentSite &site : fragments.sites)
    if (failed(checkSite(site, tile::getNumThreads(site.op))))
      return failure();
  WalkResult result = op.walk([&](Operation *nested) {
    int64_t numThreads = tile::getNumThreads(nested);
    if (auto gemm = dyn_cast<GemmOp>(nested))
      return WalkResult(checkProduct(gemm, numThreads, target));
    if (auto loop = dyn_cast<ParallelOp>(nested))
      return WalkResult(checkThreads(loop, numThreads));
    if (auto convert = dyn_cast<ConvertLayoutOp>(nested))
      return WalkResult(checkConversion(convert, numThreads));
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
