//===----------------------------------------------------------------------===//
// TileSpecializeOps.td - parts of a block that do different work
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILESPECIALIZEOPS_TD
#define TILE_DIALECT_TILE_IR_TILESPECIALIZEOPS_TD

include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_SpecializeOp : Tile_Op<"specialize", [
    RecursiveMemoryEffects, Tile_BlockLevel]> {
  let summary = "lets parts of a block do different work";
  let description = [{
    Divides the threads that execute it, in the order of their numbers, into
    groups of the given sizes. Each group executes its region as if it were the
    whole block, at the same time as the others. What one group does to shared
    memory another one must not depend on, except through barriers that count
    arrivals.

    `tile-specialize-warps` makes it, for targets that have such barriers. It
    has no meaning as a program in which one operation comes after another, so
    the CPU cannot execute it.

    ```mlir
    func.func @roles(%bar: memref<1xi64, #tile.scope<shared>>) {
      %c0 = arith.constant 0 : index
      tile.specialize threads(128) {
        tile.mbarrier_wait %bar[%c0], %c0 : memref<1xi64, #tile.scope<shared>>
      }, threads(32) {
        tile.mbarrier_arrive %bar[%c0] : memref<1xi64, #tile.scope<shared>>
      }
      return
    }
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$threads);
  let regions = (region VariadicRegion<SizedRegion<1>>:$parts);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "ArrayRef<int64_t>":$threads)>];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Tile_GemmWaitOp : Tile_Op<"gemm_wait", [Tile_BlockLevel]> {
  let summary = "waits until at most so many products are under way";
  let description = [{
    Waits until at most the last `pending` of the products that were begun by
    `tile.gemm` with `deferred` are under way; the others have read their
    operands. `accumulators` are those that may be read or written from then on:
    all products into them must be over.

    ```mlir
    func.func @overlapped(%a: memref<64x64xf16, #tile.scope<shared>>,
                          %c: memref<64x64xf32, #tile.scope<fragment>>) {
      tile.gemm %a, %a, %c deferred
        : memref<64x64xf16, #tile.scope<shared>>,
          memref<64x64xf16, #tile.scope<shared>>,
          memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm_wait 0, %c : memref<64x64xf32, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins
    ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<7>]>:$pending,
    Arg<Variadic<Tile_Buffer>, "", [MemRead, MemWrite]>:$accumulators);
  let assemblyFormat = [{
    $pending (`,` $accumulators^ `:` type($accumulators))? attr-dict
  }];
}

#endif // TILE_DIALECT_TILE_IR_TILESPECIALIZEOPS_TD
