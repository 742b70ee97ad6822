//===- CallChecker.cpp - check the arguments of a call ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallChecker.h"

#include "tile/Support/Npy.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::detail;
using llvm::Error;

Error CallChecker::fail(const Parameter &parameter, const Twine &message,
                        CallError::Kind kind) const {
  return llvm::make_error<CallError>(kind, plan.describe(parameter) + message);
}

Error CallChecker::failKind(const Parameter &parameter, StringRef expected,
                            const CallArgument &found) const {
  return fail(parameter, ": expected " + expected + ", found " + toText(found),
              CallError::Kind::Type);
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

Error CallChecker::checkDType(const Parameter &parameter, DType found) {
  if (llvm::is_contained(parameter.dtypes, found))
    return Error::success();
  if (parameter.dtypes.empty())
    return isSupported(found)
               ? Error::success()
               : fail(parameter, ": unsupported dtype " + toText(found),
                      CallError::Kind::ElementType);
  return fail(parameter,
              ": expected dtype " + toText(parameter.dtypes.front()) +
                  ", found " + toText(found),
              CallError::Kind::ElementType);
}

Error CallChecker::failRank(const Parameter &parameter,
                            const TensorView &tensor) const {
  std::string expected = "a rank of at least 0";
  if (parameter.hasRank)
    expected = "rank " + std::to_string(parameter.sizes.size());
  std::string found = std::to_string(tensor.rank);
  if (tensor.rank > 0)
    found += " (" + formatShape(tensor.getShape()) + ")";
  return fail(parameter, ": expected " + expected + ", found " + found);
}

Error CallChecker::checkShape(const Parameter &parameter,
                              const TensorView &tensor) {
  int64_t rank = parameter.sizes.size();
  if (tensor.rank < 0 || (parameter.hasRank && tensor.rank != rank))
    return failRank(parameter, tensor);
  for (auto [dim, size] : llvm::enumerate(tensor.getShape())) {
    if (size < 0)
      return fail(parameter, " size " + Twine(dim) +
                                 ": expected at least 0, found " + Twine(size));
    if (!parameter.hasRank || parameter.sizes[dim] == Parameter::kOpen ||
        parameter.sizes[dim] == size)
      continue;
    return fail(parameter, " size " + Twine(dim) + ": expected " +
                               Twine(parameter.sizes[dim]) + ", found " +
                               Twine(size));
  }
  return Error::success();
}

/// Whether the strides of the tensor make no difference at all.
static bool isEmpty(const TensorView &tensor) {
  return llvm::is_contained(tensor.getShape(), 0);
}

/// The stride of a dimension of size 1 makes no difference.
Error CallChecker::checkContiguous(const Parameter &parameter,
                                   const TensorView &tensor) {
  uint64_t expected = 1;
  for (int64_t dim = tensor.rank; dim-- > 0;) {
    int64_t size = tensor.shape[dim];
    if (size != 1 && static_cast<uint64_t>(tensor.strides[dim]) != expected) {
      if (isEmpty(tensor))
        return Error::success();
      return fail(parameter, " stride " + Twine(dim) + ": expected " +
                                 Twine(expected) +
                                 " of a contiguous tensor, found " +
                                 Twine(tensor.strides[dim]));
    }
    expected *= size;
  }
  return Error::success();
}

Error CallChecker::checkStrides(const Parameter &parameter,
                                const TensorView &tensor) {
  for (auto [dim, expected] : llvm::enumerate(parameter.strides)) {
    if (expected == Parameter::kOpen || tensor.shape[dim] == 1 ||
        tensor.getStride(dim) == expected || isEmpty(tensor))
      continue;
    return fail(parameter, " stride " + Twine(dim) + ": expected " +
                               Twine(expected) + ", found " +
                               Twine(tensor.getStride(dim)));
  }
  return Error::success();
}

Error CallChecker::checkBuffer(const Parameter &parameter,
                               const TensorView &tensor) {
  if (options.device && !(tensor.device == *options.device))
    return fail(parameter,
                ": expected a tensor on " + toText(*options.device) +
                    ", found one on " + toText(tensor.device),
                CallError::Kind::Value);
  if (parameter.kind == Parameter::Kind::Pointer)
    return Error::success();
  if (Error error = checkDType(parameter, tensor.dtype))
    return error;
  if (Error error = checkShape(parameter, tensor))
    return error;
  if (parameter.isContiguous && tensor.strides)
    return checkContiguous(parameter, tensor);
  return checkStrides(parameter, tensor);
}

/// Where the kernel is compiled for the tensor, there has to be one.
Error CallChecker::checkAbsent(const Parameter &parameter) {
  bool isOptional = parameter.defaultValue &&
                    std::holds_alternative<Absent>(*parameter.defaultValue);
  if (parameter.isOpen)
    return fail(parameter,
                ": expected a tensor, since the kernel is compiled for its "
                "size, strides or dtype, found none",
                CallError::Kind::Type);
  if (options.allowAbsent || isOptional)
    return Error::success();
  return fail(parameter, ": expected a tensor, found none",
              CallError::Kind::Type);
}

//===----------------------------------------------------------------------===//
// Scalars, types and frozen values
//===----------------------------------------------------------------------===//

Error CallChecker::checkFloat(const Parameter &parameter, double value) {
  auto type = cast<FloatType>(parameter.scalar->type);
  if (type.isF64() || !std::isfinite(value))
    return Error::success();
  llvm::APFloat number(value);
  bool losesInfo;
  number.convert(type.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                 &losesInfo);
  if (number.isFinite())
    return Error::success();
  return fail(parameter,
              ": expected a number in the range of " + debugString(type) +
                  ", found " + toText(CallArgument(value)),
              CallError::Kind::Value);
}

Error CallChecker::checkScalar(const Parameter &parameter,
                               const CallArgument &argument) {
  const ScalarRule &rule = *parameter.scalar;
  auto *integer = std::get_if<int64_t>(&argument);
  switch (rule.kind) {
  case ScalarRule::Bool:
    if (std::holds_alternative<bool>(argument))
      return Error::success();
    return failKind(parameter, "true or false", argument);
  case ScalarRule::Integer:
    if (!integer)
      return failKind(parameter, "an integer", argument);
    if (*integer >= rule.min && *integer <= rule.max)
      return Error::success();
    return fail(parameter,
                ": expected " + Twine(rule.min) + " to " + Twine(rule.max) +
                    " for " + debugString(rule.type) + ", found " +
                    Twine(*integer),
                CallError::Kind::Value);
  case ScalarRule::Float:
    if (integer)
      return checkFloat(parameter, *integer);
    if (auto *number = std::get_if<double>(&argument))
      return checkFloat(parameter, *number);
    return failKind(parameter, "a number", argument);
  }
  llvm_unreachable("unknown kind of scalar");
}

/// Whether two values that fit one parameter are the same.
static bool isSame(const CallArgument &lhs, const CallArgument &rhs) {
  auto toDouble = [](const CallArgument &value) {
    auto *integer = std::get_if<int64_t>(&value);
    return integer ? static_cast<double>(*integer) : std::get<double>(value);
  };
  if (auto *flag = std::get_if<bool>(&lhs))
    return *flag == std::get<bool>(rhs);
  if (std::holds_alternative<int64_t>(lhs) &&
      std::holds_alternative<int64_t>(rhs))
    return std::get<int64_t>(lhs) == std::get<int64_t>(rhs);
  double left = toDouble(lhs), right = toDouble(rhs);
  return left == right || (std::isnan(left) && std::isnan(right));
}

Error CallChecker::checkFixed(const Parameter &parameter,
                              const CallArgument &argument) {
  if (!parameter.fixedValue || isSame(*parameter.fixedValue, argument))
    return Error::success();
  return fail(parameter,
              ": expected " + toText(*parameter.fixedValue) + ", found " +
                  toText(argument),
              CallError::Kind::Value);
}

/// A value that only the frontend knows is no tensor: its elements may change.
Error CallChecker::checkFrozen(const Parameter &parameter,
                               const CallArgument &argument) {
  if (!std::holds_alternative<TensorView>(argument))
    return Error::success();
  return failKind(parameter, "a compile-time value", argument);
}

Error CallChecker::checkArgument(unsigned index) {
  const Parameter &parameter = plan.parameters[index];
  const CallArgument &argument = bound[index];
  switch (parameter.kind) {
  case Parameter::Kind::Pointer:
    if (std::holds_alternative<int64_t>(argument))
      return Error::success();
    [[fallthrough]];
  case Parameter::Kind::Buffer:
    if (auto *tensor = std::get_if<TensorView>(&argument))
      return checkBuffer(parameter, *tensor);
    if (std::holds_alternative<Absent>(argument))
      return checkAbsent(parameter);
    return failKind(parameter,
                    parameter.kind == Parameter::Kind::Pointer
                        ? "a tensor or an address"
                        : "a tensor",
                    argument);
  case Parameter::Kind::Scalar:
    if (Error error = checkScalar(parameter, argument))
      return error;
    return checkFixed(parameter, argument);
  case Parameter::Kind::ElementType:
    if (auto *dtype = std::get_if<DType>(&argument))
      return checkDType(parameter, *dtype);
    return failKind(parameter, "a dtype", argument);
  case Parameter::Kind::Any:
    return checkFrozen(parameter, argument);
  }
  llvm_unreachable("unknown kind of parameter");
}

//===----------------------------------------------------------------------===//
// All arguments
//===----------------------------------------------------------------------===//

Error CallChecker::bindTypeVariables() {
  bound.typeVariables.assign(plan.typeVariables.size(), {DType(), false});
  for (unsigned index = 0, end = bound.size(); index < end; ++index) {
    const Parameter &parameter = plan.parameters[index];
    if (!parameter.typeVariable)
      continue;
    DType found = std::get<TensorView>(bound[index]).dtype;
    auto &variable = bound.typeVariables[*parameter.typeVariable];
    if (variable.isKnown && variable.dtype != found) {
      auto first = llvm::find_if(plan.parameters, [&](const Parameter &other) {
        return other.typeVariable == parameter.typeVariable;
      });
      return fail(parameter,
                  ": expected dtype " + toText(variable.dtype) + ", which is " +
                      plan.typeVariables[*parameter.typeVariable] +
                      " (argument '" + first->name + "'), found " +
                      toText(found),
                  CallError::Kind::ElementType);
    }
    variable = {found, true};
  }
  return Error::success();
}

Error CallChecker::run() {
  for (unsigned index = 0, end = bound.size(); index < end; ++index)
    if (Error error = checkArgument(index))
      return error;
  if (Error error = bindTypeVariables())
    return error;
  if (Error error = bindSymbols())
    return error;
  return checkExpressions();
}
