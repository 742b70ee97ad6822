//===- Attributes.cpp - enumerations, and what an attribute is -*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Attributes.h"
#include "Attributes.h"
#include "Status.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

static TileAttributeKind getKind(Attribute attribute) {
  return llvm::TypeSwitch<Attribute, TileAttributeKind>(attribute)
      .Case([](ScopeAttr) { return TILE_ATTRIBUTE_SCOPE; })
      .Case([](ReduceKindAttr) { return TILE_ATTRIBUTE_REDUCE_KIND; })
      .Case([](ScanKindAttr) { return TILE_ATTRIBUTE_SCAN_KIND; })
      .Case([](AtomicKindAttr) { return TILE_ATTRIBUTE_ATOMIC_KIND; })
      .Case([](GemmPolicyAttr) { return TILE_ATTRIBUTE_GEMM_POLICY; })
      .Case([](SwizzleAttr) { return TILE_ATTRIBUTE_SWIZZLE; })
      .Case([](LayoutAttr) { return TILE_ATTRIBUTE_LAYOUT; })
      .Case([](PrecisionAttr) { return TILE_ATTRIBUTE_PRECISION; })
      .Case([](ArrivalKindAttr) { return TILE_ATTRIBUTE_ARRIVAL_KIND; })
      .Case([](FenceKindAttr) { return TILE_ATTRIBUTE_FENCE_KIND; })
      .Case([](RegisterActionAttr) { return TILE_ATTRIBUTE_REGISTER_ACTION; })
      .Case([](WarpRoleKindAttr) { return TILE_ATTRIBUTE_WARP_ROLES; })
      .Case([](StoreKindAttr) { return TILE_ATTRIBUTE_STORES; })
      .Case([](DimAttr) { return TILE_ATTRIBUTE_DIM; })
      .Case([](TensorAnnotationAttr) { return TILE_ATTRIBUTE_TENSOR; })
      .Case([](StridedTensorAnnotationAttr) {
        return TILE_ATTRIBUTE_STRIDED_TENSOR;
      })
      .Case([](BufferAnnotationAttr) { return TILE_ATTRIBUTE_BUFFER; })
      .Case([](FragmentAnnotationAttr) { return TILE_ATTRIBUTE_FRAGMENT; })
      .Case([](SharedAnnotationAttr) { return TILE_ATTRIBUTE_SHARED; })
      .Case([](LocalAnnotationAttr) { return TILE_ATTRIBUTE_LOCAL; })
      .Case([](DynAnnotationAttr) { return TILE_ATTRIBUTE_DYN; })
      .Case([](ValueAnnotationAttr) { return TILE_ATTRIBUTE_VALUE; })
      .Case([](DTypeAnnotationAttr) { return TILE_ATTRIBUTE_DTYPE; })
      .Case([](PtrAnnotationAttr) { return TILE_ATTRIBUTE_PTR; })
      .Default([](Attribute) { return TILE_ATTRIBUTE_OTHER; });
}

