//===- AdvanceViews.cpp - views that move on with a loop --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A view that begins at (k + i, j), where k is the loop's variable, begins
// `step` rows further in the next iteration. LLVM carries such addresses where
// it knows the distance; where the stride is a value of 64 bits it multiplies
// in each iteration, to save registers.
//
//===----------------------------------------------------------------------===//

#include "AdvanceViews.h"

#include "tile/Conversion/Utils/LoopIteration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

/// How values of a body change from one iteration to the next.
class Growth {
public:
  explicit Growth(scf::ForOp loop) : loop(loop) {}

  /// Whether `value` grows by the loop's step, rather than stays; nothing where
  /// it does something else.
  std::optional<bool> get(Value value);

private:
  std::optional<bool> compute(Value value);

  scf::ForOp loop;
  DenseMap<Value, std::optional<bool>> known;
};

/// A view, and where it begins in its source.
struct MovingView {
  memref::SubViewOp op;
  memref::ExtractStridedMetadataOp source;
  Value first, distance;
};

} // namespace

std::optional<bool> Growth::get(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  std::optional<bool> result = compute(value);
  known[value] = result;
  return result;
}

std::optional<bool> Growth::compute(Value value) {
  if (value == loop.getInductionVar())
    return true;
  if (loop.isDefinedOutsideOfLoop(value))
    return false;
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumRegions() != 0 || !isPure(op))
    return std::nullopt;
  int64_t numGrowing = 0;
  for (Value operand : op->getOperands()) {
    std::optional<bool> grows = get(operand);
    if (!grows)
      return std::nullopt;
    numGrowing += *grows;
  }
  if (numGrowing == 0)
    return false;
  if (numGrowing == 1 && isa<arith::AddIOp>(op))
    return true;
  return std::nullopt;
}

/// The dimension in which the view moves on, by a distance that is not known.
static std::optional<unsigned> findMovingDim(memref::SubViewOp view,
                                             scf::ForOp loop, Growth &growth) {
  MemRefType source = view.getSourceType();
  if (!loop.isDefinedOutsideOfLoop(view.getSource()) ||
      view.getDroppedDims().any() ||
      !llvm::all_of(view.getStaticStrides(), [](int64_t s) { return s == 1; }))
    return std::nullopt;
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(source.getStridesAndOffset(strides, offset)))
    return std::nullopt;
  std::optional<unsigned> moving;
  for (auto [dim, index] : llvm::enumerate(view.getMixedOffsets())) {
    auto value = dyn_cast<Value>(index);
    std::optional<bool> grows = value ? growth.get(value) : false;
    if (!grows || (*grows && moving))
      return std::nullopt;
    if (*grows)
      moving = dim;
  }
  if (!moving || !ShapedType::isDynamic(strides[*moving]))
    return std::nullopt;
  return moving;
}

/// Computes, in front of the loop, where the view begins and how far it moves.
static MovingView buildStart(memref::SubViewOp view, unsigned dim,
                             scf::ForOp loop, OpBuilder &builder) {
  Location loc = view.getLoc();
  auto source =
      memref::ExtractStridedMetadataOp::create(builder, loc, view.getSource());
  LoopIteration iteration = LoopIteration::first(loop);
  Value first = source.getOffset();
  for (auto [index, stride] :
       llvm::zip_equal(view.getMixedOffsets(), source.getStrides())) {
    Value value = getValueOrCreateConstantIndexOp(builder, loc, index);
    Value distance = arith::MulIOp::create(
        builder, loc, iteration.get(builder, value), stride);
    first = arith::AddIOp::create(builder, loc, first, distance);
  }
  Value distance = arith::MulIOp::create(builder, loc, loop.getStep(),
                                         source.getStrides()[dim]);
  return {view, source, first, distance};
}

/// Puts a view that begins at `offset` in the place of `view`.
static void replaceView(MovingView view, Value offset, RewriterBase &rewriter) {
  memref::SubViewOp op = view.op;
  rewriter.setInsertionPoint(op);
  SmallVector<int64_t> known;
  int64_t start;
  LogicalResult isStrided = op.getType().getStridesAndOffset(known, start);
  assert(succeeded(isStrided) && "a view of a strided buffer");
  (void)isStrided;
  SmallVector<OpFoldResult> strides;
  for (auto [stride, value] : llvm::zip_equal(known, view.source.getStrides()))
    strides.push_back(ShapedType::isDynamic(stride)
                          ? OpFoldResult(value)
                          : rewriter.getIndexAttr(stride));
  rewriter.replaceOpWithNewOp<memref::ReinterpretCastOp>(
      op, op.getType(), view.source.getBaseBuffer(), offset, op.getMixedSizes(),
      strides);
}

int64_t mlir::tile::advanceViews(scf::ForOp loop, RewriterBase &rewriter) {
  Growth growth(loop);
  SmallVector<MovingView> views;
  SmallVector<Value> firsts;
  rewriter.setInsertionPoint(loop);
  for (auto view : loop.getBody()->getOps<memref::SubViewOp>())
    if (std::optional<unsigned> dim = findMovingDim(view, loop, growth)) {
      views.push_back(buildStart(view, *dim, loop, rewriter));
      firsts.push_back(views.back().first);
    }
  if (views.empty())
    return 0;
  auto yieldNext = [&](OpBuilder &builder, Location loc,
                       ArrayRef<BlockArgument> offsets) {
    SmallVector<Value> next;
    for (auto [offset, view] : llvm::zip_equal(offsets, views))
      next.push_back(
          arith::AddIOp::create(builder, loc, offset, view.distance));
    return next;
  };
  auto carrying = cast<scf::ForOp>(
      *cast<LoopLikeOpInterface>(loop.getOperation())
           .replaceWithAdditionalYields(rewriter, firsts,
                                        /*replaceInitOperandUsesInLoop=*/false,
                                        yieldNext));
  ValueRange offsets = carrying.getRegionIterArgs().take_back(views.size());
  for (auto [view, offset] : llvm::zip_equal(views, offsets))
    replaceView(view, offset, rewriter);
  return views.size();
}
