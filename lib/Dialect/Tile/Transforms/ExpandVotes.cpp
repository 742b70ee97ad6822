//===- ExpandVotes.cpp - tile.any and tile.all as loops ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEEXPANDVOTES
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Expands one tile.any or tile.all.
class VoteExpansion {
public:
  template <typename Op>
  VoteExpansion(OpBuilder &builder, Op op)
      : builder(builder), loc(op.getLoc()), buffer(op.getBuffer()),
        indices(op.getIndices()), extents(op.getMixedExtents()),
        sizes(memref::getMixedSizes(builder, loc, buffer)) {
    bool isWhole = indices.empty() && extents.empty();
    overBuffer = !isWhole && tile::getScope(buffer) == Scope::Fragment;
    if (extents.empty())
      extents = sizes;
  }

  /// Whether some element of the region is zero, or is not.
  Value findElement(bool isZero);

private:
  Value compare(OpBuilder &b, arith::CmpIPredicate predicate, Value number,
                OpFoldResult limit) {
    return arith::CmpIOp::create(
        b, loc, predicate, number,
        getValueOrCreateConstantIndexOp(b, loc, limit));
  }
  SmallVector<Value> getElement(OpBuilder &b, ValueRange point, Value &counts);
  Value decides(OpBuilder &b, Value element, bool isZero);

  OpBuilder &builder;
  Location loc;
  TypedValue<MemRefType> buffer;
  ValueRange indices;
  SmallVector<OpFoldResult> extents, sizes;
  /// Whether the loop runs over the buffer instead of the region.
  bool overBuffer;
};

struct ExpandVotesPass
    : public tile::impl::TileExpandVotesBase<ExpandVotesPass> {
  void runOnOperation() override;
};

} // namespace

/// The element at `point` of the loop. `counts` becomes whether it is one of
/// the region and of the buffer; it stays null when every point is.
SmallVector<Value> VoteExpansion::getElement(OpBuilder &b, ValueRange point,
                                             Value &counts) {
  auto require = [&](Value condition) {
    counts =
        counts ? arith::AndIOp::create(b, loc, counts, condition) : condition;
  };
  SmallVector<Value> element(point);
  for (auto [dim, number] : llvm::enumerate(point)) {
    Value begin = indices.empty() ? Value() : indices[dim];
    if (overBuffer) {
      Value offset =
          begin ? arith::SubIOp::create(b, loc, number, begin) : number;
      if (begin)
        require(
            compare(b, arith::CmpIPredicate::sge, offset, b.getIndexAttr(0)));
      require(compare(b, arith::CmpIPredicate::slt, offset, extents[dim]));
      continue;
    }
    if (begin)
      element[dim] = arith::AddIOp::create(b, loc, begin, number);
    // Unsigned, so that a negative index is out of bounds too.
    if (begin || extents[dim] != sizes[dim])
      require(compare(b, arith::CmpIPredicate::ult, element[dim], sizes[dim]));
  }
  return element;
}

Value VoteExpansion::decides(OpBuilder &b, Value element, bool isZero) {
  Value zero =
      arith::ConstantOp::create(b, loc, b.getZeroAttr(element.getType()));
  if (isa<FloatType>(element.getType()))
    return arith::CmpFOp::create(
        b, loc, isZero ? arith::CmpFPredicate::OEQ : arith::CmpFPredicate::UNE,
        element, zero);
  return arith::CmpIOp::create(
      b, loc, isZero ? arith::CmpIPredicate::eq : arith::CmpIPredicate::ne,
      element, zero);
}

Value VoteExpansion::findElement(bool isZero) {
  Type i32 = builder.getI32Type();
  Value none = arith::ConstantIntOp::create(builder, loc, i32, 0);
  Value one = arith::ConstantIntOp::create(builder, loc, i32, 1);
  Value flag =
      AllocOp::create(builder, loc, getBufferType({}, i32, Scope::Shared));
  FillOp::create(builder, loc, flag, none);
  auto ifThen = [&](OpBuilder &b, Value condition,
                    function_ref<void(OpBuilder &)> body) {
    if (!condition)
      return body(b);
    scf::IfOp::create(b, loc, condition, [&](OpBuilder &nested, Location) {
      body(nested);
      scf::YieldOp::create(nested, loc);
    });
  };
  auto test = [&](OpBuilder &b, Location, ValueRange point) {
    Value counts;
    SmallVector<Value> element = getElement(b, point, counts);
    ifThen(b, counts, [&](OpBuilder &inside) {
      Value value = memref::LoadOp::create(inside, loc, buffer, element);
      ifThen(inside, decides(inside, value, isZero), [&](OpBuilder &found) {
        AtomicOp::create(found, loc, i32, AtomicKind::Or, one, flag,
                         ValueRange());
      });
    });
  };
  ParallelOp::create(builder, loc, overBuffer ? sizes : extents, test);
  Value held = memref::LoadOp::create(builder, loc, flag);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, held,
                               none);
}

void ExpandVotesPass::runOnOperation() {
  IRRewriter rewriter(&getContext());
  getOperation()->walk([&](Operation *op) {
    rewriter.setInsertionPoint(op);
    if (auto any = dyn_cast<AnyOp>(op)) {
      VoteExpansion vote(rewriter, any);
      rewriter.replaceOp(any, vote.findElement(/*isZero=*/false));
    } else if (auto all = dyn_cast<AllOp>(op)) {
      VoteExpansion vote(rewriter, all);
      Value found = vote.findElement(/*isZero=*/true);
      Value one = arith::ConstantIntOp::create(rewriter, op->getLoc(),
                                               rewriter.getI1Type(), 1);
      rewriter.replaceOpWithNewOp<arith::XOrIOp>(all, found, one);
    }
  });
}
