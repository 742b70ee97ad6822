//===- WarpRoles.cpp - launches whose warps can be specialised --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/WarpRoles.h"
#include "tile/Dialect/Tile/Analysis/ConsumerWork.h"
#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/Analysis/WarpTurns.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

/// The most elements of a box in a dimension.
static constexpr int64_t kMaxBoxExtent = 256;
static constexpr int64_t kMaxThreads = 1024;

int64_t BoxCopy::getNumBytes() const {
  return map.getNumBytes() * numRows * numPanels;
}

bool mlir::tile::hasBoxColumn(MemRefType type, ValueRange indices,
                              Operation *at,
                              DivisibilityAnalysis &divisibility) {
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  return indices.empty() ||
         divisibility.divides(kBoxBytes / std::min(bytes, kBoxBytes),
                              indices.back(), at, /*isUnsigned=*/false);
}

bool mlir::tile::hasBoxStrides(MemRefType type) {
  int64_t offset, elementBytes = type.getElementTypeBitWidth() / 8;
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)) || strides.back() != 1)
    return false;
  return llvm::all_of(ArrayRef(strides).drop_back(), [&](int64_t stride) {
    return ShapedType::isDynamic(stride) ||
           (stride > 0 && stride * elementBytes % kBoxBytes == 0);
  });
}

/// Whether the known sizes of `type` are those of a tensor.
static bool hasSizes(MemRefType type) {
  return llvm::all_of(type.getShape(), [](int64_t size) {
    return ShapedType::isDynamic(size) || (size > 0 && size <= kMaxBoxSize);
  });
}

int64_t mlir::tile::getBoxRows(int64_t numRows) {
  if (numRows <= kMaxBoxExtent)
    return numRows;
  for (int64_t rows = kMaxBoxExtent; rows > 0; rows -= kSwizzleRows)
    if (numRows % rows == 0)
      return rows;
  return 0;
}

/// How the copy engine does `copy`; nothing, and the `reason`, when it cannot.
static std::optional<BoxCopy> getBoxCopy(CopyOp copy,
                                         DivisibilityAnalysis &divisibility,
                                         std::string &reason) {
  MemRefType src = copy.getSrc().getType(), dst = copy.getDst().getType();
  Operation *launch = copy->getParentOfType<LaunchOp>();
  Type element = dst.getElementType();
  if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() % 8 != 0) {
    reason = "its elements are no numbers of whole bytes";
    return std::nullopt;
  }
  int64_t bytes = dst.getElementTypeBitWidth() / 8;
  int64_t swizzle = getSwizzleWithoutConflicts(dst).value_or(0);
  if (tile::getScope(src) != Scope::Global ||
      !copy.getSrc().getParentRegion()->isProperAncestor(&launch->getRegion(0)))
    reason = "its source is no tensor that the host knows";
  else if (src.getRank() < 2 || src.getRank() > kMaxBoxRank ||
           dst.getRank() != 2)
    reason = "it does not copy a tile of a tensor of 2 to 5 dimensions";
  else if (!hasSizes(src))
    reason = "its source is empty, or has a dimension of more than 2147483647";
  else if (!isPadZero(copy.getPad()))
    reason = "it pads with other values than zero";
  else if (!hasBoxStrides(src))
    reason = "rows of its source are not contiguous, or their distance is no "
             "multiple of 16 bytes";
  else if (!hasBoxColumn(dst, copy.getSrcIndices(), copy, divisibility))
    reason = "its columns are not known to begin at a multiple of 16 bytes";
  else if (swizzle == 0)
    reason = "rows of its buffer have no multiple of 32 bytes";
  else if (dst.getDimSize(0) % kSwizzleRows || !getBoxRows(dst.getDimSize(0)))
    reason = "its buffer has no multiple of 8 rows";
  if (!reason.empty())
    return std::nullopt;
  int64_t rows = getBoxRows(dst.getDimSize(0)), width = swizzle / bytes;
  SmallVector<int64_t> box(src.getRank() - 2, 1);
  box.append({rows, width});
  auto map =
      TensorMapType::get(copy.getContext(), box, dst.getElementType(), swizzle);
  return BoxCopy{copy, map, dst.getDimSize(0) / rows,
                 dst.getDimSize(1) / width};
}

/// Whether a copy of the loop fills the operand of a product, or nothing in the
/// loop writes it; the `reason` if not.
static bool isReady(Value operand, PipelinedOp loop,
                    const llvm::SmallDenseSet<Value> &filled,
                    std::string &reason) {
  if (filled.contains(operand))
    return true;
  if (llvm::none_of(loop.getBody().front().getOps<GemmOp>(),
                    [&](GemmOp gemm) { return gemm.getC() == operand; }))
    return true;
  reason = "an operand of a product is the result of another in the loop";
  return false;
}

