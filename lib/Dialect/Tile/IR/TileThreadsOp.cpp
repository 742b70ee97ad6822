//===- TileThreadsOp.cpp - code of single threads ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::tile;

void ThreadsOp::build(
    OpBuilder &builder, OperationState &state,
    function_ref<void(OpBuilder &, Location, Value)> bodyBuilder) {
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(state.addRegion(), {},
                                     builder.getIndexType(), state.location);
  if (bodyBuilder)
    bodyBuilder(builder, state.location, block->getArgument(0));
  builder.setInsertionPointToEnd(block);
  YieldOp::create(builder, state.location);
}

ParseResult ThreadsOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::Argument thread;
  thread.type = parser.getBuilder().getIndexType();
  Region *body = result.addRegion();
  if (parser.parseLParen() || parser.parseArgument(thread) ||
      parser.parseRParen() ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*body, thread))
    return failure();
  ensureTerminator(*body, parser.getBuilder(), result.location);
  return success();
}

void ThreadsOp::print(OpAsmPrinter &printer) {
  printer << " (" << getThreadId() << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/false);
}

LogicalResult ThreadsOp::verifyRegions() {
  TypeRange types = getBody().getArgumentTypes();
  if (types.size() != 1 || !types.front().isIndex())
    return emitOpError("expected one region argument of type 'index', the "
                       "number of the thread, found (")
           << types << ')';
  return success();
}

LogicalResult ThreadsOp::canonicalize(ThreadsOp op, PatternRewriter &rewriter) {
  if (!llvm::hasSingleElement(op.getBody().front()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}
