//===- TileToGPU.cpp - tile ops to gpu.launch and code for each thread ----===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each launch is lowered by itself: its body moves into a gpu.launch, its
// block-level ops become loops over what the thread owns, and the buffers take
// their places, as the passes before decided. What is left are the scalar ops.
//
//===----------------------------------------------------------------------===//

#include "AheadProducts.h"
#include "BlockParts.h"
#include "CheckFragments.h"
#include "ConvertLayout.h"
#include "FragmentCopy.h"
#include "GPUAsyncCopy.h"
#include "GPUCluster.h"
#include "GPUGemm.h"
#include "GPUTma.h"
#include "HostCode.h"
#include "MmaGemm.h"
#include "RegisterReduce.h"
#include "StagedStore.h"
#include "SwizzledBuffers.h"
#include "VectorCopy.h"
#include "VectorLoops.h"
#include "WgmmaGemm.h"

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/HostOps.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/ThreadBuffers.h"
#include "tile/Dialect/Tile/Analysis/FragmentSites.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"
#include "tile/Target/TargetInfo.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_CONVERTTILETOGPU
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Lowers one launch.
class LaunchLowering {
public:
  LaunchLowering(LaunchOp op, const TargetInfo &target, int64_t unrollLimit)
      : op(op), target(target), numThreads(op.getThreads()),
        unrollLimit(unrollLimit),
        inClusters(target.maxClusterSize > 1 && hasClusters(op)),
        rewriter(op.getContext()) {}

  LogicalResult run();

private:
  gpu::LaunchOp createLaunch();
  void lowerBuffers(gpu::LaunchOp launch);
  void lowerBlockLevel(Operation *op, ThreadExecutor &executor,
                       DivisibilityAnalysis &divisibility);
  void lowerBarrier(Operation *op, ThreadExecutor &executor);
  bool lowerAsync(Operation *op, ThreadExecutor &executor,
                  DivisibilityAnalysis &divisibility);
  void lowerScalar(Operation *op);

  LaunchOp op;
  const TargetInfo &target;
  int64_t numThreads;
  int64_t unrollLimit;
  /// Whether the blocks run in clusters of several.
  bool inClusters;
  /// Whether tensor cores read what threads have written to shared memory.
  bool needsProxyFences = false;
  BlockParts parts;
  StagedStores stagedStores;
  IRRewriter rewriter;
  /// The products that may load operands an iteration ahead.
  DenseSet<Operation *> aheadProducts;
};

struct ConvertTileToGPUPass
    : public tile::impl::ConvertTileToGPUBase<ConvertTileToGPUPass> {
  using Base::Base;
  void runOnOperation() override;
};

} // namespace

static Attribute convertScope(MLIRContext *context, Scope scope) {
  switch (scope) {
  case Scope::Global:
    return Attribute();
  case Scope::Shared:
    return gpu::AddressSpaceAttr::get(context, gpu::AddressSpace::Workgroup);
  case Scope::Fragment:
  case Scope::Local:
    return gpu::AddressSpaceAttr::get(context, gpu::AddressSpace::Private);
  }
  llvm_unreachable("unknown scope");
}

/// Makes the gpu.launch and moves the body into it.
gpu::LaunchOp LaunchLowering::createLaunch() {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  Value threads =
      arith::ConstantIndexOp::create(rewriter, loc, op.getThreads());
  SmallVector<Value> grid(op.getGrid());
  grid.resize(3, one);
  SmallVector<Value> cluster(3);
  std::optional<ArrayRef<int64_t>> sizes = op.getCluster();
  if (sizes && target.maxClusterSize == 1) {
    remark::missed(
        loc,
        remark::RemarkOpts::name("no-cluster").category("convert-tile-to-gpu"))
        << remark::reason("cluster ignored: {0} has no clusters", target.chip);
    sizes.reset();
  }
  if (sizes)
    for (int64_t dim = 0; dim < 3; ++dim)
      cluster[dim] =
          dim < static_cast<int64_t>(sizes->size())
              ? arith::ConstantIndexOp::create(rewriter, loc, (*sizes)[dim])
                    .getResult()
              : one;
  Value sharedBytes;
  if (int64_t bytes = op.getSharedBytes().value_or(0))
    sharedBytes = arith::ConstantIntOp::create(rewriter, loc,
                                               rewriter.getI32Type(), bytes);
  auto launch = gpu::LaunchOp::create(
      rewriter, loc, grid[0], grid[1], grid[2], threads, one, one, sharedBytes,
      /*asyncTokenType=*/Type(), /*asyncDependencies=*/ValueRange(),
      /*workgroupAttributions=*/TypeRange(),
      /*privateAttributions=*/TypeRange(), cluster[0], cluster[1], cluster[2]);

  // Upstream's builder leaves out the arguments for the cluster, which stand
  // behind the twelve for blocks and threads.
  if (sizes)
    while (launch.getBody().getNumArguments() < 18)
      launch.getBody().addArgument(rewriter.getIndexType(), loc);

  Block *body = &op.getBody().front();
  rewriter.eraseOp(body->getTerminator());
  gpu::KernelDim3 blockIds = launch.getBlockIds();
  SmallVector<Value> ids{blockIds.x, blockIds.y, blockIds.z};
  ids.resize(op.getGrid().size());
  Block *target = &launch.getBody().front();
  rewriter.inlineBlockBefore(body, target, target->begin(), ids);
  rewriter.setInsertionPointToEnd(target);
  gpu::TerminatorOp::create(rewriter, loc);
  rewriter.eraseOp(op);
  return launch;
}

