// Every op of the dialect in one kernel.

func.func @all(%a: memref<?x?xf16>, %c: memref<?x?xf32>, %bins: memref<16xi32>,
               %n: index, %b: i1) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1 : i32
  tile.launch blocks(%x, %y) in (%n, %n) threads(96) cluster(2, 1) {
    %row = arith.muli %y, %c32 : index
    %s = tile.alloc : memref<32x32xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<32x32xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<32x32xf32, #tile.scope<fragment>>
    %r = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    %l = tile.alloc : memref<4xf32, #tile.scope<local>>
    %v = tile.alloc_var %c0 : index
    tile.fill %f, %zero : memref<32x32xf32, #tile.scope<fragment>>
    tile.fill %l, %zero : memref<4xf32, #tile.scope<local>>
    tile.pipelined %k = %c0 to %n step %c32 stages(2) {
      tile.copy %a[%row, %k], %s
        : memref<?x?xf16> to memref<32x32xf16, #tile.scope<shared>>
      tile.gemm %s, %s, %f transpose_b clear_if(%b)
        : memref<32x32xf16, #tile.scope<shared>>,
          memref<32x32xf16, #tile.scope<shared>>,
          memref<32x32xf32, #tile.scope<fragment>>
      memref.store %k, %v[] : memref<index, #tile.scope<local>>
    }
    tile.copy %f, %g : memref<32x32xf32, #tile.scope<fragment>>
      to memref<32x32xf32, #tile.scope<fragment>>
    tile.reduce absmax %g, %r dim 1
      : memref<32x32xf32, #tile.scope<fragment>>
        to memref<32xf32, #tile.scope<fragment>>
    tile.convert_layout %f, %g
      : memref<32x32xf32, #tile.scope<fragment>>
        to memref<32x32xf32, #tile.scope<fragment>>
    tile.transpose %f, %g
      : memref<32x32xf32, #tile.scope<fragment>>
        to memref<32x32xf32, #tile.scope<fragment>>
    %any = tile.any %s[%row, %c0] extents [16, %n]
      : memref<32x32xf16, #tile.scope<shared>>
    %all = tile.all %r : memref<32xf32, #tile.scope<fragment>>
    tile.print "votes", %any, %all : i1, i1
    tile.threads (%t) {
      %own = memref.load %l[%c0] : memref<4xf32, #tile.scope<local>>
      %twice = arith.addf %own, %own : f32
      memref.store %twice, %l[%c0] : memref<4xf32, #tile.scope<local>>
    }
    tile.scan max %r, %r dim 0 reverse
      : memref<32xf32, #tile.scope<fragment>>
        to memref<32xf32, #tile.scope<fragment>>
    tile.parallel (%i) in (32) {
      %m = memref.load %r[%i] : memref<32xf32, #tile.scope<fragment>>
      %e = math.exp %m : f32
      memref.store %e, %r[%i] : memref<32xf32, #tile.scope<fragment>>
      %key = arith.remui %i, %c32 : index
      %old = tile.atomic add %one, %bins[%key] : memref<16xi32>
      tile.print "old", %old : i32
    }
    tile.async_copy %a[%row, %c0], %s extents [32, 32]
      : memref<?x?xf16> to memref<32x32xf16, #tile.scope<shared>>
    tile.async_commit
    tile.async_wait 0
    %bits = tile.view %bins : memref<16xi32> to memref<32xf16>
    %half = memref.load %bits[%c0] : memref<32xf16>
    tile.print "bits", %half : f16
    tile.barrier
    %last = memref.load %v[] : memref<index, #tile.scope<local>>
    tile.print "last", %last : index
    tile.assert %b, "b"
    tile.assume %b
    tile.copy %f, %c[%row, %c0]
      : memref<32x32xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}
