//===- Tensors.cpp - Tensors of Python's libraries ------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <nanobind/ndarray.h>

namespace nb = nanobind;
using namespace mlir::tile;
using namespace mlir::tile::python;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

/// Every type that has a name in Python.
static llvm::StringMap<DType> makeNames() {
  llvm::StringMap<DType> names;
  auto add = [&](uint8_t code, uint8_t bits) {
    DType dtype{code, bits};
    names[toText(dtype)] = dtype;
  };
  for (uint8_t bits : {8, 16, 32, 64})
    for (uint8_t code : {DType::Int, DType::UInt, DType::Float})
      add(code, bits);
  for (uint8_t bits : {64, 128})
    add(DType::Complex, bits);
  add(DType::Int, 4);
  add(DType::BFloat, 16);
  add(DType::Bool, 8);
  for (uint8_t code = DType::Float8E3M4; code <= DType::Float8E8M0FNU; ++code)
    add(code, 8);
  add(DType::Float6E2M3FN, 6);
  add(DType::Float6E3M2FN, 6);
  add(DType::Float4E2M1FN, 4);
  names["tfloat32"] = {DType::Float, 32};
  names["index"] = {DType::Int, 64};
  return names;
}

DType mlir::tile::python::getDType(StringRef name) {
  static const llvm::StringMap<DType> names = makeNames();
  auto it = names.find(name);
  if (it == names.end())
    throw nb::type_error(("unsupported dtype " + name).str().c_str());
  return it->second;
}

std::optional<DType> mlir::tile::python::getFormatDType(StringRef format,
                                                        size_t itemSize) {
  if (format.starts_with("<") || format.starts_with("=") ||
      format.starts_with("@"))
    format = format.drop_front();
  uint8_t bits = static_cast<uint8_t>(8 * itemSize);
  if (format == "?")
    return DType{DType::Bool, 8};
  if (format.size() == 1 && StringRef("bhilqn").contains(format))
    return DType{DType::Int, bits};
  if (format.size() == 1 && StringRef("BHILQN").contains(format))
    return DType{DType::UInt, bits};
  if (format.size() == 1 && StringRef("efd").contains(format))
    return DType{DType::Float, bits};
  if (format == "Zf" || format == "Zd")
    return DType{DType::Complex, bits};
  return std::nullopt;
}

/// The type of a typestr of NumPy, such as `<f4`.
static DType getTypestrDType(StringRef typestr) {
  unsigned bytes = 0;
  if (typestr.size() > 2 && !typestr.starts_with(">") &&
      !typestr.drop_front(2).getAsInteger(10, bytes) && bytes <= 16) {
    uint8_t bits = static_cast<uint8_t>(8 * bytes);
    switch (typestr[1]) {
    case 'b':
      return {DType::Bool, 8};
    case 'i':
      return {DType::Int, bits};
    case 'u':
      return {DType::UInt, bits};
    case 'f':
      return {DType::Float, bits};
    case 'c':
      return {DType::Complex, bits};
    default:
      break;
    }
  }
  throw nb::type_error(("unsupported dtype " + typestr).str().c_str());
}