/// The loop's part in the roles; nothing, and the `reason`, when it has none.
static std::optional<RoleLoop> getRoleLoop(PipelinedOp loop,
                                           const TargetInfo &target,
                                           DivisibilityAnalysis &divisibility,
                                           std::string &reason) {
  RoleLoop result{loop, {}, static_cast<int64_t>(loop.getStages()), 0};
  auto launch = loop->getParentOfType<LaunchOp>();
  llvm::SmallDenseSet<Value> filled;
  for (PipelineCopy &early : findPipelineCopies(loop)) {
    reason = early.obstacle;
    if (!early.isEarly())
      return std::nullopt;
    std::optional<BoxCopy> copy = getBoxCopy(early.copy, divisibility, reason);
    if (!copy)
      return std::nullopt;
    filled.insert(early.copy.getDst());
    result.copies.push_back(*copy);
  }
  for (Operation &op : loop.getBody().front().without_terminator()) {
    if (auto gemm = dyn_cast<GemmOp>(op)) {
      if (!matchWarpgroupProduct(gemm, launch.getThreads(), target, reason))
        return std::nullopt;
      if (!isReady(gemm.getA(), loop, filled, reason) ||
          !isReady(gemm.getB(), loop, filled, reason))
        return std::nullopt;
      ++result.numProducts;
      continue;
    }
    auto copy = dyn_cast<CopyOp>(op);
    if ((copy && filled.contains(copy.getDst())) ||
        (isPure(&op) && op.getNumRegions() == 0))
      continue;
    reason = llvm::formatv("'{0}' is in a pipelined loop", op.getName());
    return std::nullopt;
  }
  if (result.copies.empty() || result.numProducts == 0 || result.stages < 2) {
    reason = "a pipelined loop has no copies, no products or one stage";
    return std::nullopt;
  }
  return result;
}

/// Whether another warp can run the program of `launch` as well, up to what it
/// does to memory; the `reason` if not.
static bool canRunTwice(LaunchOp launch, std::string &reason) {
  ConsumerWork work;
  WalkResult result = launch.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<PipelinedOp, ParallelOp>(op))
      return WalkResult::skip();
    if (isa<ClusterBarrierOp>(op)) {
      // All roles would have to come to it.
      reason = llvm::formatv("'{0}' is in the launch", op->getName());
      return WalkResult::interrupt();
    }
    bool isOneForAll = isa<AtomicOp, ThreadsOp>(op);
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      Scope scope = *tile::getScope(load.getMemRefType());
      isOneForAll = scope == Scope::Shared || scope == Scope::Fragment;
    }
    if (!isOneForAll)
      return WalkResult::advance();
    if (work.contains(op))
      return WalkResult::skip();
    reason = llvm::formatv("copies depend on '{0}'", op->getName());
    return WalkResult::interrupt();
  });
  return !result.wasInterrupted();
}

/// Whether something that `launch` does may write `buffer`, a tensor.
static bool mayWrite(ArrayRef<MemoryAccess> accesses, Value buffer) {
  Value root = getRootBuffer(buffer);
  return llvm::any_of(accesses, [&](const MemoryAccess &access) {
    if (!access.isWrite || access.scope == Scope::Shared)
      return false;
    return !access.scope || mayBeSame(access.root, root);
  });
}

/// Whether only scalars are stored in `variable`, which each thread does for
/// itself, and nothing that the producer leaves out.
static bool holdsScalars(Value variable) {
  return llvm::all_of(variable.getUsers(),
                      llvm::IsaPred<memref::LoadOp, memref::StoreOp>);
}

/// Whether what the producer reads, long before or after the consumers get
/// there, is what they read; the `reason` if not.
static bool readsTheSame(LaunchOp launch, ArrayRef<RoleLoop> loops,
                         std::string &reason) {
  SmallVector<MemoryAccess> accesses;
  collectAccesses(launch, accesses);
  for (const RoleLoop &loop : loops)
    for (BoxCopy copy : loop.copies)
      if (mayWrite(accesses, copy.copy.getSrc())) {
        reason = "the launch may write the source of a copy";
        return false;
      }
  ConsumerWork work;
  auto visit = [&](Operation *op) {
    if (isa<ParallelOp, ThreadsOp>(op) || work.contains(op))
      return WalkResult::skip();
    auto load = dyn_cast<memref::LoadOp>(op);
    if (!load)
      return WalkResult::advance();
    Scope scope = *tile::getScope(load.getMemRefType());
    bool isSame = scope == Scope::Local
                      ? holdsScalars(getRootBuffer(load.getMemRef()))
                      : !mayWrite(accesses, load.getMemRef());
    return isSame ? WalkResult::advance() : WalkResult::interrupt();
  };
  WalkResult result = launch.getBody().walk<WalkOrder::PreOrder>(visit);
  if (result.wasInterrupted())
    reason = "a scalar is loaded that parts of the block may write";
  return !result.wasInterrupted();
}

