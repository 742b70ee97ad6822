//===- Call.h - arguments of a call from C ---------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CAPI_CALL_H
#define TILE_LIB_CAPI_CALL_H

#include "Status.h"
#include "tile-c/Signature.h"
#include "tile/Signature/FunctionSignature.h"

namespace mlir::tile::capi {

/// The arguments of a call, bound to the parameters of a signature. Points to
/// values of the caller and of the signature.
class BoundCall {
public:
  TileStatus bind(const FunctionSignature &signature, const TileCall *call,
                  std::optional<Device> device = std::nullopt);

  const BoundArguments &get() const { return bound; }

private:
  SmallVector<CallArgument, 8> positional;
  SmallVector<KeywordArgument, 4> keywords;
  BoundArguments bound;
};

} // namespace mlir::tile::capi

#endif // TILE_LIB_CAPI_CALL_H
