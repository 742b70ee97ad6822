//===- TileLoopOps.cpp - loops in kernels -----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySyntax.h"
#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// ParallelOp
//===----------------------------------------------------------------------===//

void ParallelOp::build(OpBuilder &builder, OperationState &state,
                       ArrayRef<OpFoldResult> extents,
                       BodyBuilder bodyBuilder) {
  SmallVector<Value> values;
  SmallVector<int64_t> constants;
  dispatchIndexOpFoldResults(extents, values, constants);
  state.addOperands(values);
  state.getOrAddProperties<Properties>().static_extents =
      builder.getDenseI64ArrayAttr(constants);
  buildBody(builder, state, extents.size(), bodyBuilder);
}

ParseResult ParallelOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> ivs;
  SmallVector<OpAsmParser::UnresolvedOperand> extents;
  DenseI64ArrayAttr constants;
  if (parser.parseArgumentList(ivs, OpAsmParser::Delimiter::Paren) ||
      parser.parseKeyword("in") ||
      parseDynamicIndexList(parser, extents, constants, /*valueTypes=*/nullptr,
                            AsmParser::Delimiter::Paren) ||
      parser.resolveOperands(extents, parser.getBuilder().getIndexType(),
                             result.operands) ||
      parseAttributes(parser, result, {"static_extents"}))
    return failure();
  result.getOrAddProperties<Properties>().static_extents = constants;
  return parseBody(parser, result, ivs);
}

void ParallelOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printArguments(printer, getBody());
  printer << " in ";
  printDynamicIndexList(printer, *this, getExtents(), getStaticExtents(),
                        TypeRange(), AsmParser::Delimiter::Paren);
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {"static_extents"});
  printBody(printer, getBody());
}

LogicalResult ParallelOp::verify() {
  return verifyExtents(*this, getStaticExtents(), getExtents().size());
}

/// Whether `buffer` is a local buffer, or a view of one, that is made outside
/// of `region`.
static bool isLocalFromOutside(Value buffer, Region &region) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  if (!type || tile::getScope(type) != Scope::Local)
    return false;
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
    buffer = view.getViewSource();
  return !region.isAncestor(buffer.getParentRegion());
}

