//===----------------------------------------------------------------------===//
// TileAsyncOps.td - copies that run while the block goes on
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEASYNCOPS_TD
#define TILE_DIALECT_TILE_IR_TILEASYNCOPS_TD

include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_AsyncCopyOp : Tile_Op<"async_copy", [
    AttrSizedOperandSegments, Tile_BlockLevel]> {
  let summary = "begins a copy from global to shared memory";
  let description = [{
    Begins to copy a region as `tile.copy` does, by the same rules, from a
    global buffer to a shared one with the same element type. The elements are
    there after a `tile.async_wait` that covers the copy and, for other threads
    than the one that copied them, a `tile.barrier` after it. Until then nothing
    may touch them, and nothing may write those of the source.

    Some targets begin the copies of a group (see `tile.async_commit`) and go
    on; where that is not possible the copy is done at once, which the meaning
    allows.

    ```mlir
    func.func @begin(%a: memref<?x?xf16>, %i: index, %k: index, %stage: index,
                     %s: memref<3x64x32xf16, #tile.scope<shared>>) {
      %c0 = arith.constant 0 : index
      tile.async_copy %a[%i, %k], %s[%stage, %c0, %c0] extents [64, 32]
        : memref<?x?xf16> to memref<3x64x32xf16, #tile.scope<shared>>
      tile.async_commit
      tile.async_wait 0
      tile.barrier
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
    /// The extents that are known at compile time; ShapedType::kDynamic for the
    /// others.
    ::llvm::SmallVector<int64_t> getStaticRegion();
  }];
}

def Tile_AsyncCommitOp : Tile_Op<"async_commit", [Tile_BlockLevel]> {
  let summary = "makes a group of the copies begun since the last one";
  let description = [{
    The copies that `tile.async_copy` has begun since the last commit become one
    group, which may be empty. Groups are finished in their order.

    ```mlir
    func.func @empty_group() {
      tile.async_commit
      return
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Tile_AsyncWaitOp : Tile_Op<"async_wait", [Tile_BlockLevel]> {
  let summary = "waits until at most so many groups are unfinished";
  let description = [{
    Each thread waits until at most the last `pending` of the groups of copies
    that it has committed are unfinished; with 0 every group is finished. What
    the other threads copied can be read after a `tile.barrier`.

    ```mlir
    func.func @all_but_the_last() {
      tile.async_wait 1
      tile.barrier
      return
    }
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntMinValue<0>]>:$pending);
  let assemblyFormat = "$pending attr-dict";
}

#endif // TILE_DIALECT_TILE_IR_TILEASYNCOPS_TD