/// The type that an object of a library spells, by the frontend's rules.
static DType getObjectDType(nb::handle dtype) {
  nb::object type = nb::module_::import_("tile.language.dtypes").attr("dtype");
  return getDType(nb::cast<std::string>(nb::str(type(dtype))));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

ArgumentStorage::~ArgumentStorage() {
  for (Py_buffer &buffer : buffers)
    PyBuffer_Release(&buffer);
}

StringRef ArgumentStorage::keepText(std::string text) {
  return texts.emplace_back(std::move(text));
}

const int64_t *ArgumentStorage::keepDims(ArrayRef<int64_t> values) {
  return dims.emplace_back(values).data();
}

static SmallVector<int64_t, 4> toDims(nb::handle values) {
  SmallVector<int64_t, 4> dims;
  for (nb::handle value : values)
    dims.push_back(nb::cast<int64_t>(value));
  return dims;
}

static void setDims(TensorView &view, ArrayRef<int64_t> shape,
                    ArgumentStorage &storage) {
  view.rank = shape.size();
  view.shape = storage.keepDims(shape);
}

/// Sets strides counted in bytes.
static void setByteStrides(TensorView &view, ArrayRef<int64_t> strides,
                           int64_t itemSize, ArgumentStorage &storage) {
  SmallVector<int64_t, 4> steps;
  for (int64_t stride : strides) {
    if (itemSize == 0 || stride % itemSize != 0)
      throw nb::value_error("expected strides that are multiples of the size "
                            "of an element");
    steps.push_back(stride / itemSize);
  }
  view.strides = storage.keepDims(steps);
}

TensorView mlir::tile::python::getPlaceholder(nb::handle value,
                                              ArgumentStorage &storage) {
  TensorView view;
  nb::object dtype = value.attr("dtype");
  view.dtype = getDType(nb::cast<std::string>(nb::str(dtype)));
  setDims(view, toDims(value.attr("static_shape")()), storage);
  nb::object strides = value.attr("static_strides")();
  if (!strides.is_none())
    view.strides = storage.keepDims(toDims(strides));
  return view;
}

/// The address of what a tensor of PyTorch holds. Those that stand for others,
/// while something is traced, have none though they are on a device.
static void *getTorchData(nb::handle value, const Device &device) {
  uintptr_t data = 0;
  try {
    data = nb::cast<uintptr_t>(value.attr("data_ptr")());
  } catch (nb::python_error &) {
  }
  if (data == 0 && device.type != Device::Type(0) &&
      nb::cast<int64_t>(value.attr("numel")()) > 0) {
    auto type = nb::cast<std::string>(value.type().attr("__name__"));
    throw nb::value_error(
        ("expected a tensor with memory, found a '" + type + "' without")
            .c_str());
  }
  return reinterpret_cast<void *>(data);
}

TensorView mlir::tile::python::getTorchTensor(nb::handle value,
                                              ArgumentStorage &storage) {
  // Such a view says that its values are those in memory, negated.
  nb::object isNegated = nb::getattr(value, "is_neg", nb::none());
  if (!isNegated.is_none() && nb::cast<bool>(isNegated()))
    throw nb::value_error("expected a tensor that holds its values, found a "
                          "negated view; call resolve_neg()");
  nb::object kind = nb::getattr(value, "layout", nb::none());
  auto layout = nb::cast<std::string>(nb::str(kind));
  if (!kind.is_none() && layout != "torch.strided")
    throw nb::value_error(
        ("expected a strided tensor, found one of layout " + layout).c_str());
  TensorView view;
  view.dtype = getObjectDType(value.attr("dtype"));
  nb::object device = value.attr("device");
  std::string type = nb::cast<std::string>(device.attr("type"));
  view.device.type = type == "cpu"    ? Device::CPU
                     : type == "cuda" ? Device::CUDA
                                      : Device::Type(0);
  if (nb::object index = device.attr("index"); !index.is_none())
    view.device.index = nb::cast<int32_t>(index);
  view.data = getTorchData(value, view.device);
  setDims(view, toDims(value.attr("shape")), storage);
  view.strides = storage.keepDims(toDims(value.attr("stride")()));
  return view;
}

TensorView mlir::tile::python::getDLPackTensor(nb::handle value,
                                               ArgumentStorage &storage) {
  // What DLPack calls memory that the host or the GPU can use.
  constexpr int kCudaHost = 3, kCudaManaged = 13;
  nb::ndarray<nb::ro> array;
  if (!nb::try_cast(value, array)) {
    auto type = nb::cast<std::string>(value.type().attr("__name__"));
    throw nb::type_error(
        ("cannot read the tensor of type '" + type + "' by DLPack").c_str());
  }
  TensorView view;
  view.data = const_cast<void *>(array.data());
  view.dtype = {array.dtype().code, array.dtype().bits, array.dtype().lanes};
  view.device = {array.device_type(), array.device_id()};
  if (view.device.type == kCudaHost)
    view.device.type = Device::CPU;
  if (view.device.type == kCudaManaged)
    view.device.type = Device::CUDA;
  SmallVector<int64_t, 4> shape, strides;
  for (size_t dim = 0; dim < array.ndim(); ++dim) {
    shape.push_back(array.shape(dim));
    strides.push_back(array.stride(dim));
  }
  setDims(view, shape, storage);
  view.strides = storage.keepDims(strides);
  storage.keep(std::make_shared<decltype(array)>(array));
  return view;
}

/// Reads the dictionary that `__array_interface__` and its like on GPUs are.
static TensorView readInterface(nb::handle interface, DType dtype,
                                ArgumentStorage &storage) {
  TensorView view;
  nb::object data = interface["data"];
  view.data = reinterpret_cast<void *>(nb::cast<uintptr_t>(data[0]));
  view.dtype = dtype;
  setDims(view, toDims(interface["shape"]), storage);
  nb::object strides = nb::borrow(interface).attr("get")("strides", nb::none());
  if (!strides.is_none())
    setByteStrides(view, toDims(strides), dtype.bits / 8, storage);
  return view;
}

TensorView mlir::tile::python::getCudaArray(nb::handle value,
                                            ArgumentStorage &storage) {
  nb::object interface = value.attr("__cuda_array_interface__");
  auto typestr = nb::cast<std::string>(interface["typestr"]);
  TensorView view = readInterface(interface, getTypestrDType(typestr), storage);
  view.device.type = Device::CUDA;
  nb::object device = nb::getattr(value, "device", nb::none());
  nb::object index = nb::getattr(device, "id", nb::int_(0));
  view.device.index = nb::cast<int32_t>(index);
  return view;
}

TensorView mlir::tile::python::getBuffer(nb::handle value,
                                         ArgumentStorage &storage) {
  Py_buffer buffer;
  if (PyObject_GetBuffer(value.ptr(), &buffer, PyBUF_RECORDS_RO)) {
    // Types that the protocol does not know, such as bfloat16.
    PyErr_Clear();
    DType dtype = getObjectDType(value.attr("dtype"));
    return readInterface(value.attr("__array_interface__"), dtype, storage);
  }
  storage.keep(buffer);
  TensorView view;
  view.data = buffer.buf;
  StringRef format(buffer.format ? buffer.format : "B");
  std::optional<DType> dtype = getFormatDType(format, buffer.itemsize);
  if (!dtype)
    throw nb::type_error(
        ("unsupported elements of format '" + format + "'").str().c_str());
  view.dtype = *dtype;
  ArrayRef<Py_ssize_t> shape(buffer.shape, buffer.ndim);
  ArrayRef<Py_ssize_t> strides(buffer.strides, buffer.ndim);
  setDims(view, SmallVector<int64_t, 4>(shape), storage);
  setByteStrides(view, SmallVector<int64_t, 4>(strides), buffer.itemsize,
                 storage);
  return view;
}
