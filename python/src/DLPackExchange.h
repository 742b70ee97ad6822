//===- DLPackExchange.h - Tensors without Python objects --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C interface that DLPack gives the types of tensors: a table of functions
// in a capsule. What is declared here is its binary form, of which only two
// functions are called.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_DLPACKEXCHANGE_H
#define TILE_PYTHON_DLPACKEXCHANGE_H

#include "tile/Signature/CallArgument.h"

#include <nanobind/nanobind.h>

namespace mlir::tile::python {

/// DLTensor.
struct ExchangedTensor {
  void *data;
  Device device;
  int32_t rank;
  DType dtype;
  int64_t *shape;
  int64_t *strides;
  uint64_t byteOffset;
};
static_assert(sizeof(ExchangedTensor) == 48, "layout of DLTensor");

/// DLPackExchangeAPI.
struct ExchangeTable {
  uint32_t major, minor;
  const ExchangeTable *previous;
  void (*allocate)();
  void (*fromObject)();
  void (*toObject)();
  /// Describes a tensor, which keeps owning what the result points to.
  int (*view)(void *object, ExchangedTensor *tensor);
  /// The stream on which the library works.
  int (*getStream)(int32_t deviceType, int32_t deviceIndex, void **stream);
};

/// The table of a type, or null. Subtypes may do things of their own when they
/// are read, so theirs is not looked for, parameters of torch excepted.
const ExchangeTable *findExchangeTable(PyTypeObject *type);

/// A tensor by its type's table. Returns false, with no Python error set, for
/// one that cannot be read this way.
bool readExchanged(const ExchangeTable &table, PyObject *object,
                   TensorView &view);

} // namespace mlir::tile::python

#endif // TILE_PYTHON_DLPACKEXCHANGE_H
