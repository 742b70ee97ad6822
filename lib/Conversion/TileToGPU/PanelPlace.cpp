//===- PanelPlace.cpp - where an element of swizzled panels lies *- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PanelPlace.h"

#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::tile;

PanelPlace mlir::tile::buildPanelPlace(OpBuilder &b, Location loc,
                                       const Panels &panels, Value row,
                                       Value column) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  PanelPlace place{Value(), column};
  if (panels.number > 1) {
    Value width = constant(panels.width);
    place.panel = b.createOrFold<arith::DivUIOp>(loc, column, width);
    place.column = b.createOrFold<arith::RemUIOp>(loc, column, width);
  }
  if (!panels.swizzle)
    return place;
  Value line = b.createOrFold<arith::DivUIOp>(
      loc, row, constant(kSwizzleLineBytes / panels.swizzle));
  Value chunk = b.createOrFold<arith::AndIOp>(
      loc, line, constant(panels.swizzle / kSwizzleChunkBytes - 1));
  Value change = b.createOrFold<arith::MulIOp>(
      loc, chunk, constant(kSwizzleChunkBytes / panels.columnBytes));
  place.column = b.createOrFold<arith::XOrIOp>(loc, place.column, change);
  return place;
}
