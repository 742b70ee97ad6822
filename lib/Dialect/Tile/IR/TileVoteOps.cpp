//===- TileVoteOps.cpp - questions about all elements of a buffer ---------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AssemblyDirectives.h"
#include "CastFolding.h"
#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

template <typename Op>
static void buildVote(OpBuilder &builder, OperationState &state, Value buffer,
                      ValueRange indices, ArrayRef<OpFoldResult> extents) {
  SmallVector<Value> values;
  SmallVector<int64_t> constants;
  dispatchIndexOpFoldResults(extents, values, constants);
  Op::build(builder, state, builder.getI1Type(), buffer, indices, values,
            extents.empty() ? DenseI64ArrayAttr()
                            : builder.getDenseI64ArrayAttr(constants));
}

template <typename Op>
static LogicalResult verifyVote(Op op) {
  MemRefType type = op.getBuffer().getType();
  if (failed(verifyBlockScope(op, op.getBuffer(), "buffer")) ||
      (!op.getIndices().empty() &&
       failed(verifyIndices(op, "buffer", type, op.getIndices()))))
    return failure();
  if (!op.getStaticExtents())
    return verifyExtents(op, {}, op.getExtents().size());
  size_t given = op.getStaticExtents()->size();
  if (given != static_cast<size_t>(type.getRank()))
    return op.emitOpError("expected ")
           << type.getRank() << " extents for rank-" << type.getRank()
           << " buffer, found " << given;
  return verifyExtents(op, *op.getStaticExtents(), op.getExtents().size());
}

template <typename Op>
static SmallVector<OpFoldResult> mixExtents(Op op) {
  if (!op.getStaticExtents())
    return {};
  return getMixedValues(*op.getStaticExtents(), op.getExtents(),
                        op.getContext());
}

/// Makes constant extents static.
template <typename Op>
static LogicalResult canonicalizeVote(Op op, PatternRewriter &rewriter) {
  if (succeeded(foldCasts(op, rewriter)))
    return success();
  SmallVector<OpFoldResult> extents = op.getMixedExtents();
  if (failed(foldDynamicIndexList(extents, /*onlyNonNegative=*/true)))
    return failure();
  rewriter.replaceOpWithNewOp<Op>(op, op.getBuffer(), op.getIndices(), extents);
  return success();
}

void AnyOp::build(OpBuilder &builder, OperationState &state, Value buffer,
                  ValueRange indices, ArrayRef<OpFoldResult> extents) {
  buildVote<AnyOp>(builder, state, buffer, indices, extents);
}
void AllOp::build(OpBuilder &builder, OperationState &state, Value buffer,
                  ValueRange indices, ArrayRef<OpFoldResult> extents) {
  buildVote<AllOp>(builder, state, buffer, indices, extents);
}

LogicalResult AnyOp::verify() { return verifyVote(*this); }
LogicalResult AllOp::verify() { return verifyVote(*this); }

SmallVector<OpFoldResult> AnyOp::getMixedExtents() { return mixExtents(*this); }
SmallVector<OpFoldResult> AllOp::getMixedExtents() { return mixExtents(*this); }

LogicalResult AnyOp::canonicalize(AnyOp op, PatternRewriter &rewriter) {
  return canonicalizeVote(op, rewriter);
}
LogicalResult AllOp::canonicalize(AllOp op, PatternRewriter &rewriter) {
  return canonicalizeVote(op, rewriter);
}
