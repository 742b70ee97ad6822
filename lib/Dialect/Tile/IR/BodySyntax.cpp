//===- BodySyntax.cpp - bodies of launches and loops ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySyntax.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::tile;

void mlir::tile::buildBody(OpBuilder &builder, OperationState &state,
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

LogicalResult mlir::tile::verifyBody(Operation *op, Region &body,
                                     size_t expected, StringRef what) {
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

ParseResult mlir::tile::parseBody(OpAsmParser &parser, OperationState &result,
                                  MutableArrayRef<OpAsmParser::Argument> args) {
  for (OpAsmParser::Argument &arg : args)
    arg.type = parser.getBuilder().getIndexType();
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, args))
    return failure();
  LaunchOp::ensureTerminator(*body, parser.getBuilder(), result.location);
  return success();
}

void mlir::tile::printBody(OpAsmPrinter &printer, Region &body) {
  printer << ' ';
  printer.printRegion(body, /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/false);
}

ParseResult mlir::tile::parseAttributes(OpAsmParser &parser,
                                        OperationState &result,
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

void mlir::tile::printArguments(OpAsmPrinter &printer, Region &body) {
  printer << '(';
  llvm::interleaveComma(body.getArguments(), printer,
                        [&](BlockArgument arg) { printer << arg; });
  printer << ')';
}
