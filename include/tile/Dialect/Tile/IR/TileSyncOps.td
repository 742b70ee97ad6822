//===----------------------------------------------------------------------===//
// TileSyncOps.td - synchronisation inside a block
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILESYNCOPS_TD
#define TILE_DIALECT_TILE_IR_TILESYNCOPS_TD

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

#endif // TILE_DIALECT_TILE_IR_TILESYNCOPS_TD