/// Whether the sums of the products still fit into registers when there are
/// more threads; the `reason` if not. What threads give each other after the
/// launch does not help: the assembler counts on what they begin with.
static bool keepsRegisters(LaunchOp launch, ArrayRef<RoleLoop> loops,
                           std::string &reason) {
  int64_t numThreads = launch.getThreads(), needed = kOtherRegisters;
  llvm::SmallDenseSet<Value> accumulators;
  for (RoleLoop loop : loops)
    for (GemmOp gemm : loop.loop.getBody().front().getOps<GemmOp>())
      if (accumulators.insert(gemm.getC()).second)
        needed += gemm.getM() * gemm.getN() / numThreads;
  int64_t left = getRegistersOfThread(numThreads + kProducerThreads);
  if (needed <= left || left == getRegistersOfThread(numThreads))
    return true;
  reason = llvm::formatv("its products need {0} registers of a thread, and "
                         "{1} threads would have {2}",
                         needed, numThreads + kProducerThreads, left);
  return false;
}

int64_t WarpRoles::getNumBytes(LaunchOp launch, int64_t limit) const {
  // What else is in shared memory, for each group, and the barriers.
  int64_t bytes =
      planSharedMemory(
          launch,
          [&](AllocOp op) {
            bool isStaged = llvm::any_of(loops, [&](const RoleLoop &loop) {
              return llvm::any_of(loop.copies, [&](BoxCopy copy) {
                return copy.copy.getDst() == op.getBuffer();
              });
            });
            return isStaged ? 0 : tile::getNumBytes(op.getBuffer().getType());
          }).numBytes *
          getNumGroups() +
      1024;
  for (const RoleLoop &loop : loops)
    for (const BoxCopy &copy : loop.copies)
      bytes += copy.getNumBytes() * std::min(loop.stages, limit);
  return bytes;
}

/// The stages that fit in shared memory, all loops alike.
static void clampLoops(LaunchOp launch, WarpRoles &roles,
                       const TargetInfo &target) {
  constexpr int64_t mostStages = 16;
  int64_t limit =
      clampStages(mostStages, target.maxSharedBytes, [&](int64_t count) {
        return roles.getNumBytes(launch, count);
      });
  for (RoleLoop &loop : roles.loops)
    loop.stages = std::min(loop.stages, limit);
}

/// The body whose iterations groups take in turn; null, and the `reason`, when
/// they cannot.
static Block *getTurns(LaunchOp launch, ArrayRef<PipelinedOp> loops,
                       std::string &reason) {
  int64_t numConsumers = 2 * static_cast<int64_t>(launch.getThreads());
  if (numConsumers + kProducerThreads > kMaxThreads) {
    reason = llvm::formatv("two groups and what copies have {0} threads",
                           numConsumers + kProducerThreads);
    return nullptr;
  }
  int64_t left =
      getRegistersOfThread(numConsumers + kProducerThreads) - kOtherRegisters;
  for (PipelinedOp loop : loops)
    for (GemmOp gemm : loop.getBody().front().getOps<GemmOp>()) {
      int64_t needed =
          gemm.getC().getType().getNumElements() / launch.getThreads();
      if (needed <= left)
        continue;
      reason = llvm::formatv(
          "an accumulator has {0} registers a thread, which has {1} for it",
          needed, left);
      return nullptr;
    }
  return findTurns(loops, reason);
}

std::optional<WarpRoles>
WarpRoles::get(LaunchOp launch, const TargetInfo &target, std::string &reason) {
  WarpRoles roles;
  SmallVector<PipelinedOp> loops;
  launch.walk([&](PipelinedOp loop) { loops.push_back(loop); });
  if (loops.empty() || !target.hasTma || !target.hasWarpgroupMma ||
      launch.getRoles() == WarpRoleKind::Uniform)
    return std::nullopt;
  WalkResult parts =
      launch.walk([](SpecializeOp) { return WalkResult::interrupt(); });
  if (parts.wasInterrupted()) {
    reason = "its parts do different work already";
    return std::nullopt;
  }
  if (launch.getThreads() + kProducerThreads > kMaxThreads) {
    reason =
        llvm::formatv("{0} threads leave none to copy", launch.getThreads());
    return std::nullopt;
  }
  DivisibilityAnalysis divisibility(launch->getParentOfType<func::FuncOp>());
  for (PipelinedOp loop : loops) {
    std::optional<RoleLoop> role =
        getRoleLoop(loop, target, divisibility, reason);
    if (!role)
      return std::nullopt;
    roles.loops.push_back(*role);
  }
  if (!canRunTwice(launch, reason) ||
      !readsTheSame(launch, roles.loops, reason) ||
      !keepsRegisters(launch, roles.loops, reason))
    return std::nullopt;
  if (launch.getRoles() == WarpRoleKind::PingPong)
    roles.turns = getTurns(launch, loops, roles.turnObstacle);
  clampLoops(launch, roles, target);
  if (llvm::any_of(roles.loops,
                   [](RoleLoop &loop) { return loop.stages < 2; })) {
    reason = "two stages do not fit in shared memory";
    return std::nullopt;
  }
  return roles;
}
