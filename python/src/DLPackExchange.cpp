//===- DLPackExchange.cpp - Tensors without Python objects ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DLPackExchange.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace mlir::tile;
using namespace mlir::tile::python;

static constexpr const char *kAttribute = "__dlpack_c_exchange_api__";

static bool isParameter(nb::handle type) {
  return nb::cast<std::string>(nb::str(type.attr("__module__"))) ==
             "torch.nn.parameter" &&
         nb::cast<std::string>(type.attr("__name__")) == "Parameter";
}

/// The table in the form that this code knows.
static const ExchangeTable *getVersion1(const ExchangeTable *table) {
  while (table && table->major != 1)
    table = table->previous;
  return table && table->view && table->getStream ? table : nullptr;
}

const ExchangeTable *
mlir::tile::python::findExchangeTable(PyTypeObject *object) {
  nb::handle type(reinterpret_cast<PyObject *>(object));
  nb::object own = type.attr("__dict__");
  bool isOwn = PySequence_Contains(own.ptr(), nb::str(kAttribute).ptr()) == 1;
  if (!isOwn && !isParameter(type))
    return nullptr;
  nb::object capsule = nb::getattr(type, kAttribute, nb::none());
  if (!PyCapsule_IsValid(capsule.ptr(), "dlpack_exchange_api"))
    return nullptr;
  return getVersion1(static_cast<const ExchangeTable *>(
      PyCapsule_GetPointer(capsule.ptr(), "dlpack_exchange_api")));
}

bool mlir::tile::python::readExchanged(const ExchangeTable &table,
                                       PyObject *object, TensorView &view) {
  // What DLPack calls memory that the host or the GPU can use.
  constexpr int32_t kCudaHost = 3, kCudaManaged = 13;
  ExchangedTensor tensor;
  if (table.view(object, &tensor)) {
    PyErr_Clear();
    return false;
  }
  view.data = static_cast<char *>(tensor.data) + tensor.byteOffset;
  view.dtype = tensor.dtype;
  view.device = tensor.device;
  if (view.device.type == kCudaHost)
    view.device = Device();
  if (view.device.type == kCudaManaged)
    view.device.type = Device::CUDA;
  view.rank = tensor.rank;
  view.shape = tensor.shape;
  view.strides = tensor.strides;
  return true;
}
