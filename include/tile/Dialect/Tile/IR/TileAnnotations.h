//===- TileAnnotations.h - annotations of arguments -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEANNOTATIONS_H
#define TILE_DIALECT_TILE_IR_TILEANNOTATIONS_H

#include "tile/Dialect/Tile/IR/TileDialect.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::tile {

/// Something of an actual argument that makes a difference to the kernel.
struct KeyPart {
  enum class Kind { Rank, ElementType, Size, Stride, Value, DType };
  Kind kind;
  /// The dimension, for Size and Stride.
  int64_t dim = 0;
};

/// The name of the argument attribute that holds an annotation.
inline constexpr StringRef kAnnotationAttrName = "tile.annotation";
/// The argument attribute with the name by which callers pass the argument.
inline constexpr StringRef kNameAttrName = "tile.name";
/// The argument attribute with the value of an argument that is left out.
inline constexpr StringRef kDefaultAttrName = "tile.default";

} // namespace mlir::tile

#include "tile/Dialect/Tile/IR/TileAnnotationInterfaces.h.inc"

#endif // TILE_DIALECT_TILE_IR_TILEANNOTATIONS_H
