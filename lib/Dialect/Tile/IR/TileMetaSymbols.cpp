//===- TileMetaSymbols.cpp - uses of classes and members --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifies what depends on other classes. A class verifies what is inside it
// itself, with the symbol tables of the module; the ops there, which are given
// tables of the class alone, would build one of the module for each class.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Verifies one op, by symbol tables that many of them share.
class UseVerifier {
public:
  UseVerifier(Operation *op, SymbolTableCollection &tables)
      : op(op), tables(tables) {}

  LogicalResult verify();

private:
  LogicalResult verify(FieldOp field);
  LogicalResult verify(MethodOp method);
  LogicalResult verify(NewOp newOp);
  LogicalResult verify(InvokeOp invoke);
  LogicalResult verify(GetOp get);
  LogicalResult verify(SetOp set);

  bool mayBeImported(FlatSymbolRefAttr name);
  bool isAssignable(Type from, Type to);
  FailureOr<ClassOp> getClass(FlatSymbolRefAttr name);
  template <typename Member>
  FailureOr<Member> getMember(FlatSymbolRefAttr className, StringAttr name,
                              StringRef kind);
  template <typename Member>
  void listMembers(InFlightDiagnostic &diag, ClassOp cls);
  FailureOr<FlatSymbolRefAttr> getNamedClass(InvokeOp invoke);

  LogicalResult verifyClasses(TypeRange types);
  LogicalResult verifyTypes(Operation *callee, StringRef what, TypeRange found,
                            TypeRange expected);
  LogicalResult verifyPurity(MethodOp callee);
  LogicalResult refuse(FieldOp field, Type found);

  Operation *op;
  SymbolTableCollection &tables;
};

} // namespace

/// Whether the class of this name, or one that it extends, is missing but may
/// be in a library that is still to be imported.
bool UseVerifier::mayBeImported(FlatSymbolRefAttr name) {
  if (ClassOp cls = ClassOp::lookup(tables, op, name)) {
    cls.visitHierarchy(tables, [&](ClassOp current) {
      name = current.getBaseAttr();
      return false;
    });
    if (!name || ClassOp::lookup(tables, op, name))
      return false;
  }
  auto module = op->getParentOfType<ModuleOp>();
  return module && !module.getOps<ImportOp>().empty();
}

/// Whether a value of type `from` may stand where `to` is expected: the same
/// type, or an object of a class that extends the expected one.
bool UseVerifier::isAssignable(Type from, Type to) {
  auto fromObject = dyn_cast<ObjectType>(from);
  auto toObject = dyn_cast<ObjectType>(to);
  if (from == to || !fromObject || !toObject)
    return from == to;
  if (mayBeImported(fromObject.getClassName()) ||
      mayBeImported(toObject.getClassName()))
    return true;
  ClassOp cls = ClassOp::lookup(tables, op, fromObject.getClassName());
  return cls &&
         cls.isOrExtends(tables,
                         ClassOp::lookup(tables, op, toObject.getClassName()));
}

/// The class of this name; null when it may still be imported, and an error
/// when there is none.
FailureOr<ClassOp> UseVerifier::getClass(FlatSymbolRefAttr name) {
  ClassOp cls = ClassOp::lookup(tables, op, name);
  if (cls || mayBeImported(name))
    return cls;
  return op->emitOpError("unknown class ") << name;
}

/// Writes the names of the members of one kind, inherited ones too.
template <typename Member>
void UseVerifier::listMembers(InFlightDiagnostic &diag, ClassOp cls) {
  SetVector<StringRef> names;
  cls.visitHierarchy(tables, [&](ClassOp current) {
    for (Member member : current.getBody().template getOps<Member>())
      names.insert(member.getSymName());
    return false;
  });
  if (names.empty()) {
    diag << "it has none";
    return;
  }
  diag << "expected ";
  llvm::interleave(
      names, diag, [&](StringRef name) { diag << '@' << name; }, ", ");
}

/// The member of a class; null when it may still be imported, and an error when
/// there is none.
template <typename Member>
FailureOr<Member> UseVerifier::getMember(FlatSymbolRefAttr className,
                                         StringAttr name, StringRef kind) {
  FailureOr<ClassOp> found = getClass(className);
  if (failed(found))
    return failure();
  ClassOp cls = *found;
  if (!cls)
    return Member();
  Operation *member = cls.lookupMember(tables, name);
  if (isa_and_nonnull<Member>(member))
    return cast<Member>(member);
  if (!member && mayBeImported(className))
    return Member();
  InFlightDiagnostic diag = op->emitOpError("unknown ")
                            << kind << " @" << name.getValue() << " of class @"
                            << cls.getSymName() << ": ";
  listMembers<Member>(diag, cls);
  diag.attachNote(cls.getLoc()) << "the class is here";
  return diag;
}

