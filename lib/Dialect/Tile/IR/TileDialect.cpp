//===- TileDialect.cpp - the tile dialect -----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileDialect.h"
#include "TileBytecode.h"
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
  detail::addBytecodeInterface(this);
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

/// Whether a buffer can become one of the annotation once that is fixed.
static bool fitsOpenBuffer(Type found, const BufferParts &parts) {
  auto elementType = dyn_cast<TypeAttr>(parts.elementType);
  auto any = dyn_cast<BaseMemRefType>(found);
  if (!any || (elementType && elementType.getValue() != any.getElementType()))
    return false;
  Attribute space;
  if (parts.scope != Scope::Global)
    space = ScopeAttr::get(found.getContext(), parts.scope);
  if (any.getMemorySpace() != space)
    return false;
  auto buffer = dyn_cast<MemRefType>(found);
  if (!buffer)
    return true;
  if (parts.isStrided ? !buffer.isStrided() : !buffer.getLayout().isIdentity())
    return false;
  if (!parts.hasRank)
    return true;
  auto fits = [](int64_t size, DimAttr dim) {
    return ShapedType::isDynamic(size) || !dim.getFixed() ||
           size == *dim.getFixed();
  };
  return buffer.getRank() == static_cast<int64_t>(parts.shape.size()) &&
         llvm::all_of_zip(buffer.getShape(), parts.shape, fits);
}

/// Verifies an annotation that is open at compile time.
static LogicalResult verifyOpen(function_ref<InFlightDiagnostic()> emitError,
                                AnnotationInterface annotation, Type found) {
  std::optional<BufferParts> parts = getBufferParts(annotation);
  if (!parts || fitsOpenBuffer(found, *parts))
    return success();
  return emitError() << "expected a memref that fits " << annotation
                     << ", found " << found;
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
  if (!expected)
    return verifyOpen(emitError, annotation, found);
  if (isCompatible(found, expected))
    return success();
  return emitError() << "expected type " << expected << " for " << annotation
                     << ", found " << found;
}

/// Verifies a name: some text that no other argument of the function has.
static LogicalResult verifyName(FunctionOpInterface func, unsigned index,
                                Attribute attribute) {
  auto name = dyn_cast<StringAttr>(attribute);
  if (!name || name.empty())
    return func.emitOpError("argument #")
           << index << ": expected '" << kNameAttrName
           << "' to be a text that is not empty, found " << attribute;
  for (unsigned other = 0; other < index; ++other) {
    if (func.getArgAttr(other, kNameAttrName) != name)
      continue;
    InFlightDiagnostic diag = func.emitOpError("argument #")
                              << index << ": expected a name of its own, found "
                              << name;
    Location loc =
        func.isExternal() ? func.getLoc() : func.getArgument(other).getLoc();
    diag.attachNote(loc) << "argument #" << other << " has this name";
    return diag;
  }
  return success();
}

/// Verifies a default: a value of a scalar's type, a type for `none`, or `unit`
/// for a buffer, which is then absent.
static LogicalResult verifyDefault(FunctionOpInterface func, unsigned index,
                                   Attribute value) {
  Type type = func.getArgumentTypes()[index];
  auto emitError = [&](StringRef expected) {
    return func.emitOpError("argument #")
           << index << ": expected " << expected << " as the default of "
           << type << ", found " << value;
  };
  if (isa<BaseMemRefType>(type))
    return isa<UnitAttr>(value) ? success() : emitError("'unit'");
  if (isa<NoneType>(type))
    return isa<TypeAttr>(value) ? success() : emitError("an element type");
  auto typed = dyn_cast<TypedAttr>(value);
  if (isa<IntegerAttr, FloatAttr>(value) && typed.getType() == type)
    return success();
  return emitError("a value of this type");
}

LogicalResult TileDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                    unsigned index,
                                                    NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!llvm::is_contained(
          {kAnnotationAttrName, kNameAttrName, kDefaultAttrName}, name))
    return op->emitOpError("unknown argument attribute '")
           << name << "': expected '" << kAnnotationAttrName << "', '"
           << kNameAttrName << "' or '" << kDefaultAttrName << "'";
  // Only the verifier of functions asks this of a dialect.
  auto func = cast<FunctionOpInterface>(op);
  if (name == kNameAttrName)
    return verifyName(func, index, attribute.getValue());
  if (name == kDefaultAttrName)
    return verifyDefault(func, index, attribute.getValue());
  auto annotation = dyn_cast<AnnotationInterface>(attribute.getValue());
  if (!annotation)
    return op->emitOpError("expected an annotation of tile on an argument of a "
                           "function, found ")
           << attribute.getValue();
  if (func.isExternal())
    return success();
  return verifyAnnotation(func, index, annotation);
}
