//===- TileSpecializeOps.cpp - parts of a block -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::tile;

void SpecializeOp::build(OpBuilder &builder, OperationState &state,
                         ArrayRef<int64_t> threads) {
  state.addAttribute(getThreadsAttrName(state.name),
                     builder.getDenseI64ArrayAttr(threads));
  OpBuilder::InsertionGuard guard(builder);
  for (size_t i = 0; i < threads.size(); ++i) {
    builder.createBlock(state.addRegion());
    YieldOp::create(builder, state.location);
  }
}

ParseResult SpecializeOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  SmallVector<int64_t> threads;
  do {
    if (parser.parseKeyword("threads") || parser.parseLParen() ||
        parser.parseInteger(threads.emplace_back()) || parser.parseRParen())
      return failure();
    Region *part = result.addRegion();
    if (parser.parseRegion(*part))
      return failure();
    if (part->empty())
      part->emplaceBlock();
    OpBuilder atEnd(parser.getContext());
    atEnd.setInsertionPointToEnd(&part->back());
    if (part->back().empty() ||
        !part->back().back().hasTrait<OpTrait::IsTerminator>())
      YieldOp::create(atEnd, result.location);
  } while (succeeded(parser.parseOptionalComma()));
  result.addAttribute(getThreadsAttrName(result.name),
                      builder.getDenseI64ArrayAttr(threads));
  return parser.parseOptionalAttrDictWithKeyword(result.attributes);
}

void SpecializeOp::print(OpAsmPrinter &printer) {
  llvm::interleave(
      llvm::zip_equal(getThreads(), getParts()),
      [&](auto part) {
        printer << " threads(" << std::get<0>(part) << ") ";
        printer.printRegion(std::get<1>(part), /*printEntryBlockArgs=*/false,
                            /*printBlockTerminators=*/false);
      },
      [&] { printer << ','; });
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getThreadsAttrName()});
}

LogicalResult SpecializeOp::verify() {
  if (getThreads().size() != getParts().size())
    return emitOpError("expected the threads of each of ")
           << getParts().size() << " regions, found " << getThreads().size();
  int64_t total = 0;
  for (int64_t count : getThreads()) {
    if (count < 1 || count > 1024)
      return emitOpError("expected from 1 to 1024 threads in each region, "
                         "found ")
             << count;
    total += count;
  }
  int64_t available = getNumThreads(getOperation());
  if (available && total != available)
    return emitOpError("expected regions for ")
           << available << " threads, found " << total;
  return success();
}

LogicalResult SpecializeOp::verifyRegions() {
  for (Region &part : getParts())
    if (part.getNumArguments() != 0)
      return emitOpError("expected regions without arguments, found ")
             << part.getNumArguments();
  return success();
}

int64_t mlir::tile::getNumThreads(Operation *op) {
  for (Region *region = op->getParentRegion(); region;
       region = region->getParentRegion()) {
    if (auto launch = dyn_cast<LaunchOp>(region->getParentOp()))
      return launch.getThreads();
    if (auto roles = dyn_cast<SpecializeOp>(region->getParentOp()))
      return roles.getThreads()[region->getRegionNumber()];
  }
  return 0;
}
