//===----------------------------------------------------------------------===//
// TileMemoryOps.td - operations that make and move buffers
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEMEMORYOPS_TD
#define TILE_DIALECT_TILE_IR_TILEMEMORYOPS_TD

include "tile/Dialect/Tile/IR/TileAttrs.td"
include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/MemorySlotInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"

def Tile_AllocOp : Tile_Op<"alloc", [
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>,
    DeclareOpInterfaceMethods<PromotableAllocationOpInterface>,
    DeclareOpInterfaceMethods<DestructurableAllocationOpInterface>]> {
  let summary = "makes a buffer in shared, fragment or local scope";
  let description = [{
    Makes a buffer of static shape that lives until the end of the block that
    holds the operation; its content is undefined. The result type says the
    scope. `name` names the buffer in printed IR and diagnostics. Inside
    `tile.parallel` and `tile.threads` only local buffers can be made.

    A later pass records where a shared buffer lies in the block's shared
    memory as `offset`, in bytes.

    `swizzle` is how a shared buffer lies in memory, which has no bearing on
    what its elements are. Rows run along the last dimension and are counted
    along the one before; they are cut into panels of `swizzle` bytes (32, 64 or
    128, which divide the row), one panel with all its rows behind the other.
    Within a panel the chunks of 16 bytes of a row change places by an exclusive
    or with bits of the row's index, row `r` with `r`, `r / 2` or `r / 4` for
    128, 64 or 32 bytes. Then the chunks of one column in 8 consecutive rows lie
    in different banks, and matrix instructions and copy engines that read
    shared memory themselves know this order. Only accesses by index and views
    of all but leading dimensions are possible. `tile-swizzle-shared` chooses
    it.

    Local buffers implement the promotable and destructurable allocation
    interfaces, so `--sroa` and `--mem2reg` work on them.

    ```mlir
    func.func @buffers() {
      %a = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
      %b = tile.alloc swizzle(128) : memref<64x64xf16, #tile.scope<shared>>
      %c = tile.alloc name("acc") : memref<64x64xf32, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins OptionalAttr<StrAttr>:$name,
    OptionalAttr<ConfinedAttr<I64Attr, [IntMinValue<0>]>>:$offset,
    OptionalAttr<I64Attr>:$swizzle);
  let results = (outs Res<Tile_Buffer, "the buffer", [MemAlloc]>:$buffer);
  let assemblyFormat = [{
    (`name` `(` $name^ `)`)? (`offset` `(` $offset^ `)`)?
    (`swizzle` `(` $swizzle^ `)`)? attr-dict `:` type($buffer)
  }];
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "MemRefType":$type), [{
      build($_builder, $_state, type, StringAttr(), IntegerAttr(),
            IntegerAttr());
    }]>
  ];
}

def Tile_AllocVarOp : Tile_Op<"alloc_var", [
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>,
    DeclareOpInterfaceMethods<PromotableAllocationOpInterface>]> {
  let summary = "makes one scalar of state";
  let description = [{
    Makes a rank-0 buffer of local scope that holds `init`, or zero when there
    is no `init`. It is read and written with `memref.load` and `memref.store`
    and disappears under `--mem2reg`. `name` names it in printed IR.

    ```mlir
    func.func @count(%start: i32) -> i32 {
      %n = tile.alloc_var %start name("n") : i32
      %old = memref.load %n[] : memref<i32, #tile.scope<local>>
      %one = arith.constant 1 : i32
      %new = arith.addi %old, %one : i32
      memref.store %new, %n[] : memref<i32, #tile.scope<local>>
      %r = memref.load %n[] : memref<i32, #tile.scope<local>>
      return %r : i32
    }
    ```
  }];
  let arguments = (ins Optional<Tile_Scalar>:$init,
    OptionalAttr<StrAttr>:$name);
  let results = (outs
    Res<Tile_Buffer, "the variable", [MemAlloc, MemWrite]>:$var);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "Type":$elementType, CArg<"Value", "Value()">:$init,
      CArg<"StringRef", "\"\"">:$name)>
  ];
  let extraClassDeclaration = [{
    ::mlir::Type getElementType() {
      return getVar().getType().getElementType();
    }
  }];
}

def Tile_CopyOp : Tile_Op<"copy", [AttrSizedOperandSegments, Tile_BlockLevel]> {
  let summary = "copies a region between buffers of any scope";
  let description = [{
    Copies a region of `src` that begins at `src_indices` to the region of `dst`
    that begins at `dst_indices`; without an index list a region begins at
    zero. The region's extents are

    1. those given by `extents`;
    2. else, if exactly one side has no index list, that side's shape;
    3. else, if exactly one side is not in global scope, that side's shape;
    4. else the smaller size in each dimension.

    If the ranks differ, the extents have the smaller rank and the leading
    dimensions of the other side count as one element each. An extent that is
    negative at run time counts as zero.

    An element of the region that lies outside `src` reads as `pad`, or zero
    when there is none; one that lies outside `dst` is not written. Indices may
    be negative. The regions must not overlap. Elements convert to the element
    type of `dst`: floats round to nearest even (overflow gives infinity, or NaN
    where the type has none), floats become integers by dropping the fraction
    and clamping (NaN becomes zero), integers are signed and are cut to the
    narrower width, `i1` is 0 or 1, and a number becomes `i1` by comparison
    with zero.

    ```mlir
    func.func @load(%a: memref<?x?xf16>, %i: index, %k: index,
                    %s: memref<64x32xf16, #tile.scope<shared>>, %n: index) {
      tile.copy %a[%i, %k], %s
        : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
      %inf = arith.constant 0xFC00 : f16
      tile.copy %a[%i, %k], %s extents [64, %n] pad(%inf : f16)
        : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins
    Arg<Tile_Buffer, "source", [MemRead]>:$src,
    Variadic<Index>:$src_indices,
    Arg<Tile_Buffer, "destination", [MemWrite]>:$dst,
    Variadic<Index>:$dst_indices,
    Variadic<Index>:$extents,
    Optional<Tile_Scalar>:$pad,
    OptionalAttr<DenseI64ArrayAttr>:$static_extents
  );
  let assemblyFormat = [{
    $src (`[` $src_indices^ `]`)? `,` $dst (`[` $dst_indices^ `]`)?
    (`extents` custom<Extents>($extents, $static_extents)^)?
    (`pad` `(` $pad^ `:` type($pad) `)`)?
    attr-dict `:` type($src) `to` type($dst)
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let builders = [
    OpBuilder<(ins "Value":$src, "ValueRange":$srcIndices, "Value":$dst,
      "ValueRange":$dstIndices,
      CArg<"ArrayRef<OpFoldResult>", "{}">:$extents,
      CArg<"Value", "Value()">:$pad)>
  ];
  let extraClassDeclaration = [{
    /// The rank of the region: the smaller rank of the two buffers.
    int64_t getRegionRank();
    /// The given extents, constants as attributes; empty when none are given.
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedExtents();
    /// The extents that are known at compile time by the rules above;
    /// ShapedType::kDynamic for the others.
    ::llvm::SmallVector<int64_t> getStaticRegion();
    /// The extents as values or attributes; makes the operations that compute
    /// those not known before.
    ::llvm::SmallVector<::mlir::OpFoldResult>
    reifyRegion(::mlir::OpBuilder &builder);
  }];
}

def Tile_FillOp : Tile_Op<"fill", [Tile_BlockLevel,
    TypesMatchWith<"value has the buffer's element type", "buffer", "value",
      "::llvm::cast<::mlir::MemRefType>($_self).getElementType()">]> {
  let summary = "sets every element of a buffer";
  let description = [{
    Sets every element of `buffer` to `value`.

    ```mlir
    func.func @clear(%c: memref<64x64xf32, #tile.scope<fragment>>) {
      %zero = arith.constant 0.0 : f32
      tile.fill %c, %zero : memref<64x64xf32, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins Arg<Tile_Buffer, "buffer", [MemWrite]>:$buffer,
    Tile_Scalar:$value);
  let assemblyFormat = "$buffer `,` $value attr-dict `:` type($buffer)";
  let hasCanonicalizeMethod = 1;
}

def Tile_ViewOp : Tile_Op<"view", [
    Pure, DeclareOpInterfaceMethods<ViewLikeOpInterface>]> {
  let summary = "the memory of a buffer as elements of another type";
  let description = [{
    The same memory in another shape and with other elements: what is written to
    one is read, bit by bit, from the other. Both are contiguous, of static
    shape and of the same number of bytes; i1 takes a byte, index eight. Where
    the new elements are wider, the memory must be aligned for them; a local
    buffer cannot be viewed with wider elements.

    ```mlir
    func.func @bits(%s: memref<8x16xf32, #tile.scope<shared>>) {
      %i = tile.view %s : memref<8x16xf32, #tile.scope<shared>>
        to memref<8x32xi16, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_Buffer:$source);
  let results = (outs Tile_Buffer:$view);
  let assemblyFormat = "$source attr-dict `:` type($source) `to` type($view)";
  let hasVerifier = 1;
}

def Tile_AtomicOp : Tile_Op<"atomic", [
    TypesMatchWith<"value has the buffer's element type", "buffer", "value",
      "::llvm::cast<::mlir::MemRefType>($_self).getElementType()">,
    TypesMatchWith<"result has the buffer's element type", "buffer", "result",
      "::llvm::cast<::mlir::MemRefType>($_self).getElementType()">]> {
  let summary = "updates one element atomically";
  let description = [{
    Combines `value` into the element of `buffer` at `indices` by `add`, `max`,
    `min`, `and`, `or` or `xor`, or puts it there with `exchange`, as one
    indivisible step for all blocks and threads, and returns what the element
    held before. Inside `tile.parallel` every iteration does it, inside
    `tile.threads` every thread; elsewhere the block does it once and all of it
    sees the result. The buffer is global or shared; its elements are f64, f32,
    f16, bf16, i64 or i32. Updates are ordered only by their own element.
    Integers wrap and compare as signed; `max` and `min` of floats give NaN if
    either side is NaN. `and`, `or` and `xor` take integers only.

    ```mlir
    func.func @histogram(%bins: memref<16xi32>, %keys: memref<64xindex>) {
      %one = arith.constant 1 : i32
      tile.parallel (%i) in (64) {
        %key = memref.load %keys[%i] : memref<64xindex>
        %old = tile.atomic add %one, %bins[%key] : memref<16xi32>
      }
      return
    }
    ```
  }];
  let arguments = (ins Tile_AtomicKindAttr:$kind, Tile_Scalar:$value,
    Arg<Tile_Buffer, "buffer", [MemRead, MemWrite]>:$buffer,
    Variadic<Index>:$indices);
  let results = (outs Tile_Scalar:$result);
  let assemblyFormat = [{
    custom<Keyword>($kind) $value `,` $buffer `[` $indices `]` attr-dict
    `:` type($buffer)
  }];
  let hasVerifier = 1;
}

#endif // TILE_DIALECT_TILE_IR_TILEMEMORYOPS_TD
