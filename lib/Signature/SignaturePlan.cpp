//===- SignaturePlan.cpp - prepare a signature ------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SignaturePlan.h"

#include "tile/Support/Error.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::detail;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const CallArgument *SignaturePlan::keep(const CallArgument &value) {
  auto keepText = [&](StringRef text) {
    texts.push_back(std::make_unique<std::string>(text));
    return StringRef(*texts.back());
  };
  CallArgument kept = value;
  if (auto *text = std::get_if<StringRef>(&kept)) {
    *text = keepText(*text);
  } else if (auto *frozen = std::get_if<FrozenValue>(&kept)) {
    frozen->type = keepText(frozen->type);
    frozen->bytes = keepText(frozen->bytes);
  }
  values.push_back(std::make_unique<CallArgument>(kept));
  return values.back().get();
}

StringRef SignaturePlan::keepName(StringRef name) {
  texts.push_back(std::make_unique<std::string>(name));
  return *texts.back();
}

std::string SignaturePlan::describe(const Parameter &parameter) const {
  return (function + "() argument '" + parameter.name + "'").str();
}

static std::optional<CallArgument> toCallArgument(IntegerAttr attribute) {
  Type type = attribute.getType();
  if (attribute.getValue().getSignificantBits() > 64)
    return std::nullopt;
  if (type.isInteger(1))
    return CallArgument(attribute.getValue().isOne());
  if (type.isUnsignedInteger())
    return CallArgument(static_cast<int64_t>(attribute.getUInt()));
  return CallArgument(attribute.getValue().getSExtValue());
}

