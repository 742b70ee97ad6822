//===- TileDialect.cpp - the tile dialect -----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileDialect.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mlir::tile;

#include "tile/Dialect/Tile/IR/TileDialect.cpp.inc"

namespace {
/// Tile code may be inlined anywhere: what an op means does not depend on where
/// it stands, and its verifier refuses the places where it cannot.
struct TileInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void TileDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "tile/Dialect/Tile/IR/TileOps.cpp.inc"
      >();
  addInterfaces<TileInlinerInterface>();
}

/// Whether the function is called at launch, so that its arguments come from
/// outside.
static bool isEntry(FunctionOpInterface func) {
  return !isa<MethodOp>(func) && func.isPublic() && !func.isExternal();
}

/// Whether `found` is `expected` or knows more of the sizes.
static bool isCompatible(Type found, Type expected) {
  auto foundBuffer = dyn_cast<MemRefType>(found);
  auto expectedBuffer = dyn_cast<MemRefType>(expected);
  if (!foundBuffer || !expectedBuffer)
    return found == expected;
  if (foundBuffer.getRank() != expectedBuffer.getRank())
    return false;
  for (auto [size, wanted] :
       llvm::zip_equal(foundBuffer.getShape(), expectedBuffer.getShape()))
    if (ShapedType::isStatic(wanted) && size != wanted)
      return false;
  MemRefType refined =
      MemRefType::Builder(expectedBuffer).setShape(foundBuffer.getShape());
  return refined == foundBuffer;
}

/// Verifies an annotation against the type of its argument.
static LogicalResult verifyAnnotation(FunctionOpInterface func, unsigned index,
                                      AnnotationInterface annotation) {
  auto emitError = [&] {
    return func.emitOpError("argument #") << index << ": ";
  };
  if (isa<FragmentAnnotationAttr, SharedAnnotationAttr, LocalAnnotationAttr>(
          annotation) &&
      isEntry(func))
    return emitError() << "expected a buffer in global memory as an argument "
                          "of a public function, found "
                       << annotation;
  Type found = func.getArgument(index).getType();
  Type expected = annotation.getArgumentType();
  if (!expected || isCompatible(found, expected))
    return success();
  return emitError() << "expected type " << expected << " for " << annotation
                     << ", found " << found;
}

LogicalResult TileDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                    unsigned index,
                                                    NamedAttribute attribute) {
  if (attribute.getName() != kAnnotationAttrName)
    return op->emitOpError("unknown argument attribute '")
           << attribute.getName().getValue() << "': expected '"
           << kAnnotationAttrName << "'";
  auto annotation = dyn_cast<AnnotationInterface>(attribute.getValue());
  auto func = dyn_cast<FunctionOpInterface>(op);
  if (!annotation || !func)
    return op->emitOpError("expected an annotation of tile on an argument of a "
                           "function, found ")
           << attribute.getValue();
  if (func.isExternal())
    return success();
  return verifyAnnotation(func, index, annotation);
}
