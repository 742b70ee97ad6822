//===- Specialization.cpp - fix what is open --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Transforms/Specialization.h"

#include "ShapeSites.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

void mlir::tile::getStaticNames(Attribute annotation,
                                SmallVectorImpl<StringAttr> &sizes,
                                SmallVectorImpl<StringAttr> &elementTypes) {
  std::optional<BufferParts> parts = getBufferParts(annotation);
  if (!parts)
    return;
  for (ArrayRef<DimAttr> dims : {parts->shape, parts->strides})
    for (DimAttr dim : dims)
      if (dim.getIsStatic() && dim.getSymbol())
        sizes.push_back(dim.getSymbol());
  if (auto name = dyn_cast<StringAttr>(parts->elementType);
      name && !name.empty())
    elementTypes.push_back(name);
}

/// The annotation of the same kind with other parts.
static Attribute withParts(Attribute annotation, const BufferParts &parts,
                           function_ref<InFlightDiagnostic()> emitError) {
  return llvm::TypeSwitch<Attribute, Attribute>(annotation)
      .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
            BufferAnnotationAttr, FragmentAnnotationAttr, SharedAnnotationAttr,
            LocalAnnotationAttr>([&](auto buffer) {
        return decltype(buffer)::getChecked(emitError, annotation.getContext(),
                                            parts.hasRank, parts.shape,
                                            parts.strides, parts.elementType);
      });
}

/// Gives a name its value; another one than it has is an error.
template <typename Value>
static LogicalResult addName(llvm::MapVector<StringAttr, Value> &names,
                             StringAttr name, Value value,
                             function_ref<InFlightDiagnostic()> emitError) {
  Value first = names.insert({name, value}).first->second;
  if (first == value)
    return success();
  return emitError() << "expected " << first << ", which is " << name.getValue()
                     << ", found " << value;
}

LogicalResult StaticNames::add(Attribute open, Attribute fixed,
                               function_ref<InFlightDiagnostic()> emitError) {
  std::optional<BufferParts> from = getBufferParts(open);
  std::optional<BufferParts> to = getBufferParts(fixed);
  if (!from || !to)
    return success();
  auto addDims = [&](ArrayRef<DimAttr> openDims, ArrayRef<DimAttr> dims) {
    for (auto [openDim, dim] : llvm::zip(openDims, dims))
      if (openDim.getIsStatic() && openDim.getSymbol() && dim.getFixed())
        if (failed(addName(sizes, openDim.getSymbol(), *dim.getFixed(),
                           emitError)))
          return failure();
    return success();
  };
  if (failed(addDims(from->shape, to->shape)) ||
      failed(addDims(from->strides, to->strides)))
    return failure();
  auto name = dyn_cast<StringAttr>(from->elementType);
  auto type = dyn_cast<TypeAttr>(to->elementType);
  if (!name || name.empty() || !type)
    return success();
  return addName(elementTypes, name, type.getValue(), emitError);
}

/// The size with known names replaced by their values.
static DimAttr replaceInDim(const StaticNames &names, DimAttr dim,
                            function_ref<InFlightDiagnostic()> emitError) {
  if (!dim.getExpr() || dim.getFixed())
    return dim;
  MLIRContext *context = dim.getContext();
  SmallVector<AffineExpr> replacements;
  SmallVector<StringAttr> left;
  for (StringAttr symbol : dim.getSymbols()) {
    auto it = names.sizes.find(symbol);
    if (it != names.sizes.end()) {
      replacements.push_back(getAffineConstantExpr(it->second, context));
      continue;
    }
    replacements.push_back(getAffineSymbolExpr(left.size(), context));
    left.push_back(symbol);
  }
  if (left.size() == dim.getSymbols().size())
    return dim;
  AffineExpr expr = simplifyAffineExpr(
      dim.getExpr().replaceSymbols(replacements), /*numDims=*/0, left.size());
  return DimAttr::getChecked(emitError, context, /*isStatic=*/false, expr,
                             ArrayRef(left));
}