/// Gives the buffers their places: views of the dynamic shared memory, and
/// private arrays at the kernel's entry, where LLVM can promote them.
void LaunchLowering::lowerBuffers(gpu::LaunchOp launch) {
  Block *entry = &launch.getBody().front();
  Value arena;
  SmallVector<Operation *> allocs;
  launch.walk([&](Operation *nested) {
    auto alloc = dyn_cast<AllocOp>(nested);
    // A fragment's op stays as its name until its uses are gone.
    if (isa<AllocVarOp>(nested) ||
        (alloc && tile::getScope(alloc.getBuffer()) != Scope::Fragment))
      allocs.push_back(nested);
  });
  for (Operation *nested : allocs) {
    Location loc = nested->getLoc();
    rewriter.setInsertionPointToStart(entry);
    if (auto var = dyn_cast<AllocVarOp>(nested)) {
      Value slot =
          memref::AllocaOp::create(rewriter, loc, var.getVar().getType());
      rewriter.setInsertionPoint(var);
      Value init = getInitialValue(rewriter, var);
      memref::StoreOp::create(rewriter, loc, init, slot);
      rewriter.replaceOp(var, slot);
      continue;
    }
    auto alloc = cast<AllocOp>(nested);
    MemRefType type = alloc.getBuffer().getType();
    if (tile::getScope(alloc.getBuffer()) == Scope::Local) {
      rewriter.replaceOp(alloc, memref::AllocaOp::create(rewriter, loc, type));
      continue;
    }
    if (!arena)
      arena = gpu::DynamicSharedMemoryOp::create(
          rewriter, loc,
          getBufferType({ShapedType::kDynamic}, rewriter.getI8Type(),
                        Scope::Shared));
    rewriter.setInsertionPoint(alloc);
    Value offset = arith::ConstantIndexOp::create(
        rewriter, loc, alloc.getOffset().value_or(0));
    rewriter.replaceOpWithNewOp<memref::ViewOp>(alloc, type, arena, offset,
                                                ValueRange());
  }
}

/// Lowers the ops of asynchronous copies; says whether `op` was one.
bool LaunchLowering::lowerAsync(Operation *op, ThreadExecutor &executor,
                                DivisibilityAnalysis &divisibility) {
  if (auto copy = dyn_cast<AsyncCopyOp>(op)) {
    lowerAsyncCopy(copy, executor, executor.getNumThreads(), divisibility,
                   rewriter);
    return true;
  }
  if (isa<AsyncCommitOp>(op)) {
    rewriter.replaceOpWithNewOp<NVVM::CpAsyncCommitGroupOp>(op);
    return true;
  }
  if (auto wait = dyn_cast<AsyncWaitOp>(op)) {
    rewriter.replaceOpWithNewOp<NVVM::CpAsyncWaitGroupOp>(op,
                                                          wait.getPending());
    return true;
  }
  return false;
}

