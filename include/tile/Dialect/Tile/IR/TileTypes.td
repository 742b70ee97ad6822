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

// Barriers that count arrivals, one in each element.
def Tile_SharedScope : CPred<
    "::mlir::tile::getScope(::llvm::cast<::mlir::MemRefType>($_self)) == "
    "::mlir::tile::Scope::Shared">;
def Tile_Barriers : Type<
    And<[MemRefOf<[I64]>.predicate, Tile_StridedLayout, Tile_SharedScope]>,
    "strided memref of i64 in shared scope", "::mlir::MemRefType">;

def Tile_TensorMapType : TypeDef<Tile_Dialect, "TensorMap"> {
  let mnemonic = "tensor_map";
  let summary = "how a copy engine moves boxes of a tensor";
  let description = [{
    The shape and the elements of a box of a tensor in global memory, and the
    swizzle in which it lies in shared memory: 32, 64 or 128 bytes, as in
    `tile.alloc`, or none. `tile.tensor_map` makes a map, `tile.tma_load` and
    `tile.tma_store` use it.

    A box has 1 to 5 dimensions of 1 to 256 elements each, and rows of a
    multiple of 16 bytes; with a swizzle it has at least two dimensions and rows
    of as many bytes as the swizzle.

    ```mlir
    func.func private @f(!tile.tensor_map<64x64xf16, swizzle 128>,
                         !tile.tensor_map<16x8xf32>)
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$box,
    "::mlir::Type":$elementType, "int64_t":$swizzle);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The bytes of an element in memory.
    int64_t getElementBytes() const;
    /// The bytes of a box.
    int64_t getNumBytes() const;
    /// The box without the leading dimensions of one element, which the buffer
    /// that holds it need not have.
    ::llvm::ArrayRef<int64_t> getInnerBox() const;
  }];
}

// The operation is executed by the whole block, so it cannot stand where single
// threads execute: in a tile.parallel or a tile.threads.
def Tile_BlockLevel : NativeOpTrait<"BlockLevel"> {
  let cppNamespace = "::mlir::tile";
}

#endif // TILE_DIALECT_TILE_IR_TILETYPES_TD
