//===- Types.cpp - types of the dialect ------------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Types.h"
#include "Status.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Dialect/Tile/IR/TileTypes.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

/// Checks what makes a type of elements in `rank` dimensions.
static TileStatus checkShaped(MlirType elementType, intptr_t rank,
                              const int64_t *sizes, const char *what,
                              MlirType *type) {
  if (!elementType.ptr)
    return failNull("an element type");
  if (!type)
    return failNull("a place for the type");
  if (rank < 0)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a rank of at least 0, found " + Twine(rank));
  if (rank && !sizes)
    return failNull(what);
  return TILE_SUCCESS;
}

TileStatus tileTypeGetKind(MlirType type, TileTypeKind *kind) {
  if (!type.ptr)
    return failNull("a type");
  if (!kind)
    return failNull("a place for the kind");
  *kind = llvm::TypeSwitch<Type, TileTypeKind>(unwrap(type))
              .Case([](ObjectType) { return TILE_TYPE_OBJECT; })
              .Case([](TensorMapType) { return TILE_TYPE_TENSOR_MAP; })
              .Default([](Type) { return TILE_TYPE_OTHER; });
  return succeed();
}

TileStatus tileObjectTypeGet(MlirContext context, MlirStringRef className,
                             MlirType *type) {
  if (!context.ptr)
    return failNull("a context");
  if (!type)
    return failNull("a place for the type");
  if (!className.data || !className.length)
    return fail(TILE_INVALID_ARGUMENT,
                "expected the name of a class, found none");
  MLIRContext *mlirContext = unwrap(context);
  mlirContext->getOrLoadDialect<TileDialect>();
  *type = wrap(ObjectType::get(
      mlirContext, FlatSymbolRefAttr::get(mlirContext, unwrap(className))));
  return succeed();
}

TileStatus tileObjectTypeGetClassName(MlirType type, MlirStringRef *name) {
  if (!type.ptr)
    return failNull("a type");
  if (!name)
    return failNull("a place for the name");
  auto object = dyn_cast<ObjectType>(unwrap(type));
  if (!object)
    return fail(TILE_INVALID_ARGUMENT, "expected an object type");
  *name = wrap(object.getClassName().getValue());
  return succeed();
}

TileStatus tileTensorMapTypeGet(MlirType elementType, intptr_t rank,
                                const int64_t *box, int64_t swizzle,
                                MlirType *type) {
  TILE_RETURN_IF_FAILED(checkShaped(elementType, rank, box, "a box", type));
  MLIRContext *context = unwrap(elementType).getContext();
  context->getOrLoadDialect<TileDialect>();
  ErrorCollector errors(context);
  auto map = TensorMapType::getChecked(
      errors.getEmitError(), context,
      ArrayRef<int64_t>(box, static_cast<size_t>(rank)), unwrap(elementType),
      swizzle);
  if (!map)
    return errors.fail(TILE_INVALID_IR);
  *type = wrap(map);
  return succeed();
}

TileStatus tileBufferTypeGet(MlirType elementType, intptr_t rank,
                             const int64_t *shape, TileScope scope,
                             MlirType *type) {
  TILE_RETURN_IF_FAILED(checkShaped(elementType, rank, shape, "a shape", type));
  std::optional<Scope> scopeValue = symbolizeScope(scope);
  if (!scopeValue)
    return fail(TILE_INVALID_ARGUMENT, "expected a scope of 0 to 3, found " +
                                           Twine(static_cast<int>(scope)));
  Type element = unwrap(elementType);
  MLIRContext *context = element.getContext();
  context->getOrLoadDialect<TileDialect>();
  ErrorCollector errors(context);
  // Global memory is written without a memory space, as frontends do.
  Attribute space;
  if (*scopeValue != Scope::Global)
    space = ScopeAttr::get(context, *scopeValue);
  auto buffer = MemRefType::getChecked(
      errors.getEmitError(),
      ArrayRef<int64_t>(shape, static_cast<size_t>(rank)), element,
      MemRefLayoutAttrInterface(), space);
  if (!buffer)
    return errors.fail(TILE_INVALID_IR);
  *type = wrap(buffer);
  return succeed();
}

TileStatus tileBufferTypeGetScope(MlirType type, TileScope *scope) {
  if (!type.ptr)
    return failNull("a type");
  if (!scope)
    return failNull("a place for the scope");
  auto buffer = dyn_cast<MemRefType>(unwrap(type));
  std::optional<Scope> value = buffer ? getScope(buffer) : std::nullopt;
  if (!value)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a memref in a scope of the dialect");
  *scope = static_cast<TileScope>(*value);
  return succeed();
}