void LaunchLowering::lowerBlockLevel(Operation *op, ThreadExecutor &executor,
                                     DivisibilityAnalysis &divisibility) {
  rewriter.setInsertionPoint(op);
  if (lowerAsync(op, executor, divisibility))
    return;
  if (isa<BarrierOp, ClusterBarrierOp>(op))
    return lowerBarrier(op, executor);
  if (lowerTma(op, executor.getThreadId(), target, rewriter) ||
      lowerCluster(op, executor.getThreadId(), inClusters, rewriter))
    return rewriter.eraseOp(op);
  if (auto copy = dyn_cast<CopyOp>(op);
      copy && lowerMemoryCopy(copy, executor.getThreadId(),
                              executor.getNumThreads(), divisibility, rewriter))
    return rewriter.eraseOp(op);
  if (auto copy = dyn_cast<CopyOp>(op);
      copy && lowerFragmentCopy(copy, executor, divisibility, rewriter))
    return rewriter.eraseOp(op);
  if (auto reduce = dyn_cast<ReduceOp>(op);
      reduce && executor.isInRegisters(reduce.getSrc())) {
    lowerReduceInRegisters(reduce, executor, rewriter);
    return rewriter.eraseOp(op);
  }
  if (auto convert = dyn_cast<ConvertLayoutOp>(op)) {
    lowerConvertLayoutOnThreads(convert, executor, rewriter);
    return rewriter.eraseOp(op);
  }
  auto buildLoop = [&](OpBuilder &b) { lowerElementwise(op, executor, b); };
  if (auto parallel = dyn_cast<ParallelOp>(op);
      parallel && lowerParallelInVectors(parallel, executor.getThreadId(),
                                         executor.getNumThreads(), divisibility,
                                         rewriter, buildLoop))
    return rewriter.eraseOp(op);
  if (lowerElementwise(op, executor, rewriter))
    return rewriter.eraseOp(op);
  if (auto gemm = dyn_cast<GemmOp>(op))
    if (!lowerGemmOnWarpgroups(gemm, target, executor, rewriter) &&
        !lowerGemmOnTensorCores(gemm, target, aheadProducts.contains(gemm),
                                executor, rewriter))
      lowerGemmOnThreads(gemm, executor, rewriter);
  if (auto threads = dyn_cast<ThreadsOp>(op)) {
    Block *body = &threads.getBody().front();
    rewriter.eraseOp(body->getTerminator());
    rewriter.inlineBlockBefore(body, op, executor.getThreadId());
    return rewriter.eraseOp(op);
  }
  if (auto wait = dyn_cast<GemmWaitOp>(op))
    lowerGemmWait(wait, target, executor, rewriter);
  if (auto store = dyn_cast<StagedStoreOp>(op))
    stagedStores.lower(store, rewriter);
  if (isa<GemmOp, GemmWaitOp, StagedStoreOp>(op))
    rewriter.eraseOp(op);
}

/// A barrier of the threads that execute `op`, or of the cluster.
void LaunchLowering::lowerBarrier(Operation *op, ThreadExecutor &executor) {
  llvm::scope_exit erase([&] { rewriter.eraseOp(op); });
  if (needsProxyFences)
    NVVM::FenceProxyOp::create(
        rewriter, op->getLoc(), NVVM::ProxyKind::async_shared,
        NVVM::SharedSpaceAttr::get(op->getContext(),
                                   NVVM::SharedSpace::shared_cta));
  if (!lowerCluster(op, executor.getThreadId(), inClusters, rewriter))
    parts.buildBarrier(rewriter, op);
}

/// The message of a device assertion is a constant, so the values are printed
/// before it.
static void lowerDeviceAssert(AssertOp op, RewriterBase &rewriter) {
  Location loc = op.getLoc();
  if (!op.getValues().empty()) {
    Value one =
        arith::ConstantIntOp::create(rewriter, loc, rewriter.getI1Type(), 1);
    Value failed = arith::XOrIOp::create(rewriter, loc, op.getCondition(), one);
    scf::IfOp::create(rewriter, loc, failed, [&](OpBuilder &b, Location) {
      SmallVector<Value> values;
      std::string format = buildAssertFormat(op, b, values);
      gpu::PrintfOp::create(b, loc, format + '\n', values);
      scf::YieldOp::create(b, loc);
    });
  }
  cf::AssertOp::create(rewriter, loc, op.getCondition(), op.getMessage());
  rewriter.eraseOp(op);
}