LogicalResult ParallelOp::verifyRegions() {
  if (failed(verifyBody(*this, getBody(), getStaticExtents().size(), "extent")))
    return failure();
  // Each thread has its own copy of a local buffer, so what an iteration writes
  // there would depend on which thread runs it.
  WalkResult result = getBody().walk([&](MemoryEffectOpInterface op) {
    SmallVector<MemoryEffects::EffectInstance> effects;
    op.getEffects<MemoryEffects::Write>(effects);
    for (const MemoryEffects::EffectInstance &effect : effects) {
      if (!effect.getValue() ||
          !isLocalFromOutside(effect.getValue(), getBody()))
        continue;
      InFlightDiagnostic diag =
          op->emitOpError("cannot write to a local buffer from outside of "
                          "'tile.parallel', since each thread has its own");
      diag.attachNote(getLoc()) << "inside this 'tile.parallel'";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

SmallVector<OpFoldResult> ParallelOp::getMixedExtents() {
  return getMixedValues(getStaticExtents(), getExtents(), getContext());
}

std::optional<SmallVector<Value>> ParallelOp::getLoopInductionVars() {
  return SmallVector<Value>(getInductionVars());
}

std::optional<SmallVector<OpFoldResult>> ParallelOp::getLoopLowerBounds() {
  return SmallVector<OpFoldResult>(getStaticExtents().size(),
                                   Builder(getContext()).getIndexAttr(0));
}

std::optional<SmallVector<OpFoldResult>> ParallelOp::getLoopUpperBounds() {
  return getMixedExtents();
}

std::optional<SmallVector<OpFoldResult>> ParallelOp::getLoopSteps() {
  return SmallVector<OpFoldResult>(getStaticExtents().size(),
                                   Builder(getContext()).getIndexAttr(1));
}

SmallVector<Region *> ParallelOp::getLoopRegions() { return {&getBody()}; }

LogicalResult ParallelOp::canonicalize(ParallelOp op,
                                       PatternRewriter &rewriter) {
  if (llvm::is_contained(op.getStaticExtents(), 0) ||
      llvm::hasSingleElement(op.getBody().front())) {
    rewriter.eraseOp(op);
    return success();
  }
  // Make constant extents static.
  SmallVector<OpFoldResult> extents = op.getMixedExtents();
  if (failed(foldDynamicIndexList(extents, /*onlyNonNegative=*/true)))
    return failure();
  SmallVector<Value> values;
  SmallVector<int64_t> constants;
  dispatchIndexOpFoldResults(extents, values, constants);
  rewriter.modifyOpInPlace(op, [&] {
    op.getExtentsMutable().assign(values);
    op.setStaticExtents(constants);
  });
  return success();
}

//===----------------------------------------------------------------------===//
// PipelinedOp
//===----------------------------------------------------------------------===//

void PipelinedOp::build(
    OpBuilder &builder, OperationState &state, Value lower, Value upper,
    Value step, int64_t stages,
    function_ref<void(OpBuilder &, Location, Value)> bodyBuilder) {
  state.addOperands({lower, upper, step});
  state.getOrAddProperties<Properties>().stages =
      builder.getI64IntegerAttr(stages);
  buildBody(builder, state, /*numArgs=*/1,
            [&](OpBuilder &nested, Location loc, ValueRange args) {
              if (bodyBuilder)
                bodyBuilder(nested, loc, args.front());
            });
}

ParseResult PipelinedOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::Argument iv;
  OpAsmParser::UnresolvedOperand lower, upper, step;
  Builder &builder = parser.getBuilder();
  Type index = builder.getIndexType();
  if (parser.parseArgument(iv) || parser.parseEqual() ||
      parser.parseOperand(lower) || parser.parseKeyword("to") ||
      parser.parseOperand(upper) || parser.parseKeyword("step") ||
      parser.parseOperand(step) ||
      parser.resolveOperands({lower, upper, step}, index, result.operands))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("stages"))) {
    int64_t stages;
    if (parser.parseLParen() || parser.parseInteger(stages) ||
        parser.parseRParen())
      return failure();
    result.getOrAddProperties<Properties>().stages =
        builder.getI64IntegerAttr(stages);
  }
  if (parseAttributes(parser, result, {"stages"}))
    return failure();
  return parseBody(parser, result, iv);
}

void PipelinedOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getInductionVar() << " = " << getLower() << " to "
          << getUpper() << " step " << getStep();
  if (getStages() != 1)
    printer << " stages(" << getStages() << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"stages"});
  printBody(printer, getBody());
}

LogicalResult PipelinedOp::verify() {
  APInt step;
  if (matchPattern(getStep(), m_ConstantInt(&step)) &&
      !step.isStrictlyPositive())
    return emitOpError("expected a positive step, found ")
           << step.getSExtValue();
  return success();
}

LogicalResult PipelinedOp::verifyRegions() {
  return verifyBody(*this, getBody(), 1, "loop");
}

std::optional<SmallVector<Value>> PipelinedOp::getLoopInductionVars() {
  return SmallVector<Value>{getInductionVar()};
}

std::optional<SmallVector<OpFoldResult>> PipelinedOp::getLoopLowerBounds() {
  return SmallVector<OpFoldResult>{getAsOpFoldResult(getLower())};
}

std::optional<SmallVector<OpFoldResult>> PipelinedOp::getLoopUpperBounds() {
  return SmallVector<OpFoldResult>{getAsOpFoldResult(getUpper())};
}

std::optional<SmallVector<OpFoldResult>> PipelinedOp::getLoopSteps() {
  return SmallVector<OpFoldResult>{getAsOpFoldResult(getStep())};
}

SmallVector<Region *> PipelinedOp::getLoopRegions() { return {&getBody()}; }

LogicalResult PipelinedOp::canonicalize(PipelinedOp op,
                                        PatternRewriter &rewriter) {
  APInt lower, upper;
  bool isEmpty = matchPattern(op.getLower(), m_ConstantInt(&lower)) &&
                 matchPattern(op.getUpper(), m_ConstantInt(&upper)) &&
                 lower.sge(upper);
  if (!isEmpty && !llvm::hasSingleElement(op.getBody().front()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}