/// Verifies that the classes of objects among the types exist.
LogicalResult UseVerifier::verifyClasses(TypeRange types) {
  for (Type type : types)
    if (auto object = dyn_cast<ObjectType>(type))
      if (failed(getClass(object.getClassName())))
        return failure();
  return success();
}

/// Verifies the arguments (`what`) of a call against those of the method, or
/// its results, which go the other way.
LogicalResult UseVerifier::verifyTypes(Operation *callee, StringRef what,
                                       TypeRange found, TypeRange expected) {
  auto note = [&](InFlightDiagnostic diag) -> LogicalResult {
    diag.attachNote(callee->getLoc()) << "the method is here";
    return diag;
  };
  if (found.size() != expected.size())
    return note(op->emitOpError("expected ") << expected.size() << ' ' << what
                                             << "s, found " << found.size());
  for (auto [i, types] : llvm::enumerate(llvm::zip_equal(found, expected))) {
    auto [ours, theirs] = types;
    if (what == "result" ? isAssignable(theirs, ours)
                         : isAssignable(ours, theirs))
      continue;
    return note(op->emitOpError("expected ")
                << what << " #" << i << " of " << theirs << ", found " << ours);
  }
  return success();
}

LogicalResult UseVerifier::verifyPurity(MethodOp callee) {
  auto caller = op->getParentOfType<MethodOp>();
  if (!caller || !caller.getPure() || callee.getPure())
    return success();
  InFlightDiagnostic diag =
      op->emitOpError("cannot call a method that is not pure in a pure method");
  diag.attachNote(callee.getLoc()) << "the method is here";
  return diag;
}

LogicalResult UseVerifier::verify(FieldOp field) {
  return verifyClasses(field.getType());
}

LogicalResult UseVerifier::verify(MethodOp method) {
  return failure(failed(verifyClasses(method.getArgumentTypes())) ||
                 failed(verifyClasses(method.getResultTypes())));
}

LogicalResult UseVerifier::verify(NewOp newOp) {
  FailureOr<ClassOp> found = getClass(newOp.getClassNameAttr());
  if (failed(found) || !*found)
    return LogicalResult(found);
  ClassOp cls = *found;
  auto init = dyn_cast_or_null<MethodOp>(
      cls.lookupMember(tables, StringAttr::get(op->getContext(), "init")));
  if (init)
    return failure(
        failed(verifyTypes(init, "argument", newOp.getArgs().getTypes(),
                           init.getCallArgumentTypes())) ||
        failed(verifyPurity(init)));
  if (newOp.getArgs().empty() || mayBeImported(newOp.getClassNameAttr()))
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected no arguments for class @")
                            << cls.getSymName()
                            << ", which has no method 'init', found "
                            << newOp.getArgs().size();
  diag.attachNote(cls.getLoc()) << "the class is here";
  return diag;
}

/// The class whose method is called: the object's, or the one that is named.
FailureOr<FlatSymbolRefAttr> UseVerifier::getNamedClass(InvokeOp invoke) {
  auto object = cast<ObjectType>(invoke.getObject().getType());
  SymbolRefAttr name = invoke.getMethodAttr();
  if (isa<FlatSymbolRefAttr>(name))
    return object.getClassName();
  if (name.getNestedReferences().size() > 1)
    return op->emitOpError("expected a method, or a class and its method, "
                           "found ")
           << name;
  auto named = FlatSymbolRefAttr::get(name.getRootReference());
  if (failed(getClass(named)))
    return failure();
  if (isAssignable(object, ObjectType::get(op->getContext(), named)))
    return named;
  return op->emitOpError("expected class ")
         << object.getClassName() << " or one that it extends, found " << named;
}

LogicalResult UseVerifier::verify(InvokeOp invoke) {
  FailureOr<FlatSymbolRefAttr> className = getNamedClass(invoke);
  if (failed(className))
    return failure();
  FailureOr<MethodOp> found = getMember<MethodOp>(
      *className, invoke.getMethodAttr().getLeafReference(), "method");
  if (failed(found) || !*found)
    return LogicalResult(found);
  MethodOp method = *found;
  if (failed(verifyTypes(method, "argument", invoke.getArgs().getTypes(),
                         method.getCallArgumentTypes())) ||
      failed(verifyTypes(method, "result", invoke.getResultTypes(),
                         method.getResultTypes())))
    return failure();
  return verifyPurity(method);
}

