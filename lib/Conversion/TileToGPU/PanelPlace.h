//===- PanelPlace.h - where an element of swizzled panels lies --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the copy engine and the tensor cores of Hopper read and write: rows
// longer than a swizzle are cut into panels, one behind the other, each with a
// piece of every row. In a panel the swizzle exchanges the chunks of a row.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_PANELPLACE_H
#define TILE_LIB_CONVERSION_TILETOGPU_PANELPLACE_H

#include "mlir/IR/Builders.h"

namespace mlir::tile {

struct Panels {
  int64_t number;
  /// The columns of one panel, and the bytes of a column.
  int64_t width, columnBytes;
  /// The bytes within which chunks change places; 0 for no swizzle.
  int64_t swizzle;
};

struct PanelPlace {
  /// Null when there is one panel.
  Value panel;
  Value column;
};

/// The panel of an element, and the column of the panel where it lies, in its
/// own row: its chunk is number `chunk of the column` exclusive or that of the
/// line of banks in which the row begins.
PanelPlace buildPanelPlace(OpBuilder &b, Location loc, const Panels &panels,
                           Value row, Value column);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_PANELPLACE_H
