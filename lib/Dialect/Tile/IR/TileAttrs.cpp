//===- TileAttrs.cpp - attributes and enumerations --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

#include "tile/Dialect/Tile/IR/TileEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "tile/Dialect/Tile/IR/TileAttrs.cpp.inc"

void TileDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "tile/Dialect/Tile/IR/TileAttrs.cpp.inc"
      >();
}

std::optional<Scope> mlir::tile::getScope(MemRefType type) {
  Attribute space = type.getMemorySpace();
  if (!space)
    return Scope::Global;
  if (auto scope = dyn_cast<ScopeAttr>(space))
    return scope.getValue();
  return std::nullopt;
}

Scope mlir::tile::getScope(Value buffer) {
  return *getScope(cast<MemRefType>(buffer.getType()));
}

MemRefType mlir::tile::withScope(MemRefType type, Scope scope) {
  return MemRefType::Builder(type).setMemorySpace(
      ScopeAttr::get(type.getContext(), scope));
}

MemRefType mlir::tile::getBufferType(ArrayRef<int64_t> shape, Type elementType,
                                     Scope scope) {
  return MemRefType::get(shape, elementType, MemRefLayoutAttrInterface(),
                         ScopeAttr::get(elementType.getContext(), scope));
}