std::optional<CallArgument>
mlir::tile::detail::toCallArgument(Attribute attribute) {
  using Result = std::optional<CallArgument>;
  return llvm::TypeSwitch<Attribute, Result>(attribute)
      .Case([](UnitAttr) -> Result { return CallArgument(Absent()); })
      .Case([](IntegerAttr integer) { return ::toCallArgument(integer); })
      .Case([](FloatAttr number) -> Result {
        return CallArgument(number.getValueAsDouble());
      })
      .Case([](StringAttr text) -> Result {
        return CallArgument(text.getValue());
      })
      .Case([](TypeAttr type) -> Result {
        std::optional<DType> dtype = getDType(type.getValue());
        return dtype ? Result(CallArgument(*dtype)) : std::nullopt;
      })
      .Default([](Attribute) -> Result { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The types whose elements a buffer of this element type can hold. The IR does
/// not tell signed integers from unsigned ones.
static SmallVector<DType, 2> getDTypes(Type type) {
  std::optional<DType> dtype = getDType(type);
  if (!dtype)
    return {};
  SmallVector<DType, 2> dtypes = {*dtype};
  Type element = getElementTypeOrSelf(type);
  if (dtype->code == DType::Int && !element.isSignedInteger())
    dtypes.push_back({DType::UInt, dtype->bits, dtype->lanes});
  return dtypes;
}

static std::optional<ScalarRule> getScalarRule(Type type) {
  if (isa<FloatType>(type) && getDType(type))
    return ScalarRule{ScalarRule::Float, type, 0, 0};
  if (type.isInteger(1))
    return ScalarRule{ScalarRule::Bool, type, 0, 1};
  if (!type.isIntOrIndex())
    return std::nullopt;
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  if (width > 64)
    return std::nullopt;
  if (type.isUnsignedInteger())
    return ScalarRule{
        ScalarRule::Integer, type, 0,
        width == 64 ? INT64_MAX : static_cast<int64_t>(llvm::maxUIntN(width))};
  return ScalarRule{ScalarRule::Integer, type, llvm::minIntN(width),
                    llvm::maxIntN(width)};
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

namespace {
/// Builds one parameter of a plan.
class ParameterBuilder {
public:
  ParameterBuilder(SignaturePlan &plan, Parameter &parameter, unsigned index)
      : plan(plan), parameter(parameter), index(index) {}

  Error build(AnnotationInterface annotation, Type argumentType);
  Error buildFromType(Type type);

private:
  template <typename Attr>
  Error buildBuffer(Attr annotation, Type argumentType);
  Error setElementType(Attribute elementType, Type argumentType);
  Error mergeType(MemRefType type);
  Error setScalar(Type type);
  void addSites(ArrayRef<DimAttr> dims, SymbolSite::Kind kind,
                SmallVectorImpl<int64_t> &fixed);
  Error fail(const Twine &message) {
    return makeError(plan.describe(parameter) + ": " + message);
  }

  SignaturePlan &plan;
  Parameter &parameter;
  unsigned index;
};
} // namespace

/// The number of a name in a list to which it is added if it is new.
static unsigned getNumber(SmallVectorImpl<StringRef> &names, StringRef name) {
  auto *it = llvm::find(names, name);
  if (it == names.end()) {
    names.push_back(name);
    return names.size() - 1;
  }
  return it - names.begin();
}

static SizeExpr::Op getOp(AffineExprKind kind) {
  switch (kind) {
  case AffineExprKind::Add:
    return SizeExpr::Add;
  case AffineExprKind::Mul:
    return SizeExpr::Mul;
  case AffineExprKind::FloorDiv:
    return SizeExpr::FloorDiv;
  case AffineExprKind::CeilDiv:
    return SizeExpr::CeilDiv;
  case AffineExprKind::Mod:
    return SizeExpr::Mod;
  default:
    llvm_unreachable("expected a binary expression");
  }
}

/// An expression as code, operands before operators.
static SizeExpr compile(DimAttr dim, SmallVectorImpl<StringRef> &symbols) {
  SizeExpr expr;
  StringRef text = expr.text = debugString(dim);
  text.consume_front("#tile.dim<");
  text.consume_back(">");
  expr.text = text.str();
  dim.getExpr().walk([&](AffineExpr part) {
    if (auto constant = dyn_cast<AffineConstantExpr>(part))
      expr.code.push_back({SizeExpr::Constant, constant.getValue()});
    else if (auto symbol = dyn_cast<AffineSymbolExpr>(part))
      expr.code.push_back(
          {SizeExpr::Symbol,
           getNumber(symbols, dim.getSymbols()[symbol.getPosition()])});
    else
      expr.code.push_back({getOp(part.getKind())});
  });
  return expr;
}

void ParameterBuilder::addSites(ArrayRef<DimAttr> dims, SymbolSite::Kind kind,
                                SmallVectorImpl<int64_t> &fixed) {
  for (auto [dim, size] : llvm::enumerate(dims)) {
    fixed.push_back(size.getFixed().value_or(Parameter::kOpen));
    unsigned position = dim;
    if (StringAttr symbol = size.getSymbol()) {
      plan.symbolSites.push_back(
          {kind, index, position, getNumber(plan.symbols, symbol)});
    } else if (size.getExpr() && !size.getFixed()) {
      plan.exprSites.push_back(
          {kind, index, position, static_cast<unsigned>(plan.exprs.size())});
      plan.exprs.push_back(compile(size, plan.symbols));
    }
  }
}

/// Adds what only the type of the function's argument says.
Error ParameterBuilder::mergeType(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!type.getLayout().isIdentity() &&
      !isa<StridedLayoutAttr>(type.getLayout()))
    return fail("unsupported layout " + debugString(type.getLayout()));
  if (failed(type.getStridesAndOffset(strides, offset)))
    return fail("unsupported layout " + debugString(type.getLayout()));
  auto merge = [](SmallVectorImpl<int64_t> &into, ArrayRef<int64_t> from) {
    into.resize(from.size(), Parameter::kOpen);
    for (auto [known, value] : llvm::zip_equal(into, from))
      if (known == Parameter::kOpen && !ShapedType::isDynamic(value))
        known = value;
  };
  parameter.hasRank = true;
  merge(parameter.sizes, type.getShape());
  if (type.getLayout().isIdentity())
    parameter.isContiguous = true;
  else
    merge(parameter.strides, strides);
  return Error::success();
}

Error ParameterBuilder::setElementType(Attribute elementType,
                                       Type argumentType) {
  Type type;
  if (auto buffer = dyn_cast_or_null<BaseMemRefType>(argumentType))
    type = buffer.getElementType();
  if (auto fixed = dyn_cast_or_null<TypeAttr>(elementType))
    type = fixed.getValue();
  else if (auto variable = dyn_cast_or_null<StringAttr>(elementType))
    if (!variable.empty())
      parameter.typeVariable = getNumber(plan.typeVariables, variable);
  if (!type)
    return Error::success();
  parameter.dtypes = getDTypes(type);
  if (parameter.dtypes.empty())
    return fail("unsupported element type " + debugString(type));
  return Error::success();
}

template <typename Attr>
Error ParameterBuilder::buildBuffer(Attr annotation, Type argumentType) {
  parameter.kind = Parameter::Kind::Buffer;
  parameter.hasRank = annotation.getHasRank();
  parameter.isContiguous = isa<TensorAnnotationAttr>(annotation);
  addSites(annotation.getShape(), SymbolSite::Size, parameter.sizes);
  addSites(annotation.getStrides(), SymbolSite::Stride, parameter.strides);
  if (Error error = setElementType(annotation.getElementType(), argumentType))
    return error;
  if (auto type = dyn_cast_or_null<MemRefType>(argumentType))
    return mergeType(type);
  return Error::success();
}

Error ParameterBuilder::setScalar(Type type) {
  parameter.kind = Parameter::Kind::Scalar;
  parameter.scalar = getScalarRule(type);
  if (!parameter.scalar)
    return fail("unsupported type " + debugString(type));
  return Error::success();
}

Error ParameterBuilder::build(AnnotationInterface annotation,
                              Type argumentType) {
  return llvm::TypeSwitch<Attribute, Error>(annotation)
      .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
            BufferAnnotationAttr>(
          [&](auto buffer) { return buildBuffer(buffer, argumentType); })
      .Case([&](DynAnnotationAttr dyn) {
        // A flag is no size.
        if (dyn.getType().isIntOrIndex() && !dyn.getType().isInteger(1))
          plan.symbolSites.push_back({SymbolSite::Scalar, index, 0,
                                      getNumber(plan.symbols, dyn.getName())});
        return setScalar(dyn.getType());
      })
      .Case([&](ValueAnnotationAttr value) {
        Error error = setScalar(value.getType());
        if (!error && value.getValue())
          parameter.fixedValue = plan.keep(*toCallArgument(value.getValue()));
        return error;
      })
      .Case([&](DTypeAnnotationAttr dtype) -> Error {
        parameter.kind = Parameter::Kind::ElementType;
        if (!dtype.getType())
          return Error::success();
        return setElementType(TypeAttr::get(dtype.getType()), Type());
      })
      .Case([&](PtrAnnotationAttr) -> Error {
        parameter.kind = Parameter::Kind::Pointer;
        return Error::success();
      })
      .Default([&](Attribute other) {
        return fail("expected a buffer in global memory, found " +
                    debugString(other));
      });
}

Error ParameterBuilder::buildFromType(Type type) {
  auto buffer = dyn_cast<MemRefType>(type);
  if (!buffer)
    return setScalar(type);
  if (getScope(buffer) != Scope::Global)
    return fail("expected a buffer in global memory, found " +
                debugString(type));
  parameter.kind = Parameter::Kind::Buffer;
  if (Error error = setElementType(Attribute(), type))
    return error;
  return mergeType(buffer);
}

/// What the annotation says itself needs no argument.
static void setDefault(SignaturePlan &plan, Parameter &parameter,
                       const ParameterSpec &spec) {
  if (parameter.kind == Parameter::Kind::ElementType &&
      !parameter.dtypes.empty())
    parameter.fixedValue = plan.keep(parameter.dtypes.front());
  parameter.defaultValue = parameter.fixedValue;
  if (spec.defaultValue)
    parameter.defaultValue = plan.keep(*spec.defaultValue);
}

Error mlir::tile::detail::addParameter(SignaturePlan &plan,
                                       const ParameterSpec &spec,
                                       Type argumentType) {
  unsigned index = plan.parameters.size();
  Parameter &parameter = plan.parameters.emplace_back();
  parameter.name = plan.keepName(spec.name);
  parameter.annotation = spec.annotation;
  if (!plan.indexOfName.insert({spec.name, index}).second)
    return makeError(plan.describe(parameter) +
                     ": expected a name of its own, found it twice");
  plan.names.push_back(parameter.name);

  ParameterBuilder builder(plan, parameter, index);
  SmallVector<KeyPart> parts;
  if (auto annotation =
          dyn_cast_or_null<AnnotationInterface>(spec.annotation)) {
    if (Error error = builder.build(annotation, argumentType))
      return error;
    parameter.isKernelArgument = annotation.isKernelArgument();
    parameter.isOpen = !annotation.promote();
    annotation.getKeyParts(parts);
  } else if (auto type = dyn_cast_or_null<TypeAttr>(spec.annotation)) {
    if (Error error = builder.buildFromType(type.getValue()))
      return error;
    parameter.isKernelArgument = true;
  } else if (spec.annotation) {
    return makeError(plan.describe(parameter) +
                     ": expected an annotation or a type, found " +
                     debugString(spec.annotation));
  } else {
    parameter.isOpen = true;
    parts.push_back({KeyPart::Kind::Value});
  }
  setDefault(plan, parameter, spec);
  for (KeyPart part : parts)
    plan.keySteps.push_back({index, part});
  if (parameter.isKernelArgument)
    plan.kernelParameters.push_back(index);
  (parameter.isOpen ? plan.unknownParameters : plan.staticParameters)
      .push_back(index);
  return Error::success();
}

void mlir::tile::detail::finish(SignaturePlan &plan) {
  llvm::sort(plan.symbolSites,
             [](const SymbolSite &lhs, const SymbolSite &rhs) {
               return std::tie(lhs.kind, lhs.parameter, lhs.dim) <
                      std::tie(rhs.kind, rhs.parameter, rhs.dim);
             });
}
