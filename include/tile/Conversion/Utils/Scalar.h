//===- Scalar.h - arithmetic on elements ------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How one element is converted or combined, as the dialect defines it. Both
// lowerings use these, so that they agree.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_SCALAR_H
#define TILE_CONVERSION_UTILS_SCALAR_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::tile {

/// `value` converted to `type` by the rules of `tile.copy`.
Value convertElement(OpBuilder &builder, Location loc, Value value, Type type);

/// A vector converted to elements of `type`, each by the same rules.
Value convertVector(OpBuilder &builder, Location loc, Value vector, Type type);

/// An f32 value rounded to TF32, to nearest with ties away from zero.
Value roundToTF32(OpBuilder &builder, Location loc, Value value);

/// `extents` with those that are only known at run time raised to zero: a
/// negative extent counts as none.
SmallVector<OpFoldResult> clampExtents(OpBuilder &builder, Location loc,
                                       ArrayRef<OpFoldResult> extents);

/// Zero of `type`.
Value getZero(OpBuilder &builder, Location loc, Type type);

/// What a variable holds at first.
Value getInitialValue(OpBuilder &builder, AllocVarOp op);

/// The type in which elements of `type` are reduced: f32 for narrower floats.
Type getReduceType(Type type);

/// The value that changes nothing when combined by `kind`.
Value getReduceIdentity(OpBuilder &builder, Location loc, ReduceKind kind,
                        Type type, bool ignoreNaN = false);

/// What an element contributes to a reduction: its absolute value for abssum
/// and absmax.
Value getReduceInput(OpBuilder &builder, Location loc, ReduceKind kind,
                     Value element);

/// `lhs` and `rhs`, both inputs or partial results, combined by `kind`; a float
/// that is NaN gives way to the other when `ignoreNaN`.
Value combineReduce(OpBuilder &builder, Location loc, ReduceKind kind,
                    Value lhs, Value rhs, bool ignoreNaN = false);

/// The upstream kind of an atomic update of elements of `type`.
arith::AtomicRMWKind getAtomicKind(AtomicKind kind, Type type);

/// The format specifier of printf for `value`, which is converted to the type
/// that the specifier wants.
StringRef getPrintfFormat(OpBuilder &builder, Location loc, Value &value);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_SCALAR_H
