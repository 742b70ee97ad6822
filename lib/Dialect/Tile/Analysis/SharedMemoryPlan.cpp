//===- SharedMemoryPlan.cpp - places in shared memory -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each buffer is live from its first use to its last one in program order; all
// of a loop when the buffer is made outside and used inside. Large buffers are
// placed first, each at the lowest offset where no buffer lies that is live at
// the same time.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

/// Offsets are multiples of this many bytes, the widest access of a thread.
static constexpr int64_t kAlignment = 16;

/// Those of buffers that a copy engine moves.
static constexpr int64_t kBoxAlignment = 128;

int64_t mlir::tile::getNumBytes(MemRefType type) {
  Type element = type.getElementType();
  int64_t bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  return type.getNumElements() * llvm::divideCeil(bits, 8);
}

namespace {

/// Positions in program order, both inclusive.
struct LiveRange {
  int64_t first, last;

  bool overlaps(const LiveRange &other) const {
    return first <= other.last && other.first <= last;
  }
  void include(const LiveRange &other) {
    first = std::min(first, other.first);
    last = std::max(last, other.last);
  }
};

struct PlacedBuffer {
  AllocOp op;
  LiveRange live;
  int64_t offset, size;
};

/// When the shared buffers of a launch are live.
class Liveness {
public:
  explicit Liveness(LaunchOp launch);

  LiveRange getLiveRange(AllocOp buffer) const;

private:
  int64_t number(Operation *op, int64_t next);
  LiveRange getUseRange(Operation *user, AllocOp buffer) const;
  LiveRange extendToWait(LiveRange range, AllocOp buffer) const;

  /// The positions of an op and what is inside it.
  DenseMap<Operation *, LiveRange> positions;
  SmallVector<AsyncWaitOp> waits;
  LiveRange whole;
};

} // namespace

/// Numbers `op` and what is inside it, from `next` on; returns the number after
/// them.
int64_t Liveness::number(Operation *op, int64_t next) {
  int64_t first = next++;
  if (auto wait = dyn_cast<AsyncWaitOp>(op); wait && wait.getPending() == 0)
    waits.push_back(wait);
  for (Region &region : op->getRegions())
    for (Block &block : region)
      for (Operation &nested : block)
        next = number(&nested, next);
  positions.try_emplace(op, LiveRange{first, next - 1});
  return next;
}

Liveness::Liveness(LaunchOp launch) {
  number(launch, 0);
  whole = positions.at(launch);
}

/// When `user` uses a buffer that was made by `buffer`: all of the outermost
/// loop between the two.
LiveRange Liveness::getUseRange(Operation *user, AllocOp buffer) const {
  LiveRange range = positions.at(user);
  Region *region = buffer->getParentRegion();
  for (Operation *op = user; op->getParentRegion() != region;) {
    op = op->getParentOp();
    if (!isa<scf::IfOp>(op))
      range = positions.at(op);
  }
  return range;
}

/// Copies into the buffer may be under way until a wait for all of them that
/// surely comes.
LiveRange Liveness::extendToWait(LiveRange range, AllocOp buffer) const {
  for (AsyncWaitOp wait : waits) {
    int64_t position = positions.at(wait).first;
    if (wait->getBlock() != buffer->getBlock() || position < range.last)
      continue;
    range.include({position, position});
    return range;
  }
  return whole;
}

LiveRange Liveness::getLiveRange(AllocOp buffer) const {
  LiveRange range = positions.at(buffer);
  bool isUsed = false, isAsync = false;
  SmallVector<Value> views{buffer.getBuffer()};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (Operation *user : view.getUsers()) {
      auto next = dyn_cast<ViewLikeOpInterface>(user);
      if (next && next.getViewSource() == view) {
        views.push_back(next.getViewDest());
        continue;
      }
      bool escapes =
          user->hasTrait<OpTrait::IsTerminator>() ||
          llvm::any_of(user->getResultTypes(), llvm::IsaPred<BaseMemRefType>);
      if (escapes)
        return whole;
      LiveRange use = getUseRange(user, buffer);
      if (isUsed)
        range.include(use);
      else
        range = use;
      isUsed = true;
      isAsync |= isa<AsyncCopyOp>(user);
      // Which wait ends such a copy is not known, and what was a barrier cannot
      // hold anything else.
      if (isa<TmaLoadOp, TmaStoreOp, StagedStoreOp, MBarrierInitOp,
              MBarrierArriveOp, MBarrierArriveRemoteOp, MBarrierWaitOp>(user))
        return whole;
    }
  }
  return isAsync ? extendToWait(range, buffer) : range;
}

