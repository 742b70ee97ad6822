//===- ShapeSites.h - where annotations name sizes --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_SHAPESITES_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_SHAPESITES_H

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::tile {

/// A place where an annotation says what a scalar, a size or a stride of an
/// argument is.
struct ShapeSite {
  enum Kind { Scalar, Size, Stride };
  Kind kind;
  BlockArgument arg;
  /// The dimension of a size or stride.
  int64_t dim;
  /// What the annotation says.
  DimAttr expected;
  /// The value itself, made when it is first needed.
  Value actual;
  /// Whether it gave a symbol its value, so that there is nothing to check.
  bool isBinding = false;

  /// The number that the argument's type fixes here, if any.
  std::optional<int64_t> getFixedByType() const;
  /// What the annotation says, as text.
  std::string getExpectedText() const;
};

/// The name of an argument in messages: `argument #0 'a'`.
std::string describeArgument(BlockArgument arg);

/// The name of a site in messages: `argument #0 'a': size 1`.
std::string describeSite(const ShapeSite &site);

/// An integer argument as an index. `i1` is 0 or 1.
Value buildIndex(OpBuilder &builder, BlockArgument arg);

/// Collects the sites of a function's arguments in their order, and refuses
/// annotations that contradict each other or the types: a symbol with two sizes
/// or two types, a type variable with two types, a size that is open at compile
/// time.
FailureOr<SmallVector<ShapeSite>> collectShapeSites(func::FuncOp func);

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_SHAPESITES_H
