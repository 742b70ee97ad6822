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

using namespace mlir;
using namespace mlir::tile;

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

template <typename RefAttr>
static ParseResult parseMemberOf(OpAsmParser &parser,
                                 OpAsmParser::UnresolvedOperand &object,
                                 RefAttr &member) {
  return failure(parser.parseOperand(object) || parser.parseColon() ||
                 parser.parseColon() || parser.parseAttribute(member));
}

ParseResult mlir::tile::parseMember(OpAsmParser &parser,
                                    OpAsmParser::UnresolvedOperand &object,
                                    FlatSymbolRefAttr &member) {
  return parseMemberOf(parser, object, member);
}

ParseResult mlir::tile::parseMember(OpAsmParser &parser,
                                    OpAsmParser::UnresolvedOperand &object,
                                    SymbolRefAttr &member) {
  return parseMemberOf(parser, object, member);
}

void mlir::tile::printMember(OpAsmPrinter &printer, Operation *, Value object,
                             SymbolRefAttr member) {
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