TileStatus tileAttributeGetKind(MlirAttribute attribute,
                                TileAttributeKind *kind) {
  if (!attribute.ptr)
    return failNull("an attribute");
  if (!kind)
    return failNull("a place for the kind");
  *kind = getKind(unwrap(attribute));
  return succeed();
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

TileStatus tileScopeAttrGet(MlirContext context, TileScope scope,
                            MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  std::optional<Scope> value = symbolizeScope(scope);
  if (!value)
    return fail(TILE_INVALID_ARGUMENT, "expected a scope of 0 to 3, found " +
                                           Twine(static_cast<int>(scope)));
  *attribute = wrap(ScopeAttr::get(unwrap(context), *value));
  return succeed();
}

TileStatus tileScopeAttrGetValue(MlirAttribute attribute, TileScope *scope) {
  return inspect<ScopeAttr>(attribute, "a #tile.scope", scope,
                            [&](ScopeAttr attr) {
                              *scope = static_cast<TileScope>(attr.getValue());
                            });
}

/// The attribute for a word; null when the enumeration does not have it.
template <typename Attr, typename Enum>
static Attribute getEnum(MLIRContext *context, std::optional<Enum> value) {
  return value ? Attr::get(context, *value) : Attribute();
}

TileStatus tileEnumAttrGet(MlirContext context, TileAttributeKind kind,
                           MlirStringRef word, MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  TILE_RETURN_IF_FAILED(checkText(word, "a word"));
  MLIRContext *ctx = unwrap(context);
  StringRef text = unwrap(word);
  Attribute result;
  switch (kind) {
  case TILE_ATTRIBUTE_SCOPE:
    result = getEnum<ScopeAttr>(ctx, symbolizeScope(text));
    break;
  case TILE_ATTRIBUTE_REDUCE_KIND:
    result = getEnum<ReduceKindAttr>(ctx, symbolizeReduceKind(text));
    break;
  case TILE_ATTRIBUTE_SCAN_KIND:
    result = getEnum<ScanKindAttr>(ctx, symbolizeScanKind(text));
    break;
  case TILE_ATTRIBUTE_ATOMIC_KIND:
    result = getEnum<AtomicKindAttr>(ctx, symbolizeAtomicKind(text));
    break;
  case TILE_ATTRIBUTE_GEMM_POLICY:
    result = getEnum<GemmPolicyAttr>(ctx, symbolizeGemmPolicy(text));
    break;
  case TILE_ATTRIBUTE_PRECISION:
    result = getEnum<PrecisionAttr>(ctx, symbolizePrecision(text));
    break;
  case TILE_ATTRIBUTE_ARRIVAL_KIND:
    result = getEnum<ArrivalKindAttr>(ctx, symbolizeArrivalKind(text));
    break;
  case TILE_ATTRIBUTE_FENCE_KIND:
    result = getEnum<FenceKindAttr>(ctx, symbolizeFenceKind(text));
    break;
  case TILE_ATTRIBUTE_REGISTER_ACTION:
    result = getEnum<RegisterActionAttr>(ctx, symbolizeRegisterAction(text));
    break;
  case TILE_ATTRIBUTE_WARP_ROLES:
    result = getEnum<WarpRoleKindAttr>(ctx, symbolizeWarpRoleKind(text));
    break;
  case TILE_ATTRIBUTE_STORES:
    result = getEnum<StoreKindAttr>(ctx, symbolizeStoreKind(text));
    break;
  default:
    return fail(TILE_INVALID_ARGUMENT,
                "expected the kind of an enumeration, found " +
                    Twine(static_cast<int>(kind)));
  }
  if (!result)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a word of the enumeration, found '" + text + "'");
  *attribute = wrap(result);
  return succeed();
}

TileStatus tileEnumAttrGetWord(MlirAttribute attribute, MlirStringRef *word) {
  if (!attribute.ptr)
    return failNull("an attribute");
  if (!word)
    return failNull("a place for the word");
  std::optional<StringRef> text =
      llvm::TypeSwitch<Attribute, std::optional<StringRef>>(unwrap(attribute))
          .Case([](ScopeAttr attr) { return stringifyScope(attr.getValue()); })
          .Case([](ReduceKindAttr attr) {
            return stringifyReduceKind(attr.getValue());
          })
          .Case([](ScanKindAttr attr) {
            return stringifyScanKind(attr.getValue());
          })
          .Case([](AtomicKindAttr attr) {
            return stringifyAtomicKind(attr.getValue());
          })
          .Case([](GemmPolicyAttr attr) {
            return stringifyGemmPolicy(attr.getValue());
          })
          .Case([](PrecisionAttr attr) {
            return stringifyPrecision(attr.getValue());
          })
          .Case([](ArrivalKindAttr attr) {
            return stringifyArrivalKind(attr.getValue());
          })
          .Case([](FenceKindAttr attr) {
            return stringifyFenceKind(attr.getValue());
          })
          .Case([](RegisterActionAttr attr) {
            return stringifyRegisterAction(attr.getValue());
          })
          .Case([](WarpRoleKindAttr attr) {
            return stringifyWarpRoleKind(attr.getValue());
          })
          .Case([](StoreKindAttr attr) {
            return stringifyStoreKind(attr.getValue());
          })
          .Default([](Attribute) { return std::nullopt; });
  if (!text)
    return fail(TILE_INVALID_ARGUMENT, "expected an enumeration attribute");
  *word = wrap(*text);
  return succeed();
}

//===----------------------------------------------------------------------===//
// Swizzles
//===----------------------------------------------------------------------===//

TileStatus tileSwizzleAttrGet(MlirContext context, int64_t panel, bool isColumn,
                              MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  *attribute = wrap(
      SwizzleAttr::get(unwrap(context), panel,
                       isColumn ? SwizzleOrder::Column : SwizzleOrder::Row));
  return succeed();
}

TileStatus tileSwizzleAttrGetPanel(MlirAttribute attribute, int64_t *panel) {
  return inspect<SwizzleAttr>(
      attribute, "a #tile.swizzle", panel,
      [&](SwizzleAttr attr) { *panel = attr.getPanel(); });
}

TileStatus tileSwizzleAttrIsColumn(MlirAttribute attribute, bool *isColumn) {
  return inspect<SwizzleAttr>(
      attribute, "a #tile.swizzle", isColumn, [&](SwizzleAttr attr) {
        *isColumn = attr.getOrder() == SwizzleOrder::Column;
      });
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

TileStatus tileLayoutAttrGet(MlirContext context, MlirStringRef text,
                             MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  TILE_RETURN_IF_FAILED(checkText(text, "a layout"));
  ErrorCollector errors(unwrap(context));
  Attribute parsed = parseAttribute(
      ("#tile.layout<" + unwrap(text) + ">").str(), unwrap(context));
  if (!isa_and_nonnull<LayoutAttr>(parsed))
    return errors.fail(TILE_INVALID_ARGUMENT);
  *attribute = wrap(parsed);
  return succeed();
}

TileStatus tileLayoutAttrGetNumThreads(MlirAttribute attribute,
                                       int64_t *numThreads) {
  return inspect<LayoutAttr>(
      attribute, "a #tile.layout", numThreads,
      [&](LayoutAttr attr) { *numThreads = attr.getValue().numThreads(); });
}

TileStatus tileLayoutAttrGetNumValues(MlirAttribute attribute,
                                      int64_t *numValues) {
  return inspect<LayoutAttr>(
      attribute, "a #tile.layout", numValues,
      [&](LayoutAttr attr) { *numValues = attr.getValue().numValues(); });
}

TileStatus tileLayoutAttrGetElement(MlirAttribute attribute, int64_t thread,
                                    int64_t value, int64_t *element) {
  int64_t numThreads = 0, numValues = 0;
  TILE_RETURN_IF_FAILED(tileLayoutAttrGetNumThreads(attribute, &numThreads));
  TILE_RETURN_IF_FAILED(tileLayoutAttrGetNumValues(attribute, &numValues));
  TILE_RETURN_IF_FAILED(checkIndex(thread, numThreads));
  TILE_RETURN_IF_FAILED(checkIndex(value, numValues));
  return inspect<LayoutAttr>(attribute, "a #tile.layout", element,
                             [&](LayoutAttr attr) {
                               *element = attr.getValue().index(thread, value);
                             });
}
