// Copies a matrix through a ring of two boxes in shared memory: loads run one
// step ahead, each box is doubled by threads, and stores go on behind.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^tma-ring

func.func @main(%a: memref<?x?xf16>, %b: memref<?x?xf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c64 = arith.constant 64 : index
  %m = memref.dim %a, %c0 : memref<?x?xf16>
  %n = memref.dim %a, %c1 : memref<?x?xf16>
  %rows = arith.ceildivui %m, %c64 : index
  %steps = arith.ceildivui %n, %c64 : index
  %from = tile.tensor_map %a : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  %to = tile.tensor_map %b fetch(128) : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks(%x) in (%rows) threads(128) {
    %s = tile.alloc : memref<2x64x64xf16, #tile.scope<shared>>
    %d = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %full = tile.alloc : memref<2xi64, #tile.scope<shared>>
    %row = arith.muli %x, %c64 : index
    tile.tma_prefetch %from : !tile.tensor_map<64x64xf16, swizzle 128>
    tile.mbarrier_init %full[%c0] count(1) : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_init %full[%c1] count(1) : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %full[%c0] expect(8192) : memref<2xi64, #tile.scope<shared>>
    tile.tma_load %from[%row, %c0], %s[%c0, %c0, %c0], %full[%c0]
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<2x64x64xf16, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
    scf.for %k = %c0 to %steps step %c1 {
      %stage = arith.remui %k, %c2 : index
      %round = arith.divui %k, %c2 : index
      %parity = arith.remui %round, %c2 : index
      %next = arith.addi %k, %c1 : index
      %other = arith.remui %next, %c2 : index
      %more = arith.cmpi ult, %next, %steps : index
      scf.if %more {
        %col = arith.muli %next, %c64 : index
        tile.mbarrier_arrive %full[%other] expect(8192) : memref<2xi64, #tile.scope<shared>>
        tile.tma_load %from[%row, %col], %s[%other, %c0, %c0], %full[%other]
          : !tile.tensor_map<64x64xf16, swizzle 128> to memref<2x64x64xf16, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
      }
      tile.mbarrier_wait %full[%stage], %parity : memref<2xi64, #tile.scope<shared>>
      tile.tma_store_wait 0 read
      tile.parallel (%i, %j) in (64, 64) {
        %v = memref.load %s[%stage, %i, %j] : memref<2x64x64xf16, #tile.scope<shared>>
        %w = arith.addf %v, %v : f16
        memref.store %w, %d[%i, %j] : memref<64x64xf16, #tile.scope<shared>>
      }
      %here = arith.muli %k, %c64 : index
      tile.tma_store %d, %to[%row, %here] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
      tile.tma_store_commit
    }
    tile.tma_store_wait 0
  }
  return
}
