//===- TileKernelOps.cpp - launch and loop operations -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

using BodyBuilder = function_ref<void(OpBuilder &, Location, ValueRange)>;

/// The largest number of blocks that a cluster can have.
static constexpr int64_t kMaxClusterSize = 16;

/// The most rows or columns of a panel: no grid has more of both.
static constexpr int64_t kMaxPanel = 65535;

/// Adds the body to `state`: a block with `numArgs` index arguments, filled by
/// `bodyBuilder` and ended by the terminator.
static void buildBody(OpBuilder &builder, OperationState &state,
                      unsigned numArgs, BodyBuilder bodyBuilder) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> types(numArgs, builder.getIndexType());
  SmallVector<Location> locs(numArgs, state.location);
  Region *region = state.addRegion();
  Block *block = builder.createBlock(region, {}, types, locs);
  if (bodyBuilder)
    bodyBuilder(builder, state.location, block->getArguments());
  builder.setInsertionPointToEnd(block);
  YieldOp::create(builder, state.location);
}

/// Verifies that the body has `expected` index arguments, one for each `what`.
static LogicalResult verifyBody(Operation *op, Region &body, size_t expected,
                                StringRef what) {
  size_t found = body.getNumArguments();
  if (found != expected)
    return op->emitOpError("expected ")
           << expected << " region arguments, one for each " << what
           << ", found " << found;
  for (BlockArgument arg : body.getArguments())
    if (!arg.getType().isIndex())
      return op->emitOpError("expected region argument #")
             << arg.getArgNumber() << " of type 'index', found "
             << arg.getType();
  return success();
}

/// Parses the region, whose arguments were parsed already.
static ParseResult parseBody(OpAsmParser &parser, OperationState &result,
                             MutableArrayRef<OpAsmParser::Argument> args) {
  for (OpAsmParser::Argument &arg : args)
    arg.type = parser.getBuilder().getIndexType();
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, args))
    return failure();
  LaunchOp::ensureTerminator(*body, parser.getBuilder(), result.location);
  return success();
}

/// Prints the region without its arguments.
static void printBody(OpAsmPrinter &printer, Region &body) {
  printer << ' ';
  printer.printRegion(body, /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/false);
}

/// Parses `attributes {...}`, which must not give again what the syntax gave.
static ParseResult parseAttributes(OpAsmParser &parser, OperationState &result,
                                   ArrayRef<StringRef> given) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  for (StringRef name : given)
    if (result.attributes.get(name))
      return parser.emitError(loc, "expected '")
             << name << "' before the attributes, found it among them";
  return success();
}

static void printArguments(OpAsmPrinter &printer, Region &body) {
  printer << '(';
  llvm::interleaveComma(body.getArguments(), printer,
                        [&](BlockArgument arg) { printer << arg; });
  printer << ')';
}

static bool isConstantInt(Value value, APInt &constant) {
  return matchPattern(value, m_ConstantInt(&constant));
}

//===----------------------------------------------------------------------===//
// LaunchOp
//===----------------------------------------------------------------------===//

void LaunchOp::build(OpBuilder &builder, OperationState &state, ValueRange grid,
                     int64_t threads, ArrayRef<int64_t> cluster,
                     BodyBuilder bodyBuilder, SwizzleAttr swizzle) {
  state.addOperands(grid);
  Properties &props = state.getOrAddProperties<Properties>();
  props.threads = builder.getI64IntegerAttr(threads);
  if (!cluster.empty())
    props.cluster = builder.getDenseI64ArrayAttr(cluster);
  props.swizzle = swizzle;
  buildBody(builder, state, grid.size(), bodyBuilder);
}

/// The attributes that clauses of the syntax give.
static constexpr StringRef kClauseNames[] = {
    "threads", "cluster", "swizzle", "roles", "stores", "shared_bytes"};

/// Parses the rest of `swizzle(4, row)`.
static ParseResult parseSwizzle(OpAsmParser &parser, SwizzleAttr &swizzle) {
  int64_t panel;
  if (parser.parseLParen() || parser.parseInteger(panel) || parser.parseComma())
    return failure();
  FailureOr<SwizzleOrder> order = FieldParser<SwizzleOrder>::parse(parser);
  if (failed(order) || parser.parseRParen())
    return failure();
  swizzle = SwizzleAttr::get(parser.getContext(), panel, *order);
  return success();
}

/// Parses `keyword(choice)`, if it is there.
template <typename Attr>
static ParseResult parseChoice(OpAsmParser &parser, StringRef keyword,
                               Attr &choice) {
  if (failed(parser.parseOptionalKeyword(keyword)))
    return success();
  if (parser.parseLParen())
    return failure();
  auto value = FieldParser<decltype(choice.getValue())>::parse(parser);
  if (failed(value) || parser.parseRParen())
    return failure();
  choice = Attr::get(parser.getContext(), *value);
  return success();
}

