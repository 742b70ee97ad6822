//===- FunctionSignature.cpp - what callers may pass ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Signature/FunctionSignature.h"

#include "CallChecker.h"
#include "SignaturePlan.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::detail;
using llvm::Error;
using llvm::Expected;

char CallError::ID;

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

FunctionSignature::FunctionSignature(std::unique_ptr<SignaturePlan> plan)
    : plan(std::move(plan)) {}
FunctionSignature::FunctionSignature(FunctionSignature &&) = default;
FunctionSignature &FunctionSignature::operator=(FunctionSignature &&) = default;
FunctionSignature::~FunctionSignature() = default;

/// The argument of a function as a frontend would declare it.
static ParameterSpec getSpec(func::FuncOp func, unsigned index) {
  ParameterSpec spec;
  if (auto name = func.getArgAttrOfType<StringAttr>(index, kNameAttrName))
    spec.name = name.str();
  else
    spec.name = "arg" + std::to_string(index);
  spec.annotation = func.getArgAttr(index, kAnnotationAttrName);
  if (!spec.annotation)
    spec.annotation = TypeAttr::get(func.getArgumentTypes()[index]);
  if (Attribute value = func.getArgAttr(index, kDefaultAttrName))
    spec.defaultValue = toCallArgument(value);
  return spec;
}

Expected<FunctionSignature> FunctionSignature::create(func::FuncOp func) {
  auto plan = std::make_unique<SignaturePlan>();
  plan->function = func.getName().str();
  for (auto [index, type] : llvm::enumerate(func.getArgumentTypes()))
    if (Error error = addParameter(*plan, getSpec(func, index), type))
      return error;
  finish(*plan);
  return FunctionSignature(std::move(plan));
}

Expected<FunctionSignature>
FunctionSignature::create(StringRef function,
                          ArrayRef<ParameterSpec> parameters) {
  auto plan = std::make_unique<SignaturePlan>();
  plan->function = function.str();
  for (const ParameterSpec &spec : parameters)
    if (Error error = addParameter(*plan, spec, Type()))
      return error;
  finish(*plan);
  return FunctionSignature(std::move(plan));
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

StringRef FunctionSignature::getFunctionName() const { return plan->function; }

size_t FunctionSignature::getNumParameters() const {
  return plan->parameters.size();
}

ArrayRef<StringRef> FunctionSignature::getParameterNames() const {
  return plan->names;
}

ArrayRef<unsigned> FunctionSignature::getKernelParameters() const {
  return plan->kernelParameters;
}

SmallVector<StringRef> FunctionSignature::getKernelParameterNames() const {
  return llvm::map_to_vector(plan->kernelParameters, [&](unsigned parameter) {
    return plan->names[parameter];
  });
}

Attribute FunctionSignature::getAnnotation(unsigned parameter) const {
  return plan->parameters[parameter].annotation;
}

ArrayRef<unsigned> FunctionSignature::getStaticParameters() const {
  return plan->staticParameters;
}

ArrayRef<unsigned> FunctionSignature::getUnknownParameters() const {
  return plan->unknownParameters;
}

void FunctionSignature::getKernelArguments(
    const BoundArguments &bound,
    SmallVectorImpl<const CallArgument *> &values) const {
  values.clear();
  for (unsigned parameter : plan->kernelParameters)
    values.push_back(&bound[parameter]);
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

static Error makePlacementError(const Twine &message) {
  return llvm::make_error<CallError>(CallError::Kind::Placement, message);
}

static std::string pluralize(size_t count, StringRef noun) {
  return (Twine(count) + " " + noun + (count == 1 ? "" : "s")).str();
}

Error FunctionSignature::reportMissing(const BoundArguments &bound) const {
  SmallVector<std::string> missing;
  for (auto [parameter, value] :
       llvm::zip_equal(plan->parameters, bound.values))
    if (!value)
      missing.push_back(("'" + parameter.name + "'").str());
  std::string list = llvm::join(ArrayRef(missing).drop_back(), ", ");
  if (missing.size() > 1)
    list += " and ";
  return makePlacementError(plan->function + "() missing " +
                            pluralize(missing.size(), "required argument") +
                            ": " + list + missing.back());
}

/// Puts each argument in its place and defaults where none is given.
Error FunctionSignature::place(ArrayRef<CallArgument> positional,
                               ArrayRef<KeywordArgument> keywords,
                               BoundArguments &bound) const {
  size_t count = plan->parameters.size();
  if (positional.size() > count)
    return makePlacementError(
        plan->function + "() takes " + pluralize(count, "positional argument") +
        " but " + Twine(positional.size()) +
        (positional.size() == 1 ? " was given" : " were given"));
  bound.values.assign(count, nullptr);
  for (auto [index, value] : llvm::enumerate(positional))
    bound.values[index] = &value;
  for (const KeywordArgument &keyword : keywords) {
    auto it = plan->indexOfName.find(keyword.name);
    if (it == plan->indexOfName.end())
      return makePlacementError(plan->function +
                                "() got an unexpected keyword argument '" +
                                keyword.name + "'");
    const CallArgument *&value = bound.values[it->second];
    if (value)
      return makePlacementError(plan->function +
                                "() got multiple values for argument '" +
                                keyword.name + "'");
    value = &keyword.value;
  }
  bool isComplete = true;
  for (auto [parameter, value] :
       llvm::zip_equal(plan->parameters, bound.values)) {
    if (!value)
      value = parameter.defaultValue;
    isComplete &= value != nullptr;
  }
  return isComplete ? Error::success() : reportMissing(bound);
}

Error FunctionSignature::bind(ArrayRef<CallArgument> positional,
                              ArrayRef<KeywordArgument> keywords,
                              const CallOptions &options,
                              BoundArguments &bound) const {
  if (Error error = place(positional, keywords, bound))
    return error;
  return CallChecker(*plan, options, bound).run();
}
