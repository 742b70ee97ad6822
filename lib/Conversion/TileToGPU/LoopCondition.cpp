//===- LoopCondition.cpp - tests for all iterations at once -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most dimensions of a region begin at the same index in all iterations. Where
// one moves with the iterations, the guard around the copy says that its index
// is below the loop's end: then the region ends inside if the size is a
// multiple of the region's extent, and so are all the places where it begins.
//
//===----------------------------------------------------------------------===//

#include "LoopCondition.h"

#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

class LoopConditionBuilder {
public:
  LoopConditionBuilder(OpBuilder &builder, Operation *op,
                       DivisibilityAnalysis &divisibility)
      : builder(builder), op(op), loc(op->getLoc()),
        divisibility(divisibility) {}

  bool findGuard();
  std::optional<Value> isInside(const BufferRegion::Dim &dim,
                                OpFoldResult extent);
  Value hoist(Value value);

private:
  std::optional<Value> isInsideBelowEnd(Value size, int64_t scale,
                                        int64_t extent, Value begin);
  std::optional<int64_t> getScale(Value begin);
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(builder, loc, predicate, lhs, rhs);
  }

  OpBuilder &builder;
  Operation *op;
  Location loc;
  DivisibilityAnalysis &divisibility;
  scf::ForOp loop;
  /// The guard says that `index` is below `end`.
  Value index, end;
  IRMapping hoisted;
};

} // namespace

/// Whether `index` is what the loop counts, or a later one of its numbers.
static bool isAhead(Value index, scf::ForOp loop) {
  if (index == loop.getInductionVar())
    return true;
  auto sum = index.getDefiningOp<arith::AddIOp>();
  if (!sum || sum.getLhs() != loop.getInductionVar())
    return false;
  if (auto product = sum.getRhs().getDefiningOp<arith::MulIOp>())
    return product.getLhs() == loop.getStep() &&
           getConstantIntValue(product.getRhs()).value_or(-1) >= 0;
  return sum.getRhs() == loop.getStep() ||
         getConstantIntValue(sum.getRhs()).value_or(-1) >= 0;
}

/// Finds the test around the copy, and the loop around that.
bool LoopConditionBuilder::findGuard() {
  auto guard = dyn_cast<scf::IfOp>(op->getParentOp());
  auto launch = op->getParentOfType<gpu::LaunchOp>();
  if (launch && launch->hasAttr(kFallbackAttrName))
    return false;
  if (!guard || !guard->hasAttr(kFreeStageAttrName) ||
      op->getBlock() != guard.thenBlock())
    return false;
  loop = dyn_cast<scf::ForOp>(guard->getParentOp());
  auto test = guard.getCondition().getDefiningOp<arith::CmpIOp>();
  if (!loop || !test || test.getPredicate() != arith::CmpIPredicate::slt)
    return false;
  index = test.getLhs();
  end = test.getRhs();
  // So the index is not negative, either.
  std::optional<int64_t> first = getConstantIntValue(loop.getLowerBound());
  return first && *first >= 0 && !loop.getUnsignedCmp() && isAhead(index, loop);
}

/// The constant by which the index is multiplied to get `begin`.
std::optional<int64_t> LoopConditionBuilder::getScale(Value begin) {
  if (begin == index)
    return 1;
  auto product = begin.getDefiningOp<arith::MulIOp>();
  if (!product)
    return std::nullopt;
  if (product.getLhs() == index)
    return getConstantIntValue(product.getRhs());
  if (product.getRhs() == index)
    return getConstantIntValue(product.getLhs());
  return std::nullopt;
}

std::optional<Value> LoopConditionBuilder::isInsideBelowEnd(Value size,
                                                            int64_t scale,
                                                            int64_t extent,
                                                            Value begin) {
  if (scale == extent) {
    Value last = arith::MulIOp::create(builder, loc, end, constant(extent));
    return compare(arith::CmpIPredicate::sle, last, size);
  }
  if (scale != 1 ||
      !divisibility.divides(extent, begin, op, /*isUnsigned=*/false))
    return std::nullopt;
  Value rest = arith::RemUIOp::create(builder, loc, size, constant(extent));
  return allOf(builder, loc,
               compare(arith::CmpIPredicate::eq, rest, constant(0)),
               compare(arith::CmpIPredicate::sle, end, size));
}

/// An i1: whether the region lies inside along `dim`, null when it must.
std::optional<Value>
LoopConditionBuilder::isInside(const BufferRegion::Dim &dim,
                               OpFoldResult extent) {
  if (!mayLeave(dim.begin, extent, dim.size))
    return Value();
  std::optional<int64_t> count = getConstantIntValue(extent);
  if (!count || *count <= 0)
    return std::nullopt;
  Value size = getValueOrCreateConstantIndexOp(builder, loc, dim.size);
  Value begin = getValueOrCreateConstantIndexOp(builder, loc, dim.begin);
  if (std::optional<int64_t> scale = getScale(begin))
    return isInsideBelowEnd(size, *scale, *count, begin);
  Value last = arith::SubIOp::create(builder, loc, size, constant(*count));
  return allOf(builder, loc,
               compare(arith::CmpIPredicate::sge, begin, constant(0)),
               compare(arith::CmpIPredicate::sle, begin, last));
}

/// Computes `value` in front of the loop; null where it depends on the loop.
Value LoopConditionBuilder::hoist(Value value) {
  if (hoisted.contains(value))
    return hoisted.lookup(value);
  if (loop.isDefinedOutsideOfLoop(value))
    return value;
  Operation *def = value.getDefiningOp();
  if (!def || def->getNumRegions() || !isPure(def))
    return Value();
  for (Value operand : def->getOperands()) {
    Value outside = hoist(operand);
    if (!outside)
      return Value();
    hoisted.map(operand, outside);
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(loop);
  builder.clone(*def, hoisted);
  return hoisted.lookup(value);
}

std::optional<Value>
mlir::tile::buildLoopCondition(OpBuilder &builder, Operation *op,
                               const BufferRegion &region,
                               ArrayRef<OpFoldResult> extents, Value condition,
                               DivisibilityAnalysis &divisibility) {
  LoopConditionBuilder loop(builder, op, divisibility);
  if (!loop.findGuard())
    return std::nullopt;
  SmallVector<OpFoldResult> counts(region.leading.size(),
                                   builder.getIndexAttr(1));
  llvm::append_range(counts, extents);
  auto dims =
      llvm::concat<const BufferRegion::Dim>(region.leading, region.region);
  for (auto [dim, extent] : llvm::zip_equal(dims, counts)) {
    std::optional<Value> inside = loop.isInside(dim, extent);
    if (!inside)
      return std::nullopt;
    condition = allOf(builder, op->getLoc(), condition, *inside);
  }
  if (!condition)
    return condition;
  condition = loop.hoist(condition);
  if (!condition)
    return std::nullopt;
  return condition;
}
