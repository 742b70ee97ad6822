//===- Arguments.cpp - Arguments of entry functions -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/Arguments.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Support/Error.h"
#include "tile/Support/FloatBits.h"

#include "mlir/Support/DebugStringHelper.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Entry functions
//===----------------------------------------------------------------------===//

static bool isSupportedScalar(Type type) {
  return type.isIndex() || type.isInteger(1) || type.isInteger(8) ||
         type.isInteger(16) || type.isInteger(32) || type.isInteger(64) ||
         isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type);
}

SmallVector<NpyType, 3> mlir::tile::getNpyTypes(Type elementType) {
  if (elementType.isInteger(1))
    return {{'b', 1}};
  if (elementType.isIndex())
    return {{'i', 8}, {'u', 8}};
  if (auto type = dyn_cast<IntegerType>(elementType)) {
    unsigned bytes = type.getWidth() / 8;
    if (!isSupportedScalar(type))
      return {};
    return {{'i', bytes}, {'u', bytes}};
  }
  if (isa<Float64Type>(elementType))
    return {{'f', 8}};
  if (isa<Float32Type>(elementType))
    return {{'f', 4}};
  if (isa<Float16Type>(elementType))
    return {{'f', 2}};
  if (isa<BFloat16Type>(elementType))
    return {{'V', 2}, {'u', 2}};
  if (isa<Float8E4M3FNType, Float8E5M2Type>(elementType))
    return {{'V', 1}, {'u', 1}};
  return {};
}

/// Whether a contiguous array in C order can stand for the buffer.
static bool acceptsContiguous(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return false;
  if (offset != 0 && !ShapedType::isDynamic(offset))
    return false;
  int64_t expected = 1;
  for (auto [size, stride] :
       llvm::reverse(llvm::zip_equal(type.getShape(), strides))) {
    // A fixed stride over sizes known only at run time is checked there.
    if (!ShapedType::isDynamic(stride) && !ShapedType::isDynamic(expected) &&
        stride != expected)
      return false;
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(expected))
      expected = ShapedType::kDynamic;
    else
      expected *= size;
  }
  return true;
}

/// Why an argument of this type cannot be given, or an empty string.
static std::string findUnsupported(Type type) {
  if (isSupportedScalar(type))
    return "";
  auto buffer = dyn_cast<BaseMemRefType>(type);
  if (!buffer)
    return "unsupported type " + debugString(type);
  auto memref = dyn_cast<MemRefType>(type);
  if (memref && getScope(memref) != Scope::Global)
    return "expected a buffer in global memory, got " + debugString(type);
  if (getNpyTypes(buffer.getElementType()).empty())
    return "unsupported element type " + debugString(buffer.getElementType());
  if (memref && !acceptsContiguous(memref))
    return "expected a contiguous buffer, got " + debugString(type);
  return "";
}

/// Whether an argument is used up before the function is compiled.
static bool isCompileTime(func::FuncOp entry, unsigned index) {
  auto annotation =
      entry.getArgAttrOfType<AnnotationInterface>(index, kAnnotationAttrName);
  return annotation && !annotation.isKernelArgument();
}

static Error checkEntry(func::FuncOp entry) {
  if (unsigned count = entry.getNumResults())
    return makeError("expected function '" + entry.getName() +
                     "' to have no results, got " + Twine(count) +
                     " (results are written to buffer arguments)");
  for (auto [index, type] : llvm::enumerate(entry.getArgumentTypes())) {
    if (isCompileTime(entry, index))
      continue;
    if (std::string problem = findUnsupported(type); !problem.empty())
      return makeError("argument " + Twine(index) + " of function '" +
                       entry.getName() + "': " + problem);
  }
  return Error::success();
}

