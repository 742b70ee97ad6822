//===- BoxStores.cpp - fragments that a copy engine can store ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/BoxStores.h"
#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/Analysis/StageLayout.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

/// The most that a stage takes: larger ones gain nothing.
static constexpr int64_t kMaxStageBytes = 32 * 1024;
/// The stages of copies that are not given up for one of stores.
static constexpr int64_t kLeastStages = 3;
/// What a block takes besides its own shared memory.
static constexpr int64_t kReservedBytes = 1024;

namespace {

/// Decides about the copies of one launch.
class StorePlanner {
public:
  StorePlanner(LaunchOp launch, WarpRoles &roles, const TargetInfo &target,
               bool mustStage)
      : launch(launch), roles(roles), target(target), mustStage(mustStage),
        divisibility(launch->getParentOfType<func::FuncOp>()) {}

  StorePlan run();

private:
  std::string getObstacle(CopyOp copy);
  std::string getRival(CopyOp copy);
  bool followsStores(CopyOp copy);
  std::optional<BoxStore> plan(CopyOp copy, std::string &reason);
  std::optional<MemRefType> chooseStage(CopyOp copy, int64_t panel);
  bool fits(MemRefType stage, int64_t limit);
  int64_t getMostStages() const;
  int64_t getNumBytes(int64_t limit) const;

  LaunchOp launch;
  WarpRoles &roles;
  const TargetInfo &target;
  bool mustStage;
  DivisibilityAnalysis divisibility;
  /// The stages so far; stores through equal ones share them.
  SmallVector<MemRefType> stages;
  SmallVector<CopyOp> candidates;
};

} // namespace

static MemRefType getTileType(CopyOp copy) {
  return MemRefType::get(copy.getSrc().getType().getShape(),
                         copy.getDst().getType().getElementType(),
                         MemRefLayoutAttrInterface(),
                         ScopeAttr::get(copy.getContext(), Scope::Shared));
}

static bool isInLoop(CopyOp copy, LaunchOp launch) {
  auto loop = copy->getParentOfType<LoopLikeOpInterface>();
  return loop && launch->isProperAncestor(loop);
}

//===----------------------------------------------------------------------===//
// Which copies
//===----------------------------------------------------------------------===//

/// Who else touches the tensor of `copy`, such that the one would have to wait
/// for the other; empty when nobody does.
std::string StorePlanner::getRival(CopyOp copy) {
  Value root = getRootBuffer(copy.getDst());
  bool isBefore = !isInLoop(copy, launch);
  std::string rival;
  launch.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op == copy)
      isBefore = false;
    if (op->getNumRegions() || llvm::is_contained(candidates, op))
      return WalkResult::advance();
    SmallVector<MemoryAccess> accesses;
    collectAccesses(op, accesses);
    for (const MemoryAccess &access : accesses) {
      if ((access.scope && access.scope != Scope::Global) ||
          !mayBeSame(access.root, root) || (isBefore && !access.isWrite))
        continue;
      rival = op->getName().getStringRef();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return rival;
}

/// Whether another staged store, or an earlier run of this one, may write the
/// same elements.
bool StorePlanner::followsStores(CopyOp copy) {
  return isInLoop(copy, launch) || llvm::any_of(candidates, [&](CopyOp other) {
           return other != copy && mayBeSame(getRootBuffer(other.getDst()),
                                             getRootBuffer(copy.getDst()));
         });
}

/// Why the copy engine cannot do the copy; empty when it can.
std::string StorePlanner::getObstacle(CopyOp copy) {
  MemRefType src = copy.getSrc().getType(), dst = copy.getDst().getType();
  Type element = dst.getElementType();
  if (!copy.getDst().getParentRegion()->isProperAncestor(&launch.getBody()))
    return "its tensor is none that the host knows";
  if (src.getRank() != 2 || dst.getRank() < 2 || dst.getRank() > kMaxBoxRank)
    return "it does not copy a tile to a tensor of 2 to 5 dimensions";
  if (!copy.getSrc().getDefiningOp<AllocOp>() ||
      ArrayRef(copy.getStaticRegion()) != src.getShape() ||
      !llvm::all_of(copy.getSrcIndices(), isZeroInteger))
    return "it copies a part of a fragment";
  if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() % 8 != 0)
    return "its elements are no numbers of whole bytes";
  if (!hasBoxStrides(dst))
    return "rows of its tensor are not contiguous, or their distance is no "
           "multiple of 16 bytes";
  MemRefType tile = getTileType(copy);
  if (getSwizzleWithoutConflicts(tile).value_or(0) == 0)
    return "rows of its tile have no multiple of 32 bytes";
  if (tile.getDimSize(0) % kSwizzleRows)
    return "its tile has no multiple of 8 rows";
  std::string rival = getRival(copy);
  return rival.empty()
             ? ""
             : llvm::formatv("'{0}' touches its tensor, too", rival).str();
}

//===----------------------------------------------------------------------===//
// The stage
//===----------------------------------------------------------------------===//

int64_t StorePlanner::getMostStages() const {
  int64_t most = 0;
  for (const RoleLoop &loop : roles.loops)
    most = std::max(most, loop.stages);
  return most;
}

