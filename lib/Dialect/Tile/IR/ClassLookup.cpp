//===- ClassLookup.cpp - finding classes and members ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With symbol tables a lookup takes constant time for each class on the way.
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

bool ClassOp::visitHierarchy(SymbolTableCollection &tables,
                             function_ref<bool(ClassOp)> visit) {
  SmallPtrSet<Operation *, 4> visited;
  for (ClassOp cls = *this; cls && visited.insert(cls).second;
       cls = cls.getBaseClass(tables))
    if (visit(cls))
      return true;
  return false;
}

bool ClassOp::isOrExtends(SymbolTableCollection &tables, ClassOp other) {
  return visitHierarchy(tables, [&](ClassOp cls) { return cls == other; });
}

Operation *ClassOp::lookupMember(SymbolTableCollection &tables,
                                 StringAttr name) {
  Operation *member = nullptr;
  visitHierarchy(tables, [&](ClassOp cls) {
    member = tables.lookupSymbolIn(cls, name);
    return member != nullptr;
  });
  return member;
}

void ClassOp::getAllFields(SymbolTableCollection &tables,
                           SmallVectorImpl<FieldOp> &fields) {
  SmallVector<ClassOp> classes;
  visitHierarchy(tables, [&](ClassOp cls) {
    classes.push_back(cls);
    return false;
  });
  for (ClassOp cls : llvm::reverse(classes))
    llvm::append_range(fields, cls.getBody().getOps<FieldOp>());
}
