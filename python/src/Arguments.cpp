//===- Arguments.cpp - Python values as arguments of a call ---------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values that only Python knows become bytes that are equal when the values
// are. Numbers, text and containers of them are written out; other values get
// a number each, by the comparison and the hash that Python has for them.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace mlir::tile;
using namespace mlir::tile::python;
using llvm::StringRef;

ArgumentConverter::ArgumentConverter() = default;

//===----------------------------------------------------------------------===//
// Kinds of types
//===----------------------------------------------------------------------===//

static std::string getTypeName(nb::handle value) {
  return nb::cast<std::string>(value.type().attr("__name__"));
}

static bool isSubclass(nb::handle type, const char *module, const char *name) {
  nb::object base = nb::module_::import_(module).attr(name);
  int result = PyObject_IsSubclass(type.ptr(), base.ptr());
  if (result < 0)
    throw nb::python_error();
  return result;
}

/// Whether a base of the type has the name in a library that may be absent.
static bool hasBase(nb::handle type, StringRef module, StringRef name) {
  for (nb::handle base : type.attr("__mro__"))
    if (nb::cast<std::string>(base.attr("__name__")) == name &&
        nb::cast<std::string>(nb::str(base.attr("__module__"))) == module)
      return true;
  return false;
}

ArgumentConverter::Kind ArgumentConverter::classifyNew(nb::handle type) {
  if (hasBase(type, "tile.language.dtypes", "dtype"))
    return Kind::TileDType;
  if (nb::hasattr(type, "__tile_key__"))
    return Kind::Keyed;
  if (hasBase(type, "torch", "dtype") || hasBase(type, "numpy", "dtype"))
    return Kind::OtherDType;
  if (nb::hasattr(type, "static_shape"))
    return Kind::Placeholder;
  if (hasBase(type, "numpy", "bool") || hasBase(type, "numpy", "bool_"))
    return Kind::Bool;
  if (isSubclass(type, "numbers", "Integral"))
    return Kind::Integer;
  if (isSubclass(type, "numbers", "Real"))
    return Kind::Real;
  if (hasBase(type, "numpy", "ndarray"))
    return Kind::Array;
  if (nb::hasattr(type, "data_ptr") && nb::hasattr(type, "stride"))
    return Kind::Torch;
  if (nb::hasattr(type, "__dlpack__"))
    return Kind::DLPack;
  if (nb::hasattr(type, "__cuda_array_interface__"))
    return Kind::Cuda;
  return Kind::Other;
}

ArgumentConverter::Kind ArgumentConverter::classify(PyTypeObject *type) {
  auto it = types.find(type);
  if (it != types.end())
    return it->second.kind;
  nb::object object = nb::borrow(reinterpret_cast<PyObject *>(type));
  Kind kind = classifyNew(object);
  types.try_emplace(type, KnownType{object, kind});
  return kind;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// The name that the frontend has for a type, whoever spells it.
static std::string getDTypeName(nb::handle value) {
  nb::object type = nb::module_::import_("tile.language.dtypes").attr("dtype");
  return nb::cast<std::string>(nb::str(type(value)));
}

/// A type of NumPy itself, such as numpy.float16.
static bool isScalarType(nb::handle value) {
  return PyType_Check(value.ptr()) && hasBase(value, "numpy", "generic");
}

static StringRef getText(nb::handle value) {
  Py_ssize_t size;
  const char *text = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (!text)
    throw nb::python_error();
  return {text, static_cast<size_t>(size)};
}

/// Types that one type of the IR holds are still two to Python.
static CallArgument convertDType(nb::handle value, bool isCompileTime,
                                 ArgumentStorage &storage) {
  std::string name = nb::cast<std::string>(nb::str(value));
  DType dtype = getDType(name);
  if (!isCompileTime || toText(dtype) == name)
    return dtype;
  return FrozenValue{"dtype", storage.keepText(std::move(name))};
}

CallArgument ArgumentConverter::convert(nb::object &value, ArgumentUse use,
                                        ArgumentStorage &storage) {
  PyObject *object = value.ptr();
  if (value.is_none())
    return Absent();
  if (PyBool_Check(object))
    return object == Py_True;
  if (PyLong_CheckExact(object)) {
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow)
      return static_cast<int64_t>(number);
    return freeze(value, storage);
  }
  if (PyFloat_CheckExact(object))
    return PyFloat_AS_DOUBLE(object);
  if (PyUnicode_CheckExact(object))
    return getText(value);
  return convertObject(value, use, storage);
}

