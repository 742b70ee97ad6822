// The product of gemm.mlir by a fixed number of blocks that share the tiles out
// among them. Which tile comes next is the business of a scheduler object: it
// walks groups of %group tile rows, so that blocks that run at one time read
// neighbouring parts of A and B.

tile.class @Scheduler {
  // Sizes of the grid of tiles, given once.
  tile.field @rows : index
  tile.field @columns : index
  tile.field @group : index
  tile.field @workers : index
  // Where the worker is.
  tile.field @linear : index
  tile.field @m_idx : index
  tile.field @n_idx : index
  tile.field @current_iter : i32

  tile.method @init(%self: !tile.object<@Scheduler>, %rows: index,
                    %columns: index, %group: index, %workers: index) {
    tile.set %self::@rows, %rows : !tile.object<@Scheduler>, index
    tile.set %self::@columns, %columns : !tile.object<@Scheduler>, index
    tile.set %self::@group, %group : !tile.object<@Scheduler>, index
    tile.set %self::@workers, %workers : !tile.object<@Scheduler>, index
    tile.return
  }

  // Turns the number of a tile into its row and column.
  tile.method @decode(%self: !tile.object<@Scheduler>) {
    %c1 = arith.constant 1 : index
    %t = tile.get %self::@linear : !tile.object<@Scheduler>, index
    %rows = tile.get %self::@rows : !tile.object<@Scheduler>, index
    %columns = tile.get %self::@columns : !tile.object<@Scheduler>, index
    %group = tile.get %self::@group : !tile.object<@Scheduler>, index
    %area = arith.muli %columns, %group : index
    %which = arith.divui %t, %area : index
    %first = arith.muli %which, %group : index
    %left = arith.subi %rows, %first : index
    %some = arith.minsi %group, %left : index
    // A number beyond the last tile must not divide by zero.
    %height = arith.maxsi %some, %c1 : index
    %inner = arith.remui %t, %area : index
    %n = arith.divui %inner, %height : index
    %down = arith.remui %inner, %height : index
    %m = arith.addi %first, %down : index
    tile.set %self::@m_idx, %m : !tile.object<@Scheduler>, index
    tile.set %self::@n_idx, %n : !tile.object<@Scheduler>, index
    tile.return
  }

  tile.method @start(%self: !tile.object<@Scheduler>, %worker: index) {
    %zero = arith.constant 0 : i32
    tile.set %self::@linear, %worker : !tile.object<@Scheduler>, index
    tile.set %self::@current_iter, %zero : !tile.object<@Scheduler>, i32
    tile.invoke %self::@decode() : !tile.object<@Scheduler>, () -> ()
    tile.return
  }

  tile.method pure @valid(%self: !tile.object<@Scheduler>) -> i1 {
    %t = tile.get %self::@linear : !tile.object<@Scheduler>, index
    %rows = tile.get %self::@rows : !tile.object<@Scheduler>, index
    %columns = tile.get %self::@columns : !tile.object<@Scheduler>, index
    %tiles = arith.muli %rows, %columns : index
    %valid = arith.cmpi slt, %t, %tiles : index
    tile.return %valid : i1
  }

  tile.method @next(%self: !tile.object<@Scheduler>) {
    %one = arith.constant 1 : i32
    %iter = tile.get %self::@current_iter : !tile.object<@Scheduler>, i32
    %later = arith.addi %iter, %one : i32
    tile.set %self::@current_iter, %later : !tile.object<@Scheduler>, i32
    %t = tile.get %self::@linear : !tile.object<@Scheduler>, index
    %workers = tile.get %self::@workers : !tile.object<@Scheduler>, index
    %u = arith.addi %t, %workers : index
    tile.set %self::@linear, %u : !tile.object<@Scheduler>, index
    tile.invoke %self::@decode() : !tile.object<@Scheduler>, () -> ()
    tile.return
  }
}

func.func @persistent_gemm(
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
  %bk = arith.constant 32 : index
  %rows = arith.ceildivui %m, %bm : index
  %columns = arith.ceildivui %n, %bn : index
  tile.launch blocks(%worker) in (%workers) threads(128) {
    %as = tile.alloc name("a_tile") : memref<64x32xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<32x64xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<64x64xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    %sched = tile.new @Scheduler(%rows, %columns, %group, %workers
      : index, index, index, index) prefix("sched")
    tile.invoke %sched::@start(%worker) : !tile.object<@Scheduler>, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %sched::@valid() : !tile.object<@Scheduler>, () -> i1
      scf.condition(%valid)
    } do {
      %m_idx = tile.get %sched::@m_idx : !tile.object<@Scheduler>, index
      %n_idx = tile.get %sched::@n_idx : !tile.object<@Scheduler>, index
      %row = arith.muli %m_idx, %bm : index
      %col = arith.muli %n_idx, %bn : index
      tile.fill %acc, %zero : memref<64x64xf32, #tile.scope<fragment>>
      tile.pipelined %kk = %c0 to %k step %bk stages(3) {
        tile.copy %a[%row, %kk], %as
          : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %col], %bs
          : memref<?x?xf16> to memref<32x64xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc
          : memref<64x32xf16, #tile.scope<shared>>,
            memref<32x64xf16, #tile.scope<shared>>,
            memref<64x64xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %col]
        : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf32>
      tile.invoke %sched::@next() : !tile.object<@Scheduler>, () -> ()
      scf.yield
    }
  }
  return
}
