//===- CallReader.cpp - Reads the arguments of a call ---------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallReader.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;

namespace {
/// How the tensors of a type are read.
struct TensorAccess {
  const ExchangeTable *table = nullptr;
  bool isArray = false;
  /// A function of a tensor that says whether it is a view of its values
  /// negated, of which the table does not tell; or null.
  PyObject *isNegated = nullptr;
};
} // namespace

/// What was found out about types, which are kept from being freed.
static const TensorAccess &getTensorType(PyTypeObject *type) {
  static auto *known = new llvm::DenseMap<PyTypeObject *, TensorAccess>();
  auto [it, isNew] = known->try_emplace(type);
  if (isNew) {
    Py_INCREF(type);
    TensorAccess found;
    found.table = findExchangeTable(type);
    nb::handle object(reinterpret_cast<PyObject *>(type));
    found.isArray =
        nb::cast<std::string>(object.attr("__name__")) == "ndarray" &&
        nb::cast<std::string>(nb::str(object.attr("__module__"))) == "numpy";
    found.isNegated =
        nb::getattr(object, "is_neg", nb::object()).release().ptr();
    // Reading attributes may have run Python code, which may have come here.
    it = known->try_emplace(type).first;
    it->second = found;
  }
  return it->second;
}

CallReader::~CallReader() {
  for (Py_buffer &buffer : buffers)
    PyBuffer_Release(&buffer);
}

std::optional<TensorView> CallReader::readArray(PyObject *object,
                                                Source &source) {
  Py_buffer &buffer = buffers.emplace_back();
  if (PyObject_GetBuffer(object, &buffer, PyBUF_RECORDS_RO)) {
    buffers.pop_back();
    PyErr_Clear();
    return std::nullopt;
  }
  source.isWritable = !buffer.readonly;
  auto dtype =
      getFormatDType(buffer.format ? buffer.format : "B", buffer.itemsize);
  if (!dtype || buffer.itemsize == 0 ||
      numStrides + buffer.ndim > std::size(strides))
    return std::nullopt;
  TensorView view;
  view.data = buffer.buf;
  view.dtype = *dtype;
  view.rank = buffer.ndim;
  view.shape = reinterpret_cast<const int64_t *>(buffer.shape);
  view.strides = strides + numStrides;
  for (int dim = 0; dim < buffer.ndim; ++dim) {
    if (buffer.strides[dim] % buffer.itemsize)
      return std::nullopt;
    strides[numStrides++] = buffer.strides[dim] / buffer.itemsize;
  }
  return view;
}

std::optional<TensorView> CallReader::readTensor(PyObject *object,
                                                 Source &source) {
  const TensorAccess type = getTensorType(Py_TYPE(object));
  source.object = object;
  source.table = type.table;
  if (type.isArray)
    return readArray(object, source);
  TensorView view;
  if (!type.table || !readExchanged(*type.table, object, view))
    return std::nullopt;
  if (!type.isNegated)
    return view;
  nb::object result = nb::steal(PyObject_CallOneArg(type.isNegated, object));
  if (!result.is_valid())
    PyErr_Clear();
  return result.ptr() == Py_False ? std::optional(view) : std::nullopt;
}

std::optional<CallArgument>
CallReader::convert(PySignature &signature, unsigned index, PyObject *object) {
  const PyParameter &parameter = signature.parameters[index];
  auto *type = reinterpret_cast<PyObject *>(Py_TYPE(object));
  bool isConverted = !parameter.convert.is_none() &&
                     type != parameter.type.ptr() &&
                     object != parameter.defaultValue.ptr();
  if (!isConverted && object == Py_None)
    return Absent();
  if (!isConverted && PyLong_CheckExact(object)) {
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow)
      return static_cast<int64_t>(number);
  }
  if (!isConverted && PyFloat_CheckExact(object))
    return PyFloat_AS_DOUBLE(object);
  Source &source = sources[index];
  if (!isConverted && parameter.use != ArgumentUse::CompileTime)
    if (auto view = readTensor(object, source)) {
      signature.adopt(index, *view);
      return *view;
    }
  if (!storage)
    storage = std::make_unique<ArgumentStorage>();
  // What is read in other ways does not say whether it can be written.
  source.isWritable = false;
  kept.push_back(nb::borrow(object));
  return signature.convert(index, kept.back(), *storage);
}

bool CallReader::read(PySignature &signature, PyObject *args,
                      PyObject *kwargs) {
  size_t count = PyTuple_GET_SIZE(args), all = signature.parameters.size();
  if (count > signature.getNumPositional() || count > all)
    return false;
  positional.clear();
  keywords.clear();
  sources.assign(all, Source());
  try {
    for (size_t index = 0; index < count; ++index) {
      auto value = convert(signature, index, PyTuple_GET_ITEM(args, index));
      positional.push_back(*value);
    }
    PyObject *key, *value;
    Py_ssize_t next = 0;
    while (kwargs && PyDict_Next(kwargs, &next, &key, &value)) {
      std::optional<unsigned> index = signature.findParameter(key);
      if (!index)
        return false;
      keywords.push_back({signature.get().getParameterNames()[*index],
                          *convert(signature, *index, value)});
    }
  } catch (nb::python_error &) {
    return false; // the Python code raises it again
  } catch (nb::builtin_exception &) {
    return false;
  }
  CallOptions options;
  options.allowAbsent = true;
  llvm::Error error =
      signature.get().bind(positional, keywords, options, bound);
  if (!error)
    return true;
  llvm::consumeError(std::move(error));
  return false;
}
