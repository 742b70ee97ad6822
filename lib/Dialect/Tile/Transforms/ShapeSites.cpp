//===- ShapeSites.cpp - where annotations name sizes ----------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShapeSites.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

std::string ShapeSite::getExpectedText() const {
  std::string text;
  llvm::raw_string_ostream(text) << expected;
  StringRef inner = text;
  inner.consume_front("#tile.dim<");
  inner.consume_back(">");
  return inner.str();
}

std::string mlir::tile::describeArgument(BlockArgument arg) {
  std::string text = "argument #" + std::to_string(arg.getArgNumber());
  auto func = cast<func::FuncOp>(arg.getOwner()->getParentOp());
  if (auto name =
          func.getArgAttrOfType<StringAttr>(arg.getArgNumber(), kNameAttrName))
    text += " '" + name.str() + "'";
  return text;
}

std::string mlir::tile::describeSite(const ShapeSite &site) {
  std::string text = describeArgument(site.arg);
  if (site.kind == ShapeSite::Scalar)
    return text;
  text += site.kind == ShapeSite::Size ? ": size " : ": stride ";
  return text + std::to_string(site.dim);
}

Value mlir::tile::buildIndex(OpBuilder &builder, BlockArgument arg) {
  auto type = dyn_cast<IntegerType>(arg.getType());
  if (!type)
    return arg;
  Location loc = arg.getLoc();
  Value number = arg;
  // Arithmetic knows no signs in types; both are one type once lowered.
  if (!type.isSignless())
    number = UnrealizedConversionCastOp::create(
                 builder, loc, builder.getIntegerType(type.getWidth()), arg)
                 .getResult(0);
  Type index = builder.getIndexType();
  if (type.isUnsigned() || type.isInteger(1))
    return arith::IndexCastUIOp::create(builder, loc, index, number);
  return arith::IndexCastOp::create(builder, loc, index, number);
}

//===----------------------------------------------------------------------===//
// Collection
//===----------------------------------------------------------------------===//

std::optional<int64_t> ShapeSite::getFixedByType() const {
  auto type = dyn_cast<MemRefType>(arg.getType());
  if (!type)
    return std::nullopt;
  int64_t number;
  if (kind == Size) {
    number = type.getDimSize(dim);
  } else {
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(type.getStridesAndOffset(strides, offset)))
      return std::nullopt;
    number = strides[dim];
  }
  return ShapedType::isDynamic(number) ? std::nullopt : std::optional(number);
}

namespace {

/// Collects and verifies the sites of one function.
class Collector {
public:
  explicit Collector(func::FuncOp func) : func(func) {}

  FailureOr<SmallVector<ShapeSite>> run();

private:
  LogicalResult collect(BlockArgument arg, Attribute annotation);
  LogicalResult checkElementType(BlockArgument arg, Attribute annotation);
  LogicalResult checkScalarType(const ShapeSite &site);
  LogicalResult checkFixed(const ShapeSite &site);
  LogicalResult checkSymbols(const ShapeSite &site);
  LogicalResult refuse(BlockArgument arg, const Twine &message,
                       BlockArgument other, const Twine &note);

  func::FuncOp func;
  SmallVector<ShapeSite> sites;
  /// The first argument of each name.
  DenseMap<StringAttr, BlockArgument> scalars, elementTypes;
  /// The first site that fixes each symbol.
  DenseMap<StringAttr, ShapeSite> fixed;
};

} // namespace

LogicalResult Collector::refuse(BlockArgument arg, const Twine &message,
                                BlockArgument other, const Twine &note) {
  InFlightDiagnostic diag = emitError(arg.getLoc()) << message;
  diag.attachNote(other.getLoc()) << note;
  return diag;
}

