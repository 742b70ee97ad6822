//===- ShapeChecks.cpp - checks of sizes when a function runs ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckedExpr.h"
#include "ShapeBinder.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

/// Emits a check that holds too where `guard` does not.
void ShapeBinder::emitCheck(Value condition, const Twine &message,
                            ValueRange values, Value guard) {
  if (guard)
    condition = arith::OrIOp::create(builder, loc,
                                     buildNot(builder, loc, guard), condition);
  AssertOp::create(builder, loc, condition, builder.getStringAttr(message),
                   values);
  ++numChecks;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Whether the caller passes this argument as a tensor in global memory.
static bool isTensor(Attribute annotation) {
  return isa_and_nonnull<TensorAnnotationAttr, StridedTensorAnnotationAttr,
                         BufferAnnotationAttr, PtrAnnotationAttr>(annotation);
}

/// An absent tensor has a null address and -1 for every size that its type does
/// not fix.
Value ShapeBinder::buildPresent(BlockArgument arg) {
  auto type = cast<MemRefType>(arg.getType());
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, arg);
  Value isPresent = compare(arith::CmpIPredicate::ne, address, constant(0));
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    Value size = memref::DimOp::create(builder, loc, arg, dim);
    Value isSize = compare(arith::CmpIPredicate::ne, size, constant(-1));
    isPresent = arith::OrIOp::create(builder, loc, isPresent, isSize);
  }
  return isPresent;
}

/// Only a tensor without elements may have a null address.
void ShapeBinder::checkIsGiven(BlockArgument arg) {
  auto type = cast<MemRefType>(arg.getType());
  if (llvm::is_contained(type.getShape(), 0))
    return;
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, arg);
  Value zero = constant(0);
  Value isGiven = compare(arith::CmpIPredicate::ne, address, zero);
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    Value size = memref::DimOp::create(builder, loc, arg, dim);
    Value isEmpty = compare(arith::CmpIPredicate::eq, size, zero);
    isGiven = arith::OrIOp::create(builder, loc, isGiven, isEmpty);
  }
  emitCheck(isGiven, describeArgument(arg) + ": expected a tensor, found none",
            {});
}

/// Sizes are not negative, and all bytes have an address.
void ShapeBinder::checkExtents(BlockArgument arg) {
  auto type = cast<MemRefType>(arg.getType());
  if (type.hasStaticShape())
    return;
  int64_t elementBytes = DataLayout().getTypeSize(type.getElementType());
  CheckedValue bytes{constant(elementBytes), Value()};
  SmallVector<Value> sizes;
  Value isValid;
  std::string shape;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    Value size = memref::DimOp::create(builder, loc, arg, dim);
    sizes.push_back(size);
    shape += dim ? " x {}" : "{}";
    bytes = buildCheckedMul(builder, loc, bytes, {size, Value()});
    if (type.isDynamicDim(dim))
      isValid = buildAnd(builder, loc, isValid,
                         compare(arith::CmpIPredicate::sge, size, constant(0)));
  }
  emitCheck(buildAnd(builder, loc, isValid, bytes.isValid),
            describeArgument(arg) +
                ": expected sizes of at least 0 and less than 2^63 bytes in "
                "all, found " +
                shape,
            sizes, present.lookup(arg));
}

/// Checks what the caller of an entry function passes as tensors. A function
/// that is to be inlined gets what has been checked already.
void ShapeBinder::checkTensors() {
  if (!func.isPublic())
    return;
  for (BlockArgument arg : func.getArguments()) {
    if (!isTensor(func.getArgAttr(arg.getArgNumber(), kAnnotationAttrName)))
      continue;
    if (arg.use_empty())
      present[arg] = buildPresent(arg);
    else
      checkIsGiven(arg);
    checkExtents(arg);
  }
}

//===----------------------------------------------------------------------===//
// Symbols and sites
//===----------------------------------------------------------------------===//

/// A symbol that stands in a size is not negative. What is itself the size of a
/// tensor has been checked with the tensor.
void ShapeBinder::checkSymbols() {
  DenseSet<StringAttr> inSizes;
  for (ShapeSite &site : sites)
    if (site.kind == ShapeSite::Size)
      inSizes.insert_range(site.expected.getSymbols());
  for (auto &[symbol, binding] : bindings) {
    if (binding.isSize || !inSizes.contains(symbol))
      continue;
    Value isValid =
        compare(arith::CmpIPredicate::sge, binding.value, constant(0));
    emitCheck(isValid,
              "expected symbol " + symbol.getValue() +
                  " of at least 0, found {}",
              binding.value);
  }
}

void ShapeBinder::checkSite(ShapeSite &site) {
  bool isFloat =
      site.kind == ShapeSite::Scalar && !site.arg.getType().isIntOrIndex();
  // A fixed size is part of the argument's type.
  if (site.isBinding || isFloat || site.expected.getFixed())
    return;
  CheckedValue expected =
      buildChecked(builder, loc, site.expected.getExpr(), getValues(site));
  Value guard = buildIsKnown(site);
  std::string text = site.getExpectedText();
  if (expected.isValid)
    emitCheck(expected.isValid,
              describeSite(site) + ": cannot compute " + text +
                  ": expected a result of 64 bits and divisors of at least 1",
              {}, guard);
  Value actual = getActual(site);
  emitCheck(compare(arith::CmpIPredicate::eq, actual, expected.value),
            describeSite(site) + ": expected {}, which is " + text +
                ", found {}",
            {expected.value, actual}, guard);
}