LogicalResult UseVerifier::refuse(FieldOp field, Type found) {
  InFlightDiagnostic diag = op->emitOpError("expected a value of ")
                            << field.getType() << ", found " << found;
  diag.attachNote(field.getLoc()) << "the field is here";
  return diag;
}

LogicalResult UseVerifier::verify(GetOp get) {
  FailureOr<FieldOp> field =
      getMember<FieldOp>(get.getObject().getType().getClassName(),
                         get.getFieldAttr().getAttr(), "field");
  if (failed(field) || !*field)
    return LogicalResult(field);
  Type type = get.getValue().getType();
  return isAssignable((*field).getType(), type) ? success()
                                                : refuse(*field, type);
}

LogicalResult UseVerifier::verify(SetOp set) {
  FailureOr<FieldOp> field =
      getMember<FieldOp>(set.getObject().getType().getClassName(),
                         set.getFieldAttr().getAttr(), "field");
  if (failed(field) || !*field)
    return LogicalResult(field);
  Type type = set.getValue().getType();
  return isAssignable(type, (*field).getType()) ? success()
                                                : refuse(*field, type);
}

LogicalResult UseVerifier::verify() {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<FieldOp, MethodOp, NewOp, InvokeOp, GetOp, SetOp>(
          [&](auto concrete) { return verify(concrete); })
      .Default(success());
}

//===----------------------------------------------------------------------===//
// The ops' verifiers
//===----------------------------------------------------------------------===//

/// Verifies an op that is not in a class, which would have done so.
static LogicalResult verifyOutside(Operation *op,
                                   SymbolTableCollection &tables) {
  if (op->getParentOfType<ClassOp>())
    return success();
  return UseVerifier(op, tables).verify();
}

LogicalResult FieldOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyOutside(*this, tables);
}

LogicalResult MethodOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyOutside(*this, tables);
}

LogicalResult NewOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyOutside(*this, tables);
}

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyOutside(*this, tables);
}

LogicalResult GetOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyOutside(*this, tables);
}

LogicalResult SetOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyOutside(*this, tables);
}

static LogicalResult verifyOverride(ClassOp cls, Operation *member,
                                    Operation *inherited) {
  auto refuse = [&](StringRef what) -> LogicalResult {
    InFlightDiagnostic diag =
        member->emitOpError("cannot replace the member that class @")
        << cls.getSymName() << " inherits: expected " << what;
    diag.attachNote(inherited->getLoc()) << "the inherited member is here";
    return diag;
  };
  auto method = dyn_cast<MethodOp>(member);
  auto inheritedMethod = dyn_cast<MethodOp>(inherited);
  if (!method || !inheritedMethod)
    return refuse("a method in place of a method");
  // Each class makes its objects in its own way.
  if (method.getSymName() == "init")
    return success();
  if (method.getCallArgumentTypes() != inheritedMethod.getCallArgumentTypes() ||
      method.getResultTypes() != inheritedMethod.getResultTypes())
    return refuse("the same arguments and results");
  if (method.getPure() != inheritedMethod.getPure())
    return refuse("both pure or both not");
  return success();
}

/// Verifies that the class does not extend itself, and its members against
/// those that it inherits.
static LogicalResult verifyInheritance(ClassOp cls,
                                       SymbolTableCollection &tables) {
  ClassOp last;
  cls.visitHierarchy(tables, [&](ClassOp current) {
    last = current;
    return false;
  });
  if (last.getBaseClass(tables)) {
    InFlightDiagnostic diag = cls.emitOpError("cannot extend itself");
    diag.attachNote(last.getLoc()) << "the circle closes here";
    return diag;
  }
  ClassOp base = cls.getBaseClass(tables);
  for (Operation &member : cls.getBody().front())
    if (Operation *inherited = base.lookupMember(
            tables, cast<SymbolOpInterface>(member).getNameAttr()))
      if (failed(verifyOverride(cls, &member, inherited)))
        return failure();
  return success();
}

LogicalResult ClassOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (getBaseAttr()) {
    if (!getBaseClass(tables)) {
      auto module = (*this)->getParentOfType<ModuleOp>();
      if (module.getOps<ImportOp>().empty())
        return emitOpError("unknown class ") << getBaseAttr();
    } else if (failed(verifyInheritance(*this, tables))) {
      return failure();
    }
  }
  WalkResult result = getBody().walk([&](Operation *op) -> WalkResult {
    return UseVerifier(op, tables).verify();
  });
  return failure(result.wasInterrupted());
}
