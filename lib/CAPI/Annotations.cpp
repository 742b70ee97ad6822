//===- Annotations.cpp - annotations of arguments --------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attributes.h"
#include "tile-c/Attributes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

namespace {
/// The parameters that all annotations of buffers have.
struct BufferParameters {
  bool hasRank;
  ArrayRef<DimAttr> sizes, strides;
  Attribute elementType;
};
} // namespace

static std::optional<BufferParameters> getParameters(Attribute attribute) {
  return llvm::TypeSwitch<Attribute, std::optional<BufferParameters>>(attribute)
      .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
            BufferAnnotationAttr, FragmentAnnotationAttr, SharedAnnotationAttr,
            LocalAnnotationAttr>([](auto attr) {
        return BufferParameters{attr.getHasRank(), attr.getShape(),
                                attr.getStrides(), attr.getElementType()};
      })
      .Default([](Attribute) { return std::nullopt; });
}

/// Calls `read` on the parameters of an annotation of a buffer.
template <typename Fn>
static TileStatus inspectBuffer(MlirAttribute attribute, const void *result,
                                Fn &&read) {
  if (!attribute.ptr)
    return failNull("an attribute");
  if (!result)
    return failNull("a place for the result");
  std::optional<BufferParameters> parameters = getParameters(unwrap(attribute));
  if (!parameters)
    return fail(TILE_INVALID_ARGUMENT, "expected an annotation of a buffer");
  return read(*parameters);
}

static TileStatus readDims(intptr_t count, const MlirAttribute *attributes,
                           StringRef what, SmallVectorImpl<DimAttr> &dims) {
  if (count < 0)
    return fail(TILE_INVALID_ARGUMENT,
                "expected at least 0 " + what + ", found " + Twine(count));
  if (count && !attributes)
    return failNull(what);
  for (intptr_t i = 0; i < count; ++i) {
    auto dim = dyn_cast_or_null<DimAttr>(unwrap(attributes[i]));
    if (!dim)
      return fail(TILE_INVALID_ARGUMENT,
                  "expected a #tile.dim as #" + Twine(i) + " of the " + what);
    dims.push_back(dim);
  }
  return succeed();
}

template <typename Attr>
static Attribute makeBuffer(const ErrorCollector &errors, MLIRContext *context,
                            const BufferParameters &parameters) {
  return Attr::getChecked(errors.getEmitError(), context, parameters.hasRank,
                          parameters.sizes, parameters.strides,
                          parameters.elementType);
}

static TileStatus makeBuffer(MLIRContext *context, TileAttributeKind kind,
                             const BufferParameters &parameters,
                             MlirAttribute *attribute) {
  ErrorCollector errors(context);
  Attribute result;
  switch (kind) {
  case TILE_ATTRIBUTE_TENSOR:
    result = makeBuffer<TensorAnnotationAttr>(errors, context, parameters);
    break;
  case TILE_ATTRIBUTE_STRIDED_TENSOR:
    result =
        makeBuffer<StridedTensorAnnotationAttr>(errors, context, parameters);
    break;
  case TILE_ATTRIBUTE_BUFFER:
    result = makeBuffer<BufferAnnotationAttr>(errors, context, parameters);
    break;
  case TILE_ATTRIBUTE_FRAGMENT:
    result = makeBuffer<FragmentAnnotationAttr>(errors, context, parameters);
    break;
  case TILE_ATTRIBUTE_SHARED:
    result = makeBuffer<SharedAnnotationAttr>(errors, context, parameters);
    break;
  case TILE_ATTRIBUTE_LOCAL:
    result = makeBuffer<LocalAnnotationAttr>(errors, context, parameters);
    break;
  default:
    return fail(TILE_INVALID_ARGUMENT,
                "expected the kind of an annotation of a buffer, found " +
                    Twine(static_cast<int>(kind)));
  }
  if (!result)
    return errors.fail(TILE_INVALID_IR);
  *attribute = wrap(result);
  return succeed();
}

TileStatus tileBufferAnnotationGet(MlirContext context, TileAttributeKind kind,
                                   const TileBufferAnnotation *parameters,
                                   MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  if (!parameters)
    return failNull("parameters");
  SmallVector<DimAttr> sizes, strides;
  TILE_RETURN_IF_FAILED(
      readDims(parameters->numSizes, parameters->sizes, "sizes", sizes));
  TILE_RETURN_IF_FAILED(readDims(parameters->numStrides, parameters->strides,
                                 "strides", strides));
  if (!parameters->hasRank && !sizes.empty())
    return fail(TILE_INVALID_ARGUMENT,
                "expected no sizes without a rank, found " +
                    Twine(sizes.size()));
  TILE_RETURN_IF_FAILED(checkText(parameters->typeName, "a name"));
  Attribute elementType;
  if (parameters->elementType.ptr)
    elementType = TypeAttr::get(unwrap(parameters->elementType));
  else
    elementType =
        StringAttr::get(unwrap(context), unwrap(parameters->typeName));
  return makeBuffer(unwrap(context), kind,
                    {parameters->hasRank, sizes, strides, elementType},
                    attribute);
}

