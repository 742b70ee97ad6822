//===----------------------------------------------------------------------===//
// TileTypes.td - type constraints of the tile dialect
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILETYPES_TD
#define TILE_DIALECT_TILE_IR_TILETYPES_TD

include "tile/Dialect/Tile/IR/TileDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"

// The element types of buffers and of the scalars that tile ops take.
defvar Tile_ElementTypes = [
  F64, F32, F16, BF16, F8E4M3FN, F8E5M2, I64, I32, I16, I8, I1, Index
];

def Tile_Scalar : Type<AnyTypeOf<Tile_ElementTypes>.predicate,
    "f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, i8, i1 or index"> {
  let cppFunctionName = "isScalar";
}

// A buffer: a ranked, strided memref of a supported element type whose memory
// space is absent or a #tile.scope.
def Tile_ScopedSpace : CPred<
    "::mlir::tile::getScope(::llvm::cast<::mlir::MemRefType>($_self))"
    ".has_value()">;
def Tile_StridedLayout : CPred<
    "::llvm::cast<::mlir::MemRefType>($_self).isStrided()">;
def Tile_Buffer : Type<
    And<[MemRefOf<Tile_ElementTypes>.predicate, Tile_ScopedSpace,
         Tile_StridedLayout]>,
    "strided memref of f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, "
    "i8, i1 or index in a #tile.scope memory space or none",
    "::mlir::MemRefType"> {
  let cppFunctionName = "isBuffer";
}

def Tile_ObjectType : TypeDef<Tile_Dialect, "Object"> {
  let mnemonic = "object";
  let summary = "an object of a class, or of one that extends it";
  let description = [{
    Objects exist only until `tile-inline-meta`.

    ```mlir
    tile.class @Empty {}
    func.func private @f(!tile.object<@Empty>)
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$className);
  let assemblyFormat = "`<` $className `>`";
}

// The operation is executed by the whole block, so it cannot stand where single
// threads execute: in a tile.parallel or a tile.threads.
def Tile_BlockLevel : NativeOpTrait<"BlockLevel"> {
  let cppNamespace = "::mlir::tile";
}

#endif // TILE_DIALECT_TILE_IR_TILETYPES_TD
