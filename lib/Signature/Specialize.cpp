//===- Specialize.cpp - compile for the arguments of a call -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SignaturePlan.h"

#include "tile/Dialect/Tile/Transforms/Specialization.h"
#include "tile/Support/Error.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::detail;
using llvm::Error;
using llvm::Expected;

/// The value in the form that a type of IR has.
static TypedAttr getAttribute(Type type, const CallArgument &argument) {
  if (auto *flag = std::get_if<bool>(&argument))
    return BoolAttr::get(type.getContext(), *flag);
  auto *integer = std::get_if<int64_t>(&argument);
  if (isa<FloatType>(type))
    return FloatAttr::get(type, integer ? static_cast<double>(*integer)
                                        : std::get<double>(argument));
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  return IntegerAttr::get(type, APInt(width, *integer, /*isSigned=*/true,
                                      /*implicitTrunc=*/true));
}

/// `dims` with those that are open at compile time fixed; all of `actual` where
/// not even the rank was known.
static SmallVector<DimAttr> fixDims(MLIRContext *context, bool hasRank,
                                    ArrayRef<DimAttr> dims, int64_t rank,
                                    function_ref<int64_t(int64_t)> getActual) {
  SmallVector<DimAttr> fixed(dims);
  if (!hasRank)
    fixed.resize(rank);
  for (auto [dim, size] : llvm::enumerate(fixed))
    if (!size || size.getIsStatic())
      size = DimAttr::get(context, getActual(dim));
  return fixed;
}

template <typename Attr>
static Attribute fixBuffer(Attr annotation, const TensorView &tensor) {
  MLIRContext *context = annotation.getContext();
  bool hasRank = annotation.getHasRank();
  SmallVector<DimAttr> shape =
      fixDims(context, hasRank, annotation.getShape(), tensor.rank,
              [&](int64_t dim) { return tensor.shape[dim]; });
  SmallVector<DimAttr> strides =
      fixDims(context, hasRank || !isa<StridedTensorAnnotationAttr>(annotation),
              annotation.getStrides(), tensor.rank,
              [&](int64_t dim) { return tensor.getStride(dim); });
  Attribute elementType = annotation.getElementType();
  if (isa<StringAttr>(elementType))
    elementType = TypeAttr::get(getType(context, tensor.dtype));
  return Attr::get(context, /*hasRank=*/true, shape, strides, elementType);
}

static Attribute fixAnnotation(Attribute annotation,
                               const CallArgument &argument) {
  return llvm::TypeSwitch<Attribute, Attribute>(annotation)
      .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
            BufferAnnotationAttr>([&](auto buffer) -> Attribute {
        auto *tensor = std::get_if<TensorView>(&argument);
        return tensor ? fixBuffer(buffer, *tensor) : buffer;
      })
      .Case([&](ValueAnnotationAttr value) {
        return ValueAnnotationAttr::get(
            value.getContext(), value.getType(),
            getAttribute(value.getType(), argument));
      })
      .Case([&](DTypeAnnotationAttr dtype) {
        return dtype.getType() ? dtype
                               : DTypeAnnotationAttr::get(
                                     dtype.getContext(),
                                     getType(dtype.getContext(),
                                             std::get<DType>(argument)));
      })
      .Default([](Attribute other) { return other; });
}

Expected<SmallVector<Attribute>>
FunctionSignature::getConcreteAnnotations(const BoundArguments &bound,
                                          MLIRContext *context) const {
  std::string problem;
  ScopedDiagnosticHandler handler(
      context, [&](Diagnostic &diagnostic) { problem = diagnostic.str(); });
  auto emitError = [&] { return mlir::emitError(UnknownLoc::get(context)); };
  SmallVector<Attribute> annotations;
  StaticNames names;
  for (auto [parameter, value] :
       llvm::zip_equal(plan->parameters, bound.values)) {
    Attribute annotation = parameter.annotation;
    annotations.push_back(annotation ? fixAnnotation(annotation, *value)
                                     : Attribute());
    if (failed(names.add(annotation, annotations.back(), emitError)))
      return makeError(plan->describe(parameter) + ": " + problem);
  }
  for (auto [parameter, annotation] :
       llvm::zip_equal(plan->parameters, annotations)) {
    if (!annotation)
      continue;
    annotation = names.replaceIn(annotation, emitError);
    if (!annotation)
      return makeError(plan->describe(parameter) + ": " + problem);
  }
  return annotations;
}

Error FunctionSignature::specialize(func::FuncOp func,
                                    const BoundArguments &bound) const {
  MLIRContext *context = func.getContext();
  Expected<SmallVector<Attribute>> annotations =
      getConcreteAnnotations(bound, context);
  if (!annotations)
    return annotations.takeError();
  // A type stands for an argument without an annotation.
  for (Attribute &annotation : *annotations)
    if (isa_and_nonnull<TypeAttr>(annotation))
      annotation = Attribute();
  std::string problem;
  ScopedDiagnosticHandler handler(
      context, [&](Diagnostic &diagnostic) { problem = diagnostic.str(); });
  if (succeeded(tile::specialize(func, *annotations)))
    return Error::success();
  return makeError(plan->function + "(): " + problem);
}
