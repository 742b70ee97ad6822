// C = A * B where blocks share out the work along K too, for matrices with few
// tiles and a long K. Each block adds what it has to C by atomics, so C is
// cleared first. Two ways to share out, with one product for both:
//
//   @stream_k_gemm  every block gets the same length of K, over all tiles
//   @split_k_gemm   K of every tile is cut into %parts
//
// The sizes are those of the arguments and need not fit the tiles.

tile.import "tile/schedulers"

!scheduler = !tile.object<@PartialTileScheduler>
!product = !tile.object<@Product>

// What one block does, with any scheduler that shares out K.
tile.class @Product {
  tile.field @tile : memref<32x32xf32, #tile.scope<fragment>>

  tile.method @init(%self: !product) {
    %acc = tile.alloc name("acc") : memref<32x32xf32, #tile.scope<fragment>>
    tile.set %self::@tile, %acc
      : !product, memref<32x32xf32, #tile.scope<fragment>>
    tile.return
  }

  // The products of the part of K that the scheduler is at.
  tile.method @multiply(%self: !product, %sched: !scheduler,
                        %a: memref<?x?xf32>, %b: memref<?x?xf32>,
                        %row: index, %col: index) {
    %c16 = arith.constant 16 : index
    %zero = arith.constant 0.0 : f32
    %as = tile.alloc name("a_tile") : memref<32x16xf32, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<16x32xf32, #tile.scope<shared>>
    %acc = tile.get %self::@tile
      : !product, memref<32x32xf32, #tile.scope<fragment>>
    %k_begin = tile.get %sched::@k_begin : !scheduler, index
    %k_end = tile.get %sched::@k_end : !scheduler, index
    %begin = arith.muli %k_begin, %c16 : index
    %end = arith.muli %k_end, %c16 : index
    tile.fill %acc, %zero : memref<32x32xf32, #tile.scope<fragment>>
    tile.pipelined %k = %begin to %end step %c16 stages(2) {
      tile.copy %a[%row, %k], %as
        : memref<?x?xf32> to memref<32x16xf32, #tile.scope<shared>>
      tile.copy %b[%k, %col], %bs
        : memref<?x?xf32> to memref<16x32xf32, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc
        : memref<32x16xf32, #tile.scope<shared>>,
          memref<16x32xf32, #tile.scope<shared>>,
          memref<32x32xf32, #tile.scope<fragment>>
    }
    tile.return
  }

  // Adds the tile to C, inside its edges.
  tile.method @add_to(%self: !product, %c: memref<?x?xf32>, %row: index,
                      %col: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %m = memref.dim %c, %c0 : memref<?x?xf32>
    %n = memref.dim %c, %c1 : memref<?x?xf32>
    %acc = tile.get %self::@tile
      : !product, memref<32x32xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (32, 32) {
      %y = arith.addi %row, %i : index
      %x = arith.addi %col, %j : index
      %in_rows = arith.cmpi slt, %y, %m : index
      %in_columns = arith.cmpi slt, %x, %n : index
      %inside = arith.andi %in_rows, %in_columns : i1
      scf.if %inside {
        %v = memref.load %acc[%i, %j]
          : memref<32x32xf32, #tile.scope<fragment>>
        %old = tile.atomic add %v, %c[%y, %x] : memref<?x?xf32>
      }
    }
    tile.return
  }

  tile.method @run(%self: !product, %sched: !scheduler, %worker: index,
                   %a: memref<?x?xf32>, %b: memref<?x?xf32>,
                   %c: memref<?x?xf32>) {
    %c32 = arith.constant 32 : index
    tile.invoke %sched::@start(%worker) : !scheduler, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %sched::@valid() : !scheduler, () -> i1
      scf.condition(%valid)
    } do {
      %m_idx = tile.get %sched::@m_idx : !scheduler, index
      %n_idx = tile.get %sched::@n_idx : !scheduler, index
      %row = arith.muli %m_idx, %c32 : index
      %col = arith.muli %n_idx, %c32 : index
      tile.invoke %self::@multiply(%sched, %a, %b, %row, %col)
        : !product, (!scheduler, memref<?x?xf32>, memref<?x?xf32>, index, index)
          -> ()
      tile.invoke %self::@add_to(%c, %row, %col)
        : !product, (memref<?x?xf32>, index, index) -> ()
      tile.invoke %sched::@next() : !scheduler, () -> ()
      scf.yield
    }
    tile.return
  }
}

func.func private @clear(%c: memref<?x?xf32>, %rows: index, %columns: index) {
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks(%bx, %by) in (%columns, %rows) threads(128) {
    %row = arith.muli %by, %c32 : index
    %col = arith.muli %bx, %c32 : index
    %zeros = tile.alloc : memref<32x32xf32, #tile.scope<fragment>>
    tile.fill %zeros, %zero : memref<32x32xf32, #tile.scope<fragment>>
    tile.copy %zeros, %c[%row, %col]
      : memref<32x32xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

func.func @stream_k_gemm(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, K], f32>},
    %b: memref<?x?xf32> {tile.annotation = #tile.tensor<[K, N], f32>},
    %c: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %workers: index, %group: index) {
  %m = tile.symbol "M"
  %n = tile.symbol "N"
  %k = tile.symbol "K"
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %by_columns = arith.constant false
  %rows = arith.ceildivui %m, %c32 : index
  %columns = arith.ceildivui %n, %c32 : index
  %depth = arith.ceildivui %k, %c16 : index
  call @clear(%c, %rows, %columns) : (memref<?x?xf32>, index, index) -> ()
  tile.launch blocks(%worker) in (%workers) threads(128) {
    %sched = tile.new @StreamKTileScheduler(
      %rows, %columns, %depth, %workers, %group, %by_columns, %c1
      : index, index, index, index, index, i1, index) prefix("sched")
    %product = tile.new @Product() prefix("product")
    tile.invoke %product::@run(%sched, %worker, %a, %b, %c)
      : !product, (!tile.object<@StreamKTileScheduler>, index, memref<?x?xf32>,
                   memref<?x?xf32>, memref<?x?xf32>) -> ()
  }
  return
}

func.func @split_k_gemm(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, K], f32>},
    %b: memref<?x?xf32> {tile.annotation = #tile.tensor<[K, N], f32>},
    %c: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %workers: index, %parts: index) {
  %m = tile.symbol "M"
  %n = tile.symbol "N"
  %k = tile.symbol "K"
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %by_columns = arith.constant false
  %rows = arith.ceildivui %m, %c32 : index
  %columns = arith.ceildivui %n, %c32 : index
  %depth = arith.ceildivui %k, %c16 : index
  call @clear(%c, %rows, %columns) : (memref<?x?xf32>, index, index) -> ()
  tile.launch blocks(%worker) in (%workers) threads(128) {
    %sched = tile.new @SplitKTileScheduler(
      %rows, %columns, %depth, %parts, %workers, %c1, %by_columns, %c1
      : index, index, index, index, index, index, i1, index) prefix("sched")
    %product = tile.new @Product() prefix("product")
    tile.invoke %product::@run(%sched, %worker, %a, %b, %c)
      : !product, (!tile.object<@SplitKTileScheduler>, index, memref<?x?xf32>,
                   memref<?x?xf32>, memref<?x?xf32>) -> ()
  }
  return
}
