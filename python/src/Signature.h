//===- Signature.h - Signatures and calls in Python -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_SIGNATURE_H
#define TILE_PYTHON_SIGNATURE_H

#include "Arguments.h"

#include "tile/Signature/FunctionSignature.h"

#include <memory>
#include <optional>

namespace mlir::tile::python {

/// The context of all signatures, which lives as long as the process.
MLIRContext &getSignatureContext();

/// Sets a Python exception.
[[noreturn]] void raise(nanobind::handle type, const std::string &message);

/// What Python adds to a parameter.
struct PyParameter {
  nanobind::object name;
  /// Values of this type need no conversion.
  nanobind::object type;
  /// Called with the name and the value, unless it is none.
  nanobind::object convert;
  nanobind::object defaultValue;
  ArgumentUse use;
  /// What the elements of a tensor are, where the annotation says so.
  std::optional<DType> element;
};

class PyBound;

/// What the parameters of a function take.
class PySignature {
public:
  PySignature(const std::string &function, const nanobind::list &parameters,
              std::optional<size_t> numPositional);

  std::unique_ptr<PyBound> bind(const nanobind::tuple &args,
                                const nanobind::dict &kwargs, bool allowAbsent,
                                std::optional<std::pair<int, int>> device);

  const FunctionSignature &get() const { return *signature; }
  nanobind::list getNames(ArrayRef<unsigned> indices) const;
  size_t getNumPositional() const { return numPositional; }
  /// The parameter of that name, a Python string.
  std::optional<unsigned> findParameter(nanobind::handle name) const;

  /// What a value is for a parameter. It may be replaced.
  CallArgument convert(unsigned parameter, nanobind::object &value,
                       ArgumentStorage &storage);
  /// Gives a tensor for a parameter the element type that it stands for there.
  void adopt(unsigned parameter, TensorView &tensor) const;

  std::vector<PyParameter> parameters;

private:
  void addParameter(const nanobind::tuple &declaration,
                    std::vector<ParameterSpec> &specs);
  void checkCount(size_t count) const;

  std::string function;
  size_t numPositional;
  std::optional<FunctionSignature> signature;
  llvm::StringMap<unsigned> indices;
  ArgumentConverter converter;
  ArgumentStorage defaults;
};

/// The arguments of one call.
class PyBound {
public:
  nanobind::list getValues() const;
  nanobind::dict getArguments() const;
  nanobind::bytes getKey() const;
  nanobind::list getKernelArguments() const;
  nanobind::list getAnnotations() const;
  nanobind::object getTensor(unsigned index) const;

private:
  friend class PySignature;
  nanobind::object getKernelArgument(unsigned index) const;

  const PySignature *signature;
  ArgumentStorage storage;
  std::vector<nanobind::object> values;
  SmallVector<CallArgument, 8> positional;
  SmallVector<KeywordArgument, 8> keywords;
  BoundArguments bound;
};

/// (address, dtype, shape, strides, device) of an object that is a tensor, else
/// None.
nanobind::object describeTensor(nanobind::object value);

} // namespace mlir::tile::python

#endif // TILE_PYTHON_SIGNATURE_H
