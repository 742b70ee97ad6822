// The product of gemm.mlir by a fixed number of blocks that share the tiles out
// among them. Which tile comes next is the business of a scheduler object: it
// walks groups of %group tile rows, so that blocks that run at one time read
// neighbouring parts of A and B.

tile.import "tile/schedulers"

func.func @persistent_gemm(
    %a: memref<?x?xf16> {tile.annotation = #tile.tensor<[M, K], f16>},
    %b: memref<?x?xf16> {tile.annotation = #tile.tensor<[K, N], f16>},
    %c: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %workers: index, %group: index) {
  %m = tile.symbol "M"
  %n = tile.symbol "N"
  %k = tile.symbol "K"
  %c0 = arith.constant 0 : index
  %bm = arith.constant 128 : index
  %bn = arith.constant 256 : index
  %bk = arith.constant 64 : index
  %by_columns = arith.constant false
  %one_block = arith.constant 1 : index
  %rows = arith.ceildivui %m, %bm : index
  %columns = arith.ceildivui %n, %bn : index
  tile.launch blocks(%worker) in (%workers) threads(256) {
    %as = tile.alloc name("a_tile") : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<64x256xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<128x256xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    %sched = tile.new @PersistentTileScheduler(
      %rows, %columns, %workers, %group, %by_columns, %one_block
      : index, index, index, index, i1, index) prefix("sched")
    tile.invoke %sched::@start(%worker)
      : !tile.object<@PersistentTileScheduler>, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %sched::@valid()
        : !tile.object<@PersistentTileScheduler>, () -> i1
      scf.condition(%valid)
    } do {
      %m_idx = tile.get %sched::@m_idx
        : !tile.object<@PersistentTileScheduler>, index
      %n_idx = tile.get %sched::@n_idx
        : !tile.object<@PersistentTileScheduler>, index
      %row = arith.muli %m_idx, %bm : index
      %col = arith.muli %n_idx, %bn : index
      tile.fill %acc, %zero : memref<128x256xf32, #tile.scope<fragment>>
      tile.pipelined %kk = %c0 to %k step %bk stages(4) {
        tile.copy %a[%row, %kk], %as
          : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %col], %bs
          : memref<?x?xf16> to memref<64x256xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc
          : memref<128x64xf16, #tile.scope<shared>>,
            memref<64x256xf16, #tile.scope<shared>>,
            memref<128x256xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %col]
        : memref<128x256xf32, #tile.scope<fragment>> to memref<?x?xf32>
      tile.invoke %sched::@next()
        : !tile.object<@PersistentTileScheduler>, () -> ()
      scf.yield
    }
  }
  return
}
