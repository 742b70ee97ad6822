//===----------------------------------------------------------------------===//
// TileSyncOps.td - synchronisation inside a block
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILESYNCOPS_TD
#define TILE_DIALECT_TILE_IR_TILESYNCOPS_TD

include "tile/Dialect/Tile/IR/TileAttrs.td"
include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_BarrierOp : Tile_Op<"barrier", [Tile_BlockLevel]> {
  let summary = "waits for all threads of the block";
  let description = [{
    No thread of the block goes on before all of them are here, and what they
    wrote before is visible after. The meaning of the other operations already
    includes every synchronisation that is needed; `tile-insert-barriers` makes
    it explicit with this operation.

    ```mlir
    func.func @wait() {
      tile.barrier
      return
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Tile_ClusterBarrierOp : Tile_Op<"cluster_barrier", [Tile_BlockLevel]> {
  let summary = "waits for all threads of the cluster";
  let description = [{
    As `tile.barrier`, for all threads of all blocks of the cluster; in a launch
    without a cluster, for those of the block. Before it, blocks may not have
    begun yet; after it, others may have ended, and with them their shared
    memory. It cannot stand in a part of a `tile.specialize`.

    ```mlir
    func.func @meet() {
      tile.cluster_barrier
      return
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Tile_ClusterRankOp : Tile_Op<"cluster_rank", [Pure]> {
  let summary = "the number of the block in its cluster";
  let description = [{
    From 0 on, the first dimension of the cluster changing fastest; 0 in a
    launch without a cluster.

    ```mlir
    func.func @rank() -> index {
      %rank = tile.cluster_rank
      return %rank : index
    }
    ```
  }];
  let results = (outs Index:$rank);
  let assemblyFormat = "attr-dict";
}

def Tile_NamedBarrierOp : Tile_Op<"named_barrier", [Tile_BlockLevel]> {
  let summary = "waits for some threads of the block";
  let description = [{
    As `tile.barrier`, for the `threads` threads that execute the operation with
    the same `id`, from 1 to 15. Their number is a multiple of 32.
    `tile-insert-barriers` does not count on it.

    ```mlir
    func.func @wait(%id: index) {
      tile.named_barrier %id threads(128)
      return
    }
    ```
  }];
  let arguments = (ins Index:$id,
    ConfinedAttr<I64Attr, [IntMinValue<32>, IntMaxValue<1024>]>:$threads);
  let assemblyFormat = "$id `threads` `(` $threads `)` attr-dict";
  let hasVerifier = 1;
}

def Tile_FenceOp : Tile_Op<"fence", [Tile_BlockLevel]> {
  let summary = "orders what threads and the copy engine do in memory";
  let description = [{
    Each thread makes what it has written before visible to

    - `async`: the copies of `tile.tma_load` and `tile.tma_store` and the tensor
      cores, where they read shared memory themselves, from the next barrier on;
    - `async_shared`: the same for what it has written to shared memory;
    - `mbarrier_init`: other blocks of the cluster, where it has initialised
      barriers.

    `tile-insert-barriers` makes the fences that one block needs.

    ```mlir
    func.func @publish() {
      tile.fence async_shared
      tile.barrier
      return
    }
    ```
  }];
  let arguments = (ins Tile_FenceKindAttr:$kind);
  let assemblyFormat = "custom<Keyword>($kind) attr-dict";
}

def Tile_SetMaxRegistersOp : Tile_Op<"set_max_registers", [Tile_BlockLevel]> {
  let summary = "gives registers away or asks for more";
  let description = [{
    The warps that execute it, four neighbours at a time, have at most `count`
    registers a thread from now on. An increase waits until as many are free,
    for ever if the block was not started with enough of them. Targets that
    cannot do so ignore it.

    ```mlir
    func.func @compute() {
      tile.set_max_registers increase 232
      return
    }
    ```
  }];
  let arguments = (ins Tile_RegisterActionAttr:$action,
    ConfinedAttr<I64Attr, [IntMinValue<24>, IntMaxValue<256>]>:$count);
  let assemblyFormat = "custom<Keyword>($action) $count attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Barriers that count arrivals
//===----------------------------------------------------------------------===//

def Tile_MBarrierInitOp : Tile_Op<"mbarrier_init", [Tile_BlockLevel]> {
  let summary = "makes a barrier that counts arrivals";
  let description = [{
    Makes an element of a shared buffer a barrier whose phases end after `count`
    arrivals each, when also all bytes that were announced have been copied. Its
    first phase is number 0. Only the operations on barriers may touch the
    element from then on.

    ```mlir
    func.func @ring() {
      %bars = tile.alloc : memref<4xi64, #tile.scope<shared>>
      %c0 = arith.constant 0 : index
      tile.mbarrier_init %bars[%c0] count(1)
        : memref<4xi64, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_Barriers:$barriers, Variadic<Index>:$indices,
    ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<1048575>]>:$count);
  let assemblyFormat = [{
    $barriers `[` $indices `]` `count` `(` $count `)` attr-dict
    `:` type($barriers)
  }];
  let hasVerifier = 1;
}

def Tile_MBarrierArriveOp : Tile_Op<"mbarrier_arrive", [Tile_BlockLevel]> {
  let summary = "arrives at a barrier and goes on";
  let description = [{
    Counts as arrivals in the current phase of a barrier: one of the block, or
    one of each warp or of each thread (`per warp`, `per thread`). What the
    threads that arrive did before is visible to those that wait for the phase;
    of a warp all threads, of the block only one.

    `expect(n)` announces that copies of `n` bytes in all will be begun that
    complete on the barrier.

    ```mlir
    func.func @release(%bars: memref<4xi64, #tile.scope<shared>>, %i: index) {
      tile.mbarrier_arrive %bars[%i] per warp
        : memref<4xi64, #tile.scope<shared>>
      tile.mbarrier_arrive %bars[%i] expect(8192)
        : memref<4xi64, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_Barriers:$barriers, Variadic<Index>:$indices,
    DefaultValuedAttr<Tile_ArrivalKindAttr, "ArrivalKind::Block">:$per,
    OptionalAttr<
      ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<1048575>]>>:$expect);
  let assemblyFormat = [{
    $barriers `[` $indices `]` (`per` custom<Keyword>($per)^)?
    (`expect` `(` $expect^ `)`)? attr-dict `:` type($barriers)
  }];
  let hasVerifier = 1;
}

def Tile_MBarrierArriveRemoteOp
    : Tile_Op<"mbarrier_arrive_remote", [Tile_BlockLevel]> {
  let summary = "arrives at a barrier of a block of the cluster";
  let description = [{
    As `tile.mbarrier_arrive` with `per warp`, but at the barrier of the same
    place in the block of the cluster that has the number `rank`; see
    `tile.cluster_rank`. What the warp wrote before is visible after a wait to
    its own block only: it tells another one that the warp has read something.

    ```mlir
    func.func @release(%bars: memref<4xi64, #tile.scope<shared>>, %i: index,
                       %rank: index) {
      tile.mbarrier_arrive_remote %bars[%i] at %rank
        : memref<4xi64, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_Barriers:$barriers, Variadic<Index>:$indices,
    Index:$rank);
  let assemblyFormat = [{
    $barriers `[` $indices `]` `at` $rank attr-dict `:` type($barriers)
  }];
  let hasVerifier = 1;
}

def Tile_MBarrierWaitOp : Tile_Op<"mbarrier_wait", [Tile_BlockLevel]> {
  let summary = "waits for a phase of a barrier";
  let description = [{
    Each thread waits until the phase of the given `parity` has ended: 0 for the
    phases number 0, 2, 4, ... and 1 for the others. Where the current phase has
    the other parity it goes on at once, so that waiting with the parity 1 on a
    new barrier does not wait. No thread can be more than one phase behind.

    What was done before the arrivals in the phase, and the copies that it was
    told to expect, can be seen after.

    ```mlir
    func.func @next(%bars: memref<4xi64, #tile.scope<shared>>, %stage: index,
                    %round: index) {
      %c2 = arith.constant 2 : index
      %parity = arith.remui %round, %c2 : index
      tile.mbarrier_wait %bars[%stage], %parity
        : memref<4xi64, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_Barriers:$barriers, Variadic<Index>:$indices,
    Index:$parity);
  let assemblyFormat = [{
    $barriers `[` $indices `]` `,` $parity attr-dict `:` type($barriers)
  }];
  let hasVerifier = 1;
}

#endif // TILE_DIALECT_TILE_IR_TILESYNCOPS_TD
