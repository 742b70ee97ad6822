//===- CInterface.cpp - An entry function as C sees it ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CInterface.h"
#include "CNames.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Support/Error.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

StringRef mlir::tile::getCType(Type type) {
  if (type.isIndex())
    return "int64_t";
  // 16-bit floats have no type in every C compiler; they are converted.
  if (isa<Float16Type, BFloat16Type, Float32Type>(type))
    return "float";
  if (type.isF64())
    return "double";
  auto integer = dyn_cast<IntegerType>(type);
  return llvm::StringSwitch<StringRef>(
             integer ? llvm::utostr(integer.getWidth()) : "")
      .Case("1", "bool")
      .Case("8", "int8_t")
      .Case("16", "int16_t")
      .Case("32", "int32_t")
      .Case("64", "int64_t")
      .Default("");
}

/// A size as `#tile.dim` writes it.
static std::string toText(DimAttr size) {
  std::string whole = debugString(Attribute(size));
  StringRef text = whole;
  text.consume_front("#tile.dim<");
  text.consume_back(">");
  return text.str();
}

/// The sizes as text, for example "M x 128".
static std::string describeSizes(MemRefType type, ArrayRef<DimAttr> names) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    os << (dim ? " x " : "");
    if (!ShapedType::isDynamic(size))
      os << size;
    else if (names.size() == type.getShape().size())
      os << toText(names[dim]);
    else
      os << "?";
  }
  return text;
}

/// The sizes that the annotation of an argument names, if it has one.
static ArrayRef<DimAttr> getSizeNames(Attribute annotation) {
  if (auto tensor = dyn_cast_or_null<TensorAnnotationAttr>(annotation))
    return tensor.getShape();
  if (auto tensor = dyn_cast_or_null<StridedTensorAnnotationAttr>(annotation))
    return tensor.getShape();
  if (auto buffer = dyn_cast_or_null<BufferAnnotationAttr>(annotation))
    return buffer.getShape();
  return {};
}

static std::string describe(func::FuncOp entry, unsigned index,
                            bool isWritten) {
  auto type = dyn_cast<MemRefType>(entry.getArgumentTypes()[index]);
  if (!type)
    return debugString(entry.getArgumentTypes()[index]);
  ArrayRef<DimAttr> names =
      getSizeNames(entry.getArgAttr(index, kAnnotationAttrName));
  std::string text;
  if (type.getRank())
    text = describeSizes(type, names) + " of ";
  else
    text = "the address of ";
  text += debugString(type.getElementType());
  if (!type.getLayout().isIdentity())
    text += ", with strides";
  return text + (isWritten ? ", written" : "");
}

/// Fails for an argument that C cannot pass.
static Error checkArgument(func::FuncOp entry, unsigned index) {
  auto fail = [&](const Twine &problem) {
    return makeError("argument " + Twine(index) + " of function '" +
                     entry.getName() + "': " + problem);
  };
  auto annotation =
      entry.getArgAttrOfType<AnnotationInterface>(index, kAnnotationAttrName);
  if (annotation && !annotation.isKernelArgument())
    return fail("expected an argument that is passed at launch, found one that "
                "is known at compile time");
  Type type = entry.getArgumentTypes()[index];
  if (auto memref = dyn_cast<MemRefType>(type)) {
    SmallVector<int64_t> strides;
    int64_t offset;
    if (succeeded(memref.getStridesAndOffset(strides, offset)) &&
        (offset == 0 || ShapedType::isDynamic(offset)))
      return Error::success();
    return fail("expected a tensor with strides, found " + debugString(type));
  }
  if (isa<UnrankedMemRefType>(type))
    return fail("expected a tensor of known rank, found " + debugString(type));
  if (getCType(type).empty())
    return fail("unsupported type " + debugString(type));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// The whole function
//===----------------------------------------------------------------------===//

Expected<CInterface> mlir::tile::getCInterface(ModuleOp module, StringRef entry,
                                               const ExportOptions &options) {
  auto function = module.lookupSymbol<func::FuncOp>(entry);
  if (!function || function.isExternal())
    return makeError("expected a function '" + entry + "' with a body");
  CInterface result;
  result.symbol = options.symbol.empty() ? entry.str() : options.symbol;
  result.isForGPU = options.target == ExecutionTarget::CUDA;
  if (Error error = checkFunctionName(result.symbol))
    return error;

  llvm::StringSet<> taken;
  taken.insert(result.symbol);
  taken.insert("stream");
  SmallVector<bool> written = getWrittenArguments(function);
  for (unsigned i = 0, end = function.getNumArguments(); i < end; ++i) {
    if (Error error = checkArgument(function, i))
      return error;
    CParameter parameter;
    parameter.name = "arg" + std::to_string(i);
    if (auto name = function.getArgAttrOfType<StringAttr>(i, kNameAttrName))
      parameter.name = name.str();
    parameter.cName = makeParameterName(parameter.name, taken);
    parameter.type = function.getArgumentTypes()[i];
    // The host code checks tensors whose sizes are symbols, and those alone.
    parameter.isOptional = parameter.getTensor() && !parameter.isAddress() &&
                           function.getArgAttr(i, kAnnotationAttrName);
    parameter.description = describe(function, i, written[i]);
    result.parameters.push_back(std::move(parameter));
  }
  return result;
}