/// What the offset of `buffer` must be a multiple of.
static int64_t getAlignment(AllocOp buffer) {
  // Hardware that knows swizzles goes by the address.
  if (std::optional<int64_t> swizzle = buffer.getSwizzle())
    return kSwizzleRows * *swizzle;
  SmallVector<Value> views{buffer.getBuffer()};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (Operation *user : view.getUsers()) {
      if (isa<TmaLoadOp, TmaStoreOp, StagedStoreOp>(user))
        return kBoxAlignment;
      auto next = dyn_cast<ViewLikeOpInterface>(user);
      if (next && next.getViewSource() == view)
        views.push_back(next.getViewDest());
    }
  }
  return kAlignment;
}

/// Whether the buffers belong to different parts of a block, which run at the
/// same time.
static bool areInOtherParts(AllocOp first, AllocOp second) {
  auto parts = first->getParentOfType<SpecializeOp>();
  while (parts && !parts->isAncestor(second))
    parts = parts->getParentOfType<SpecializeOp>();
  return parts && llvm::none_of(parts.getParts(), [&](Region &part) {
           return part.isAncestor(first->getParentRegion()) &&
                  part.isAncestor(second->getParentRegion());
         });
}

/// The lowest offset, a multiple of `alignment`, at which `size` bytes are free
/// for `op` while `live`; `placed` is in the order of offsets.
static int64_t findOffset(ArrayRef<PlacedBuffer> placed, AllocOp op,
                          LiveRange live, int64_t size, int64_t alignment) {
  int64_t offset = 0;
  for (const PlacedBuffer &other : placed) {
    if (!other.live.overlaps(live) && !areInOtherParts(other.op, op))
      continue;
    if (offset + size <= other.offset)
      break;
    offset = std::max<int64_t>(
        offset, llvm::alignTo(other.offset + other.size, alignment));
  }
  return offset;
}

SharedMemoryPlan
mlir::tile::planSharedMemory(LaunchOp launch,
                             function_ref<int64_t(AllocOp)> getSize) {
  Liveness liveness(launch);
  SharedMemoryPlan plan;
  struct Buffer {
    AllocOp op;
    int64_t size;
    size_t number;
  };
  SmallVector<Buffer> buffers;
  launch.walk([&](AllocOp op) {
    MemRefType type = op.getBuffer().getType();
    if (tile::getScope(type) != Scope::Shared)
      return;
    int64_t size = getSize ? getSize(op) : getNumBytes(type);
    buffers.push_back({op, size, buffers.size()});
    plan.offsets[op] = 0;
    plan.numUnshared += llvm::alignTo(size, kAlignment);
  });
  // The largest first, and of those of one size the first in the launch.
  llvm::sort(buffers, [](const auto &lhs, const auto &rhs) {
    return std::tie(rhs.size, lhs.number) < std::tie(lhs.size, rhs.number);
  });
  SmallVector<PlacedBuffer> placed;
  for (auto [op, size, number] : buffers) {
    LiveRange live = liveness.getLiveRange(op);
    int64_t offset = findOffset(placed, op, live, size, getAlignment(op));
    plan.offsets[op] = offset;
    plan.numBytes = std::max<int64_t>(plan.numBytes,
                                      llvm::alignTo(offset + size, kAlignment));
    auto *next = llvm::upper_bound(
        placed, offset, [](int64_t value, const PlacedBuffer &other) {
          return value < other.offset;
        });
    placed.insert(next, {op, live, offset, size});
  }
  return plan;
}

int64_t mlir::tile::clampStages(int64_t stages, int64_t maxBytes,
                                function_ref<int64_t(int64_t)> getNumBytes) {
  while (stages > 1 && getNumBytes(stages) > maxBytes)
    --stages;
  return stages;
}
