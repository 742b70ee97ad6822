//===- CallArgument.h - values that a caller passes -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call as its caller sees it: plain values and views of tensors, with nothing
// of MLIR. What they point to belongs to the caller.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SIGNATURE_CALLARGUMENT_H
#define TILE_SIGNATURE_CALLARGUMENT_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <variant>

namespace mlir::tile {

/// The type of an element, in the numbers of DLPack.
struct DType {
  enum Code : uint8_t {
    Int = 0,
    UInt = 1,
    Float = 2,
    Handle = 3,
    BFloat = 4,
    Complex = 5,
    Bool = 6,
    Float8E3M4 = 7,
    Float8E4M3 = 8,
    Float8E4M3B11FNUZ = 9,
    Float8E4M3FN = 10,
    Float8E4M3FNUZ = 11,
    Float8E5M2 = 12,
    Float8E5M2FNUZ = 13,
    Float8E8M0FNU = 14,
    Float6E2M3FN = 15,
    Float6E3M2FN = 16,
    Float4E2M1FN = 17
  };
  uint8_t code = Int;
  uint8_t bits = 32;
  uint16_t lanes = 1;

  bool operator==(DType other) const {
    return code == other.code && bits == other.bits && lanes == other.lanes;
  }
  bool operator!=(DType other) const { return !(*this == other); }
};

/// The name of a type, such as `float16`, `bool` or `float8_e4m3fn`.
std::string toText(DType dtype);

/// Whether IR has a type for such elements.
bool isSupported(DType dtype);

/// The type of IR that holds such elements; null when there is none. Integers
/// are signless there, so `int32` and `uint32` have one type.
Type getType(MLIRContext *context, DType dtype);

/// The first of the types that elements of an IR type can have; nothing when
/// there is none.
std::optional<DType> getDType(Type type);

/// Where a tensor is, in the numbers of DLPack.
struct Device {
  enum Type : int32_t { CPU = 1, CUDA = 2 };
  int32_t type = CPU;
  int32_t index = 0;

  bool operator==(Device other) const {
    return type == other.type && index == other.index;
  }
};

/// The name of a device, such as `cpu` or `cuda:1`.
std::string toText(Device device);

/// A tensor of the caller. `data` is the address of its first element; without
/// strides it is contiguous, in C order.
struct TensorView {
  void *data = nullptr;
  DType dtype;
  Device device;
  int32_t rank = 0;
  const int64_t *shape = nullptr;
  const int64_t *strides = nullptr;

  llvm::ArrayRef<int64_t> getShape() const {
    return {shape, static_cast<size_t>(rank)};
  }
  /// The stride of a dimension, in elements.
  int64_t getStride(int64_t dim) const;
};

/// Nothing: an argument that is `none`, or a tensor that is absent.
struct Absent {};

/// A value that only the frontend knows, as bytes that are equal when the
/// values are, with the name of its type.
struct FrozenValue {
  llvm::StringRef type;
  llvm::StringRef bytes;
};

/// The value of one argument. The order of the alternatives is part of the
/// format of keys.
using CallArgument =
    std::variant<Absent, bool, int64_t, double, llvm::StringRef, DType,
                 TensorView, FrozenValue>;

/// What messages call a value, such as `4`, `none` or `a float16 tensor of
/// 4x8`.
std::string toText(const CallArgument &argument);

/// An argument passed by its name.
struct KeywordArgument {
  llvm::StringRef name;
  CallArgument value;
};

} // namespace mlir::tile

#endif // TILE_SIGNATURE_CALLARGUMENT_H
