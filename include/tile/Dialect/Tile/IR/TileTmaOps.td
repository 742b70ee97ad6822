//===----------------------------------------------------------------------===//
// TileTmaOps.td - copies of boxes by a copy engine
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILETMAOPS_TD
#define TILE_DIALECT_TILE_IR_TILETMAOPS_TD

include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_TensorMapOp : Tile_Op<"tensor_map", [NoMemoryEffect]> {
  let summary = "makes the map of a tensor for a copy engine";
  let description = [{
    Describes `source`, a buffer in global memory, and the boxes in which
    `tile.tma_load` and `tile.tma_store` move parts of it. It stands in host
    code; the launches that use the map get it passed by value.

    The elements of a row lie next to each other. On a GPU the address of the
    buffer and its other strides must be multiples of 16 bytes, which the host
    checks, and the map of a buffer without elements cannot be used.

    `fetch` says how many bytes the L2 cache of the target reads at once, 64,
    128 or 256; it has no bearing on the result.

    With `optional` the address and the strides may be others. Then the map is
    empty, and the program must see to it that no copy uses it.

    ```mlir
    func.func @load(%a: memref<?x?xf16>, %n: index) {
      %map = tile.tensor_map %a fetch(128)
        : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
      tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
        %s = tile.alloc swizzle(128) : memref<64x64xf16, #tile.scope<shared>>
        %bar = tile.alloc : memref<1xi64, #tile.scope<shared>>
        %c0 = arith.constant 0 : index
        %c64 = arith.constant 64 : index
        %i = arith.muli %x, %c64 : index
        %k = arith.muli %y, %c64 : index
        tile.mbarrier_init %bar[%c0] count(1)
          : memref<1xi64, #tile.scope<shared>>
        tile.mbarrier_arrive %bar[%c0] expect(8192)
          : memref<1xi64, #tile.scope<shared>>
        tile.tma_load %map[%i, %k], %s, %bar[%c0]
          : !tile.tensor_map<64x64xf16, swizzle 128>
            to memref<64x64xf16, #tile.scope<shared>>,
            memref<1xi64, #tile.scope<shared>>
        tile.mbarrier_wait %bar[%c0], %c0
          : memref<1xi64, #tile.scope<shared>>
      }
      return
    }
    ```
  }];
  let arguments = (ins Tile_Buffer:$source, OptionalAttr<I64Attr>:$fetch,
    UnitAttr:$optional);
  let results = (outs Tile_TensorMapType:$map);
  let assemblyFormat = [{
    $source (`fetch` `(` $fetch^ `)`)? (`optional` $optional^)? attr-dict
    `:` type($source) `to` qualified(type($map))
  }];
  let hasVerifier = 1;
}

