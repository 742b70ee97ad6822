//===- Arguments.h - Python values as arguments of a call -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_ARGUMENTS_H
#define TILE_PYTHON_ARGUMENTS_H

#include "tile/Signature/CallArgument.h"

#include <nanobind/nanobind.h>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace mlir::tile::python {

/// The type that a name such as `float16` stands for. Raises TypeError.
DType getDType(llvm::StringRef name);

/// What converted arguments point to.
class ArgumentStorage {
public:
  ArgumentStorage() = default;
  ArgumentStorage(const ArgumentStorage &) = delete;
  ~ArgumentStorage();

  llvm::StringRef keepText(std::string text);
  const int64_t *keepDims(llvm::ArrayRef<int64_t> dims);
  void keep(std::shared_ptr<void> owner) { owners.push_back(std::move(owner)); }
  /// The buffer is released with the storage.
  void keep(const Py_buffer &buffer) { buffers.push_back(buffer); }

private:
  std::deque<std::string> texts;
  std::deque<llvm::SmallVector<int64_t, 4>> dims;
  std::vector<std::shared_ptr<void>> owners;
  std::vector<Py_buffer> buffers;
};

/// What an argument is for.
enum class ArgumentUse {
  /// A compile-time value.
  CompileTime,
  /// Passed at launch, and nothing of it has to be known before.
  Launch,
  /// A tensor that the kernel is compiled for.
  OpenTensor
};

/// Converts Python values. What it says about types is kept, so that a second
/// value of one type costs little.
class ArgumentConverter {
public:
  ArgumentConverter();

  /// What `value` is. NumPy's numbers become Python's, in `value` as well. For
  /// a compile-time parameter any hashable value is taken, and lists, dicts and
  /// sets of them. A placeholder with sizes that are not numbers is an absent
  /// tensor. Raises TypeError.
  CallArgument convert(nanobind::object &value, ArgumentUse use,
                       ArgumentStorage &storage);

private:
  enum class Kind {
    Integer,
    Real,
    Bool,
    TileDType,
    OtherDType,
    Placeholder,
    Torch,
    Array,
    DLPack,
    Cuda,
    /// Says itself by `__tile_key__` what it is.
    Keyed,
    Other
  };

  Kind classify(PyTypeObject *type);
  Kind classifyNew(nanobind::handle type);
  CallArgument convertObject(nanobind::object &value, ArgumentUse use,
                             ArgumentStorage &storage);
  CallArgument freeze(nanobind::handle value, ArgumentStorage &storage);
  void freezeInto(nanobind::handle value, std::string &bytes);
  void freezeSorted(nanobind::handle items, std::string &bytes);
  void freezeObject(nanobind::handle value, std::string &bytes);

  struct KnownType {
    nanobind::object type;
    Kind kind;
  };
  llvm::DenseMap<PyTypeObject *, KnownType> types;
  /// The numbers of values that are compared by Python.
  nanobind::dict interned;
  uint64_t numInterned = 0;
};

/// The type of a character of the struct module.
std::optional<DType> getFormatDType(llvm::StringRef format, size_t itemSize);

/// A tensor as its Python object describes it.
TensorView getPlaceholder(nanobind::handle value, ArgumentStorage &storage);
TensorView getTorchTensor(nanobind::handle value, ArgumentStorage &storage);
TensorView getDLPackTensor(nanobind::handle value, ArgumentStorage &storage);
TensorView getCudaArray(nanobind::handle value, ArgumentStorage &storage);
/// By the buffer protocol, or else as NumPy describes the array.
TensorView getBuffer(nanobind::handle value, ArgumentStorage &storage);

} // namespace mlir::tile::python

#endif // TILE_PYTHON_ARGUMENTS_H
