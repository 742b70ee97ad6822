//===- TileAttrs.h - attributes and enumerations ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEATTRS_H
#define TILE_DIALECT_TILE_IR_TILEATTRS_H

#include "tile/Dialect/Tile/IR/TileAnnotations.h"
#include "tile/Dialect/Tile/IR/TileDialect.h"
#include "tile/Layout/ThreadValueLayout.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include "tile/Dialect/Tile/IR/TileEnums.h.inc"

namespace mlir::tile {

/// The attribute that gives a fragment or a loop its layout.
inline constexpr StringRef kLayoutAttrName = "tile.layout";

llvm::hash_code hash_value(const ThreadValueLayout &layout);

} // namespace mlir::tile

#define GET_ATTRDEF_CLASSES
#include "tile/Dialect/Tile/IR/TileAttrs.h.inc"

namespace mlir::tile {

/// The scope that the memory space of `type` stands for; global when it has
/// none, and nothing when the memory space belongs to another dialect.
std::optional<Scope> getScope(MemRefType type);

/// The scope of a buffer that a tile op has verified.
Scope getScope(Value buffer);

/// `type` with the memory space that stands for `scope`.
MemRefType withScope(MemRefType type, Scope scope);

/// A memref type in `scope`.
MemRefType getBufferType(ArrayRef<int64_t> shape, Type elementType,
                         Scope scope);

/// What the annotations of buffers have in common.
struct BufferParts {
  bool hasRank;
  ArrayRef<DimAttr> shape, strides;
  Attribute elementType;
  Scope scope;
  /// Whether the type of the argument has strides of its own.
  bool isStrided;
};

/// The parts of an annotation of a buffer; nothing for other attributes and for
/// none.
std::optional<BufferParts> getBufferParts(Attribute annotation);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_IR_TILEATTRS_H
