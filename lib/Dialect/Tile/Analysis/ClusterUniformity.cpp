//===- ClusterUniformity.cpp - what the blocks of a cluster share ---------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Begins with the ids of the block and adds to each value what it is computed
// from, until nothing is added any more. What is not understood may change
// along every dimension.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/ClusterUniformity.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

std::array<int64_t, 3> mlir::tile::getClusterExtents(LaunchOp launch) {
  std::array<int64_t, 3> extents{1, 1, 1};
  if (std::optional<ArrayRef<int64_t>> cluster = launch.getCluster())
    llvm::copy(*cluster, extents.begin());
  return extents;
}

/// The variable that `op` loads or stores; null when it is something else.
static Value getVariable(Operation *op) {
  Value buffer;
  if (auto load = dyn_cast<memref::LoadOp>(op))
    buffer = load.getMemRef();
  else if (auto store = dyn_cast<memref::StoreOp>(op))
    buffer = store.getMemRef();
  return buffer && buffer.getDefiningOp<AllocVarOp>() ? buffer : Value();
}

/// Whether only loads and stores of all of it use a variable.
static bool isPlainVariable(AllocVarOp op) {
  return llvm::all_of(op.getVar().getUsers(), [&](Operation *user) {
    return getVariable(user) == op.getVar();
  });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

bool ClusterUniformity::add(Value value, ClusterDims dims) {
  if (dims.none())
    return false;
  ClusterDims &known = varying[value];
  ClusterDims before = known;
  known |= dims;
  return known != before;
}

bool ClusterUniformity::add(ValueRange values, ClusterDims dims) {
  bool changed = false;
  for (Value value : values)
    changed |= add(value, dims);
  return changed;
}

/// Adds to each value what its source and `dims` have.
bool ClusterUniformity::addEach(ValueRange values, ValueRange sources,
                                ClusterDims dims) {
  bool changed = false;
  for (auto [value, source] : llvm::zip_equal(values, sources))
    changed |= add(value, getVarying(source) | dims);
  return changed;
}

ClusterDims ClusterUniformity::getVarying(ValueRange values) const {
  ClusterDims dims;
  for (Value value : values)
    dims |= getVarying(value);
  return dims;
}

/// Whether `op` divides an id of the block by a multiple of the cluster's
/// extent: a grid consists of whole clusters.
bool ClusterUniformity::isQuotientOfCluster(Operation *op) const {
  if (!isa<arith::DivUIOp, arith::DivSIOp, arith::FloorDivSIOp, arith::ShRUIOp,
           arith::ShRSIOp>(op))
    return false;
  Value dividend = op->getOperand(0);
  while (Operation *cast = dividend.getDefiningOp()) {
    // A narrow type does not hold all ids.
    bool isWide = dividend.getType().isIndex() ||
                  dividend.getType().getIntOrFloatBitWidth() >= 32;
    if (!isWide || !isa<arith::IndexCastOp, arith::IndexCastUIOp>(cast))
      return false;
    dividend = cast->getOperand(0);
  }
  std::optional<int64_t> divisor = getConstantIntValue(op->getOperand(1));
  auto id = cast<BlockArgument>(dividend);
  if (!divisor || id.getOwner()->getParentOp() != launch)
    return false;
  if (isa<arith::ShRUIOp, arith::ShRSIOp>(op))
    divisor = *divisor >= 0 && *divisor < 31 ? int64_t(1) << *divisor : 0;
  return *divisor > 0 && *divisor % extents[id.getArgNumber()] == 0;
}

/// The dimensions along which the results of `op` may change, which has no
/// regions.
ClusterDims ClusterUniformity::getVaryingResult(Operation *op) const {
  if (isa<ClusterRankOp>(op))
    return all;
  if (isQuotientOfCluster(op))
    return {};
  if (isa<AllocOp>(op))
    return {};
  if (isa<memref::LoadOp>(op))
    if (Value variable = getVariable(op))
      return getVarying(variable);
  return isMemoryEffectFree(op) ? getVarying(op->getOperands()) : all;
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

/// The operands of `loop` that say how often it runs.
static ValueRange getBounds(scf::ForOp loop) {
  return loop->getOperands().take_front(3);
}

ClusterDims ClusterUniformity::getVaryingRuns(Operation *op) const {
  ClusterDims dims;
  for (Operation *parent = op->getParentOp(); parent != launch;
       parent = parent->getParentOp()) {
    if (auto whileOp = dyn_cast<scf::WhileOp>(parent))
      dims |= getVarying(whileOp.getConditionOp().getCondition());
    else if (auto loop = dyn_cast<scf::ForOp>(parent))
      dims |= getVarying(getBounds(loop));
    else if (isa<scf::IfOp, scf::IndexSwitchOp, PipelinedOp>(parent))
      dims |= getVarying(parent->getOperands());
    else
      return all;
  }
  return dims;
}

/// A branch that is taken gives the results.
bool ClusterUniformity::updateBranches(Operation *op) {
  bool changed = false;
  ClusterDims choice = getVarying(op->getOperands());
  for (Region &region : op->getRegions())
    if (!region.empty())
      changed |= addEach(op->getResults(),
                         region.front().getTerminator()->getOperands(), choice);
  return changed;
}

/// How often a loop runs matters for what it leaves behind, but not for what
/// blocks have in the same iteration.
bool ClusterUniformity::updateLoop(Operation *op) {
  bool changed = false;
  if (auto whileOp = dyn_cast<scf::WhileOp>(op)) {
    scf::ConditionOp condition = whileOp.getConditionOp();
    ClusterDims runs = getVarying(condition.getCondition());
    changed |= addEach(whileOp.getBeforeArguments(), whileOp.getInits(), {});
    changed |= addEach(whileOp.getBeforeArguments(),
                       whileOp.getYieldOp().getOperands(), {});
    changed |= addEach(whileOp.getAfterArguments(), condition.getArgs(), {});
    return changed | addEach(op->getResults(), condition.getArgs(), runs);
  }
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    changed |= add(loop.getInductionVar(),
                   getVarying({loop.getLowerBound(), loop.getStep()}));
    changed |= addEach(loop.getRegionIterArgs(), loop.getInits(), {});
    changed |= addEach(loop.getRegionIterArgs(), loop.getYieldedValues(), {});
    return changed | addEach(op->getResults(), loop.getRegionIterArgs(),
                             getVarying(getBounds(loop)));
  }
  auto loop = cast<PipelinedOp>(op);
  return add(loop.getBody().getArguments(),
             getVarying({loop.getLower(), loop.getStep()}));
}

/// What is stored to a variable, and whether it is, makes its value.
bool ClusterUniformity::updateStore(Operation *op) {
  Value variable = getVariable(op);
  return variable &&
         add(variable, getVarying(op->getOperand(0)) | getVaryingRuns(op));
}

bool ClusterUniformity::update(Operation *op) {
  if (op == launch)
    return false;
  if (isa<memref::StoreOp>(op))
    return updateStore(op);
  if (auto variable = dyn_cast<AllocVarOp>(op))
    return add(variable.getVar(),
               isPlainVariable(variable) ? getVarying(op->getOperands()) : all);
  if (isa<scf::IfOp, scf::IndexSwitchOp>(op))
    return updateBranches(op);
  if (isa<scf::ForOp, scf::WhileOp, PipelinedOp>(op))
    return updateLoop(op);
  if (op->getNumRegions() == 0)
    return add(op->getResults(), getVaryingResult(op));
  bool changed = add(op->getResults(), all);
  for (Region &region : op->getRegions())
    for (Block &block : region)
      changed |= add(block.getArguments(), all);
  return changed;
}

ClusterUniformity::ClusterUniformity(LaunchOp launch)
    : launch(launch), extents(getClusterExtents(launch)) {
  for (auto [dim, extent] : llvm::enumerate(extents))
    all[dim] = extent > 1;
  for (auto [dim, id] : llvm::enumerate(launch.getBlockIds()))
    add(id, all & (ClusterDims(1) << dim));
  bool changed = true;
  while (changed) {
    changed = false;
    launch.walk([&](Operation *op) { changed |= update(op); });
  }
}