def Tile_TmaLoadOp : Tile_Op<"tma_load", [
    AttrSizedOperandSegments, Tile_BlockLevel]> {
  let summary = "begins a copy of a box to shared memory";
  let description = [{
    Begins to copy the box of a tensor that begins at `coordinates` to the
    shared buffer `dst`, from `dst_indices` or from its beginning. Elements of
    the box that lie outside of the tensor are zeros; coordinates may be
    negative. On a GPU the last coordinate must be at a multiple of 16 bytes in
    its row. The box takes all of the last dimensions of the buffer, but may be
    a part of the first of them; leading dimensions of one element of a box
    count only in the tensor. A swizzle is that of the buffer too, and where the
    buffer holds several boxes it begins at a multiple of 128 bytes.

    The elements are there after the phase of the barrier `barriers[indices]`
    that is current when the copy begins, and that was told to expect the bytes
    of the box. Until then nothing may touch them, and nothing may write those
    of the tensor.

    With `multicast` the box is copied to the same place in every block of the
    cluster whose bit in the mask is set, and each of these blocks' barriers of
    the same place counts its bytes.

    `tile-insert-barriers` makes sure that no thread uses the destination any
    more, unless the copy says `ordered`: then the program has done so.

    Where a target has no copy engine the copy is done at once.

    ```mlir
    func.func @begin(%map: !tile.tensor_map<64x32xf16, swizzle 64>, %i: index,
                     %k: index, %stage: index,
                     %s: memref<3x64x32xf16, #tile.scope<shared>>,
                     %full: memref<3xi64, #tile.scope<shared>>) {
      %c0 = arith.constant 0 : index
      tile.mbarrier_arrive %full[%stage] expect(4096)
        : memref<3xi64, #tile.scope<shared>>
      tile.tma_load %map[%i, %k], %s[%stage, %c0, %c0], %full[%stage] ordered
        : !tile.tensor_map<64x32xf16, swizzle 64>
          to memref<3x64x32xf16, #tile.scope<shared>>,
          memref<3xi64, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins
    Tile_TensorMapType:$map,
    Variadic<Index>:$coordinates,
    Tile_Buffer:$dst,
    Variadic<Index>:$dst_indices,
    Tile_Barriers:$barriers,
    Variadic<Index>:$indices,
    Optional<I16>:$multicast,
    UnitAttr:$ordered
  );
  let assemblyFormat = [{
    $map `[` $coordinates `]` `,` $dst (`[` $dst_indices^ `]`)? `,`
    $barriers `[` $indices `]` (`multicast` `(` $multicast^ `)`)?
    (`ordered` $ordered^)? attr-dict
    `:` qualified(type($map)) `to` type($dst) `,` type($barriers)
  }];
  let hasVerifier = 1;
}

def Tile_TmaStoreOp : Tile_Op<"tma_store", [
    AttrSizedOperandSegments, Tile_BlockLevel]> {
  let summary = "begins a copy of a box from shared memory";
  let description = [{
    Begins to copy a box from the shared buffer `src`, from `src_indices` or
    from its beginning, to the box of a tensor that begins at `coordinates`, by
    the rules of `tile.tma_load`. Elements of the box that lie outside of the
    tensor are not written.

    Until a `tile.tma_store_wait` that covers the copy nothing may write the
    elements of the buffer or touch those of the tensor.

    `tile-insert-barriers` makes sure that the copy sees what the threads of the
    block have written, unless it says `ordered`: then the program has done so.

    ```mlir
    func.func @store(%s: memref<64x64xf16, #tile.scope<shared>>, %i: index,
                     %map: !tile.tensor_map<64x64xf16, swizzle 128>) {
      tile.tma_store %s, %map[%i, %i] : memref<64x64xf16, #tile.scope<shared>>
        to !tile.tensor_map<64x64xf16, swizzle 128>
      tile.tma_store_commit
      tile.tma_store_wait 0
      return
    }
    ```
  }];
  let arguments = (ins
    Tile_Buffer:$src,
    Variadic<Index>:$src_indices,
    Tile_TensorMapType:$map,
    Variadic<Index>:$coordinates,
    UnitAttr:$ordered
  );
  let assemblyFormat = [{
    $src (`[` $src_indices^ `]`)? `,` $map `[` $coordinates `]`
    (`ordered` $ordered^)? attr-dict `:` type($src) `to` qualified(type($map))
  }];
  let hasVerifier = 1;
}

def Tile_StagedStoreOp : Tile_Op<"staged_store", [
    Tile_BlockLevel]> {
  let summary = "copies a fragment to a tensor through shared memory";
  let description = [{
    Copies the fragment `src` to the region of a tensor that begins at
    `coordinates`, converted to its element type. Elements that lie outside of
    the tensor are not written. The fragment goes through the shared buffer
    `stage`, as many columns at a time as that has: each part is written to the
    buffer, in the order in which the copy engine reads it, and becomes a group
    of copies as by `tile.tma_store` and `tile.tma_store_commit`.

    `stage` has as many rows as the fragment, and its columns divide those of
    the fragment. The box of the map divides it; leading dimensions of the box
    have one element and count only in the tensor. Before a part is written to
    the buffer, all groups that were made before have been read.

    Until a `tile.tma_store_wait` that covers the copy, nothing but another copy
    through `stage` may touch it, and nothing may touch the region of the
    tensor.

    ```mlir
    func.func @epilogue(%acc: memref<128x256xf32, #tile.scope<fragment>>,
                        %stage: memref<128x64xf16, #tile.scope<shared>>,
                        %map: !tile.tensor_map<64x64xf16, swizzle 128>,
                        %row: index, %column: index) {
      tile.staged_store %acc, %stage, %map[%row, %column]
        : memref<128x256xf32, #tile.scope<fragment>>,
          memref<128x64xf16, #tile.scope<shared>>,
          !tile.tensor_map<64x64xf16, swizzle 128>
      tile.tma_store_wait 0
      return
    }
    ```
  }];
  let arguments = (ins
    Tile_Buffer:$src,
    Tile_Buffer:$stage,
    Tile_TensorMapType:$map,
    Variadic<Index>:$coordinates
  );
  let assemblyFormat = [{
    $src `,` $stage `,` $map `[` $coordinates `]` attr-dict
    `:` type($src) `,` type($stage) `,` qualified(type($map))
  }];
  let hasVerifier = 1;
}

def Tile_TmaStoreCommitOp : Tile_Op<"tma_store_commit", [Tile_BlockLevel]> {
  let summary = "makes a group of the stores begun since the last one";
  let description = [{
    The copies that `tile.tma_store` has begun since the last commit become one
    group, which may be empty.

    ```mlir
    func.func @empty_group() {
      tile.tma_store_commit
      return
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Tile_TmaStoreWaitOp : Tile_Op<"tma_store_wait", [Tile_BlockLevel]> {
  let summary = "waits until at most so many groups are unfinished";
  let description = [{
    Waits until at most the last `pending` of the groups of copies are
    unfinished. With `read` it waits only until the others have read their
    buffers, which may then be written again, while the tensor may not yet have
    the elements.

    ```mlir
    func.func @reuse() {
      tile.tma_store_wait 0 read
      return
    }
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntMinValue<0>]>:$pending,
    UnitAttr:$read);
  let assemblyFormat = "$pending (`read` $read^)? attr-dict";
}

def Tile_TmaPrefetchOp : Tile_Op<"tma_prefetch", [Tile_BlockLevel]> {
  let summary = "fetches a map that will soon be used";
  let description = [{
    Tells the target that the map will soon be used. It has no bearing on the
    result.

    ```mlir
    func.func @soon(%map: !tile.tensor_map<64x64xf16, swizzle 128>) {
      tile.tma_prefetch %map : !tile.tensor_map<64x64xf16, swizzle 128>
      return
    }
    ```
  }];
  let arguments = (ins Tile_TensorMapType:$map);
  let assemblyFormat = "$map attr-dict `:` qualified(type($map))";
}

#endif // TILE_DIALECT_TILE_IR_TILETMAOPS_TD
