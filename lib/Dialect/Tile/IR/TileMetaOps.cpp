//===- TileMetaOps.cpp - classes, objects and inline regions ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AssemblyDirectives.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// Finding classes and members
//===----------------------------------------------------------------------===//

ClassOp ClassOp::lookup(Operation *from, FlatSymbolRefAttr name) {
  auto module = from->getParentOfType<ModuleOp>();
  if (!module)
    return nullptr;
  return module.lookupSymbol<ClassOp>(name.getAttr());
}

ClassOp ClassOp::getBaseClass() {
  return getBaseAttr() ? lookup(*this, getBaseAttr()) : ClassOp();
}

/// Visits the class and those it extends until `visit` returns true. A class
/// that extends itself, which the verifier refuses, ends the visit.
static bool visitHierarchy(ClassOp cls, function_ref<bool(ClassOp)> visit) {
  SmallPtrSet<Operation *, 4> visited;
  for (; cls && visited.insert(cls).second; cls = cls.getBaseClass())
    if (visit(cls))
      return true;
  return false;
}

bool ClassOp::isOrExtends(ClassOp other) {
  return visitHierarchy(*this, [&](ClassOp cls) { return cls == other; });
}

Operation *ClassOp::lookupMember(StringAttr name) {
  Operation *member = nullptr;
  visitHierarchy(*this, [&](ClassOp cls) {
    member = ::mlir::SymbolTable::lookupSymbolIn(cls, name);
    return member != nullptr;
  });
  return member;
}

/// Whether the class of this name, or one that it extends, is missing but may
/// be in a library that is still to be imported.
static bool mayBeImported(Operation *from, FlatSymbolRefAttr name) {
  if (ClassOp cls = ClassOp::lookup(from, name)) {
    visitHierarchy(cls, [&](ClassOp current) {
      name = current.getBaseAttr();
      return false;
    });
    if (!name || ClassOp::lookup(from, name))
      return false;
  }
  auto module = from->getParentOfType<ModuleOp>();
  return module && !module.getOps<ImportOp>().empty();
}

/// Whether a value of type `from` may stand where `to` is expected: the same
/// type, or an object of a class that extends the expected one.
static bool isAssignable(Operation *op, Type from, Type to) {
  auto fromObject = dyn_cast<ObjectType>(from);
  auto toObject = dyn_cast<ObjectType>(to);
  if (!fromObject || !toObject)
    return from == to;
  if (mayBeImported(op, fromObject.getClassName()) ||
      mayBeImported(op, toObject.getClassName()))
    return true;
  ClassOp cls = ClassOp::lookup(op, fromObject.getClassName());
  return cls && cls.isOrExtends(ClassOp::lookup(op, toObject.getClassName()));
}

/// The class of this name; null when it may still be imported, and an error at
/// `op` when there is none.
static FailureOr<ClassOp> getClass(Operation *op, FlatSymbolRefAttr name) {
  ClassOp cls = ClassOp::lookup(op, name);
  if (cls || mayBeImported(op, name))
    return cls;
  return op->emitOpError("unknown class ") << name;
}

