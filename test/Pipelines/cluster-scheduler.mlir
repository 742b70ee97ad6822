// A scheduler of the library deals stacks of two tiles to clusters. Its state is
// the same in both blocks, so they share the tiles of B.

// RUN: tile-opt %s --tile-to-gpu=chip=sm_90a --remarks-filter=tile-specialize-warps --remark-format=emitRemark 2>&1 | FileCheck %s

// CHECK: remark: [Passed] specialized
// CHECK: remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
// CHECK-NOT: remark
// CHECK: nvvm.mapa

tile.import "tile/schedulers"

func.func @stacks(
    %a: memref<?x?xf16> {tile.annotation = #tile.tensor<[M, K], f16>},
    %b: memref<?x?xf16> {tile.annotation = #tile.tensor<[K, N], f16>},
    %c: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %workers: index, %group: index) {
  %m = tile.symbol "M"
  %n = tile.symbol "N"
  %k = tile.symbol "K"
  %c0 = arith.constant 0 : index
  %bm = arith.constant 64 : index
  %bn = arith.constant 64 : index
  %bk = arith.constant 64 : index
  %by_columns = arith.constant false
  %size = arith.constant 2 : index
  %rows = arith.ceildivui %m, %bm : index
  %columns = arith.ceildivui %n, %bn : index
  %pairs = arith.divui %workers, %size : index
  tile.launch blocks(%worker) in (%workers) threads(128) cluster(2) {
    %as = tile.alloc name("a_tile") : memref<64x64xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<64x64xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    %sched = tile.new @PersistentTileScheduler(
      %rows, %columns, %pairs, %group, %by_columns, %size
      : index, index, index, index, i1, index) prefix("sched")
    %pair = arith.divui %worker, %size : index
    %rank = arith.remui %worker, %size : index
    tile.invoke %sched::@start(%pair)
      : !tile.object<@PersistentTileScheduler>, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %sched::@valid()
        : !tile.object<@PersistentTileScheduler>, () -> i1
      scf.condition(%valid)
    } do {
      %m_idx, %exists = tile.invoke %sched::@member(%rank)
        : !tile.object<@PersistentTileScheduler>, (index) -> (index, i1)
      %n_idx = tile.get %sched::@n_idx
        : !tile.object<@PersistentTileScheduler>, index
      %row = arith.muli %m_idx, %bm : index
      %col = arith.muli %n_idx, %bn : index
      tile.fill %acc, %zero : memref<64x64xf32, #tile.scope<fragment>>
      tile.pipelined %kk = %c0 to %k step %bk stages(3) {
        tile.copy %a[%row, %kk], %as
          : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %col], %bs
          : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc
          : memref<64x64xf16, #tile.scope<shared>>,
            memref<64x64xf16, #tile.scope<shared>>,
            memref<64x64xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %col]
        : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf32>
      tile.invoke %sched::@next()
        : !tile.object<@PersistentTileScheduler>, () -> ()
      scf.yield
    }
  }
  return
}
