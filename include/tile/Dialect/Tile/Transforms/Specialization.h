//===- Specialization.h - fix what is open in annotations -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_TRANSFORMS_SPECIALIZATION_H
#define TILE_DIALECT_TILE_TRANSFORMS_SPECIALIZATION_H

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::tile {

/// What the sizes `static K` and the element types `static T` of a function
/// are.
struct StaticNames {
  llvm::MapVector<StringAttr, int64_t> sizes;
  llvm::MapVector<StringAttr, Type> elementTypes;

  /// Adds what `fixed` gives the names that are open in `open`. Reports a name
  /// that gets a second value.
  LogicalResult add(Attribute open, Attribute fixed,
                    function_ref<InFlightDiagnostic()> emitError);

  /// The annotation with the names in it replaced, also inside of expressions.
  /// Attributes that are no annotations of buffers stay. Null after a report.
  Attribute replaceIn(Attribute annotation,
                      function_ref<InFlightDiagnostic()> emitError) const;
};

/// Adds the names of sizes and element types that an annotation leaves open.
void getStaticNames(Attribute annotation, SmallVectorImpl<StringAttr> &sizes,
                    SmallVectorImpl<StringAttr> &elementTypes);

/// Gives the arguments of a function with a body these annotations, which are
/// the ones that they have with less left open; null leaves an argument as it
/// is. Types of arguments are refined; the body sees the old ones through
/// casts. Symbols that are now known become constants.
LogicalResult specialize(func::FuncOp func, ArrayRef<Attribute> annotations);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_TRANSFORMS_SPECIALIZATION_H
