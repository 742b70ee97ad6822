//===- ObjectTable.cpp - the objects of one function ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ObjectTable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

ObjectTable::ObjectTable(RewriterBase &rewriter, SymbolTableCollection &tables,
                         Operation *root)
    : rewriter(rewriter), tables(tables) {
  root->walk([&](AllocVarOp op) {
    if (op.getName())
      names.try_emplace(*op.getName(), 0);
  });
}

std::string ObjectTable::getUniqueName(StringRef name) {
  auto [it, isNew] = names.try_emplace(name, 0);
  if (isNew)
    return name.str();
  unsigned &number = it->second;
  std::string unique;
  do
    unique = (name + "_" + Twine(++number)).str();
  while (!names.try_emplace(unique, 0).second);
  return unique;
}

ClassOp ObjectTable::add(NewOp op) {
  ClassOp cls = ClassOp::lookup(tables, op, op.getClassNameAttr());
  Object object;
  object.cls = cls;
  object.origin = op;
  StringRef prefix = op.getPrefix().value_or(cls.getSymName());
  SmallVector<FieldOp> fields;
  cls.getAllFields(tables, fields);
  rewriter.setInsertionPoint(op);
  for (FieldOp field : fields) {
    if (field.isReference())
      continue;
    Value init;
    if (std::optional<TypedAttr> attr = field.getInit())
      init = arith::ConstantOp::create(rewriter, op.getLoc(), *attr);
    std::string name = getUniqueName((prefix + "_" + field.getSymName()).str());
    object.fields[field.getSymNameAttr()] =
        AllocVarOp::create(rewriter, op.getLoc(), field.getType(), init, name);
  }
  objects.insert({op.getObject(), std::move(object)});
  return cls;
}

FailureOr<ObjectTable::Object *> ObjectTable::find(Operation *op,
                                                   Value object) {
  auto *it = objects.find(object);
  if (it != objects.end())
    return &it->second;
  return op->emitOpError("expected an object that a 'tile.new' makes");
}

FailureOr<ClassOp> ObjectTable::getClass(Operation *op, Value object) {
  FailureOr<Object *> found = find(op, object);
  if (failed(found))
    return failure();
  return (*found)->cls;
}

FieldOp ObjectTable::getField(const Object &object, StringAttr name) {
  Operation *member = ClassOp(object.cls).lookupMember(tables, name);
  return cast<FieldOp>(member);
}

/// Refuses the use in a launch of variables that belong to the host.
static LogicalResult verifySide(Operation *op, NewOp origin) {
  auto launch = op->getParentOfType<LaunchOp>();
  if (!launch || launch->isProperAncestor(origin))
    return success();
  InFlightDiagnostic diag =
      op->emitOpError("expected an object that is made inside the "
                      "'tile.launch', found one of the host, whose variables "
                      "a launch cannot use");
  diag.attachNote(origin.getLoc()) << "the object is made here";
  diag.attachNote(launch.getLoc()) << "inside this 'tile.launch'";
  return diag;
}

LogicalResult ObjectTable::replace(GetOp op) {
  FailureOr<Object *> found = find(op, op.getObject());
  if (failed(found))
    return failure();
  Object &object = **found;
  StringAttr name = op.getFieldAttr().getAttr();
  Value value = object.fields.lookup(name);
  if (!value) {
    InFlightDiagnostic diag = op.emitOpError("expected reference field ")
                              << op.getFieldAttr()
                              << " to be set before it is read";
    diag.attachNote(object.origin.getLoc()) << "the object is made here";
    return diag;
  }
  if (!getField(object, name).isReference()) {
    if (failed(verifySide(op, object.origin)))
      return failure();
    rewriter.setInsertionPoint(op);
    value = memref::LoadOp::create(rewriter, op.getLoc(), value);
  }
  rewriter.replaceOp(op, value);
  return success();
}

LogicalResult ObjectTable::replace(SetOp op) {
  FailureOr<Object *> found = find(op, op.getObject());
  if (failed(found))
    return failure();
  Object &object = **found;
  StringAttr name = op.getFieldAttr().getAttr();
  if (getField(object, name).isReference())
    return setReference(op, object);
  if (failed(verifySide(op, object.origin)))
    return failure();
  rewriter.setInsertionPoint(op);
  rewriter.replaceOpWithNewOp<memref::StoreOp>(op, op.getValue(),
                                               object.fields.lookup(name));
  return success();
}

/// What a field refers to has to be one value in all the code that follows.
LogicalResult ObjectTable::setReference(SetOp op, Object &object) {
  Value &reference = object.fields[op.getFieldAttr().getAttr()];
  bool isConditional = op->getBlock() != object.origin->getBlock();
  if (reference || isConditional) {
    InFlightDiagnostic diag = op.emitOpError("expected reference field ")
                              << op.getFieldAttr()
                              << " to be set once, in the block where its "
                                 "object is made";
    diag.attachNote(object.origin.getLoc()) << "the object is made here";
    return diag;
  }
  reference = op.getValue();
  rewriter.eraseOp(op);
  return success();
}

LogicalResult ObjectTable::verifyUses(Operation *op) const {
  auto isObject = [](Type type) { return isa<ObjectType>(type); };
  auto refuse = [&](StringRef what) {
    return op->emitOpError("expected no object among its ")
           << what
           << ": an object only goes to methods, inline regions and fields";
  };
  for (Value operand : op->getOperands())
    if (isObject(operand.getType())) {
      InFlightDiagnostic diag = refuse("operands");
      diag.attachNote(operand.getLoc()) << "the object is made here";
      return diag;
    }
  if (llvm::any_of(op->getResultTypes(), isObject))
    return refuse("results");
  // A declaration has no block whose arguments could tell.
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (function && llvm::any_of(function.getResultTypes(), isObject))
    return refuse("results");
  if (function && llvm::any_of(function.getArgumentTypes(), isObject))
    return refuse("arguments");
  // What the terminators give to the other blocks is among their operands.
  for (Region &region : op->getRegions())
    if (!region.empty() &&
        llvm::any_of(region.front().getArgumentTypes(), isObject))
      return refuse("arguments");
  return success();
}

void ObjectTable::erase() {
  for (auto &[value, object] : llvm::reverse(objects))
    rewriter.eraseOp(object.origin);
}
