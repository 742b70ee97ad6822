//===- OpProperties.h - properties of ops in bytecode ----------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's own encoding has the properties of an op in the order of its
// definition, so that an op that gains an attribute can no longer be read from
// older files. Here each has its name, and what a file does not name is absent.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_IR_OPPROPERTIES_H
#define TILE_LIB_DIALECT_TILE_IR_OPPROPERTIES_H

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OperationSupport.h"

namespace mlir::tile::detail {

/// Reports the first name in `found` that is not in `known`, which is null when
/// the op has taken none.
LogicalResult checkPropertyNames(DialectBytecodeReader &reader,
                                 OperationName op, DictionaryAttr found,
                                 Attribute known);

template <typename OpT>
LogicalResult readProperties(DialectBytecodeReader &reader,
                             OperationState &state) {
  DictionaryAttr found;
  if (failed(reader.readAttribute(found)))
    return failure();
  auto &properties = state.getOrAddProperties<typename OpT::Properties>();
  if (failed(OpT::setPropertiesFromAttr(properties, found,
                                        [&] { return reader.emitError(); })))
    return failure();
  return checkPropertyNames(
      reader, state.name, found,
      OpT::getPropertiesAsAttr(reader.getContext(), properties));
}

template <typename OpT>
void writeProperties(OpT op, DialectBytecodeWriter &writer) {
  MLIRContext *context = op->getContext();
  Attribute named = OpT::getPropertiesAsAttr(context, op.getProperties());
  writer.writeAttribute(named ? named : DictionaryAttr::get(context));
}

} // namespace mlir::tile::detail

#endif // TILE_LIB_DIALECT_TILE_IR_OPPROPERTIES_H
