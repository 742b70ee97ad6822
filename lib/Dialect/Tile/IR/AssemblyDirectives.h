//===- AssemblyDirectives.h - custom directives of the assembly formats ---===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_IR_ASSEMBLYDIRECTIVES_H
#define TILE_LIB_DIALECT_TILE_IR_ASSEMBLYDIRECTIVES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

namespace mlir::tile {

/// A member of an object, as `%object::@member`, or `%object::@Class::@member`
/// where the class may be named too.
ParseResult parseMember(OpAsmParser &parser,
                        OpAsmParser::UnresolvedOperand &object,
                        FlatSymbolRefAttr &member);
ParseResult parseMember(OpAsmParser &parser,
                        OpAsmParser::UnresolvedOperand &object,
                        SymbolRefAttr &member);
void printMember(OpAsmPrinter &printer, Operation *op, Value object,
                 SymbolRefAttr member);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_IR_ASSEMBLYDIRECTIVES_H
