//===- ClassLookup.cpp - finding classes and members ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace mlir::tile;

ClassOp ClassOp::lookup(SymbolTableCollection &tables, Operation *from,
                        FlatSymbolRefAttr name) {
  auto module = from->getParentOfType<ModuleOp>();
  if (!module)
    return nullptr;
  return tables.lookupSymbolIn<ClassOp>(module, name.getAttr());
}

ClassOp ClassOp::getBaseClass(SymbolTableCollection &tables) {
  return getBaseAttr() ? lookup(tables, *this, getBaseAttr()) : ClassOp();
}

Operation *ClassOp::lookupMember(SymbolTableCollection &tables,
                                 StringAttr name) {
  for (ClassOp cls = *this; cls; cls = cls.getBaseClass(tables))
    if (Operation *member = tables.lookupSymbolIn(cls, name))
      return member;
  return nullptr;
}

void ClassOp::getAllFields(SymbolTableCollection &tables,
                           SmallVectorImpl<FieldOp> &fields) {
  SmallVector<ClassOp> classes;
  for (ClassOp cls = *this; cls; cls = cls.getBaseClass(tables))
    classes.push_back(cls);
  for (ClassOp cls : llvm::reverse(classes))
    llvm::append_range(fields, cls.getBody().getOps<FieldOp>());
}
