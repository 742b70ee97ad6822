//===- TiledKernel.cpp - launch over the tiles of a linalg op ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TiledKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::tile;

Value mlir::tile::getIndex(OpBuilder &builder, Location loc,
                           OpFoldResult value) {
  return getValueOrCreateConstantIndexOp(builder, loc, value);
}

static Value getIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// The operand and the dimension of it that give the size of `loop`, a constant
/// one if there is any.
static std::pair<OpOperand *, int64_t> findSize(linalg::LinalgOp op,
                                                unsigned loop) {
  std::pair<OpOperand *, int64_t> found(nullptr, 0);
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    std::optional<unsigned> dim =
        op.getMatchingIndexingMap(&operand).getResultPosition(
            getAffineDimExpr(loop, op.getContext()));
    if (!type || !dim)
      continue;
    if (!type.isDynamicDim(*dim))
      return {&operand, *dim};
    if (!found.first)
      found = {&operand, *dim};
  }
  assert(found.first && "the verifier of linalg ops finds a size");
  return found;
}

TiledKernel::TiledKernel(linalg::LinalgOp op, ArrayRef<int64_t> wanted)
    : op(op), tileSizes(wanted), sizes(op.getNumLoops()),
      offsets(op.getNumLoops()) {
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
    auto [operand, dim] = findSize(op, loop);
    int64_t size = cast<MemRefType>(operand->get().getType()).getDimSize(dim);
    staticSizes.push_back(size);
    if (!ShapedType::isDynamic(size))
      tileSizes[loop] = std::max<int64_t>(1, std::min(tileSizes[loop], size));
  }
}

Value TiledKernel::getLoopSize(OpBuilder &builder, unsigned loop) {
  if (!ShapedType::isDynamic(staticSizes[loop]))
    return ::getIndex(builder, getLoc(), staticSizes[loop]);
  if (!sizes[loop]) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(op);
    auto [operand, dim] = findSize(op, loop);
    sizes[loop] = builder.createOrFold<memref::DimOp>(
        getLoc(), operand->get(), ::getIndex(builder, getLoc(), dim));
  }
  return sizes[loop];
}

bool TiledKernel::isRagged(unsigned loop) const {
  return ShapedType::isDynamic(staticSizes[loop]) ||
         staticSizes[loop] % tileSizes[loop] != 0;
}

OpFoldResult TiledKernel::getInnerSize(OpBuilder &builder, unsigned loop) {
  if (!isRagged(loop))
    return builder.getIndexAttr(tileSizes[loop]);
  Value rest = builder.createOrFold<arith::SubIOp>(
      getLoc(), getLoopSize(builder, loop), offsets[loop]);
  Value extent = ::getIndex(builder, getLoc(), tileSizes[loop]);
  return builder.createOrFold<arith::MinSIOp>(getLoc(), rest, extent);
}

Value TiledKernel::getIteration(OpBuilder &builder, unsigned loop, Value i) {
  return builder.createOrFold<arith::AddIOp>(getLoc(), offsets[loop], i);
}

/// The blocks are numbered in one dimension, the last loop changing fastest:
/// the other dimensions of a GPU's grid are too short.
void TiledKernel::setBlockOffsets(OpBuilder &builder, ArrayRef<unsigned> loops,
                                  ArrayRef<Value> counts, ValueRange ids) {
  Location loc = getLoc();
  Value rest = ids.empty() ? Value() : ids.front();
  for (size_t i = loops.size(); i-- > 0;) {
    Value tile = rest;
    if (llvm::any_of(counts.take_front(i), [](Value count) {
          return !matchPattern(count, m_One());
        })) {
      tile = builder.createOrFold<arith::RemUIOp>(loc, rest, counts[i]);
      rest = builder.createOrFold<arith::DivUIOp>(loc, rest, counts[i]);
    }
    if (matchPattern(counts[i], m_One()))
      tile = ::getIndex(builder, loc, 0);
    offsets[loops[i]] = builder.createOrFold<arith::MulIOp>(
        loc, tile, ::getIndex(builder, loc, tileSizes[loops[i]]));
  }
}