Attribute
StaticNames::replaceIn(Attribute annotation,
                       function_ref<InFlightDiagnostic()> emitError) const {
  std::optional<BufferParts> parts = getBufferParts(annotation);
  if (!parts)
    return annotation;
  SmallVector<DimAttr> shape, strides;
  for (DimAttr dim : parts->shape)
    shape.push_back(replaceInDim(*this, dim, emitError));
  for (DimAttr dim : parts->strides)
    strides.push_back(replaceInDim(*this, dim, emitError));
  if (llvm::is_contained(shape, DimAttr()) ||
      llvm::is_contained(strides, DimAttr()))
    return {};
  parts->shape = shape;
  parts->strides = strides;
  if (auto name = dyn_cast<StringAttr>(parts->elementType))
    if (Type type = elementTypes.lookup(name))
      parts->elementType = TypeAttr::get(type);
  return withParts(annotation, *parts, emitError);
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Takes the fixed ones of `dims` over into the sizes or strides of a type.
static LogicalResult refineDims(SmallVectorImpl<int64_t> &sizes,
                                ArrayRef<DimAttr> dims, StringRef what,
                                Type type,
                                function_ref<InFlightDiagnostic()> emitError) {
  for (auto [dim, annotated] : llvm::enumerate(dims)) {
    std::optional<int64_t> fixed = annotated.getFixed();
    if (!fixed || sizes[dim] == *fixed)
      continue;
    if (!ShapedType::isDynamic(sizes[dim]))
      return emitError() << what << " " << dim << ": expected " << sizes[dim]
                         << ", as in " << type << ", found " << *fixed;
    sizes[dim] = *fixed;
  }
  return success();
}

/// The type of an argument with what its annotation fixes; null after a report.
static Type refineType(BaseMemRefType type, AnnotationInterface annotation,
                       function_ref<InFlightDiagnostic()> emitError) {
  std::optional<BufferParts> parts = getBufferParts(annotation);
  if (!parts)
    return type;
  if (auto fixed = dyn_cast<TypeAttr>(parts->elementType);
      fixed && fixed.getValue() != type.getElementType()) {
    emitError() << "expected element type " << type.getElementType()
                << ", as in " << type << ", found " << fixed.getValue();
    return {};
  }
  auto buffer = dyn_cast<MemRefType>(type);
  if (!buffer) {
    Type whole = annotation.getArgumentType();
    return whole ? whole : Type(type);
  }
  if (!parts->hasRank)
    return type;
  if (static_cast<int64_t>(parts->shape.size()) != buffer.getRank()) {
    emitError() << "expected rank " << buffer.getRank() << ", as in " << type
                << ", found " << parts->shape.size();
    return {};
  }
  SmallVector<int64_t> shape(buffer.getShape());
  if (failed(refineDims(shape, parts->shape, "size", type, emitError)))
    return {};
  MemRefType::Builder builder(buffer);
  builder.setShape(shape);
  auto layout = dyn_cast<StridedLayoutAttr>(buffer.getLayout());
  if (!layout)
    return MemRefType(builder);
  SmallVector<int64_t> strides(layout.getStrides());
  if (failed(refineDims(strides, parts->strides, "stride", type, emitError)))
    return {};
  return MemRefType(builder.setLayout(
      StridedLayoutAttr::get(type.getContext(), layout.getOffset(), strides)));
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static InFlightDiagnostic emitErrorAt(BlockArgument arg) {
  return mlir::emitError(arg.getLoc()) << describeArgument(arg) << ": ";
}

/// Callers pass what the function took so far.
static LogicalResult checkUnused(func::FuncOp func) {
  auto module = func->getParentOfType<ModuleOp>();
  if (!module)
    return success();
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(func, module);
  if (!uses || uses->empty())
    return success();
  InFlightDiagnostic diag = func.emitOpError(
      "expected no uses of a function whose argument types are specialised");
  diag.attachNote(uses->begin()->getUser()->getLoc()) << "a use is here";
  return diag;
}

/// Gives arguments their types; the uses see the old ones.
static LogicalResult setTypes(func::FuncOp func, ArrayRef<Type> types) {
  if (ArrayRef<Type>(types) == func.getArgumentTypes())
    return success();
  if (failed(checkUnused(func)))
    return failure();
  OpBuilder builder(func.getContext());
  builder.setInsertionPointToStart(&func.getBody().front());
  for (auto [arg, type] : llvm::zip_equal(func.getArguments(), types)) {
    Type old = arg.getType();
    if (type == old)
      continue;
    arg.setType(type);
    if (arg.use_empty())
      continue;
    auto cast = memref::CastOp::create(builder, arg.getLoc(), old, arg);
    arg.replaceAllUsesExcept(cast, cast);
  }
  func.setType(builder.getFunctionType(types, func.getResultTypes()));
  return success();
}

static void replaceSymbols(func::FuncOp func, const StaticNames &names) {
  func.walk([&](SymbolOp op) {
    auto it = names.sizes.find(op.getNameAttr());
    if (it == names.sizes.end())
      return;
    OpBuilder builder(op);
    op.replaceAllUsesWith(
        arith::ConstantIndexOp::create(builder, op.getLoc(), it->second)
            .getResult());
    op.erase();
  });
}

/// The names that annotations give values to.
static LogicalResult collectNames(func::FuncOp func,
                                  ArrayRef<Attribute> annotations,
                                  StaticNames &names) {
  for (BlockArgument arg : func.getArguments()) {
    unsigned index = arg.getArgNumber();
    auto emitError = [&] { return emitErrorAt(arg); };
    if (failed(names.add(func.getArgAttr(index, kAnnotationAttrName),
                         annotations[index], emitError)))
      return failure();
  }
  return success();
}

/// Makes the host check scalars whose name is now known: the compiled code no
/// longer reads them.
static void checkScalars(func::FuncOp func, const StaticNames &names) {
  OpBuilder builder(func.getContext());
  builder.setInsertionPointToStart(&func.getBody().front());
  for (BlockArgument arg : func.getArguments()) {
    auto dyn = func.getArgAttrOfType<DynAnnotationAttr>(arg.getArgNumber(),
                                                        kAnnotationAttrName);
    if (!dyn || !arg.getType().isIntOrIndex())
      continue;
    auto it = names.sizes.find(dyn.getName());
    if (it == names.sizes.end())
      continue;
    Location loc = arg.getLoc();
    Value actual = buildIndex(builder, arg);
    Value expected = arith::ConstantIndexOp::create(builder, loc, it->second);
    Value isEqual = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::eq, actual, expected);
    AssertOp::create(builder, loc, isEqual,
                     builder.getStringAttr(
                         describeArgument(arg) + ": expected {}, which is " +
                         dyn.getName().getValue() + ", found {}"),
                     ValueRange{expected, actual});
  }
}

LogicalResult mlir::tile::specialize(func::FuncOp func,
                                     ArrayRef<Attribute> annotations) {
  StaticNames names;
  if (failed(collectNames(func, annotations, names)))
    return failure();
  SmallVector<Type> types(func.getArgumentTypes());
  SmallVector<Attribute> fixed(annotations);
  for (BlockArgument arg : func.getArguments()) {
    auto emitError = [&] { return emitErrorAt(arg); };
    unsigned index = arg.getArgNumber();
    if (!fixed[index])
      fixed[index] = func.getArgAttr(index, kAnnotationAttrName);
    auto annotation = dyn_cast_or_null<AnnotationInterface>(fixed[index]);
    if (!annotation)
      continue;
    fixed[index] = names.replaceIn(annotation, emitError);
    if (!fixed[index])
      return failure();
    if (auto buffer = dyn_cast<BaseMemRefType>(types[index]))
      types[index] = refineType(buffer, cast<AnnotationInterface>(fixed[index]),
                                emitError);
    if (!types[index])
      return failure();
  }

  if (failed(setTypes(func, types)))
    return failure();
  for (auto [index, annotation] : llvm::enumerate(fixed))
    if (annotation)
      func.setArgAttr(index, kAnnotationAttrName, annotation);
  checkScalars(func, names);
  replaceSymbols(func, names);
  return success();
}
