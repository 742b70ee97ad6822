//===- Specialize.cpp - specialise functions by names -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShapeSites.h"

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Dialect/Tile/Transforms/Specialization.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILESPECIALIZE
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// A value given for a name.
struct GivenValue {
  StringRef text;
  /// Whether a function has the name.
  bool isUsed = false;
};

struct SpecializePass : public tile::impl::TileSpecializeBase<SpecializePass> {
  using TileSpecializeBase::TileSpecializeBase;
  void runOnOperation() override;

private:
  LogicalResult parseArguments();
  GivenValue *find(StringRef name);
  LogicalResult runOnFunction(func::FuncOp func);
  FailureOr<Attribute> fix(BlockArgument arg, Attribute annotation);
  FailureOr<Attribute> fixValue(BlockArgument arg,
                                ValueAnnotationAttr annotation);
  FailureOr<Attribute> fixDType(BlockArgument arg,
                                DTypeAnnotationAttr annotation);
  LogicalResult collectNames(BlockArgument arg, Attribute annotation);

  llvm::MapVector<StringRef, GivenValue> given;
  /// Of the function at hand.
  StaticNames names;
};

} // namespace

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

/// The value of a scalar type that a text is; null when it is none.
static TypedAttr parseValue(Type type, StringRef text) {
  if (auto floatType = dyn_cast<FloatType>(type)) {
    llvm::APFloat value(floatType.getFloatSemantics());
    auto status =
        value.convertFromString(text, llvm::APFloat::rmNearestTiesToEven);
    if (status && !(*status & llvm::APFloat::opOverflow))
      return FloatAttr::get(type, value);
    llvm::consumeError(status.takeError());
    return {};
  }
  if (type.isInteger(1)) {
    if (text != "true" && text != "false")
      return {};
    return BoolAttr::get(type.getContext(), text == "true");
  }
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  StringRef digits = text;
  bool isNegative = digits.consume_front("-");
  llvm::APInt value;
  if (digits.empty() || !llvm::all_of(digits, llvm::isDigit) ||
      digits.getAsInteger(10, value))
    return {};
  value = value.zext(std::max(value.getBitWidth(), width) + 1);
  if (isNegative)
    value.negate();
  bool fits = type.isUnsignedInteger()
                  ? !value.isNegative() && value.isIntN(width)
                  : value.isSignedIntN(width);
  return fits ? IntegerAttr::get(type, value.trunc(width)) : IntegerAttr();
}

static Type parseElementType(MLIRContext *context, StringRef text) {
  // What is no type is reported with the name it was given for.
  ScopedDiagnosticHandler quiet(context, [](Diagnostic &) {});
  return parseType(text, context);
}

LogicalResult SpecializePass::parseArguments() {
  given.clear();
  for (StringRef argument : arguments) {
    auto [name, text] = argument.split('=');
    if (name.empty() || text.empty())
      return getOperation().emitError("expected NAME=VALUE, found '")
             << argument << "'";
    auto [it, isNew] = given.insert({name, {text}});
    if (!isNew && it->second.text != text)
      return getOperation().emitError("expected one value of '")
             << name << "', found " << it->second.text << " and " << text;
  }
  return success();
}

