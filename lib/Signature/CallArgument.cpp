//===- CallArgument.cpp - values that a caller passes -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Signature/CallArgument.h"

#include "tile/Support/Npy.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

namespace {
/// A float format that one code stands for.
struct NarrowFloat {
  uint8_t code, bits;
  const char *name;
  Type (*get)(MLIRContext *);
};
} // namespace

template <typename T>
static Type getFloat(MLIRContext *context) {
  return T::get(context);
}

static constexpr NarrowFloat kNarrowFloats[] = {
    {DType::Float8E3M4, 8, "float8_e3m4", getFloat<Float8E3M4Type>},
    {DType::Float8E4M3, 8, "float8_e4m3", getFloat<Float8E4M3Type>},
    {DType::Float8E4M3B11FNUZ, 8, "float8_e4m3b11fnuz",
     getFloat<Float8E4M3B11FNUZType>},
    {DType::Float8E4M3FN, 8, "float8_e4m3fn", getFloat<Float8E4M3FNType>},
    {DType::Float8E4M3FNUZ, 8, "float8_e4m3fnuz", getFloat<Float8E4M3FNUZType>},
    {DType::Float8E5M2, 8, "float8_e5m2", getFloat<Float8E5M2Type>},
    {DType::Float8E5M2FNUZ, 8, "float8_e5m2fnuz", getFloat<Float8E5M2FNUZType>},
    {DType::Float8E8M0FNU, 8, "float8_e8m0fnu", getFloat<Float8E8M0FNUType>},
    {DType::Float6E2M3FN, 6, "float6_e2m3fn", getFloat<Float6E2M3FNType>},
    {DType::Float6E3M2FN, 6, "float6_e3m2fn", getFloat<Float6E3M2FNType>},
    {DType::Float4E2M1FN, 4, "float4_e2m1fn", getFloat<Float4E2M1FNType>},
};

static std::string getScalarName(DType dtype) {
  std::string bits = std::to_string(dtype.bits);
  switch (dtype.code) {
  case DType::Int:
    return "int" + bits;
  case DType::UInt:
    return "uint" + bits;
  case DType::Float:
    return "float" + bits;
  case DType::Handle:
    return "handle";
  case DType::BFloat:
    return "bfloat" + bits;
  case DType::Complex:
    return "complex" + bits;
  case DType::Bool:
    return "bool";
  default:
    for (const NarrowFloat &format : kNarrowFloats)
      if (format.code == dtype.code)
        return format.name;
    return "code " + std::to_string(dtype.code) + " of " + bits + " bits";
  }
}

std::string mlir::tile::toText(DType dtype) {
  std::string name = getScalarName(dtype);
  return dtype.lanes == 1 ? name : name + "x" + std::to_string(dtype.lanes);
}

bool mlir::tile::isSupported(DType dtype) {
  auto hasWidth = [&](std::initializer_list<uint8_t> widths) {
    return llvm::is_contained(widths, dtype.bits);
  };
  if (dtype.lanes == 0)
    return false;
  switch (dtype.code) {
  case DType::Int:
  case DType::UInt:
    return dtype.bits >= 1 && dtype.bits <= 64;
  case DType::Float:
    return hasWidth({16, 32, 64});
  case DType::BFloat:
    return hasWidth({16});
  case DType::Complex:
    return hasWidth({32, 64, 128}) && dtype.lanes == 1;
  case DType::Bool:
    return hasWidth({1, 8});
  default:
    return llvm::any_of(kNarrowFloats, [&](const NarrowFloat &format) {
      return format.code == dtype.code && format.bits == dtype.bits;
    });
  }
}

static Type getFloatOfWidth(MLIRContext *context, unsigned bits) {
  if (bits == 16)
    return Float16Type::get(context);
  return bits == 32 ? Type(Float32Type::get(context))
                    : Type(Float64Type::get(context));
}

