//===- Attributes.h - checks that the attributes share ---------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CAPI_ATTRIBUTES_H
#define TILE_LIB_CAPI_ATTRIBUTES_H

#include "Status.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"

namespace mlir::tile::capi {

/// Checks what every builder takes, and loads the dialect.
inline TileStatus prepare(MlirContext context, const void *result) {
  if (!context.ptr)
    return failNull("a context");
  if (!result)
    return failNull("a place for the result");
  unwrap(context)->getOrLoadDialect<TileDialect>();
  return succeed();
}

/// Calls `read` on an attribute of this class.
template <typename Attr, typename Fn>
TileStatus inspect(MlirAttribute attribute, llvm::StringRef expected,
                   const void *result, Fn &&read) {
  if (!attribute.ptr)
    return failNull("an attribute");
  if (!result)
    return failNull("a place for the result");
  auto attr = dyn_cast<Attr>(unwrap(attribute));
  if (!attr)
    return fail(TILE_INVALID_ARGUMENT, "expected " + expected);
  read(attr);
  return succeed();
}

/// Likewise for one of several things in it.
template <typename Attr, typename CountFn, typename Fn>
TileStatus inspectAt(MlirAttribute attribute, llvm::StringRef expected,
                     const void *result, intptr_t index, CountFn &&count,
                     Fn &&read) {
  if (!attribute.ptr)
    return failNull("an attribute");
  if (!result)
    return failNull("a place for the result");
  auto attr = dyn_cast<Attr>(unwrap(attribute));
  if (!attr)
    return fail(TILE_INVALID_ARGUMENT, "expected " + expected);
  TILE_RETURN_IF_FAILED(checkIndex(index, count(attr)));
  read(attr);
  return succeed();
}

} // namespace mlir::tile::capi

#endif // TILE_LIB_CAPI_ATTRIBUTES_H
