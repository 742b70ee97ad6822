//===- CallReader.h - Reads the arguments of a call -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_CALLREADER_H
#define TILE_PYTHON_CALLREADER_H

#include "DLPackExchange.h"
#include "Signature.h"

namespace mlir::tile::python {

/// The arguments of one call, read without making Python objects where their
/// types are known. Lives no longer than the call.
class CallReader {
public:
  CallReader() = default;
  CallReader(const CallReader &) = delete;
  ~CallReader();

  /// Reads and binds the arguments. Returns false, with no Python error set,
  /// for arguments that do not fit or cannot be read here.
  bool read(PySignature &signature, PyObject *args, PyObject *kwargs);

  /// The arguments by parameter, checked.
  BoundArguments bound;

  /// What is known of a tensor besides its view.
  struct Source {
    PyObject *object = nullptr;
    const ExchangeTable *table = nullptr;
    bool isWritable = true;
  };
  ArrayRef<Source> getSources() const { return sources; }

  /// The tensor that an object is, if its type is known.
  std::optional<TensorView> readTensor(PyObject *object, Source &source);

private:
  std::optional<CallArgument> convert(PySignature &signature, unsigned index,
                                      PyObject *object);
  std::optional<TensorView> readArray(PyObject *object, Source &source);

  SmallVector<CallArgument, 8> positional;
  SmallVector<KeywordArgument, 4> keywords;
  SmallVector<Source, 8> sources;
  SmallVector<Py_buffer, 4> buffers;
  /// Strides of arrays, which must not move.
  int64_t strides[64];
  unsigned numStrides = 0;
  /// Of arguments of other types.
  std::unique_ptr<ArgumentStorage> storage;
  SmallVector<nanobind::object, 2> kept;
};

} // namespace mlir::tile::python

#endif // TILE_PYTHON_CALLREADER_H