void LaunchLowering::lowerScalar(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](PipelinedOp loop) { lowerPipelined(loop, rewriter); })
      .Case([&](AtomicOp atomic) { lowerAtomic(atomic, rewriter); })
      .Case([&](AssumeOp assume) { lowerAssume(assume, rewriter); })
      .Case([&](ClusterRankOp rank) {
        lowerClusterRank(rank, inClusters, rewriter);
      })
      .Case([&](AllocOp alloc) {
        if (alloc.use_empty())
          rewriter.eraseOp(alloc);
      })
      .Case([&](PrintOp print) {
        rewriter.setInsertionPoint(print);
        SmallVector<Value> values;
        std::string format = buildPrintFormat(print, rewriter, values);
        gpu::PrintfOp::create(rewriter, print.getLoc(), format, values);
        rewriter.eraseOp(print);
      })
      .Case([&](AssertOp check) {
        rewriter.setInsertionPoint(check);
        lowerDeviceAssert(check, rewriter);
      });
}

LogicalResult LaunchLowering::run() {
  if (failed(checkFragments(op, target)) || failed(checkTma(op, target)) ||
      failed(checkClusters(op, target)))
    return failure();
  expandSwizzle(op, rewriter);
  op.walk([&](GemmOp gemm) {
    std::string reason;
    if (matchWarpgroupProduct(gemm, tile::getNumThreads(gemm), target, reason))
      needsProxyFences = true;
  });
  bool storesBoxes = op.walk([](Operation *nested) {
                         return isa<TmaStoreOp, StagedStoreOp>(nested)
                                    ? WalkResult::interrupt()
                                    : WalkResult::advance();
                       }).wasInterrupted();
  Attribute fallback = op->getAttr(kFallbackAttrName);
  gpu::LaunchOp launch = createLaunch();
  if (fallback)
    launch->setAttr(kFallbackAttrName, fallback);
  if (storesBoxes) {
    rewriter.setInsertionPoint(launch.getBody().front().getTerminator());
    finishTmaStores(rewriter, launch.getLoc());
  }
  stagedStores.merge(launch, rewriter);
  DivisibilityAnalysis divisibility(launch->getParentOfType<func::FuncOp>(),
                                    launch);
  parts.add(launch, numThreads, unrollLimit);
  // Local buffers inside a tile.parallel are copied with its body, so they come
  // after the block-level ops; the fragments' arrays must be known before.
  SmallVector<Operation *> blockLevel, scalar;
  launch.walk<WalkOrder::PreOrder>([&](Operation *nested) {
    if (auto alloc = dyn_cast<AllocOp>(nested);
        alloc && tile::getScope(alloc.getBuffer()) == Scope::Fragment) {
      rewriter.setInsertionPointToStart(&launch.getBody().front());
      parts.getExecutor(getHolder(alloc)).addFragment(rewriter, alloc);
    }
    blockLevel.push_back(nested);
    return isa<ParallelOp, ThreadsOp>(nested) ? WalkResult::skip()
                                              : WalkResult::advance();
  });
  aheadProducts = findAheadProducts(launch);
  stagedStores.add(launch, parts);
  for (Operation *nested : blockLevel)
    lowerBlockLevel(nested, parts.getExecutor(nested), divisibility);
  parts.lower(rewriter);
  if (failed(placeSwizzledElements(launch)))
    return failure();
  lowerBuffers(launch);
  launch.walk([&](Operation *nested) { scalar.push_back(nested); });
  for (Operation *nested : scalar)
    lowerScalar(nested);
  return success();
}

void ConvertTileToGPUPass::runOnOperation() {
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target) {
    getOperation().emitError(describeUnknownChip(chip));
    return signalPassFailure();
  }
  if (failed(checkPlaces(getOperation())) ||
      failed(checkThreads(getOperation())))
    return signalPassFailure();
  auto funcs = getOperation().getOps<func::FuncOp>();
  for (func::FuncOp func : funcs)
    if (failed(checkHostCode(func)))
      return signalPassFailure();
  SmallVector<LaunchOp> launches;
  getOperation().walk([&](LaunchOp op) { launches.push_back(op); });
  for (LaunchOp op : launches)
    if (failed(LaunchLowering(op, *target, unrollLimit).run()))
      return signalPassFailure();
  lowerViews(getOperation());
  for (func::FuncOp func : funcs)
    if (failed(lowerHostCode(func)))
      return signalPassFailure();
  replaceScopes(getOperation(), [&](Scope scope) {
    return convertScope(&getContext(), scope);
  });
}