TileStatus tileBufferAnnotationHasRank(MlirAttribute attribute, bool *hasRank) {
  return inspectBuffer(attribute, hasRank, [&](BufferParameters &parameters) {
    *hasRank = parameters.hasRank;
    return succeed();
  });
}

TileStatus tileBufferAnnotationGetNumSizes(MlirAttribute attribute,
                                           intptr_t *count) {
  return inspectBuffer(attribute, count, [&](BufferParameters &parameters) {
    *count = parameters.sizes.size();
    return succeed();
  });
}

TileStatus tileBufferAnnotationGetSize(MlirAttribute attribute, intptr_t index,
                                       MlirAttribute *size) {
  return inspectBuffer(attribute, size, [&](BufferParameters &parameters) {
    TILE_RETURN_IF_FAILED(checkIndex(index, parameters.sizes.size()));
    *size = wrap(parameters.sizes[index]);
    return succeed();
  });
}

TileStatus tileBufferAnnotationGetNumStrides(MlirAttribute attribute,
                                             intptr_t *count) {
  return inspectBuffer(attribute, count, [&](BufferParameters &parameters) {
    *count = parameters.strides.size();
    return succeed();
  });
}

TileStatus tileBufferAnnotationGetStride(MlirAttribute attribute,
                                         intptr_t index,
                                         MlirAttribute *stride) {
  return inspectBuffer(attribute, stride, [&](BufferParameters &parameters) {
    TILE_RETURN_IF_FAILED(checkIndex(index, parameters.strides.size()));
    *stride = wrap(parameters.strides[index]);
    return succeed();
  });
}

TileStatus tileBufferAnnotationGetElementType(MlirAttribute attribute,
                                              MlirType *type) {
  return inspectBuffer(attribute, type, [&](BufferParameters &parameters) {
    auto known = dyn_cast<TypeAttr>(parameters.elementType);
    *type = wrap(known ? known.getValue() : Type());
    return succeed();
  });
}

TileStatus tileBufferAnnotationGetTypeName(MlirAttribute attribute,
                                           MlirStringRef *name) {
  return inspectBuffer(attribute, name, [&](BufferParameters &parameters) {
    auto open = dyn_cast<StringAttr>(parameters.elementType);
    *name = wrap(open ? open.getValue() : StringRef());
    return succeed();
  });
}

//===----------------------------------------------------------------------===//
// Scalars, types and addresses
//===----------------------------------------------------------------------===//

/// Makes an attribute whose verifier may refuse it.
template <typename Attr, typename... Args>
static TileStatus makeChecked(MLIRContext *context, MlirAttribute *attribute,
                              Args &&...args) {
  ErrorCollector errors(context);
  auto result = Attr::getChecked(errors.getEmitError(), context,
                                 std::forward<Args>(args)...);
  if (!result)
    return errors.fail(TILE_INVALID_IR);
  *attribute = wrap(result);
  return succeed();
}

/// Checks a type that an annotation is built from.
static TileStatus prepareType(MlirType type, const void *result) {
  if (!type.ptr)
    return failNull("a type");
  return prepare(wrap(unwrap(type).getContext()), result);
}

TileStatus tileDynAnnotationGet(MlirStringRef name, MlirType type,
                                MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepareType(type, attribute));
  TILE_RETURN_IF_FAILED(checkText(name, "a name"));
  MLIRContext *context = unwrap(type).getContext();
  return makeChecked<DynAnnotationAttr>(
      context, attribute, StringAttr::get(context, unwrap(name)), unwrap(type));
}

TileStatus tileDynAnnotationGetName(MlirAttribute attribute,
                                    MlirStringRef *name) {
  return inspect<DynAnnotationAttr>(
      attribute, "a #tile.dyn", name,
      [&](DynAnnotationAttr dyn) { *name = wrap(dyn.getName().getValue()); });
}

TileStatus tileValueAnnotationGet(MlirType type, MlirAttribute value,
                                  MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepareType(type, attribute));
  auto typed = dyn_cast_or_null<TypedAttr>(unwrap(value));
  if (value.ptr && !typed)
    return fail(TILE_INVALID_ARGUMENT, "expected a value that has a type");
  return makeChecked<ValueAnnotationAttr>(unwrap(type).getContext(), attribute,
                                          unwrap(type), typed);
}