static Type getScalarType(MLIRContext *context, DType dtype) {
  switch (dtype.code) {
  case DType::Int:
  case DType::UInt:
    return IntegerType::get(context, dtype.bits);
  case DType::Float:
    return getFloatOfWidth(context, dtype.bits);
  case DType::BFloat:
    return BFloat16Type::get(context);
  case DType::Complex:
    return ComplexType::get(getFloatOfWidth(context, dtype.bits / 2));
  case DType::Bool:
    return IntegerType::get(context, 1);
  default:
    return llvm::find_if(kNarrowFloats,
                         [&](const NarrowFloat &format) {
                           return format.code == dtype.code;
                         })
        ->get(context);
  }
}

Type mlir::tile::getType(MLIRContext *context, DType dtype) {
  if (!isSupported(dtype))
    return {};
  Type type = getScalarType(context, dtype);
  return dtype.lanes == 1 ? type : VectorType::get(dtype.lanes, type);
}

static std::optional<DType> getFloatDType(FloatType type) {
  uint8_t bits = type.getWidth();
  if (type.isBF16())
    return DType{DType::BFloat, bits};
  if (type.isF16() || type.isF32() || type.isF64())
    return DType{DType::Float, bits};
  for (const NarrowFloat &format : kNarrowFloats)
    if (format.get(type.getContext()) == type)
      return DType{format.code, format.bits};
  return std::nullopt;
}

std::optional<DType> mlir::tile::getDType(Type type) {
  if (type.isIndex())
    return DType{DType::Int, 64};
  if (type.isInteger(1))
    return DType{DType::Bool, 8};
  if (auto integer = dyn_cast<IntegerType>(type)) {
    if (integer.getWidth() > 64)
      return std::nullopt;
    uint8_t code = integer.isUnsigned() ? DType::UInt : DType::Int;
    return DType{code, static_cast<uint8_t>(integer.getWidth())};
  }
  if (auto floatType = dyn_cast<FloatType>(type))
    return getFloatDType(floatType);
  if (auto complex = dyn_cast<ComplexType>(type)) {
    std::optional<DType> part = getDType(complex.getElementType());
    if (!part || part->code != DType::Float)
      return std::nullopt;
    return DType{DType::Complex, static_cast<uint8_t>(2 * part->bits)};
  }
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || vector.getRank() != 1 || vector.isScalable() ||
      vector.getDimSize(0) > UINT16_MAX)
    return std::nullopt;
  std::optional<DType> dtype = getDType(vector.getElementType());
  if (dtype)
    dtype->lanes = static_cast<uint16_t>(vector.getDimSize(0));
  return dtype;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

std::string mlir::tile::toText(Device device) {
  std::string index = ":" + std::to_string(device.index);
  switch (device.type) {
  case Device::CPU:
    return "cpu";
  case Device::CUDA:
    return "cuda" + index;
  default:
    return "device type " + std::to_string(device.type) + index;
  }
}

int64_t TensorView::getStride(int64_t dim) const {
  if (strides)
    return strides[dim];
  // Sizes whose product is too large are for others to refuse.
  uint64_t stride = 1;
  for (int64_t size : getShape().drop_front(dim + 1))
    stride *= size;
  return stride;
}

static std::string toText(const TensorView &tensor) {
  std::string text = "a " + toText(tensor.dtype) + " tensor of ";
  if (tensor.rank < 1)
    return text + "rank " + std::to_string(tensor.rank);
  return text + formatShape(tensor.getShape());
}

static std::string toText(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.17g", value);
  return text;
}

std::string mlir::tile::toText(const CallArgument &argument) {
  struct Visitor {
    std::string operator()(Absent) { return "none"; }
    std::string operator()(bool value) { return value ? "true" : "false"; }
    std::string operator()(int64_t value) { return std::to_string(value); }
    std::string operator()(double value) { return ::toText(value); }
    std::string operator()(StringRef text) { return "'" + text.str() + "'"; }
    std::string operator()(DType dtype) { return "dtype " + toText(dtype); }
    std::string operator()(const TensorView &view) { return ::toText(view); }
    std::string operator()(const FrozenValue &value) {
      return "a value of type '" + value.type.str() + "'";
    }
  };
  return std::visit(Visitor(), argument);
}
