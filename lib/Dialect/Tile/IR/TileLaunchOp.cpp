//===- TileLaunchOp.cpp - the launch of a kernel ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySyntax.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::tile;

/// The largest number of blocks that a cluster can have.
static constexpr int64_t kMaxClusterSize = 16;

/// The most rows or columns of a panel: no grid has more of both.
static constexpr int64_t kMaxPanel = 65535;

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
    return matchPattern(extent, m_ConstantInt(&constant)) && constant.isZero();
  });
  if (!isEmpty && !llvm::hasSingleElement(op.getBody().front()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}