static std::string toString(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// A name stands for one number, so its scalars have one type.
LogicalResult Collector::checkScalarType(const ShapeSite &site) {
  StringAttr name = site.expected.getSymbol();
  auto integer = dyn_cast<IntegerType>(site.arg.getType());
  if (integer && integer.getWidth() > 64)
    return emitError(site.arg.getLoc())
           << describeArgument(site.arg)
           << ": expected an integer of at most 64 bits for symbol " << name
           << ", found " << integer;
  auto [it, isNew] = scalars.insert({name, site.arg});
  Type expected = it->second.getType(), found = site.arg.getType();
  if (isNew || expected == found)
    return success();
  return refuse(site.arg,
                "symbol \"" + name.getValue() + "\" has two types: expected '" +
                    toString(expected) + "', found '" + toString(found) + "'",
                it->second, "the first argument is here");
}

/// A type variable stands for one element type.
LogicalResult Collector::checkElementType(BlockArgument arg,
                                          Attribute annotation) {
  auto name = dyn_cast<StringAttr>(annotation);
  if (!name || name.empty())
    return success();
  auto [it, isNew] = elementTypes.insert({name, arg});
  Type expected = cast<MemRefType>(it->second.getType()).getElementType();
  Type found = cast<MemRefType>(arg.getType()).getElementType();
  if (isNew || expected == found)
    return success();
  return refuse(arg,
                "element type \"" + name.getValue() +
                    "\" has two values: expected '" + toString(expected) +
                    "', found '" + toString(found) + "' in " +
                    describeArgument(arg),
                it->second, "the first argument is here");
}

/// An argument whose type fixes a size says what the symbol is; two must agree.
/// A size that is open at compile time must be fixed by now.
LogicalResult Collector::checkFixed(const ShapeSite &site) {
  std::optional<int64_t> number = site.getFixedByType();
  if (!number && site.expected.getIsStatic())
    return emitError(site.arg.getLoc())
           << describeSite(site) << " is " << site.getExpectedText()
           << ": expected a type that fixes it, found " << site.arg.getType()
           << "; 'tile-specialize' fixes it for one value";
  StringAttr symbol = site.expected.getSymbol();
  if (!symbol || !number)
    return success();
  auto [it, isNew] = fixed.insert({symbol, site});
  int64_t expected = *it->second.getFixedByType();
  if (isNew || *number == expected)
    return success();
  return refuse(site.arg,
                "symbol \"" + symbol.getValue() +
                    "\" has two values: expected " + Twine(expected) +
                    ", found " + Twine(*number) + " in " + describeSite(site),
                it->second.arg,
                "it is " + Twine(expected) + " in " + describeSite(it->second));
}

/// A size is no number of another kind than an integer.
LogicalResult Collector::checkSymbols(const ShapeSite &site) {
  if (site.kind == ShapeSite::Scalar)
    return success();
  for (StringAttr symbol : site.expected.getSymbols()) {
    BlockArgument scalar = scalars.lookup(symbol);
    if (!scalar || scalar.getType().isIntOrIndex())
      continue;
    return refuse(scalar,
                  "symbol \"" + symbol.getValue() +
                      "\" is part of a size: expected an integer, found '" +
                      toString(scalar.getType()) + "'",
                  site.arg,
                  describeSite(site) + " is " + site.getExpectedText());
  }
  return success();
}

LogicalResult Collector::collect(BlockArgument arg, Attribute annotation) {
  if (auto dyn = dyn_cast_or_null<DynAnnotationAttr>(annotation)) {
    sites.push_back(
        {ShapeSite::Scalar, arg, 0, DimAttr::get(dyn.getName()), Value()});
    return checkScalarType(sites.back());
  }
  std::optional<BufferParts> parts = getBufferParts(annotation);
  if (!parts)
    return success();
  if (!isa<MemRefType>(arg.getType()))
    return emitError(arg.getLoc())
           << describeArgument(arg) << " is " << annotation
           << ": expected a type with a rank, found " << arg.getType();
  if (failed(checkElementType(arg, parts->elementType)))
    return failure();
  auto collectDims = [&](ArrayRef<DimAttr> dims,
                         ShapeSite::Kind kind) -> LogicalResult {
    for (auto [dim, expected] : llvm::enumerate(dims)) {
      ShapeSite site{kind, arg, static_cast<int64_t>(dim), expected, Value()};
      if (failed(checkFixed(site)))
        return failure();
      if (expected.getExpr())
        sites.push_back(site);
    }
    return success();
  };
  return success(succeeded(collectDims(parts->shape, ShapeSite::Size)) &&
                 succeeded(collectDims(parts->strides, ShapeSite::Stride)));
}

FailureOr<SmallVector<ShapeSite>> Collector::run() {
  for (BlockArgument arg : func.getArguments())
    if (failed(collect(
            arg, func.getArgAttr(arg.getArgNumber(), kAnnotationAttrName))))
      return failure();
  for (const ShapeSite &site : sites)
    if (failed(checkSymbols(site)))
      return failure();
  return std::move(sites);
}

FailureOr<SmallVector<ShapeSite>>
mlir::tile::collectShapeSites(func::FuncOp func) {
  return Collector(func).run();
}
