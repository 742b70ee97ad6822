//===- ObjectTable.h - the objects of one function --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_OBJECTTABLE_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_OBJECTTABLE_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::tile {

/// What is known at compile time of the objects of one function: the class of
/// each, the variables of its scalar fields, and what its other fields refer
/// to. Every use of an object is a use of the result of its tile.new.
class ObjectTable {
public:
  /// `root` holds the objects; its variables keep their names.
  ObjectTable(RewriterBase &rewriter, SymbolTableCollection &tables,
              Operation *root);

  /// Enters the object that `op` makes, and makes its variables; returns its
  /// class.
  ClassOp add(NewOp op);

  /// The class of the object that `op` works on; an error where that has not
  /// been entered, as a value that folding has made.
  FailureOr<ClassOp> getClass(Operation *op, Value object);

  /// Replaces an access by one to a variable, or by what the field refers to.
  LogicalResult replace(GetOp op);
  LogicalResult replace(SetOp op);

  /// Refuses an object among the operands, results or arguments of an op that
  /// is not one of those that work on objects.
  LogicalResult verifyUses(Operation *op) const;

  /// A name for a variable that no other has: `name` itself or with a number.
  std::string getUniqueName(StringRef name);

  /// Erases what made the objects, when nothing uses them any more.
  void erase();

  unsigned size() const { return objects.size(); }

private:
  struct Object {
    ClassOp cls;
    NewOp origin;
    /// Of each scalar field its variable; of each other field, once it is set,
    /// what it refers to.
    DenseMap<StringAttr, Value> fields;
  };

  FailureOr<Object *> find(Operation *op, Value object);
  FieldOp getField(const Object &object, StringAttr name);
  LogicalResult setReference(SetOp op, Object &object);

  RewriterBase &rewriter;
  SymbolTableCollection &tables;
  llvm::MapVector<Value, Object> objects;
  /// The names in use, each with the last number that was put behind it.
  llvm::StringMap<unsigned> names;
};

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_OBJECTTABLE_H