CallArgument ArgumentConverter::convertObject(nb::object &value,
                                              ArgumentUse use,
                                              ArgumentStorage &storage) {
  bool isCompileTime = use == ArgumentUse::CompileTime;
  auto tensor = [&](TensorView view) -> CallArgument {
    if (!isCompileTime || view.rank != 0)
      return view;
    value = value.attr("item")();
    return convert(value, use, storage);
  };
  switch (classify(Py_TYPE(value.ptr()))) {
  case Kind::Integer:
    // Enumerators and the like are more than their number.
    if (isCompileTime && PyLong_Check(value.ptr()))
      return freeze(value, storage);
    value = nb::int_(value);
    return convert(value, use, storage);
  case Kind::Real:
    value = nb::float_(value);
    return PyFloat_AsDouble(value.ptr());
  case Kind::Bool:
    value = nb::bool_(nb::cast<bool>(value.attr("__bool__")()));
    return nb::cast<bool>(value);
  case Kind::TileDType:
    return convertDType(value, isCompileTime, storage);
  case Kind::OtherDType:
    value = nb::module_::import_("tile.language.dtypes").attr("dtype")(value);
    return convertDType(value, isCompileTime, storage);
  case Kind::Placeholder:
    if (use == ArgumentUse::Launch && nb::cast<bool>(value.attr("is_symbolic")))
      return Absent();
    return getPlaceholder(value, storage);
  case Kind::Torch:
    return tensor(getTorchTensor(value, storage));
  case Kind::Array:
    return tensor(getBuffer(value, storage));
  case Kind::DLPack:
    return tensor(getDLPackTensor(value, storage));
  case Kind::Cuda:
    return tensor(getCudaArray(value, storage));
  case Kind::Keyed:
  case Kind::Other:
    break;
  }
  if (isScalarType(value)) {
    value = nb::module_::import_("tile.language.dtypes").attr("dtype")(value);
    return convertDType(value, isCompileTime, storage);
  }
  if (!isCompileTime && PyObject_CheckBuffer(value.ptr()))
    return getBuffer(value, storage);
  if (isCompileTime)
    return freeze(value, storage);
  return FrozenValue{storage.keepText(getTypeName(value)), ""};
}

//===----------------------------------------------------------------------===//
// Frozen values
//===----------------------------------------------------------------------===//

template <typename T>
static void append(std::string &bytes, char tag, T value) {
  bytes.push_back(tag);
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

static void appendText(std::string &bytes, char tag, StringRef text) {
  append<uint64_t>(bytes, tag, text.size());
  bytes.append(text.begin(), text.end());
}

/// Items without an order: those of sets, and the pairs of dicts.
void ArgumentConverter::freezeSorted(nb::handle items, std::string &bytes) {
  std::vector<std::string> parts;
  for (nb::handle item : items)
    freezeInto(item, parts.emplace_back());
  llvm::sort(parts);
  append<uint64_t>(bytes, '#', parts.size());
  for (const std::string &part : parts)
    bytes += part;
}

/// Values that Python compares get a number each.
void ArgumentConverter::freezeObject(nb::handle value, std::string &bytes) {
  nb::object key = nb::make_tuple(value.type(), value);
  if (PyObject_Hash(key.ptr()) == -1) {
    PyErr_Clear();
    throw nb::type_error(("Unsupported unhashable JIT compile-time cache key "
                          "value of type '" +
                          getTypeName(value) + "'")
                             .c_str());
  }
  // A comparison in Python may let another thread come in between, so that no
  // number may be given twice.
  nb::int_ next(numInterned++);
  PyObject *number = PyDict_SetDefault(interned.ptr(), key.ptr(), next.ptr());
  if (!number)
    throw nb::python_error();
  append<uint64_t>(bytes, 'o', PyLong_AsSize_t(number));
}

void ArgumentConverter::freezeInto(nb::handle value, std::string &bytes) {
  PyObject *object = value.ptr();
  auto sequence = [&](char tag) {
    append<uint64_t>(bytes, tag, nb::len(value));
    for (nb::handle item : value)
      freezeInto(item, bytes);
  };
  if (Py_EnterRecursiveCall(" while a compile-time value is read"))
    throw nb::python_error();
  llvm::scope_exit leave([] { Py_LeaveRecursiveCall(); });
  if (value.is_none())
    bytes.push_back('N');
  else if (PyBool_Check(object))
    append<uint8_t>(bytes, 'b', object == Py_True);
  else if (PyLong_CheckExact(object))
    appendText(bytes, 'i', nb::cast<std::string>(nb::str(value)));
  else if (PyFloat_CheckExact(object))
    append<double>(bytes, 'f', PyFloat_AS_DOUBLE(object));
  else if (PyUnicode_CheckExact(object))
    appendText(bytes, 's', getText(value));
  else if (PyTuple_CheckExact(object))
    sequence('(');
  else if (PyList_CheckExact(object))
    sequence('[');
  else if (PyDict_CheckExact(object)) {
    bytes.push_back('{');
    freezeSorted(value.attr("items")(), bytes);
  } else if (PyAnySet_Check(object)) {
    bytes.push_back(PySet_Check(object) ? '<' : '>');
    freezeSorted(value, bytes);
  } else {
    ArgumentStorage storage;
    nb::object known = nb::borrow(value);
    switch (classify(Py_TYPE(object))) {
    case Kind::TileDType:
    case Kind::OtherDType:
      return appendText(bytes, 'd', getDTypeName(value));
    case Kind::Real:
    case Kind::Bool:
    case Kind::Integer:
      if (PyLong_Check(object))
        return freezeObject(value, bytes);
      convertObject(known, ArgumentUse::Launch, storage);
      return freezeInto(known, bytes);
    case Kind::Keyed:
      appendText(bytes, 'k', getTypeName(value));
      return freezeInto(nb::object(value.attr("__tile_key__")()), bytes);
    case Kind::Other:
      if (isScalarType(value))
        return appendText(bytes, 'd', getDTypeName(value));
      return freezeObject(value, bytes);
    default:
      throw nb::type_error("a tensor cannot be part of a compile-time value");
    }
  }
}

CallArgument ArgumentConverter::freeze(nb::handle value,
                                       ArgumentStorage &storage) {
  std::string bytes;
  freezeInto(value, bytes);
  return FrozenValue{storage.keepText(getTypeName(value)),
                     storage.keepText(std::move(bytes))};
}