Expected<func::FuncOp> mlir::tile::findEntry(ModuleOp module, StringRef name) {
  SmallVector<func::FuncOp> functions;
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      functions.push_back(function);
  std::string list;
  llvm::raw_string_ostream os(list);
  llvm::interleaveComma(functions, os, [&](func::FuncOp function) {
    os << "'" << function.getName() << "'";
  });

  func::FuncOp entry;
  for (func::FuncOp function : functions)
    if (name.empty() ? functions.size() == 1 : function.getName() == name)
      entry = function;
  if (functions.empty())
    return makeError("the module has no function with a body");
  if (!entry && name.empty())
    return makeError("missing --entry=NAME; the functions are " + list);
  if (!entry)
    return makeError("unknown entry '" + name + "'; the functions are " + list);
  if (Error error = checkEntry(entry))
    return error;
  return entry;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Expected<DType> mlir::tile::getDType(Type elementType, NpyType type) {
  SmallVector<NpyType, 3> accepted = getNpyTypes(elementType);
  if (!llvm::is_contained(accepted, type)) {
    std::string names;
    llvm::raw_string_ostream os(names);
    llvm::interleave(
        accepted, os, [&](NpyType type) { os << type.name(); }, " or ");
    return makeError("expected dtype " + names + ", got " + type.name());
  }
  std::optional<DType> dtype = getDType(elementType);
  if (!dtype)
    return makeError("unsupported element type " + debugString(elementType));
  if (type.kind == 'u' && dtype->code == DType::Int)
    dtype->code = DType::UInt;
  return *dtype;
}

uint64_t mlir::tile::convertFloat(FloatType type, double value) {
  if (type.isF32()) {
    float narrow = static_cast<float>(value);
    return llvm::bit_cast<uint32_t>(narrow);
  }
  if (type.isF64())
    return llvm::bit_cast<uint64_t>(value);
  if (type.isF16())
    return ::tile::toHalfBits(value);
  if (type.isBF16())
    return ::tile::toBFloat16Bits(value);
  if (isa<Float8E5M2Type>(type))
    return ::tile::roundToFloatBits<5, 2>(value);
  llvm::APFloat converted(value);
  bool losesInfo;
  converted.convert(type.getFloatSemantics(),
                    llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return converted.bitcastToAPInt().getZExtValue();
}

static Expected<CallArgument> parseFloat(Type type, StringRef text) {
  llvm::APFloat value(llvm::APFloat::IEEEdouble());
  // APFloat takes an empty exponent and the like apart; it reports what it
  // cannot take as an error.
  auto status =
      value.convertFromString(text, llvm::APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return makeError("expected a number for " + debugString(type) + ", got '" +
                     text + "'");
  }
  if (*status & llvm::APFloat::opOverflow)
    return makeError("'" + text + "' is out of range for " + debugString(type));
  return CallArgument(value.convertToDouble());
}

Expected<CallArgument> mlir::tile::parseScalar(Type type, StringRef text) {
  if (isa<FloatType>(type))
    return parseFloat(type, text);
  if (type.isInteger(1)) {
    if (text == "true" || text == "1")
      return CallArgument(true);
    if (text == "false" || text == "0")
      return CallArgument(false);
    return makeError("expected true or false for i1, got '" + text + "'");
  }
  StringRef digits = text;
  digits.consume_front("-") || digits.consume_front("+");
  if (digits.empty() || !llvm::all_of(digits, llvm::isDigit))
    return makeError("expected an integer for " + debugString(type) +
                     ", got '" + text + "'");
  int64_t value;
  text.consume_front("+");
  if (text.getAsInteger(10, value))
    return makeError("'" + text + "' is out of range for " + debugString(type));
  return CallArgument(value);
}

uint64_t mlir::tile::getScalarBits(Type type, const CallArgument &value) {
  if (auto *flag = std::get_if<bool>(&value))
    return *flag;
  auto *integer = std::get_if<int64_t>(&value);
  auto floatType = dyn_cast<FloatType>(type);
  if (!floatType)
    return static_cast<uint64_t>(*integer);
  return convertFloat(floatType, integer ? static_cast<double>(*integer)
                                         : std::get<double>(value));
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

void PackedArguments::setScalar(size_t index, uint64_t bits) {
  // The low bytes come first on every host that LLVM's JIT supports here.
  slots[index].scalar = bits;
  pointers[index] = &slots[index].scalar;
}

void PackedArguments::setBuffer(size_t index, void *data,
                                ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size());
  // Unsigned, since the sizes may be anything until they are checked.
  uint64_t stride = 1;
  for (size_t dim = shape.size(); dim-- > 0;) {
    strides[dim] = stride;
    stride *= shape[dim];
  }
  setStridedBuffer(index, data, shape, strides);
}

void PackedArguments::setStridedBuffer(size_t index, void *data,
                                       ArrayRef<int64_t> shape,
                                       ArrayRef<int64_t> strides) {
  assert(shape.size() == strides.size() && "expected a stride for each size");
  Slot &slot = slots[index];
  slot.words.assign(3, 0);
  slot.words[0] = slot.words[1] = reinterpret_cast<intptr_t>(data);
  llvm::append_range(slot.words, shape);
  llvm::append_range(slot.words, strides);
  slot.descriptor = slot.words.data();
  pointers[index] = &slot.descriptor;
}

void PackedArguments::setAbsent(size_t index, size_t rank) {
  setBuffer(index, nullptr, SmallVector<int64_t>(rank, -1));
}
