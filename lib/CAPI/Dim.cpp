//===- Dim.cpp - sizes and strides -----------------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attributes.h"
#include "tile-c/Attributes.h"

#include "mlir/CAPI/AffineExpr.h"
#include "mlir/IR/AffineExpr.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

static constexpr StringLiteral kExpected = "a #tile.dim";

static TileStatus makeDim(MLIRContext *context, bool isStatic, AffineExpr expr,
                          ArrayRef<StringAttr> names,
                          MlirAttribute *attribute) {
  ErrorCollector errors(context);
  auto dim = DimAttr::getChecked(errors.getEmitError(), context, isStatic, expr,
                                 names);
  if (!dim)
    return errors.fail(TILE_INVALID_IR);
  *attribute = wrap(dim);
  return succeed();
}

TileStatus tileDimAttrGetFixed(MlirContext context, int64_t size,
                               MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  MLIRContext *ctx = unwrap(context);
  return makeDim(ctx, /*isStatic=*/false, getAffineConstantExpr(size, ctx), {},
                 attribute);
}

TileStatus tileDimAttrGetSymbol(MlirContext context, MlirStringRef name,
                                bool isStatic, MlirAttribute *attribute) {
  TILE_RETURN_IF_FAILED(prepare(context, attribute));
  TILE_RETURN_IF_FAILED(checkText(name, "a name"));
  MLIRContext *ctx = unwrap(context);
  if (!name.length)
    return makeDim(ctx, isStatic, AffineExpr(), {}, attribute);
  return makeDim(ctx, isStatic, getAffineSymbolExpr(0, ctx),
                 StringAttr::get(ctx, unwrap(name)), attribute);
}

TileStatus tileDimAttrGetExpr(MlirAffineExpr expr, intptr_t numNames,
                              const MlirStringRef *names,
                              MlirAttribute *attribute) {
  if (!expr.ptr)
    return failNull("an expression");
  if (numNames < 0)
    return fail(TILE_INVALID_ARGUMENT,
                "expected at least 0 names, found " + Twine(numNames));
  if (numNames && !names)
    return failNull("names");
  AffineExpr body = unwrap(expr);
  MLIRContext *context = body.getContext();
  TILE_RETURN_IF_FAILED(prepare(wrap(context), attribute));
  SmallVector<StringAttr> symbols;
  for (MlirStringRef name : ArrayRef(names, static_cast<size_t>(numNames))) {
    TILE_RETURN_IF_FAILED(checkText(name, "a name"));
    symbols.push_back(StringAttr::get(context, unwrap(name)));
  }
  return makeDim(context, /*isStatic=*/false, body, symbols, attribute);
}

TileStatus tileDimAttrIsStatic(MlirAttribute attribute, bool *isStatic) {
  return inspect<DimAttr>(attribute, kExpected, isStatic,
                          [&](DimAttr dim) { *isStatic = dim.getIsStatic(); });
}

TileStatus tileDimAttrGetSize(MlirAttribute attribute, int64_t *size) {
  return inspect<DimAttr>(attribute, kExpected, size, [&](DimAttr dim) {
    *size = dim.getFixed().value_or(-1);
  });
}

TileStatus tileDimAttrGetAffineExpr(MlirAttribute attribute,
                                    MlirAffineExpr *expr) {
  return inspect<DimAttr>(attribute, kExpected, expr,
                          [&](DimAttr dim) { *expr = wrap(dim.getExpr()); });
}

TileStatus tileDimAttrGetNumSymbols(MlirAttribute attribute, intptr_t *count) {
  return inspect<DimAttr>(attribute, kExpected, count, [&](DimAttr dim) {
    *count = dim.getSymbols().size();
  });
}

TileStatus tileDimAttrGetSymbolName(MlirAttribute attribute, intptr_t index,
                                    MlirStringRef *name) {
  return inspectAt<DimAttr>(
      attribute, kExpected, name, index,
      [](DimAttr dim) { return dim.getSymbols().size(); },
      [&](DimAttr dim) { *name = wrap(dim.getSymbols()[index].getValue()); });
}
