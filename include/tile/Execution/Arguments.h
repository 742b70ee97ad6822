//===- Arguments.h - Arguments of entry functions ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an entry function takes, which arrays fit it, and the form in which
// compiled code receives its arguments.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_EXECUTION_ARGUMENTS_H
#define TILE_EXECUTION_ARGUMENTS_H

#include "tile/Signature/CallArgument.h"
#include "tile/Support/Npy.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::tile {

/// The function with a body that `name` names; with an empty name, the only
/// one. The error lists the functions there are. Also checks that the function
/// can be called: no results, and arguments of supported types where they are
/// passed at launch.
llvm::Expected<func::FuncOp> findEntry(ModuleOp module, StringRef name);

/// The array types that hold elements of this type, the first of them the one
/// to write. Empty for an unsupported type.
SmallVector<NpyType, 3> getNpyTypes(Type elementType);

/// What the elements of an array are in a buffer of this element type, if they
/// can be in one.
llvm::Expected<DType> getDType(Type elementType, NpyType type);

/// The value of a scalar of this type written as text. Bools are true, false, 0
/// or 1.
llvm::Expected<CallArgument> parseScalar(Type type, StringRef text);

/// The bits of a scalar's value, which is in the range of the type.
uint64_t getScalarBits(Type type, const CallArgument &value);

/// The bits of `value` in the format of a supported float type.
uint64_t convertFloat(FloatType type, double value);

/// The arguments of one call: an array of pointers, each to a scalar or to a
/// pointer to a memref descriptor.
class PackedArguments {
public:
  explicit PackedArguments(size_t count) : slots(count), pointers(count) {}

  void setScalar(size_t index, uint64_t bits);
  /// A contiguous buffer in C order that starts at `data`.
  void setBuffer(size_t index, void *data, ArrayRef<int64_t> shape);
  /// A tensor that is not there: a null address, and sizes of -1.
  void setAbsent(size_t index, size_t rank);
  /// A buffer that starts at `data`, with strides counted in elements.
  void setStridedBuffer(size_t index, void *data, ArrayRef<int64_t> shape,
                        ArrayRef<int64_t> strides);

  void **get() { return pointers.data(); }

private:
  struct Slot {
    uint64_t scalar = 0;
    void *descriptor = nullptr;
    /// Two pointers, the offset, the sizes and the strides.
    SmallVector<int64_t, 9> words;
  };

  std::vector<Slot> slots;
  std::vector<void *> pointers;
};

} // namespace mlir::tile

#endif // TILE_EXECUTION_ARGUMENTS_H
