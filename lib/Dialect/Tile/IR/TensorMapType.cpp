//===- TensorMapType.cpp - the boxes of a copy engine -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileTypes.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

static constexpr int64_t kMaxRank = 5;
static constexpr int64_t kMaxExtent = 256;

/// The rows of a box are multiples of this many bytes.
static constexpr int64_t kRowUnit = 16;

static int64_t getBytes(Type elementType) {
  if (elementType.isIndex())
    return 8;
  return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
}

int64_t TensorMapType::getElementBytes() const {
  return getBytes(getElementType());
}

int64_t TensorMapType::getNumBytes() const {
  return ShapedType::getNumElements(getBox()) * getElementBytes();
}

ArrayRef<int64_t> TensorMapType::getInnerBox() const {
  ArrayRef<int64_t> box = getBox();
  while (box.size() > 1 && box.front() == 1)
    box = box.drop_front();
  return box;
}

/// Parses `64x64xf16` or `64x64xf16, swizzle 128`, in angle brackets.
Type TensorMapType::parse(AsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<int64_t> box;
  Type elementType;
  int64_t swizzle = 0;
  if (parser.parseLess() ||
      parser.parseDimensionList(box, /*allowDynamic=*/false) ||
      parser.parseType(elementType))
    return Type();
  if (succeeded(parser.parseOptionalComma()) &&
      (parser.parseKeyword("swizzle") || parser.parseInteger(swizzle)))
    return Type();
  if (parser.parseGreater())
    return Type();
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(),
                    ArrayRef<int64_t>(box), elementType, swizzle);
}

void TensorMapType::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printDimensionList(getBox());
  printer << 'x' << getElementType();
  if (getSwizzle())
    printer << ", swizzle " << getSwizzle();
  printer << '>';
}

LogicalResult
TensorMapType::verify(function_ref<InFlightDiagnostic()> emitError,
                      ArrayRef<int64_t> box, Type elementType,
                      int64_t swizzle) {
  if (!isScalar(elementType))
    return emitError() << "expected elements of a type that buffers have, "
                          "found "
                       << elementType;
  if (box.empty() || box.size() > kMaxRank)
    return emitError() << "expected a box of 1 to 5 dimensions, found "
                       << box.size();
  for (int64_t extent : box)
    if (extent < 1 || extent > kMaxExtent)
      return emitError() << "expected a box of 1 to 256 elements in each "
                            "dimension, found "
                         << extent;
  int64_t rowBytes = box.back() * getBytes(elementType);
  if (rowBytes % kRowUnit != 0)
    return emitError() << "expected a box with rows of a multiple of 16 bytes, "
                          "found "
                       << rowBytes;
  if (swizzle == 0)
    return success();
  if (swizzle != 32 && swizzle != 64 && swizzle != 128)
    return emitError() << "expected a swizzle of 32, 64 or 128 bytes, found "
                       << swizzle;
  if (box.size() < 2)
    return emitError() << "expected a box of at least 2 dimensions for a "
                          "swizzle, found "
                       << box.size();
  if (rowBytes != swizzle)
    return emitError() << "expected a box with rows of " << swizzle
                       << " bytes for a swizzle of as many, found " << rowBytes;
  return success();
}
