//===- BodySyntax.h - bodies of launches and loops --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_IR_BODYSYNTAX_H
#define TILE_LIB_DIALECT_TILE_IR_BODYSYNTAX_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

namespace mlir::tile {

using BodyBuilder = function_ref<void(OpBuilder &, Location, ValueRange)>;

/// Adds the body to `state`: a block with `numArgs` index arguments, filled by
/// `bodyBuilder` and ended by the terminator.
void buildBody(OpBuilder &builder, OperationState &state, unsigned numArgs,
               BodyBuilder bodyBuilder);

/// Verifies that the body has `expected` index arguments, one for each `what`.
LogicalResult verifyBody(Operation *op, Region &body, size_t expected,
                         StringRef what);

/// Parses the region, whose arguments were parsed already.
ParseResult parseBody(OpAsmParser &parser, OperationState &result,
                      MutableArrayRef<OpAsmParser::Argument> args);

/// Prints the region without its arguments.
void printBody(OpAsmPrinter &printer, Region &body);

/// Parses `attributes {...}`, which must not give again what the syntax gave.
ParseResult parseAttributes(OpAsmParser &parser, OperationState &result,
                            ArrayRef<StringRef> given);

/// Prints the arguments of the region, in parentheses.
void printArguments(OpAsmPrinter &printer, Region &body);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_IR_BODYSYNTAX_H