TileStatus tileValueAnnotationGetValue(MlirAttribute attribute,
                                       MlirAttribute *value) {
  return inspect<ValueAnnotationAttr>(
      attribute, "a #tile.value", value,
      [&](ValueAnnotationAttr attr) { *value = wrap(attr.getValue()); });
}

TileStatus tileDTypeAnnotationGet(MlirContext context, MlirType type,
                                  MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  *attribute = wrap(DTypeAnnotationAttr::get(unwrap(context), unwrap(type)));
  return succeed();
}

TileStatus tilePtrAnnotationGet(MlirType elementType,
                                MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepareType(elementType, attribute));
  return makeChecked<PtrAnnotationAttr>(unwrap(elementType).getContext(),
                                        attribute, unwrap(elementType));
}

TileStatus tileScalarAnnotationGetType(MlirAttribute attribute,
                                       MlirType *type) {
  if (!attribute.ptr)
    return failNull("an attribute");
  if (!type)
    return failNull("a place for the result");
  std::optional<Type> result =
      llvm::TypeSwitch<Attribute, std::optional<Type>>(unwrap(attribute))
          .Case<DynAnnotationAttr, ValueAnnotationAttr, DTypeAnnotationAttr>(
              [](auto attr) { return attr.getType(); })
          .Case([](PtrAnnotationAttr attr) { return attr.getElementType(); })
          .Default([](Attribute) { return std::nullopt; });
  if (!result)
    return fail(TILE_INVALID_ARGUMENT,
                "expected an annotation of a scalar, a type or an address");
  *type = wrap(*result);
  return succeed();
}

//===----------------------------------------------------------------------===//
// What all annotations answer
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kExpected = "an annotation";

static SmallVector<KeyPart> getKeyParts(AnnotationInterface annotation) {
  SmallVector<KeyPart> parts;
  annotation.getKeyParts(parts);
  return parts;
}

static SmallVector<StringAttr> getSymbols(AnnotationInterface annotation) {
  SmallVector<StringAttr> symbols;
  annotation.getSymbols(symbols);
  return symbols;
}

TileStatus tileAnnotationIsKernelArgument(MlirAttribute attribute,
                                          bool *isKernelArgument) {
  return inspect<AnnotationInterface>(
      attribute, kExpected, isKernelArgument, [&](AnnotationInterface attr) {
        *isKernelArgument = attr.isKernelArgument();
      });
}

TileStatus tileAnnotationGetArgumentType(MlirAttribute attribute,
                                         MlirType *type) {
  return inspect<AnnotationInterface>(
      attribute, kExpected, type,
      [&](AnnotationInterface attr) { *type = wrap(attr.getArgumentType()); });
}

TileStatus tileAnnotationPromote(MlirAttribute attribute,
                                 MlirAttribute *promoted) {
  return inspect<AnnotationInterface>(
      attribute, kExpected, promoted,
      [&](AnnotationInterface attr) { *promoted = wrap(attr.promote()); });
}

TileStatus tileAnnotationGetNumKeyParts(MlirAttribute attribute,
                                        intptr_t *count) {
  return inspect<AnnotationInterface>(
      attribute, kExpected, count,
      [&](AnnotationInterface attr) { *count = getKeyParts(attr).size(); });
}

TileStatus tileAnnotationGetKeyPart(MlirAttribute attribute, intptr_t index,
                                    TileKeyPartKind *kind, int64_t *dim) {
  if (!dim)
    return failNull("a place for the dimension");
  return inspectAt<AnnotationInterface>(
      attribute, kExpected, kind, index,
      [](AnnotationInterface attr) { return getKeyParts(attr).size(); },
      [&](AnnotationInterface attr) {
        KeyPart part = getKeyParts(attr)[index];
        *kind = static_cast<TileKeyPartKind>(part.kind);
        *dim = part.dim;
      });
}

TileStatus tileAnnotationGetNumSymbols(MlirAttribute attribute,
                                       intptr_t *count) {
  return inspect<AnnotationInterface>(
      attribute, kExpected, count,
      [&](AnnotationInterface attr) { *count = getSymbols(attr).size(); });
}

TileStatus tileAnnotationGetSymbol(MlirAttribute attribute, intptr_t index,
                                   MlirStringRef *name) {
  return inspectAt<AnnotationInterface>(
      attribute, kExpected, name, index,
      [](AnnotationInterface attr) { return getSymbols(attr).size(); },
      [&](AnnotationInterface attr) {
        *name = wrap(getSymbols(attr)[index].getValue());
      });
}