GivenValue *SpecializePass::find(StringRef name) {
  auto it = given.find(name);
  if (it == given.end())
    return nullptr;
  it->second.isUsed = true;
  return &it->second;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

static InFlightDiagnostic emitError(BlockArgument arg) {
  return mlir::emitError(arg.getLoc()) << describeArgument(arg) << ": ";
}

static func::FuncOp getFunction(BlockArgument arg) {
  return cast<func::FuncOp>(arg.getOwner()->getParentOp());
}

/// The name by which a caller passes the argument.
static std::string getCallName(BlockArgument arg) {
  auto name = getFunction(arg).getArgAttrOfType<StringAttr>(arg.getArgNumber(),
                                                            kNameAttrName);
  return name ? name.str() : "arg" + std::to_string(arg.getArgNumber());
}

static Attribute getDefault(BlockArgument arg) {
  return getFunction(arg).getArgAttr(arg.getArgNumber(), kDefaultAttrName);
}

FailureOr<Attribute> SpecializePass::fixValue(BlockArgument arg,
                                              ValueAnnotationAttr annotation) {
  Type type = annotation.getType();
  GivenValue *text = find(getCallName(arg));
  TypedAttr value = annotation.getValue();
  if (!text && value)
    return Attribute(annotation);
  if (!text) {
    value = dyn_cast_or_null<TypedAttr>(getDefault(arg));
    return value ? ValueAnnotationAttr::get(arg.getContext(), type, value)
                 : annotation;
  }
  TypedAttr found = parseValue(type, text->text);
  if (!found)
    return emitError(arg) << "expected a value of " << type << ", found '"
                          << text->text << "'";
  if (value && value != found)
    return emitError(arg) << "expected " << value << ", found " << found;
  return Attribute(ValueAnnotationAttr::get(arg.getContext(), type, found));
}

FailureOr<Attribute> SpecializePass::fixDType(BlockArgument arg,
                                              DTypeAnnotationAttr annotation) {
  GivenValue *text = find(getCallName(arg));
  Type type = annotation.getType();
  if (!text && type)
    return Attribute(annotation);
  if (!text) {
    auto value = dyn_cast_or_null<TypeAttr>(getDefault(arg));
    return value ? DTypeAnnotationAttr::get(arg.getContext(), value.getValue())
                 : annotation;
  }
  Type found = parseElementType(arg.getContext(), text->text);
  if (!found)
    return emitError(arg) << "expected an element type, found '" << text->text
                          << "'";
  if (type && type != found)
    return emitError(arg) << "expected " << type << ", found " << found;
  return Attribute(DTypeAnnotationAttr::get(arg.getContext(), found));
}

/// Takes up the values given for names of sizes and element types.
LogicalResult SpecializePass::collectNames(BlockArgument arg,
                                           Attribute annotation) {
  MLIRContext *context = arg.getContext();
  SmallVector<StringAttr> sizes, elementTypes;
  getStaticNames(annotation, sizes, elementTypes);
  for (StringAttr name : sizes) {
    GivenValue *value = find(name);
    if (!value)
      continue;
    auto size = dyn_cast_or_null<IntegerAttr>(
        parseValue(IndexType::get(context), value->text));
    if (!size || size.getInt() < 0)
      return emitError(arg)
             << "expected a size of at least 0 for " << name.getValue()
             << ", found '" << value->text << "'";
    names.sizes.insert({name, size.getInt()});
  }
  for (StringAttr name : elementTypes) {
    GivenValue *value = find(name);
    if (!value)
      continue;
    Type type = parseElementType(context, value->text);
    if (!type)
      return emitError(arg)
             << "expected an element type for " << name.getValue()
             << ", found '" << value->text << "'";
    names.elementTypes.insert({name, type});
  }
  return success();
}

FailureOr<Attribute> SpecializePass::fix(BlockArgument arg,
                                         Attribute annotation) {
  if (auto value = dyn_cast<ValueAnnotationAttr>(annotation))
    return fixValue(arg, value);
  if (auto dtype = dyn_cast<DTypeAnnotationAttr>(annotation))
    return fixDType(arg, dtype);
  Attribute fixed = names.replaceIn(annotation, [&] { return emitError(arg); });
  if (!fixed)
    return failure();
  return fixed;
}

LogicalResult SpecializePass::runOnFunction(func::FuncOp func) {
  names = StaticNames();
  auto getAnnotation = [&](BlockArgument arg) {
    return func.getArgAttr(arg.getArgNumber(), kAnnotationAttrName);
  };
  for (BlockArgument arg : func.getArguments())
    if (Attribute annotation = getAnnotation(arg))
      if (failed(collectNames(arg, annotation)))
        return failure();
  SmallVector<Attribute> annotations;
  for (BlockArgument arg : func.getArguments()) {
    Attribute annotation = getAnnotation(arg);
    if (annotation) {
      FailureOr<Attribute> fixed = fix(arg, annotation);
      if (failed(fixed))
        return failure();
      annotation = *fixed;
    }
    annotations.push_back(annotation);
  }
  return specialize(func, annotations);
}

void SpecializePass::runOnOperation() {
  if (failed(parseArguments()))
    return signalPassFailure();
  for (auto func : getOperation().getOps<func::FuncOp>())
    if (!func.isExternal() && failed(runOnFunction(func)))
      return signalPassFailure();
  for (auto &[name, value] : given) {
    if (value.isUsed)
      continue;
    getOperation().emitError("expected a function with an argument, a size or "
                             "an element type '")
        << name << "' known at compile time, found none";
    return signalPassFailure();
  }
}