/// Writes the names of the members of one kind, inherited ones too.
template <typename Member>
static void listMembers(InFlightDiagnostic &diag, ClassOp cls) {
  SmallVector<StringRef> names;
  visitHierarchy(cls, [&](ClassOp current) {
    for (Member member : current.getBody().getOps<Member>())
      if (!llvm::is_contained(names, member.getSymName()))
        names.push_back(member.getSymName());
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

/// The member of `object`'s class; null when it may still be imported, and an
/// error at `op` when there is none.
template <typename Member>
static FailureOr<Member> getMember(Operation *op, Value object,
                                   FlatSymbolRefAttr name, StringRef kind) {
  FlatSymbolRefAttr className =
      cast<ObjectType>(object.getType()).getClassName();
  FailureOr<ClassOp> found = getClass(op, className);
  if (failed(found))
    return failure();
  ClassOp cls = *found;
  if (!cls)
    return Member();
  Operation *member = cls.lookupMember(name.getAttr());
  if (isa_and_nonnull<Member>(member))
    return cast<Member>(member);
  if (!member && mayBeImported(op, className))
    return Member();
  InFlightDiagnostic diag = op->emitOpError("unknown ")
                            << kind << ' ' << name << " of class @"
                            << cls.getSymName() << ": ";
  listMembers<Member>(diag, cls);
  diag.attachNote(cls.getLoc()) << "the class is here";
  return diag;
}

/// Verifies the arguments (`what`) of a call against those of the method, or
/// its results, which go the other way.
static LogicalResult verifyTypes(Operation *op, Operation *callee,
                                 StringRef what, TypeRange found,
                                 TypeRange expected) {
  auto note = [&](InFlightDiagnostic diag) -> LogicalResult {
    diag.attachNote(callee->getLoc()) << "the method is here";
    return diag;
  };
  if (found.size() != expected.size())
    return note(op->emitOpError("expected ") << expected.size() << ' ' << what
                                             << "s, found " << found.size());
  for (auto [i, types] : llvm::enumerate(llvm::zip_equal(found, expected))) {
    auto [ours, theirs] = types;
    if (what == "result" ? isAssignable(op, theirs, ours)
                         : isAssignable(op, ours, theirs))
      continue;
    return note(op->emitOpError("expected ")
                << what << " #" << i << " of " << theirs << ", found " << ours);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// ClassOp and FieldOp
//===----------------------------------------------------------------------===//

LogicalResult ClassOp::verifyRegions() {
  for (Operation &op : getBody().front())
    if (!isa<FieldOp, MethodOp>(op))
      return emitOpError("expected only fields and methods, found '")
             << op.getName() << "'";
  return success();
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

LogicalResult ClassOp::verifySymbolUses(SymbolTableCollection &) {
  if (!getBaseAttr())
    return success();
  if (FailureOr<ClassOp> base = getClass(*this, getBaseAttr());
      failed(base) || !*base)
    return LogicalResult(base);
  ClassOp last;
  SmallPtrSet<Operation *, 4> visited;
  for (ClassOp cls = *this; cls; cls = cls.getBaseClass()) {
    if (!visited.insert(cls).second) {
      InFlightDiagnostic diag = emitOpError("cannot extend itself");
      diag.attachNote(last.getLoc()) << "the circle closes here";
      return diag;
    }
    last = cls;
  }
  for (Operation &member : getBody().front())
    if (Operation *inherited = getBaseClass().lookupMember(
            cast<SymbolOpInterface>(member).getNameAttr()))
      if (failed(verifyOverride(*this, &member, inherited)))
        return failure();
  return success();
}

bool FieldOp::isReference() { return isa<MemRefType, ObjectType>(getType()); }

LogicalResult FieldOp::verify() {
  Type type = getType();
  if (!getInit())
    return success();
  if (isReference())
    return emitOpError("expected no initial value of a field that refers to ")
           << type;
  if (getInit()->getType() != type)
    return emitOpError("expected an initial value of ")
           << type << ", found " << *getInit();
  return success();
}

//===----------------------------------------------------------------------===//
// MethodOp and ReturnOp
//===----------------------------------------------------------------------===//

void MethodOp::build(OpBuilder &builder, OperationState &state, StringRef name,
                     FunctionType type, bool pure) {
  Properties &props = state.getOrAddProperties<Properties>();
  props.sym_name = builder.getStringAttr(name);
  props.function_type = TypeAttr::get(type);
  props.pure = pure ? builder.getUnitAttr() : UnitAttr();
  Region *body = state.addRegion();
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> locs(type.getNumInputs(), state.location);
  builder.createBlock(body, {}, type.getInputs(), locs);
}

ParseResult MethodOp::parse(OpAsmParser &parser, OperationState &result) {
  if (succeeded(parser.parseOptionalKeyword("pure")))
    result.getOrAddProperties<Properties>().pure =
        parser.getBuilder().getUnitAttr();
  auto buildType = [](Builder &builder, ArrayRef<Type> args,
                      ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag, std::string &) {
    return builder.getFunctionType(args, results);
  };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false,
      getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void MethodOp::print(OpAsmPrinter &printer) {
  if (getPure())
    printer << " pure";
  printer << ' ';
  printer.printSymbolName(getSymName());
  function_interface_impl::printFunctionSignature(
      printer, *this, getArgumentTypes(), /*isVariadic=*/false,
      getResultTypes());
  function_interface_impl::printFunctionAttributes(
      printer, *this,
      {getFunctionTypeAttrName(), getArgAttrsAttrName(), getResAttrsAttrName(),
       getPureAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/true);
}

LogicalResult MethodOp::verify() {
  auto cls = cast<ClassOp>((*this)->getParentOp());
  auto self = getFunctionType().getNumInputs()
                  ? dyn_cast<ObjectType>(getFunctionType().getInput(0))
                  : ObjectType();
  if (!self || self.getClassName().getAttr() != cls.getSymNameAttr())
    return emitOpError("expected a first argument of !tile.object<@")
           << cls.getSymName() << ">, the object";
  return success();
}

LogicalResult ReturnOp::verify() {
  TypeRange expected;
  if (auto method = dyn_cast<MethodOp>((*this)->getParentOp()))
    expected = method.getResultTypes();
  else
    expected = (*this)->getParentOp()->getResultTypes();
  if (getResults().size() != expected.size())
    return emitOpError("expected ")
           << expected.size() << " results, found " << getResults().size();
  for (auto [i, result] : llvm::enumerate(getResults()))
    if (result.getType() != expected[i])
      return emitOpError("expected result #")
             << i << " of " << expected[i] << ", found " << result.getType();
  return success();
}

//===----------------------------------------------------------------------===//
// NewOp, InvokeOp, GetOp, SetOp
//===----------------------------------------------------------------------===//

ParseResult mlir::tile::parseMember(OpAsmParser &parser,
                                    OpAsmParser::UnresolvedOperand &object,
                                    FlatSymbolRefAttr &member) {
  return failure(parser.parseOperand(object) || parser.parseColon() ||
                 parser.parseColon() || parser.parseAttribute(member));
}

void mlir::tile::printMember(OpAsmPrinter &printer, Operation *, Value object,
                             FlatSymbolRefAttr member) {
  printer << object << "::" << member;
}

LogicalResult NewOp::inferReturnTypes(MLIRContext *context,
                                      std::optional<Location>, ValueRange,
                                      DictionaryAttr,
                                      OpaqueProperties properties, RegionRange,
                                      SmallVectorImpl<Type> &types) {
  auto *props = properties.as<Properties *>();
  if (!props || !props->class_name)
    return failure();
  types.push_back(ObjectType::get(context, props->class_name));
  return success();
}

LogicalResult NewOp::verifySymbolUses(SymbolTableCollection &) {
  FailureOr<ClassOp> found = getClass(*this, getClassNameAttr());
  if (failed(found) || !*found)
    return LogicalResult(found);
  ClassOp cls = *found;
  auto init = dyn_cast_or_null<MethodOp>(
      cls.lookupMember(StringAttr::get(getContext(), "init")));
  if (init)
    return verifyTypes(*this, init, "argument", getArgs().getTypes(),
                       init.getCallArgumentTypes());
  if (getArgs().empty() || mayBeImported(*this, getClassNameAttr()))
    return success();
  InFlightDiagnostic diag = emitOpError("expected no arguments for class @")
                            << cls.getSymName()
                            << ", which has no method 'init', found "
                            << getArgs().size();
  diag.attachNote(cls.getLoc()) << "the class is here";
  return diag;
}

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &) {
  FailureOr<MethodOp> found =
      getMember<MethodOp>(*this, getObject(), getMethodAttr(), "method");
  if (failed(found) || !*found)
    return LogicalResult(found);
  MethodOp method = *found;
  if (failed(verifyTypes(*this, method, "argument", getArgs().getTypes(),
                         method.getCallArgumentTypes())) ||
      failed(verifyTypes(*this, method, "result", getResultTypes(),
                         method.getResultTypes())))
    return failure();
  auto caller = (*this)->getParentOfType<MethodOp>();
  if (!caller || !caller.getPure() || method.getPure())
    return success();
  InFlightDiagnostic diag =
      emitOpError("cannot call a method that is not pure in a pure method");
  diag.attachNote(method.getLoc()) << "the method is here";
  return diag;
}

/// Verifies that a field access has the field's type.
static LogicalResult verifyField(Operation *op, Value object,
                                 FlatSymbolRefAttr name, Type found,
                                 bool isRead) {
  FailureOr<FieldOp> known = getMember<FieldOp>(op, object, name, "field");
  if (failed(known) || !*known)
    return LogicalResult(known);
  FieldOp field = *known;
  Type expected = field.getType();
  if (isRead ? isAssignable(op, expected, found)
             : isAssignable(op, found, expected))
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected a value of ")
                            << expected << ", found " << found;
  diag.attachNote(field.getLoc()) << "the field is here";
  return diag;
}

LogicalResult GetOp::verifySymbolUses(SymbolTableCollection &) {
  return verifyField(*this, getObject(), getFieldAttr(), getValue().getType(),
                     /*isRead=*/true);
}

LogicalResult SetOp::verifySymbolUses(SymbolTableCollection &) {
  return verifyField(*this, getObject(), getFieldAttr(), getValue().getType(),
                     /*isRead=*/false);
}

//===----------------------------------------------------------------------===//
// InlineOp
//===----------------------------------------------------------------------===//

ParseResult InlineOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> args;
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> types;
  auto parseArgument = [&]() -> ParseResult {
    OpAsmParser::Argument &arg = args.emplace_back();
    if (parser.parseArgument(arg) || parser.parseEqual() ||
        parser.parseOperand(operands.emplace_back()) ||
        parser.parseColonType(arg.type))
      return failure();
    types.push_back(arg.type);
    return success();
  };
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren,
                                     parseArgument) ||
      parser.resolveOperands(operands, types, loc, result.operands) ||
      parser.parseOptionalArrowTypeList(result.types) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, args))
    return failure();
  ensureTerminator(*body, parser.getBuilder(), result.location);
  return success();
}

void InlineOp::print(OpAsmPrinter &printer) {
  printer << '(';
  llvm::interleaveComma(llvm::zip_equal(getBody().getArguments(), getArgs()),
                        printer, [&](auto pair) {
                          auto [arg, operand] = pair;
                          printer << arg << " = " << operand << " : "
                                  << operand.getType();
                        });
  printer << ')';
  printer.printOptionalArrowTypeList(getResultTypes());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/getNumResults() != 0);
}

LogicalResult InlineOp::verifyRegions() {
  TypeRange types = getBody().getArgumentTypes();
  if (types.size() != getArgs().size())
    return emitOpError("expected ")
           << getArgs().size() << " region arguments, one for each operand, "
           << "found " << types.size();
  for (auto [i, type] : llvm::enumerate(types))
    if (type != getArgs()[i].getType())
      return emitOpError("expected region argument #")
             << i << " of " << getArgs()[i].getType() << ", found " << type;
  return success();
}
