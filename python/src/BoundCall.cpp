//===- BoundCall.cpp - The arguments of one call in Python ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signature.h"

#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Execution/Arguments.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/TypeSwitch.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;

nb::list PyBound::getValues() const {
  nb::list result;
  for (const nb::object &value : values)
    result.append(value);
  return result;
}

nb::dict PyBound::getArguments() const {
  nb::dict result;
  for (auto [value, parameter] : llvm::zip_equal(values, signature->parameters))
    result[parameter.name] = value;
  return result;
}

nb::bytes PyBound::getKey() const {
  llvm::SmallVector<char, 256> key;
  signature->get().getKey(bound, key);
  return nb::bytes(key.data(), key.size());
}

static nb::tuple toTuple(ArrayRef<int64_t> values) {
  nb::list list;
  for (int64_t value : values)
    list.append(value);
  return nb::tuple(list);
}

/// The strides of a tensor, in elements.
static nb::tuple getStrides(const TensorView &tensor) {
  SmallVector<int64_t, 4> strides;
  for (int64_t dim = 0; dim < tensor.rank; ++dim)
    strides.push_back(tensor.getStride(dim));
  return toTuple(strides);
}

static nb::tuple describeView(const TensorView &tensor) {
  return nb::make_tuple(
      reinterpret_cast<uintptr_t>(tensor.data), toText(tensor.dtype),
      toTuple(tensor.getShape()), getStrides(tensor),
      nb::make_tuple(tensor.device.type, tensor.device.index));
}

nb::object PyBound::getTensor(unsigned index) const {
  if (index >= bound.size())
    throw nb::index_error();
  if (auto *tensor = std::get_if<TensorView>(&bound[index]))
    return describeView(*tensor);
  return nb::none();
}

static Type getScalarType(Attribute annotation) {
  if (auto dyn = dyn_cast<DynAnnotationAttr>(annotation))
    return dyn.getType();
  return cast<TypeAttr>(annotation).getValue();
}

/// The rank of an annotated tensor; 0 for an address.
static size_t getRank(Attribute annotation) {
  return llvm::TypeSwitch<Attribute, size_t>(annotation)
      .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
            BufferAnnotationAttr>(
          [](auto buffer) { return buffer.getShape().size(); })
      .Default([](Attribute) { return 0; });
}

nb::object PyBound::getKernelArgument(unsigned index) const {
  Attribute annotation = signature->get().getAnnotation(index);
  const CallArgument &argument = bound[index];
  bool isPointer = isa<PtrAnnotationAttr>(annotation);
  if (auto *tensor = std::get_if<TensorView>(&argument)) {
    auto data = reinterpret_cast<uintptr_t>(tensor->data);
    if (isPointer)
      return nb::make_tuple(data, nb::make_tuple(), nb::none());
    nb::object strides = nb::none();
    if (tensor->strides && !isa<TensorAnnotationAttr>(annotation))
      strides = getStrides(*tensor);
    return nb::make_tuple(data, toTuple(tensor->getShape()), strides);
  }
  if (std::holds_alternative<Absent>(argument)) {
    SmallVector<int64_t> sizes(getRank(annotation), -1);
    return nb::make_tuple(0, toTuple(sizes), nb::none());
  }
  if (isPointer)
    return nb::make_tuple(static_cast<uint64_t>(std::get<int64_t>(argument)),
                          nb::make_tuple(), nb::none());
  return nb::int_(getScalarBits(getScalarType(annotation), argument));
}

nb::list PyBound::getKernelArguments() const {
  nb::list arguments;
  for (unsigned index : signature->get().getKernelParameters())
    arguments.append(getKernelArgument(index));
  return arguments;
}

nb::list PyBound::getAnnotations() const {
  auto annotations =
      signature->get().getConcreteAnnotations(bound, &getSignatureContext());
  if (!annotations)
    raise(PyExc_ValueError, toString(annotations.takeError()));
  nb::list texts;
  for (Attribute annotation : *annotations)
    texts.append(annotation
                     ? nb::object(nb::str(debugString(annotation).c_str()))
                     : nb::none());
  return texts;
}

nb::object mlir::tile::python::describeTensor(nb::object value) {
  ArgumentConverter converter;
  ArgumentStorage storage;
  CallArgument argument =
      converter.convert(value, ArgumentUse::OpenTensor, storage);
  if (auto *tensor = std::get_if<TensorView>(&argument))
    return describeView(*tensor);
  return nb::none();
}