/// What the launch takes when loops have at most `limit` stages.
int64_t StorePlanner::getNumBytes(int64_t limit) const {
  int64_t bytes = roles.getNumBytes(launch, limit);
  for (MemRefType stage : stages)
    bytes += tile::getNumBytes(stage) * roles.getNumGroups();
  return bytes;
}

/// Whether `stage` fits beside the rest, and leaves room for a second block if
/// there is one without it: one block stores while the other computes.
bool StorePlanner::fits(MemRefType stage, int64_t limit) {
  int64_t without = getNumBytes(limit);
  int64_t with = without;
  if (!llvm::is_contained(stages, stage))
    with += tile::getNumBytes(stage) * roles.getNumGroups();
  if (with > target.maxSharedBytes)
    return false;
  auto getNumBlocks = [&](int64_t bytes) {
    return (target.maxSharedBytes + kReservedBytes) / (bytes + kReservedBytes);
  };
  return mustStage ||
         getNumBlocks(with) >= std::min<int64_t>(getNumBlocks(without), 2);
}

/// The widest stage that fits, of whole panels of `panel` columns that divide
/// the tile; takes stages of copies away if need be.
std::optional<MemRefType> StorePlanner::chooseStage(CopyOp copy,
                                                    int64_t panel) {
  MemRefType tile = getTileType(copy);
  ThreadValueLayout layout =
      getWrittenLayout(copy.getSrc(), tile::getNumThreads(copy));
  int64_t columns = tile.getDimSize(1);
  SmallVector<MemRefType> choices;
  for (int64_t width = columns; width > 0; width -= panel) {
    MemRefType stage =
        MemRefType::Builder(tile).setShape({tile.getDimSize(0), width});
    if (columns % width || tile::getNumBytes(stage) > kMaxStageBytes)
      continue;
    StageLayout held = StageLayout::get(layout, width);
    if (llvm::all_of(held.parts, [](auto part) { return part.has_value(); }))
      choices.push_back(stage);
  }
  int64_t least = mustStage ? 2 : kLeastStages;
  for (int64_t most = getMostStages(), limit = most;
       limit == most || limit >= least; --limit) {
    const auto *found = llvm::find_if(
        choices, [&](MemRefType stage) { return fits(stage, limit); });
    if (found == choices.end())
      continue;
    for (RoleLoop &loop : roles.loops)
      loop.stages = std::min(loop.stages, limit);
    return *found;
  }
  return std::nullopt;
}

/// The rows of a box: such that groups of warps have whole boxes, if they hold
/// whole rows.
static int64_t getRowsOfBox(CopyOp copy, MemRefType stage) {
  int64_t rows = stage.getDimSize(0);
  auto attr =
      copy.getSrc().getDefiningOp()->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  if (attr) {
    int64_t share =
        rows / StageLayout::get(attr.getValue(), stage.getDimSize(1)).numGroups;
    if (share % kSwizzleRows == 0)
      rows = share;
  }
  return getBoxRows(rows);
}

std::optional<BoxStore> StorePlanner::plan(CopyOp copy, std::string &reason) {
  reason = getObstacle(copy);
  if (!reason.empty())
    return std::nullopt;
  MemRefType tile = getTileType(copy);
  int64_t bytes = tile.getElementTypeBitWidth() / 8;
  int64_t swizzle = *getSwizzleWithoutConflicts(tile);
  std::optional<MemRefType> stage = chooseStage(copy, swizzle / bytes);
  if (!stage) {
    reason = "shared memory has no room for a part of it";
    return std::nullopt;
  }
  if (!llvm::is_contained(stages, *stage))
    stages.push_back(*stage);
  SmallVector<int64_t> box(copy.getDst().getType().getRank() - 2, 1);
  box.append({getRowsOfBox(copy, *stage), swizzle / bytes});
  BoxStore store{copy,
                 TensorMapType::get(copy.getContext(), box,
                                    tile.getElementType(), swizzle),
                 *stage,
                 followsStores(copy),
                 {},
                 false};
  for (Value index : copy.getDstIndices())
    if (!divisibility.isNotNegative(index, copy))
      store.unsure.push_back(index);
  store.mayBeMisaligned =
      !hasBoxColumn(tile, copy.getDstIndices(), copy, divisibility);
  return store;
}

StorePlan StorePlanner::run() {
  launch.walk([&](CopyOp copy) {
    if (tile::getScope(copy.getSrc()) == Scope::Fragment &&
        tile::getScope(copy.getDst()) == Scope::Global)
      candidates.push_back(copy);
  });
  StorePlan result;
  WarpRoles before = roles;
  // One that cannot be staged may be a rival of those that can.
  for (size_t i = 0; i < candidates.size();) {
    std::string reason;
    if (std::optional<BoxStore> store = plan(candidates[i], reason)) {
      result.staged.push_back(*store);
      ++i;
      continue;
    }
    result.direct.push_back({candidates[i], reason});
    candidates.erase(candidates.begin() + i);
    result.staged.clear();
    stages.clear();
    roles = before;
    i = 0;
  }
  return result;
}

StorePlan StorePlan::get(LaunchOp launch, WarpRoles &roles,
                         const TargetInfo &target, bool mustStage) {
  return StorePlanner(launch, roles, target, mustStage).run();
}