void TiledKernel::launch(OpBuilder &builder, int64_t threads, BodyFn body) {
  Location loc = getLoc();
  SmallVector<unsigned> loops;
  op.getParallelDims(loops);
  SmallVector<Value> counts;
  for (unsigned loop : loops)
    counts.push_back(builder.createOrFold<arith::CeilDivUIOp>(
        loc, getLoopSize(builder, loop),
        ::getIndex(builder, loc, tileSizes[loop])));
  // Sizes are values of the host, also those that only the body asks for.
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    getLoopSize(builder, loop);
  SmallVector<Value> grid;
  for (Value count : counts) {
    if (grid.empty())
      grid.push_back(count);
    else
      grid[0] = builder.createOrFold<arith::MulIOp>(loc, grid[0], count);
  }
  LaunchOp::create(builder, loc, grid, threads, /*cluster=*/{},
                   [&](OpBuilder &nested, Location, ValueRange ids) {
                     setBlockOffsets(nested, loops, counts, ids);
                     body(nested);
                   });
}

void TiledKernel::forEachTile(OpBuilder &builder, unsigned loop, int64_t stages,
                              BodyFn body) {
  Location loc = getLoc();
  Value zero = ::getIndex(builder, loc, 0);
  if (staticSizes[loop] == tileSizes[loop]) {
    offsets[loop] = zero;
    return body(builder);
  }
  Value step = ::getIndex(builder, loc, tileSizes[loop]);
  PipelinedOp::create(builder, loc, zero, getLoopSize(builder, loop), step,
                      stages, [&](OpBuilder &nested, Location, Value offset) {
                        offsets[loop] = offset;
                        body(nested);
                      });
}

std::optional<unsigned> TiledKernel::getLoop(OpOperand &operand, unsigned dim) {
  AffineExpr expr = op.getMatchingIndexingMap(&operand).getResult(dim);
  auto loop = dyn_cast<AffineDimExpr>(expr);
  return loop ? std::optional(loop.getPosition()) : std::nullopt;
}

SmallVector<int64_t> TiledKernel::getShape(OpOperand &operand) {
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim < op.getRank(&operand); ++dim) {
    std::optional<unsigned> loop = getLoop(operand, dim);
    shape.push_back(loop ? tileSizes[*loop] : 1);
  }
  return shape;
}

SmallVector<Value> TiledKernel::getBegin(OpBuilder &builder,
                                         OpOperand &operand) {
  SmallVector<Value> begin;
  for (int64_t dim = 0; dim < op.getRank(&operand); ++dim) {
    std::optional<unsigned> loop = getLoop(operand, dim);
    begin.push_back(loop ? offsets[*loop] : ::getIndex(builder, getLoc(), 0));
  }
  return begin;
}

SmallVector<Value> TiledKernel::getElement(OpBuilder &builder,
                                           OpOperand &operand,
                                           ValueRange point) {
  SmallVector<Value> element;
  for (int64_t dim = 0; dim < op.getRank(&operand); ++dim) {
    std::optional<unsigned> loop = getLoop(operand, dim);
    element.push_back(loop ? point[*loop] : ::getIndex(builder, getLoc(), 0));
  }
  return element;
}

Value TiledKernel::allocate(OpBuilder &builder, OpOperand &operand, Scope scope,
                            std::optional<int64_t> rank) {
  SmallVector<int64_t> shape = getShape(operand);
  Type elementType = cast<MemRefType>(operand.get().getType()).getElementType();
  return AllocOp::create(
      builder, getLoc(),
      getBufferType(ArrayRef(shape).take_back(rank.value_or(shape.size())),
                    elementType, scope));
}

void TiledKernel::read(OpBuilder &builder, OpOperand &operand, Value tile,
                       Value pad) {
  CopyOp::create(builder, getLoc(), operand.get(), getBegin(builder, operand),
                 tile, ValueRange(), ArrayRef<OpFoldResult>(), pad);
}

void TiledKernel::write(OpBuilder &builder, OpOperand &operand, Value tile) {
  CopyOp::create(builder, getLoc(), tile, ValueRange(), operand.get(),
                 getBegin(builder, operand));
}

IRMapping mlir::tile::cloneBody(OpBuilder &builder, linalg::LinalgOp op,
                                ValueRange args,
                                function_ref<Value(unsigned)> getLoopIndex,
                                Operation *skipped) {
  IRMapping mapping;
  for (auto [from, to] : llvm::zip_equal(op.getBlock()->getArguments(), args))
    if (to)
      mapping.map(from, to);
  for (Operation &nested : op.getBlock()->without_terminator()) {
    if (&nested == skipped)
      continue;
    if (auto index = dyn_cast<linalg::IndexOp>(nested))
      mapping.map(index.getResult(), getLoopIndex(index.getDim()));
    else
      builder.clone(nested, mapping);
  }
  return mapping;
}