ParseResult LaunchOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> ids;
  SmallVector<OpAsmParser::UnresolvedOperand> grid;
  Builder &builder = parser.getBuilder();
  int64_t threads;
  if (parser.parseKeyword("blocks") ||
      parser.parseArgumentList(ids, OpAsmParser::Delimiter::Paren) ||
      parser.parseKeyword("in") ||
      parser.parseOperandList(grid, OpAsmParser::Delimiter::Paren) ||
      parser.resolveOperands(grid, builder.getIndexType(), result.operands) ||
      parser.parseKeyword("threads") || parser.parseLParen() ||
      parser.parseInteger(threads) || parser.parseRParen())
    return failure();
  Properties &props = result.getOrAddProperties<Properties>();
  props.threads = builder.getI64IntegerAttr(threads);
  if (succeeded(parser.parseOptionalKeyword("cluster"))) {
    SmallVector<int64_t> cluster;
    if (parser.parseCommaSeparatedList(
            OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
              return parser.parseInteger(cluster.emplace_back());
            }))
      return failure();
    props.cluster = builder.getDenseI64ArrayAttr(cluster);
  }
  if (succeeded(parser.parseOptionalKeyword("swizzle")) &&
      parseSwizzle(parser, props.swizzle))
    return failure();
  if (parseChoice(parser, "roles", props.roles) ||
      parseChoice(parser, "stores", props.stores))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("shared_bytes"))) {
    int64_t bytes;
    if (parser.parseLParen() || parser.parseInteger(bytes) ||
        parser.parseRParen())
      return failure();
    props.shared_bytes = builder.getI64IntegerAttr(bytes);
  }
  if (parseAttributes(parser, result, kClauseNames))
    return failure();
  return parseBody(parser, result, ids);
}

void LaunchOp::print(OpAsmPrinter &printer) {
  printer << " blocks";
  printArguments(printer, getBody());
  printer << " in (" << getGrid() << ") threads(" << getThreads() << ')';
  if (std::optional<ArrayRef<int64_t>> cluster = getCluster()) {
    printer << " cluster(";
    llvm::interleaveComma(*cluster, printer);
    printer << ')';
  }
  if (SwizzleAttr swizzle = getSwizzleAttr())
    printer << " swizzle(" << swizzle.getPanel() << ", " << swizzle.getOrder()
            << ')';
  if (std::optional<WarpRoleKind> roles = getRoles())
    printer << " roles(" << *roles << ')';
  if (std::optional<StoreKind> stores = getStores())
    printer << " stores(" << *stores << ')';
  if (std::optional<int64_t> bytes = getSharedBytes())
    printer << " shared_bytes(" << *bytes << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), kClauseNames);
  printBody(printer, getBody());
}

static LogicalResult verifySwizzle(LaunchOp op, SwizzleAttr swizzle) {
  if (op.getGrid().size() != 2)
    return op.emitOpError(
               "expected a grid of 2 dimensions with swizzle, found ")
           << op.getGrid().size();
  int64_t panel = swizzle.getPanel();
  if (panel < 1 || panel > kMaxPanel)
    return op.emitOpError("expected a panel of 1 to ")
           << kMaxPanel << ' ' << stringifySwizzleOrder(swizzle.getOrder())
           << "s, found " << panel;
  if (op.getCluster())
    return op.emitOpError("expected at most one of cluster and swizzle, found "
                          "both");
  return success();
}

LogicalResult LaunchOp::verify() {
  if (getGrid().size() > 3)
    return emitOpError("expected a grid of at most 3 dimensions, found ")
           << getGrid().size();
  if (auto outer = (*this)->getParentOfType<LaunchOp>()) {
    InFlightDiagnostic diag =
        emitOpError("cannot stand inside another 'tile.launch'");
    diag.attachNote(outer.getLoc()) << "inside this one";
    return diag;
  }
  if (getSwizzleAttr() && failed(verifySwizzle(*this, getSwizzleAttr())))
    return failure();
  std::optional<ArrayRef<int64_t>> cluster = getCluster();
  if (!cluster)
    return success();
  if (cluster->size() > getGrid().size())
    return emitOpError("expected a cluster of at most ")
           << getGrid().size() << " dimensions, those of the grid, found "
           << cluster->size();
  int64_t size = 1;
  for (int64_t extent : *cluster) {
    if (extent < 1)
      return emitOpError("expected positive cluster extents, found ") << extent;
    if (extent > kMaxClusterSize || (size *= extent) > kMaxClusterSize)
      return emitOpError("expected a cluster of at most ")
             << kMaxClusterSize << " blocks, found (" << *cluster << ')';
  }
  return success();
}

/// Whether `buffer` is in another scope than global, so that only a block, or
/// one of its threads, has it.
static bool belongsToBlock(Value buffer) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  return type && tile::getScope(type).value_or(Scope::Global) != Scope::Global;
}

LogicalResult LaunchOp::verifyRegions() {
  if (failed(verifyBody(*this, getBody(), getGrid().size(), "grid dimension")))
    return failure();
  WalkResult result = getBody().walk([&](Operation *op) {
    for (Value operand : op->getOperands()) {
      if (!belongsToBlock(operand) ||
          getBody().isAncestor(operand.getParentRegion()))
        continue;
      InFlightDiagnostic diag =
          op->emitOpError("expected a buffer of global scope or one that is "
                          "made inside the 'tile.launch', found ")
          << operand.getType() << " from outside";
      diag.attachNote(getLoc()) << "inside this 'tile.launch'";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult LaunchOp::canonicalize(LaunchOp op, PatternRewriter &rewriter) {
  bool isEmpty = llvm::any_of(op.getGrid(), [](Value extent) {
    APInt constant;
    return isConstantInt(extent, constant) && constant.isZero();
  });
  if (!isEmpty && !llvm::hasSingleElement(op.getBody().front()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}

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
  if (isConstantInt(getStep(), step) && !step.isStrictlyPositive())
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
  bool isEmpty = isConstantInt(op.getLower(), lower) &&
                 isConstantInt(op.getUpper(), upper) && lower.sge(upper);
  if (!isEmpty && !llvm::hasSingleElement(op.getBody().front()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}
